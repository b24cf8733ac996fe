import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join, posix, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BlobReader, blobReader, git } from '../../../core/files/index.ts';
import type { Outbound } from '../../../core/outbound/index.ts';
import { sourceErrors } from '../errors.ts';
import type { FoundDocument, Source, SourceSession } from './types.ts';
import { descriptorPattern, matcher, splitGlob } from './walk.ts';

type Blob = { path: string; sha: string; size: number };

/** A remote as git takes it: an address, `user@host:path`, or a folder of this machine. */
export function remoteOf(target: string, directory: string): { remote: string; local: boolean } {
  if (target.startsWith('file://')) return { remote: fileURLToPath(target), local: true };
  if (/^[a-z+]+:\/\//i.test(target) || /^[^/\s]+@[^:/\s]+:/.test(target)) return { remote: target, local: false };
  return { remote: resolvePath(directory, target), local: true };
}

const withoutCredentials = (remote: string) => remote.replace(/^([a-z+]+:\/\/)[^/@]+@/i, '$1');

/** Reads `git ls-tree -r -l -z`: mode, type, id, size, a tab and the path of each file. */
function readTree(output: Buffer): Blob[] {
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const found = /^(\d+) blob ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line);
      // 120000 is a link: what it points at has a place of its own or lies outside.
      return found && found[1] !== '120000'
        ? [{ sha: found[2] as string, size: Number(found[3]) || 0, path: found[4] as string }]
        : [];
    });
}

/**
 * Opens a session over a Git repository. A local one is read in place; of a remote one the newest commit is kept in `cache`, and a run
 * asks the remote for its newest commit first, so that an unchanged repository costs one short exchange.
 */
export async function gitSession(
  source: Source,
  settings: {
    directory: string;
    cache: string;
    entityFilename: string;
    fileSize: number;
    outbound: Outbound;
    signal: AbortSignal;
  },
): Promise<SourceSession> {
  const { remote, local } = remoteOf(source.target, settings.directory);
  const address = withoutCredentials(remote);
  if (!local) settings.outbound.assertAllowed(remote, 'catalog git source');
  const environment = settings.outbound.environment(remote);
  const call = { environment, signal: settings.signal, target: address };
  const directory = local ? remote : join(settings.cache, createHash('sha1').update(remote).digest('hex'));
  if (local && !(await stat(directory).catch(() => undefined)))
    throw sourceErrors.sourceNotFound({ target: directory });

  const run = (args: string[]) => git(args, { ...call, directory });

  async function head(): Promise<{ commit: string; branch: string }> {
    if (local) {
      const branch = source.options.branch ?? (await run(['symbolic-ref', '--short', 'HEAD'])).toString('utf8').trim();
      const commit = await run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${branch}^{commit}`]).catch(
        () => undefined,
      );
      if (!commit) throw sourceErrors.branchNotFound({ target: address, branch });
      return { commit: commit.toString('utf8').trim(), branch };
    }
    const answer = (await git(['ls-remote', '--symref', '--', remote, 'HEAD', 'refs/heads/*'], call)).toString('utf8');
    const branch = source.options.branch ?? /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer)?.[1] ?? 'main';
    const line = answer.split('\n').find((row) => row.endsWith(`\trefs/heads/${branch}`));
    if (!line) throw sourceErrors.branchNotFound({ target: address, branch });
    return { commit: line.slice(0, line.indexOf('\t')), branch };
  }

  async function fetchCommit(commit: string, branch: string): Promise<void> {
    const present = await stat(join(directory, 'HEAD')).catch(() => undefined);
    if (
      present &&
      (await run(['cat-file', '-e', `${commit}^{tree}`]).then(
        () => true,
        () => false,
      ))
    )
      return;
    // Of a new clone only the newest commit; later fetches bring the commits in between, which say who changed what.
    const get = (...depth: string[]) =>
      run([
        'fetch',
        '--quiet',
        ...depth,
        '--no-tags',
        '--filter=blob:limit=5m',
        '--',
        remote,
        `+refs/heads/${branch}:refs/heads/${branch}`,
      ]);
    const clone = async () => {
      await mkdir(directory, { recursive: true });
      await run(['init', '--bare', '--quiet']);
      await get('--depth=1');
    };
    if (!present) return clone();
    await get().catch(async (error: unknown) => {
      if (settings.signal.aborted) throw error;
      // A clone that a crash left half written is made anew once.
      await rm(directory, { recursive: true, force: true });
      await clone();
    });
  }

  const { commit, branch } = await head();
  const prefix = `git:${address}/blob/${branch}/`;
  let files: Map<string, Blob> | undefined;
  let blobs: BlobReader | undefined;

  async function tree(): Promise<Map<string, Blob>> {
    if (!files) {
      if (!local) await fetchCommit(commit, branch);
      const listed = readTree(await run(['ls-tree', '-r', '-l', '-z', '--full-tree', commit]));
      files = new Map(listed.map((blob) => [blob.path, blob]));
    }
    return files;
  }

  const document = (blob: Blob): FoundDocument => ({ location: prefix + blob.path, version: blob.sha });

  const pathFrom = (target: string, from: string) => {
    const path = target.startsWith('/')
      ? posix.normalize(target).slice(1)
      : posix.join(posix.dirname(from.slice(prefix.length)), target);
    if (path.startsWith('..')) throw sourceErrors.targetOutside({ target, root: address, from });
    return path;
  };

  async function read(path: string, from: string): Promise<Buffer> {
    const blob = (await tree()).get(path);
    if (!blob) throw sourceErrors.targetNotFound({ target: path, from });
    if (blob.size > settings.fileSize)
      throw sourceErrors.targetTooLarge({ target: path, size: blob.size, limit: settings.fileSize });
    blobs ??= blobReader({ directory, environment, signal: settings.signal });
    return blobs.read(blob.sha);
  }

  return {
    async list() {
      if (source.version === commit) return { documents: [], version: commit, unchanged: true };
      const matches = matcher(source.options.pattern ?? descriptorPattern(settings.entityFilename));
      const found = [...(await tree()).values()].filter((blob) => matches(blob.path));
      return { documents: found.map(document), version: commit };
    },
    async resolve(target, from) {
      const path = pathFrom(target, from);
      const glob = splitGlob(path);
      const all = await tree();
      if (glob) {
        const matches = matcher(path);
        return [...all.values()].filter((blob) => matches(blob.path)).map(document);
      }
      const blob = all.get(path);
      if (!blob) throw sourceErrors.targetNotFound({ target: path, from });
      return [document(blob)];
    },
    async content(found, version) {
      if (version !== null && found.version === version) return 'unchanged';
      return { bytes: await read(found.location.slice(prefix.length), source.target), version: found.version };
    },
    async dependency(target, from) {
      return read(pathFrom(target, from), from);
    },
    async author(found) {
      if (!source.version || !found.location.startsWith(prefix)) return undefined;
      const path = found.location.slice(prefix.length);
      const range = `${source.version}..${commit}`;
      const said = await run(['log', '-1', '--format=%aN <%aE>', range, '--', path]).catch(() => undefined);
      return said?.toString('utf8').trim() || undefined;
    },
    async close() {
      await blobs?.close();
    },
  };
}
