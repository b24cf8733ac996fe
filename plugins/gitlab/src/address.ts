import { failure } from './api.ts';
import type { GitlabHost } from './settings.ts';

/** What an address of a page means. */
export type Address = {
  at: GitlabHost;
  /** Full path of the project */
  project: string;
  /** What stands for a branch, a tag or a commit, and then the path: where one ends is not always to be seen */
  rest: string[];
};

const words = new Set(['blob', 'tree', 'raw', 'edit', 'blame', 'commits']);

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
 * @throws Error with code NOT_FOUND when it is none of a project on these hosts
 */
export function addressOf(hosts: readonly GitlabHost[], url: string): Address {
  const { host, pathname } = new URL(url);
  const at = hosts.find((each) => each.host === host);
  if (!at) throw failure('NOT_FOUND', `${host} is not among the configured hosts`);
  const base = URL.canParse(at.baseUrl) ? new URL(at.baseUrl).pathname.replace(/\/$/, '') : '';
  const below = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
  const parts = below.split('/').filter(Boolean).map(decode);
  const dash = parts.indexOf('-');
  const word = dash > 0 ? dash + 1 : parts.findIndex((part, index) => index > 1 && words.has(part));
  const project = (word < 0 ? parts : parts.slice(0, dash > 0 ? dash : word)).join('/').replace(/\.git$/, '');
  if (!project.includes('/')) throw failure('NOT_FOUND', `${url} is not the address of a project`);
  const isPlace = word > 0 && words.has(parts[word] ?? '');
  return { at, project, rest: isPlace ? parts.slice(word + 1) : [] };
}

/** Branch and path as they stand when no name of a branch has a slash in it. */
export const usual = ({ rest }: Address): { ref: string; path: string } => ({
  ref: rest[0] ?? 'HEAD',
  path: rest.slice(1).join('/'),
});

/** Where people see a file or folder. */
export const pageOf = (at: GitlabHost, project: string, ref: string, path: string, word: 'blob' | 'tree' = 'blob') =>
  `${at.baseUrl}/${project}/-/${word}/${encodeURI(ref)}/${path.split('/').map(encodeURIComponent).join('/')}`;

/** What a picker of repositories gives: `gitlab.example.com?owner=acme&repo=pay`. */
export type RepoUrl = { at: GitlabHost; owner: string; repo: string; project: string | number };

/** @throws Error that says what is missing */
export function repoUrlOf(hosts: readonly GitlabHost[], given: unknown, needsRepository = true): RepoUrl {
  const text = typeof given === 'string' ? given : '';
  if (!URL.canParse(`https://${text.replace(/^https?:\/\//, '')}`))
    throw failure('INPUT', `repoUrl '${text}' is not of the form gitlab.com?owner=group&repo=name`);
  const url = new URL(`https://${text.replace(/^https?:\/\//, '')}`);
  const at = hosts.find(({ host }) => host === url.host);
  if (!at)
    throw failure(
      'INPUT',
      `${url.host} is not among the configured hosts (${hosts.map(({ host }) => host).join(', ') || 'there are none'}); add it in Admin → Plugins → GitLab`,
    );
  const part = (name: string) => url.searchParams.get(name)?.replace(/^\/+|\/+$/g, '') ?? '';
  const [owner, repo, id] = [part('owner'), part('repo'), part('project')];
  if (needsRepository && id === '' && (owner === '' || repo === ''))
    throw failure('INPUT', `repoUrl '${text}' does not say its ${owner === '' ? 'owner' : 'repo'}`);
  return { at, owner, repo, project: /^\d+$/.test(id) ? Number(id) : id !== '' ? id : `${owner}/${repo}` };
}
