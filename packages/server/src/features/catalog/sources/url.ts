import type { Outbound } from '../../../core/outbound/index.ts';
import { sourceErrors } from '../errors.ts';
import type { FindHost, FoundDocument, HostFiles, Source, SourceSession } from './types.ts';
import { matcher, splitGlob } from './walk.ts';

type Read = { bytes: Uint8Array; mark?: string } | 'unchanged';

/** A pattern beside the file that names it; what a URL would escape stays as it is. */
const besides = (target: string, base: string): string => {
  const clean = target.replace(/^\.\//, '');
  return new URL('.', base).href + clean;
};

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
  settings: { fileSize: number; outbound: Outbound; signal: AbortSignal; hostOf: FindHost },
): Promise<SourceSession> {
  const { hostOf, signal, fileSize } = settings;

  /** Reads a file through the API of its host. A mark that another way of reading has left says nothing. */
  async function getFromHost(host: HostFiles, address: string, mark?: string): Promise<Read> {
    const { host: version } = mark === undefined ? {} : (JSON.parse(mark) as { host?: string });
    const found = await host.read(address, version, signal);
    if (found === 'unchanged') return found;
    if (found === undefined)
      throw sourceErrors.sourceUnreadable({
        target: address,
        reason: 'there is no such file',
        hint: 'Check the address: repository, branch and path.',
      });
    if (found.bytes.length > fileSize)
      throw sourceErrors.targetTooLarge({ target: address, size: found.bytes.length, limit: fileSize });
    return { bytes: found.bytes, mark: JSON.stringify({ host: found.version }) };
  }

  async function get(address: string, mark?: string): Promise<Read> {
    const host = await hostOf(address);
    if (host) return getFromHost(host, address, mark);
    const answer = await getByHttp(address, mark);
    if (answer.notModified || answer.body === null) return 'unchanged';
    const { etag, lastModified } = answer;
    return {
      bytes: answer.body,
      ...((etag || lastModified) && { mark: JSON.stringify({ etag, lastModified }) }),
    };
  }

  /** The files that a pattern means, on hosts whose folders can be read. */
  async function matching(target: string, from: string): Promise<FoundDocument[]> {
    const { base, pattern } = splitGlob(target) ?? { base: target, pattern: '' };
    const host = URL.canParse(base) ? await hostOf(base) : undefined;
    if (!host) throw sourceErrors.targetPattern({ target, from });
    const tree = await host.tree(base, undefined, signal);
    const isMeant = matcher(pattern);
    return (tree === 'unchanged' ? [] : tree.entries)
      .filter(({ path, type }) => type === 'file' && isMeant(path))
      .map(({ path }) => ({ location: `url:${base.replace(/\/$/, '')}/${path}` }));
  }
  const isPattern = (target: string) => /[*{}]/.test(target);

  const getByHttp = async (address: string, etag?: string) => {
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
      if (isPattern(source.target)) return { documents: await matching(source.target, 'the configuration') };
      return { documents: [{ location: `url:${source.target}` }] };
    },
    async resolve(target, from) {
      if (isPattern(target)) return matching(/^https?:/.test(target) ? target : besides(target, addressOf(from)), from);
      return [{ location: `url:${new URL(target, addressOf(from)).href}` }];
    },
    async content(found, version) {
      const read = await get(addressOf(found.location), version ?? undefined);
      return read === 'unchanged' ? read : { bytes: read.bytes, version: read.mark };
    },
    async dependency(target, from) {
      const read = await get(new URL(target, addressOf(from)).href);
      return read === 'unchanged' ? new Uint8Array() : read.bytes;
    },
  };
}
