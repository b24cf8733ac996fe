import type { JsonValue } from '@callboard/model';
import { isJsonObject } from '@callboard/model';
import type { PluginGrants } from '@callboard/model/http';
import { createAllowList } from '../outbound/allow.ts';
import type { Outbound, OutboundRequest, OutboundTls } from '../outbound/index.ts';
import { portOf } from '../outbound/remote.ts';
import { pluginErrors } from './errors.ts';
import type { Services, StreamAnswer } from './instance.ts';

/** Values that a plugin keeps. */
export type PluginStore = {
  get(key: string): Promise<JsonValue | null>;
  set(key: string, value: JsonValue): Promise<'stored' | 'full'>;
  /** Like `set`, unless the key is there already. */
  add(key: string, value: JsonValue): Promise<'stored' | 'full' | 'there'>;
  delete(key: string): Promise<void>;
  list(prefix: string): Promise<string[]>;
  entries(prefix: string, after: string, limit: number): Promise<{ key: string; value: JsonValue }[]>;
};

export type ServiceParts = {
  plugin: string;
  version: string;
  /** Asked at every call: an administrator may have narrowed them meanwhile */
  grants: () => PluginGrants;
  outbound: Outbound;
  store: PluginStore;
  secret: (name: string) => string | undefined;
  /** Data of a contribution are others now; false when there is no such contribution. */
  changed: (contribution: string, urls: string[]) => boolean;
  catalog: {
    get(refs: string[]): Promise<unknown[]>;
    refs(after: string | undefined, limit: number): Promise<string[]>;
    /** What other plugins know to run now */
    deployments(signal: AbortSignal): Promise<unknown[]>;
  };
};

export const storeLimits = { valueBytes: 256 * 1024, keyLength: 200, keys: 10_000, entries: 500 } as const;
const fetchLimits = {
  timeoutMs: 120_000,
  bytes: 32 * 1024 * 1024,
  usualBytes: 2 * 1024 * 1024,
  usualMs: 30_000,
} as const;

/** How to trust, of what a plugin sent. */
function tlsOf(value: unknown): OutboundTls | undefined {
  if (!isJsonObject(value)) return undefined;
  const text = (key: string) => (typeof value[key] === 'string' && value[key] !== '' ? value[key] : undefined);
  return {
    ca: text('ca'),
    cert: text('cert'),
    key: text('key'),
    serverName: text('serverName'),
    insecure: value['insecure'] === true,
  };
}

