import type { Outbound } from '../../../core/outbound/index.ts';
import { sourceErrors } from '../errors.ts';
import type { Source, SourceSession } from './types.ts';

const addressOf = (location: string) => location.replace(/^url:/, '');

/**
 * The content behind the page that code hosts show of a file: they agree on `raw` where the page has `blob` (or `tree`, which is how
 * relative targets come out of some of them). Other addresses stay as they are.
 */
export function contentAddress(address: string): string {
  const page = /^(https?:\/\/[^/]+\/[^/]+\/[^?#]+?)\/(-\/)?(?:blob|tree)\/([^?#]+\.[A-Za-z0-9]+)(?:[?#].*)?$/.exec(
    address,
  );
  return page ? `${page[1]}/${page[2] ?? ''}raw/${page[3]}` : address;
}

/** Opens a session over descriptors that are fetched by http(s), each asked with what its last answer was marked with. */
export async function urlSession(
  source: Source,
  settings: { fileSize: number; outbound: Outbound; signal: AbortSignal },
): Promise<SourceSession> {
  const get = async (address: string, etag?: string) => {
    const answer = await settings.outbound.request(contentAddress(address), {
      signal: settings.signal,
      maxBytes: settings.fileSize,
      headers: { accept: 'application/yaml, text/yaml, text/plain, application/json, */*;q=0.1' },
      conditional: etag === undefined ? undefined : JSON.parse(etag),
    });
    if (answer.notModified) return answer;
    if (answer.status === 200 && answer.body !== null) return answer;
    const reason = `the server answered ${answer.status}`;
    const hint =
      answer.status === 401 || answer.status === 403
        ? 'The address needs credentials that the portal does not have.'
        : 'Check the address.';
    throw sourceErrors.sourceUnreadable({ target: address, reason, hint });
  };

  return {
    async list() {
      return { documents: [{ location: `url:${source.target}` }] };
    },
    async resolve(target, from) {
      if (/[*{}]/.test(target)) throw sourceErrors.targetPattern({ target, from });
      return [{ location: `url:${new URL(target, addressOf(from)).href}` }];
    },
    async content(found, version) {
      const answer = await get(addressOf(found.location), version ?? undefined);
      if (answer.notModified || answer.body === null) return 'unchanged';
      const mark =
        answer.etag || answer.lastModified
          ? JSON.stringify({ etag: answer.etag, lastModified: answer.lastModified })
          : undefined;
      return { bytes: answer.body, version: mark };
    },
    async dependency(target, from) {
      const answer = await get(new URL(target, addressOf(from)).href);
      return answer.body ?? new Uint8Array();
    },
  };
}
