import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { fileErrors } from './errors.ts';
import { type BlobReader, blobReader } from './git-blobs.ts';
import { git } from './git-command.ts';
import { type Blob, followLinks } from './git-links.ts';
import { historyOf, localVersions } from './history.ts';
import { remoteHistory } from './remote-history.ts';
import type { FileTree, TreeVersion } from './types.ts';

const standardBytes = 32 * 1024 * 1024;

/** Reads `git ls-tree -r -l -z`. */
function readTree(output: string): Map<string, Blob> {
  const found = new Map<string, Blob>();
  for (const line of output.split('\0')) {
    const [, mode, sha, size, path] = /^(\d+) blob ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
    if (path !== undefined) found.set(path, { sha: sha!, size: Number(size) || 0, isLink: mode === '120000' });
  }
  return found;
}

const remoteLine = /^([0-9a-f]+)\trefs\/(heads|tags)\/(.+?)(\^\{\})?$/;

/**
 * Opens a folder of a repository as it is at a commit. Links are followed inside the commit.
 *
 * @param options.directory - the repository, or the bare clone that is kept of a remote
 * @param options.local - the repository is read in place; otherwise other versions are fetched from `remote`
 * @param options.prefix - the folder: '' or ends with a slash
 * @param options.commit - what is read; the newest of `version` when absent
 * @throws AppError when there is no such version
 */
export async function openGitTree(options: {
  directory: string;
  local: boolean;
  remote?: string;
  prefix: string;
  commit?: string;
  version?: string;
  current: string;
  name: string;
  environment: Record<string, string>;
  signal: AbortSignal;
  page?: (path: string, version: string) => { view?: string; edit?: string };
}): Promise<FileTree> {
  const { directory, environment, signal, prefix, current } = options;
  const call = { directory, environment, signal, target: options.name };
  const version = options.version ?? current;
  const run = async (args: string[]) => (await git(args, call)).toString('utf8');
  const resolve = (name: string) =>
    run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]).then(
      (text) => text.trim(),
      () => undefined,
    );

  async function remoteVersions(): Promise<Map<string, { sha: string; kind: 'branch' | 'tag' }>> {
    const answer = await git(['ls-remote', '--heads', '--tags', '--', options.remote!], {
      environment,
      signal,
      target: options.name,
    });
    const found = new Map<string, { sha: string; kind: 'branch' | 'tag' }>();
    for (const line of answer.toString('utf8').split('\n')) {
      const [, sha, kind, name] = remoteLine.exec(line) ?? [];
      if (name) found.set(name, { sha: sha!, kind: kind === 'heads' ? 'branch' : 'tag' });
    }
    return found;
  }

  async function commitOf(name: string): Promise<string | undefined> {
    if (options.local) return (await resolve(`refs/heads/${name}`)) ?? (await resolve(`refs/tags/${name}`));
    const found = (await remoteVersions()).get(name);
    if (!found) return undefined;
    const kept = `refs/callboard/docs/${createHash('sha1').update(name).digest('hex')}`;
    if ((await resolve(found.sha)) === undefined) {
      const ref = `+refs/${found.kind === 'branch' ? 'heads' : 'tags'}/${name}:${kept}`;
      await run(['fetch', '--quiet', '--depth=1', '--no-tags', '--filter=blob:limit=5m', '--', options.remote!, ref]);
    }
    return resolve(found.sha);
  }

  const commit = options.commit !== undefined && version === current ? options.commit : await commitOf(version);
  if (!commit) throw fileErrors.branchNotFound({ target: options.name, branch: version });
  const tree = readTree(await run(['ls-tree', '-r', '-l', '-z', '--full-tree', commit]));
  let blobs: BlobReader | undefined;
  const blob = (sha: string) => (blobs ??= blobReader({ directory, environment, signal })).read(sha);
  let followed: ReturnType<typeof followLinks> | undefined;
  const everything = () => (followed ??= followLinks(tree, blob));

  return {
    name: options.name,
    version,
    commit,
    async list(folder) {
      const start = posix.normalize(`${prefix}${folder}/`).replace(/^(\.\/|\/)+/, '');
      if (start.startsWith('..') || !start.startsWith(prefix)) return { files: [], refused: [], isComplete: true };
      const { files, refused } = await everything();
      const below = [...files].filter(([path]) => path.startsWith(start));
      const own = (path: string) => path.slice(prefix.length);
      return {
        files: below
          .map(([path, { size, sha }]) => ({ path: own(path), size, version: sha }))
          .sort((one, other) => (one.path < other.path ? -1 : 1)),
        refused: refused.filter((path) => path.startsWith(start)).map(own),
        isComplete: true,
      };
    },
    async read(path, { mostBytes = standardBytes, wide = false } = {}) {
      const full = posix.normalize(`${prefix}${path}`).replace(/^(\.\/|\/)+/, '');
      if (full.startsWith('..') || (!wide && !full.startsWith(prefix))) return undefined;
      const plain = tree.get(full);
      const found = plain && !plain.isLink ? plain : (await everything()).files.get(full);
      if (!found) return undefined;
      if (found.size > mostBytes) throw fileErrors.targetTooLarge({ target: path, size: found.size, limit: mostBytes });
      return blob(found.sha);
    },
    async versions(): Promise<TreeVersion[]> {
      if (options.local) return localVersions(call, current);
      return [...(await remoteVersions())].map(([name, { kind }]) => ({ name, kind, isCurrent: name === current }));
    },
    ...(options.local || options.remote === undefined
      ? historyOf({ commit, prefix, call })
      : remoteHistory({ directory, remote: options.remote, version, commit, prefix, call })),
    pages: (path) => options.page?.(path, version) ?? {},
    async close() {
      await blobs?.close();
      blobs = undefined;
    },
  };
}
