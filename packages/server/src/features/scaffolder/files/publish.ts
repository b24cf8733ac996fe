import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { scaffolderErrors } from '../errors.ts';
import { git, type GitCall } from './git.ts';
import { resolveBelow } from './workspace.ts';

/** A repository that is written to: elsewhere, or a bare one in the folder of repositories. */
export type Remote = { url: string; isFolder: boolean };

export type Push = {
  /** the folder whose files are published */
  directory: string;
  remote: Remote;
  branch: string;
  message: string;
  author: { name: string; email: string };
  call: GitCall;
  /** the branch a change starts from, and the folder of the repository that the files go into */
  change?: { base: string; into: string };
};

/**
 * Says where a remote is.
 *
 * @param text - a https, ssh or git address, or a name of a bare repository below `repositories`
 */
export function remoteOf(text: string, repositories: string | undefined): Remote {
  const isScp = /^[\w.-]+@[\w.-]+:(?!\/\/)/.test(text);
  if (isScp) return { url: text, isFolder: false };
  if (URL.canParse(text)) {
    const { protocol } = new URL(text);
    if (['https:', 'http:', 'ssh:', 'git:'].includes(protocol)) return { url: text, isFolder: false };
  }
  if (text.startsWith('-') || /^[a-z][a-z+.-]*:/i.test(text))
    throw scaffolderErrors.remoteRefused({ remote: text, reason: 'only https, http, ssh and git addresses are used' });
  if (repositories === undefined)
    throw scaffolderErrors.remoteRefused({ remote: text, reason: 'no folder of repositories is configured' });
  return { url: resolveBelow(repositories, text, 'the folder of repositories'), isFolder: true };
}

const branchName = /^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|[\s~^:?*[\\]))[^/].*(?<![./])$/;

/** Refuses what git would read as something else than a branch. */
export function assertBranch(branch: string): void {
  if (!branchName.test(branch) || branch.endsWith('.lock'))
    throw scaffolderErrors.gitFailed({ verb: 'branch', reason: `'${branch}' is not a name of a branch` });
}

/**
 * Pushes the files of a folder as one commit. What is there already with the same files is found, not made again.
 *
 * @returns the commit at the end of the branch, and whether this call put it there
 */
export async function pushFiles(push: Push): Promise<{ commit: string; isNew: boolean }> {
  const { remote, branch, change, call } = push;
  for (const name of [branch, change?.base ?? branch]) assertBranch(name);
  const temporary = await mkdtemp(join(tmpdir(), 'callboard-publish-'));
  const store = join(temporary, 'git');
  try {
    if (remote.isFolder && !existsSync(remote.url) && !change) {
      await mkdir(dirname(remote.url), { recursive: true });
      await git(['init', '--quiet', '--bare', `--initial-branch=${branch}`, '--', remote.url], call);
    }
    await git(['init', '--quiet', '--bare', '--', store], call);
    const inStore = (args: string[], work = push.directory) =>
      git(['--git-dir', store, '--work-tree', work, ...args], call).then((said) => said.trim());
    const tipOf = async (name: string) => {
      const said = await inStore(['ls-remote', '--', remote.url, `refs/heads/${name}`]);
      if (said === '') return undefined;
      await inStore(['fetch', '--quiet', '--depth', '1', '--', remote.url, `refs/heads/${name}`]);
      return inStore(['rev-parse', 'FETCH_HEAD']);
    };
    let work = push.directory;
    let parent: string | undefined;
    if (change) {
      parent = await tipOf(change.base);
      if (!parent) throw scaffolderErrors.gitFailed({ verb: 'fetch', reason: `there is no branch ${change.base}` });
      work = join(temporary, 'work');
      await mkdir(work);
      await inStore(['checkout', '--quiet', parent, '--', '.'], work).catch(() => undefined);
      const into = resolveBelow(work, change.into, 'the repository');
      await mkdir(into, { recursive: true });
      await cp(push.directory, into, { recursive: true, force: true, verbatimSymlinks: true });
    }
    await inStore(['add', '--all', '--', '.'], work);
    const tree = await inStore(['write-tree'], work);
    const tip = await tipOf(branch);
    if (tip) {
      if ((await inStore(['rev-parse', `${tip}^{tree}`])) === tree) return { commit: tip, isNew: false };
      throw scaffolderErrors.remoteDiffers({ remote: remote.url.replace(/\/\/[^/@]+@/, '//'), branch });
    }
    const { name, email } = push.author;
    const commit = (
      await git(['--git-dir', store, 'commit-tree', tree, '-m', push.message, ...(parent ? ['-p', parent] : [])], {
        ...call,
        environment: {
          ...call.environment,
          GIT_AUTHOR_NAME: name,
          GIT_AUTHOR_EMAIL: email,
          GIT_COMMITTER_NAME: name,
          GIT_COMMITTER_EMAIL: email,
        },
      })
    ).trim();
    await inStore(['push', '--quiet', '--', remote.url, `${commit}:refs/heads/${branch}`]);
    return { commit, isNew: true };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Writes the files of a branch into a folder.
 *
 * @returns whether there is such a branch
 */
export async function readBranch(remote: Remote, branch: string, directory: string, call: GitCall): Promise<boolean> {
  assertBranch(branch);
  if (remote.isFolder && !existsSync(remote.url)) return false;
  if ((await git(['ls-remote', '--', remote.url, `refs/heads/${branch}`], call)) === '') return false;
  const tree = join(directory, 'tree');
  await git(['init', '--quiet', '--', tree], call);
  await git(['fetch', '--quiet', '--depth', '1', '--', remote.url, `refs/heads/${branch}`], {
    ...call,
    directory: tree,
  });
  await git(['checkout', '--quiet', 'FETCH_HEAD'], { ...call, directory: tree });
  await rm(join(tree, '.git'), { recursive: true, force: true });
  return true;
}

/** Takes a push back while the branch still ends with its commit; a repository in a folder that was made for it goes with it. */
export async function takeBack(remote: Remote, branch: string, commit: string, call: GitCall): Promise<boolean> {
  const said = await git(['ls-remote', '--heads', '--', remote.url], call).catch(() => '');
  const heads = said
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
  if (!heads.some(([tip, name]) => tip === commit && name === `refs/heads/${branch}`)) return false;
  if (remote.isFolder && heads.length === 1) {
    await rm(remote.url, { recursive: true, force: true });
    return true;
  }
  const temporary = await mkdtemp(join(tmpdir(), 'callboard-publish-'));
  try {
    await git(['init', '--quiet', '--bare', '--', temporary], call);
    await git(['--git-dir', temporary, 'push', '--quiet', '--', remote.url, `:refs/heads/${branch}`], call);
    return true;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
