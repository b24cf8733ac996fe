import { outboundErrors } from './errors.ts';

const defaultPorts: Record<string, string> = {
  'http:': '80',
  'https:': '443',
  'ssh:': '22',
  'git+ssh:': '22',
  'git:': '9418',
};

/** The port of an address, also when it is the protocol's own. */
export const portOf = (url: URL) => url.port || (defaultPorts[url.protocol] ?? '');

/**
 * Finds the host that an address of any program would call: a URL, or `user@host:path` as Git writes SSH addresses.
 *
 * @returns undefined for a path or file: URL, which calls nobody
 */
export function parseRemote(text: string): { host: string; port: string } | undefined {
  if (URL.canParse(text) && /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const url = new URL(text);
    if (url.protocol === 'file:') return undefined;
    if (!(url.protocol in defaultPorts) || url.hostname === '')
      throw outboundErrors.protocol({ url: `${url.protocol}//${url.host}` });
    return { host: url.hostname, port: portOf(url) };
  }
  // Git runs other programs for such addresses.
  if (/^[a-z][a-z0-9+.-]*::/i.test(text)) throw outboundErrors.protocol({ url: text.slice(0, text.indexOf('::') + 2) });
  const scp = /^(?:[^@/\s:]+@)?(\[[^\]]+\]|[^:/\s[\]]+):(?!\\)/.exec(text);
  // One letter before a colon is a Windows drive.
  if (!scp || scp[1]!.length === 1) return undefined;
  return { host: scp[1]!, port: '22' };
}
