import type { GitCall } from '../files/git.ts';
import { type Remote, remoteOf } from '../files/publish.ts';
import { type ActionContext, type ActionServices, text, textOf } from './action.ts';
import { words } from '../words.ts';

export const remoteUrl = text('A https, ssh or git address, or the name of a repository in the portal’s own folder');
export const author = {
  gitAuthorName: text('Who makes the commit'),
  gitAuthorEmail: text('The address of who makes the commit'),
};
export const token = text('A token to push with over https');

export const authorOf = ({ input, services }: ActionContext) => ({
  name: textOf(input, 'gitAuthorName') ?? services.author.name,
  email: textOf(input, 'gitAuthorEmail') ?? services.author.email,
});

/**
 * Where a repository is, and how git is called for it.
 *
 * @throws AppError SCAFFOLDER_REMOTE_REFUSED, or OUTBOUND_… when the portal does not call it
 */
export function calling(
  address: string,
  options: { services: Pick<ActionServices, 'repositories' | 'outbound'>; signal: AbortSignal; token?: string },
): { remote: Remote; call: GitCall } {
  const { services, signal, token: secret } = options;
  const remote = remoteOf(address, services.repositories);
  if (remote.isFolder) return { remote, call: { signal } };
  services.outbound?.assertAllowed(remote.url, 'publish');
  const login = secret && {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`x-access-token:${secret}`).toString('base64')}`,
  };
  return {
    remote,
    call: { signal, environment: { ...services.outbound?.environment(remote.url), ...login }, hidden: [secret ?? ''] },
  };
}

/** Where a step pushes to, and how git is called for it. */
export const pushing = ({ input, services, signal }: ActionContext) =>
  calling(words(input.remoteUrl), { services, signal, token: textOf(input, 'token') });

/** How the files of a branch are called where they can be read: the page of a code host, or the repository itself. */
export function contentsUrl({ url, isFolder }: Remote, branch: string): string {
  if (!isFolder && /^https?:/.test(url))
    return `${url.replace(/\/\/[^/@]+@/, '//').replace(/(\.git)?\/?$/, '')}/tree/${branch}`;
  return `git:${url}/blob/${branch}`;
}

export const safe = (url: string) => url.replace(/\/\/[^/@]+@/, '//');

/** The part of the workspace that is published. */
export const published = ({ workspace, input }: ActionContext) => workspace.resolve(textOf(input, 'sourcePath') ?? '.');

export const sourcePath = text('The folder of the workspace that is published; all of it when absent');
