import { encodedPath, failure } from './api.ts';
import type { GiteaHost } from './settings.ts';

/** What an address of a page means. */
export type Address = {
  at: GiteaHost;
  owner: string;
  name: string;
  /** What stands for a branch, a tag or a commit, and then the path: where one ends is not always to be seen */
  rest: string[];
};

/** The readings of what stands behind a repository, the usual one first: names of branches may have slashes. */
export function readings({ rest }: Address): { ref?: string; path: string }[] {
  if (rest.length === 0) return [{ path: '' }];
  const most = Math.min(4, rest.length);
  return Array.from({ length: most }, (_, index) => ({
    ref: rest.slice(0, index + 1).join('/'),
    path: rest.slice(index + 1).join('/'),
  }));
}

const words = new Set(['src', 'raw', 'blob', 'tree', '_edit', 'media']);
const kinds = new Set(['branch', 'tag', 'commit']);

const decode = (part: string) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/**
 * Takes the address of a page apart.
 *
 * @throws Error with code NOT_FOUND when it is none of a repository on these hosts
 */
export function addressOf(hosts: readonly GiteaHost[], url: string): Address {
  const { host, pathname } = new URL(url);
  const at = hosts.find((each) => each.host === host);
  if (!at) throw failure('NOT_FOUND', `${host} is not among the configured hosts`);
  const base = URL.canParse(at.baseUrl) ? new URL(at.baseUrl).pathname.replace(/\/$/, '') : '';
  const below = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
  const [owner, name, word = '', ...more] = below.split('/').filter(Boolean).map(decode);
  if (owner === undefined || name === undefined)
    throw failure('NOT_FOUND', `${url} is not the address of a repository`);
  const hasKind = ['src', 'raw', 'media'].includes(word) && kinds.has(more[0] ?? '');
  const rest = words.has(word) ? more.slice(hasKind ? 1 : 0) : [];
  return { at, owner, name: name.replace(/\.git$/, ''), rest };
}

/** Where people see a file. */
export const pageOf = (at: GiteaHost, full: string, ref: string, path: string) =>
  `${at.baseUrl}/${full}/src/branch/${encodedPath(ref)}/${encodedPath(path)}`;

/** @throws Error that says what is missing */
export function repoUrlOf(
  hosts: readonly GiteaHost[],
  given: unknown,
): { at: GiteaHost; owner?: string; repo: string } {
  const text = (typeof given === 'string' ? given : '').replace(/^https?:\/\//, '');
  if (!URL.canParse(`https://${text}`))
    throw failure('INPUT', `repoUrl '${text}' is not of the form code.example.com?owner=acme&repo=name`);
  const url = new URL(`https://${text}`);
  const at = hosts.find(({ host }) => host === url.host);
  if (!at)
    throw failure(
      'INPUT',
      `${url.host} is not among the configured hosts (${hosts.map(({ host }) => host).join(', ') || 'there are none'}); add it in Admin → Plugins → Gitea`,
    );
  const repo = url.searchParams.get('repo') ?? '';
  if (repo === '') throw failure('INPUT', `repoUrl '${text}' does not say its repo`);
  return { at, owner: url.searchParams.get('owner') || undefined, repo };
}
