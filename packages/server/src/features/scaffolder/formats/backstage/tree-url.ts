/** A folder or file of a repository, as the page of a code host names it. */
export type RepositoryPlace = { remote: string; ref?: string; path: string };

/**
 * Takes the address of a tree, a blob or a whole repository apart: `…/tree/<ref>/<path>`, `…/-/blob/<ref>/<path>`, `…/src/branch/<ref>/<path>`,
 * `…/_git/<repository>?path=…&version=GB…`, `…/<repository>.git`. A ref with slashes cannot be told from the path; the first part counts.
 */
export function repositoryPlace(address: string): RepositoryPlace | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const remoteOf = (count: number) => {
    const path = parts.slice(0, count).join('/');
    return `${url.origin}/${path}${/_git\//.test(path) || path.endsWith('.git') ? '' : '.git'}`;
  };
  const inAzure = parts.indexOf('_git');
  if (inAzure > 0 && parts[inAzure + 1])
    return {
      remote: remoteOf(inAzure + 2),
      ref: url.searchParams.get('version')?.replace(/^G[BTC]/, ''),
      path: url.searchParams.get('path')?.replace(/^\/+/, '') ?? '',
    };
  const dash = parts.indexOf('-');
  const marker = parts.findIndex((part, index) => index >= 2 && ['tree', 'blob', 'raw', 'edit', 'src'].includes(part));
  if (marker < 0) return parts.length >= 2 ? { remote: remoteOf(parts.length), path: '' } : undefined;
  const from =
    marker + (parts[marker] === 'src' && ['branch', 'tag', 'commit'].includes(parts[marker + 1] ?? '') ? 2 : 1);
  return {
    remote: remoteOf(dash > 0 && dash === marker - 1 ? dash : marker),
    ref: parts[from],
    path: parts.slice(from + 1).join('/'),
  };
}