/** Whole characters of what arrives in pieces. */
async function* texts(body: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    const text = decoder.decode(bytes, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

const storeServices = new Set(['get', 'set', 'add', 'delete', 'list', 'entries'].map((verb) => `store.${verb}`));

/** Whether an address is on a granted host. */
export const mayCall = ({ hosts = [] }: PluginGrants, url: URL): boolean =>
  hosts.includes('*') || createAllowList(hosts).covers(url.hostname, portOf(url));

/** Answers what one plugin asks, within what it was granted. */
export function createServices(parts: ServiceParts): Services {
  const { plugin, version } = parts;
  const who = { plugin, version };
  const deny = (what: string) => pluginErrors.notGranted({ ...who, what });
  const wrong = (what: string, reason: string) => pluginErrors.input({ ...who, what, reason });
  const text = (input: unknown, key: string, most: number): string => {
    const value = isJsonObject(input) ? input[key] : undefined;
    if (typeof value !== 'string' || value.length > most)
      throw wrong(key, `a text of at most ${most} characters is needed`);
    return value;
  };

  /** An address that may be called, and how. */
  function requestFor(input: unknown, signal: AbortSignal): [string, OutboundRequest] {
    const url = text(input, 'url', 8000);
    if (!URL.canParse(url)) throw wrong('fetch', `'${url.slice(0, 200)}' is no address`);
    const assertHop = (hop: URL) => {
      if (!mayCall(parts.grants(), hop)) throw deny(`the host ${hop.host}`);
    };
    assertHop(new URL(url));
    const { method, headers, body, bytes, timeoutMs, maxBytes, tls } = input as Record<string, unknown>;
    const given = isJsonObject(headers) ? Object.entries(headers).filter(([, value]) => typeof value === 'string') : [];
    const limit = typeof timeoutMs === 'number' && timeoutMs > 0 ? timeoutMs : fetchLimits.usualMs;
    const options: OutboundRequest = {
      method: typeof method === 'string' ? method : 'GET',
      headers: Object.fromEntries(given) as Record<string, string>,
      body: typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : typeof body === 'string' ? body : undefined,
      timeoutMs: Math.min(limit, fetchLimits.timeoutMs),
      maxBytes: Math.min(
        typeof maxBytes === 'number' && maxBytes > 0 ? maxBytes : fetchLimits.usualBytes,
        fetchLimits.bytes,
      ),
      tls: tlsOf(tls),
      purpose: `plugin ${plugin}`,
      anyStatus: true,
      assertHop,
      signal,
    };
    return [url, options];
  }

  async function stream(input: unknown, signal: AbortSignal): Promise<StreamAnswer> {
    const { status, headers, url, body } = await parts.outbound.stream(...requestFor(input, signal));
    return { head: { status, headers, url }, pieces: texts(body) };
  }

  async function call(input: unknown, signal: AbortSignal) {
    const answer = await parts.outbound.request(...requestFor(input, signal));
    return {
      status: answer.status,
      headers: answer.headers,
      url: answer.url,
      body: Buffer.from(answer.body ?? new Uint8Array()).toString('base64'),
    };
  }

  async function store(service: string, input: unknown): Promise<unknown> {
    if (!parts.grants().store) throw deny('the store');
    if (service === 'store.list') return parts.store.list(text(input, 'prefix', storeLimits.keyLength));
    if (service === 'store.entries') {
      const [prefix, after] = [
        text(input, 'prefix', storeLimits.keyLength),
        text(input, 'after', storeLimits.keyLength),
      ];
      return parts.store.entries(prefix, after, storeLimits.entries);
    }
    const key = text(input, 'key', storeLimits.keyLength);
    if (service === 'store.get') return parts.store.get(key);
    if (service === 'store.delete') return parts.store.delete(key);
    const value = (input as { value?: JsonValue }).value ?? null;
    const size = Buffer.byteLength(JSON.stringify(value));
    if (size > storeLimits.valueBytes)
      throw pluginErrors.storeFull({
        ...who,
        reason: `'${key}' has ${size} bytes; ${storeLimits.valueBytes} are allowed`,
      });
    const done = service === 'store.add' ? await parts.store.add(key, value) : await parts.store.set(key, value);
    if (done === 'full') throw pluginErrors.storeFull({ ...who, reason: `it has ${storeLimits.keys} keys already` });
    return service === 'store.add' ? done === 'stored' : null;
  }

  async function catalog(service: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    if (!parts.grants().catalog?.includes('read')) throw deny('the catalog');
    if (service === 'catalog.deployments') return parts.catalog.deployments(signal);
    if (service === 'catalog.refs') {
      const { after, limit } = (input ?? {}) as { after?: unknown; limit?: unknown };
      const count = Math.min(1000, Math.max(1, Number(limit) || 1000));
      return parts.catalog.refs(typeof after === 'string' ? after : undefined, count);
    }
    if (service !== 'catalog.get') throw wrong(service.slice(0, 50), 'there is no such service');
    const refs = (input as { refs?: unknown }).refs;
    if (!Array.isArray(refs) || refs.length > 500) throw wrong('entities', 'a list of at most 500 refs is needed');
    return parts.catalog.get(refs.map((ref) => String(ref).toLowerCase()));
  }

  /** For plugins of the portal's own, which open connections of other kinds than HTTP: the same rules and the same list. */
  function announce(input: unknown): void {
    if (!(parts.grants().hosts ?? []).includes('*')) throw deny('connections of its own');
    const url = text(input, 'url', 8000);
    const { hostname, port } = URL.canParse(url) ? new URL(url) : { hostname: '', port: '' };
    if (hostname === '') throw wrong('announce', `'${url.slice(0, 200)}' names no host`);
    parts.outbound.assertAllowed(`https://${hostname}${port === '' ? '' : `:${port}`}`, `plugin ${plugin}`);
  }

  return async (service, input, signal) => {
    if (service === 'fetch') return call(input, signal);
    if (service === 'stream') return stream(input, signal);
    if (service === 'announce') return announce(input);
    if (service === 'changed') {
      const contribution = text(input, 'contribution', 120);
      const { urls } = input as { urls?: unknown };
      const addresses = Array.isArray(urls) ? urls.slice(0, 1000).map(String) : [];
      if (!parts.changed(contribution, addresses))
        throw wrong('changed', `there is no ${contribution} that could change`);
      return null;
    }
    if (storeServices.has(service)) return store(service, input);
    if (service.startsWith('catalog.')) return catalog(service, input, signal);
    if (service === 'secrets.get') {
      const name = text(input, 'name', 64);
      if (!parts.grants().secrets?.includes(name)) throw deny(`the secret ${name}`);
      const value = parts.secret(name);
      if (value === undefined) throw pluginErrors.secretMissing({ ...who, name });
      return value;
    }
    throw wrong(service.slice(0, 50), 'there is no such service');
  };
}
