import type { ApiTryRequest, ApiTryResponse } from '@callboard/model/http';
import type { Outbound } from '../../core/outbound/index.ts';
import type { ApisConfig } from './config.ts';
import { apiErrors } from './errors.ts';
import type { Understood } from './understood.ts';

/** Bytes of an answer that are taken, characters that are shown, and time for the whole call. */
export const bounds = { bytes: 4 * 1024 * 1024, characters: 256 * 1024, milliseconds: 20_000 };

const ownHeaders =
  /^(host|content-length|connection|transfer-encoding|upgrade|te|trailer|expect|keep-alive|proxy-.*|x-forwarded-.*|forwarded|via)$/i;

const covers = (entry: string, url: URL): boolean => {
  const [host = '', port] = entry.toLowerCase().split(/:(\d+)$/);
  const name = url.hostname.toLowerCase();
  const isHost = host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;
  return isHost && (port === undefined || port === (url.port || (url.protocol === 'https:' ? '443' : '80')));
};

/** Whether an operation's server may be called. */
export const mayCall = (config: ApisConfig, address: string): boolean => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && config.hosts.some((entry) => covers(entry, url));
};

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const decoded = (text: string, decode: (text: string) => string): string | undefined => {
  try {
    return decode(text);
  } catch {
    return undefined;
  }
};

/** Whether an address is the operation's path at one of its servers, with something for each parameter. */
function isOf(call: { path: string; servers: string[] }, url: URL): boolean {
  const given = decoded(url.pathname, decodeURI);
  const whole = decoded(url.pathname, decodeURIComponent);
  // A server that decodes before it routes must not be led out of the path.
  if (given === undefined || whole === undefined || /(^|[\\/])\.\.?([\\/]|$)/.test(whole)) return false;
  return call.servers.some((server) => {
    if (!URL.canParse(server)) return false;
    const base = new URL(server);
    if (base.origin !== url.origin) return false;
    const path = escaped(`${base.pathname.replace(/\/$/, '')}${call.path}`).replaceAll(/\\\{[^/]*?\\\}/g, '[^/]+');
    return new RegExp(`^${path}$`).test(given);
  });
}

/** Calls an operation for somebody who tries it out. */
export async function tryOut(
  { config, outbound }: { config: ApisConfig; outbound: Outbound },
  call: NonNullable<ReturnType<Understood['calls']['get']>>,
  request: ApiTryRequest,
): Promise<ApiTryResponse> {
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
  if (!url || url.username || url.password || !isOf(call, url))
    throw apiErrors.addressForeign({ url: request.url.slice(0, 200) });
  if (!mayCall(config, url.href)) throw apiErrors.tryOff({ host: url.host });
  const headers = request.headers ?? {};
  const refused = Object.keys(headers).find((name) => ownHeaders.test(name) || !/^[\w!#$%&'*+.^`|~-]+$/.test(name));
  if (refused !== undefined) throw apiErrors.headerNotAllowed({ name: refused.slice(0, 100) });
  const started = performance.now();
  const answer = await outbound.request(url, {
    method: call.method,
    headers,
    ...(request.body !== undefined && !['GET', 'HEAD'].includes(call.method) && { body: request.body }),
    timeoutMs: bounds.milliseconds,
    maxBytes: bounds.bytes,
    retry: { attempts: 1 },
    anyStatus: true,
    purpose: 'trying an API out',
  });
  const type = answer.headers['content-type'] ?? '';
  const isText = /^$|text|json|xml|yaml|javascript|form-urlencoded|graphql/i.test(type);
  const text = isText ? new TextDecoder().decode(answer.body ?? new Uint8Array()) : '';
  return {
    status: answer.status,
    headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => name !== 'set-cookie')),
    body: text.slice(0, bounds.characters),
    bytes: answer.body?.length ?? 0,
    isText,
    isCut: text.length > bounds.characters,
    milliseconds: Math.round(performance.now() - started),
  };
}
