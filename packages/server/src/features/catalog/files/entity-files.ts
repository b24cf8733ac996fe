import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, posix, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileTree, git, openDiskTree, openGitTree, pathInTree } from '../../../core/files/index.ts';
import type { CatalogContext } from '../context.ts';
import { sourceErrors } from '../errors.ts';
import { editUrlOf, pageOfClonedFile } from '../formats/backstage/urls.ts';
import { fileScope } from '../sources/file.ts';
import { remoteOf } from '../sources/git.ts';
import { sourceOf } from '../sources/session.ts';
import { placeOf } from '../store/places.ts';
import type { Reading } from '../store/reading.ts';
import { contentAddress } from '../sources/url.ts';
import { archiveLimits, createArchives, isArchive } from './archives.ts';
import { createHostTrees } from './host-tree.ts';
import { repositoryAddress } from './repository-address.ts';

/** The files that lie beside entities, for features that show them. They see everything, whoever asks. */
export type EntityFiles = {
  /**
   * Opens a folder: at the commit that the catalog has read, or as it is on the disk. Whoever opens it closes it.
   *
   * @param options.target - `dir:` with a path below the folder of the entity's descriptor, or `url:` with a folder on a code host;
   *   either may name a folder that is packed as `.tar`, `.tar.gz` or `.tgz`
   * @param options.version - a branch or tag instead
   * @throws AppError when there is nothing, or it may not be read
   */
  open(ref: string, options: { target: string; version?: string; signal: AbortSignal }): Promise<FileTree>;
  /** Files on code hosts have changed. */
  forget(): void;
};

/** So long the newest commit of a repository that is read by address is not asked for again. */
const askAgainMs = 60_000;

/** An archive as it was when it was asked for, and how to ask whether it still is. */
type Packed = {
  folder: string;
  version?: string;
  conditional?: { etag: string | null; lastModified: string | null };
};
type FetchedArchive = { at: number; answer: Promise<Packed> };
const mostArchives = 500;

const slashed = (folder: string) => (folder === '' || folder === '.' ? '' : `${folder.replace(/\/+$/, '')}/`);

const pageOf = (address: string) => (path: string, version: string) => {
  const view = pageOfClonedFile(`${address}/blob/${version}/${path}`, []);
  const edit = view === undefined ? undefined : editUrlOf(view, []);
  return { ...(view !== undefined && { view }), ...(edit !== undefined && { edit }) };
};

/** Opens the files of the catalog's entities. */
export function createEntityFiles(context: CatalogContext, reading: Reading): EntityFiles {
  const { outbound, directory, dataDirectory, config, now } = context;
  const hostTrees = createHostTrees(now);
  const asked = new Map<string, { at: number; heads: Promise<{ commit: string; branch: string }> }>();
  const archives = createArchives(join(dataDirectory, 'archives'));
  const fetchedArchives = new Map<string, FetchedArchive>();
  const cache = (remote: string) => join(dataDirectory, 'git', createHash('sha1').update(remote).digest('hex'));

  /** The newest commit of a remote, fetched into the clone that is kept of it. */
  async function fetched(remote: string, version: string, signal: AbortSignal) {
    const clone = cache(remote);
    const environment = outbound.environment(remote);
    const call = { environment, signal, target: remote };
    const inClone = { ...call, directory: clone };
    if (!(await stat(join(clone, 'HEAD')).catch(() => undefined))) {
      await mkdir(clone, { recursive: true });
      await git(['init', '--bare', '--quiet'], inClone);
    }
    const answer = (
      await git(['ls-remote', '--symref', '--', remote, 'HEAD', 'refs/heads/*', 'refs/tags/*'], call)
    ).toString('utf8');
    const branch = version === 'HEAD' ? (/^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer)?.[1] ?? 'main') : version;
    const line = answer
      .split('\n')
      .find((row) => row.endsWith(`\trefs/heads/${branch}`) || row.endsWith(`\trefs/tags/${branch}`));
    if (!line) throw sourceErrors.branchNotFound({ target: remote, branch });
    const [commit, name] = line.split('\t');
    const kept = `refs/callboard/docs/${createHash('sha1').update(branch).digest('hex')}`;
    await git(
      ['fetch', '--quiet', '--depth=1', '--no-tags', '--filter=blob:limit=5m', '--', remote, `+${name}:${kept}`],
      inClone,
    );
    return { commit: commit!, branch };
  }

  async function openAddress(target: string, version: string | undefined, signal: AbortSignal): Promise<FileTree> {
    const address = repositoryAddress(target);
    if (!address) throw sourceErrors.noRepository({ target });
    const { remote } = address;
    const page = (path: string, at: string) => pageOf(address.page)(`${slashed(address.folder)}${path}`, at);
    const host = await context.hostOf.find(target);
    if (host)
      return hostTrees.open(host, target, address, {
        ...(version !== undefined && { version }),
        signal,
        page: (path) => page(path, version ?? address.version),
      });
    outbound.assertAllowed(remote, 'documents in a repository');
    const key = `${remote} ${address.version}`;
    let known = asked.get(key);
    if (!known || now() - known.at > askAgainMs) {
      known = { at: now(), heads: fetched(remote, address.version, signal) };
      asked.set(key, known);
      known.heads.catch(() => asked.delete(key));
    }
    const { commit, branch } = await known.heads;
    return openGitTree({
      directory: cache(remote),
      local: false,
      remote,
      prefix: slashed(address.folder),
      commit,
      ...(version !== undefined && { version }),
      current: branch,
      name: target,
      environment: outbound.environment(remote),
      signal,
      page,
    });
  }

  /** What lies packed at an address, asked for with what its last answer was marked with. */
  async function openArchive(address: string, signal: AbortSignal): Promise<FileTree> {
    let known = fetchedArchives.get(address);
    if (!known || now() - known.at > askAgainMs) {
      const before = known;
      known = {
        at: now(),
        answer: fetchArchive(address, before && (await before.answer.catch(() => undefined)), signal),
      };
      fetchedArchives.delete(address);
      fetchedArchives.set(address, known);
      if (fetchedArchives.size > mostArchives) fetchedArchives.delete(fetchedArchives.keys().next().value!);
      known.answer.catch(() => fetchedArchives.delete(address));
    }
    return archives.open(address, (await known.answer).folder, signal);
  }

  async function fetchArchive(address: string, before: Packed | undefined, signal: AbortSignal): Promise<Packed> {
    const unreadable = (reason: string) =>
      sourceErrors.sourceUnreadable({ target: address, reason, hint: 'Check the address.' });
    const host = await context.hostOf.find(address);
    if (host) {
      const found = await host.read(address, before?.version, signal);
      if (found === 'unchanged') return before!;
      if (!found) throw unreadable('there is no such file');
      return { folder: await archives.unpack(address, found.bytes), version: found.version };
    }
    const answer = await outbound.request(contentAddress(address), {
      signal,
      maxBytes: archiveLimits.packed,
      purpose: 'documents in an archive',
      ...(before?.conditional && { conditional: before.conditional }),
    });
    if (answer.notModified && before) return before;
    if (answer.body === null) throw unreadable(`the server answered ${answer.status}`);
    return {
      folder: await archives.unpack(address, answer.body),
      conditional: { etag: answer.etag, lastModified: answer.lastModified },
    };
  }

  const files: EntityFiles = {
    forget() {
      hostTrees.forget();
      asked.clear();
      fetchedArchives.clear();
    },
    async open(ref, { target, version, signal }) {
      const place = await placeOf(reading, ref);
      if (!place) throw sourceErrors.targetNotFound({ target, from: ref });
      const [, scheme, rest] = /^(dir|url):(.*)$/s.exec(target.trim()) ?? [];
      if (scheme === undefined) throw sourceErrors.folderTargetUnknown({ target, from: ref });
      if (scheme === 'url' && isArchive(rest!)) return openArchive(rest!, signal);
      if (scheme === 'url') return openAddress(rest!, version, signal);
      if (isArchive(rest!)) {
        const beside = await files.open(ref, {
          target: `dir:${posix.dirname(rest!)}`,
          ...(version !== undefined && { version }),
          signal,
        });
        const packed = await beside
          .read(posix.basename(rest!), { mostBytes: archiveLimits.packed })
          .finally(() => beside.close());
        if (!packed) throw sourceErrors.sourceNotFound({ target });
        const name = `${beside.name}/${posix.basename(rest!)}`;
        return archives.open(name, await archives.unpack(name, packed), signal);
      }
      const folder = pathInTree(rest!);
      const { location, source } = place;
      if (folder === undefined || rest!.startsWith('/'))
        throw sourceErrors.targetOutside({ target, root: 'the folder of its descriptor', from: location });
      if (location.startsWith('url:')) {
        const parent = new URL(`./${folder}`, location.slice(4)).href;
        // The page of a file becomes the page of its folder.
        return openAddress(parent.replace(/\/(-\/)?blob\//, '/$1tree/').replace(/\/$/, ''), version, signal);
      }
      if (location.startsWith('git:')) {
        const { remote, local } = remoteOf(source.target, directory);
        const [, address, branch, path] = /^git:(.+?)\/blob\/(.+)$/.test(location)
          ? splitLocation(location, sourceOf(source).options.branch)
          : [];
        if (path === undefined) throw sourceErrors.targetNotFound({ target, from: location });
        if (!local) outbound.assertAllowed(remote, 'documents in a repository');
        const prefix = slashed(posix.join(posix.dirname(path), folder));
        return openGitTree({
          directory: local ? remote : cache(remote),
          local,
          remote,
          prefix,
          ...(source.version !== null && { commit: source.version }),
          ...(version !== undefined && { version }),
          current: branch!,
          name: `${address}/${prefix}`,
          environment: outbound.environment(remote),
          signal,
          page: (each, at) => pageOf(address!)(`${prefix}${each}`, at),
        });
      }
      const file = location.replace(/^file:/, '');
      const path = file.startsWith('//') ? fileURLToPath(`file:${file}`) : file;
      const { root } = await fileScope(sourceOf(source), directory, config.entityFilename);
      return openDiskTree({
        root,
        folder: resolvePath(dirname(path), folder),
        signal,
        ...(version !== undefined && { version }),
      });
    },
  };
  return files;
}

/** Takes `git:<address>/blob/<branch>/<path>` apart; a branch may have slashes, so the source's own word for it comes first. */
function splitLocation(location: string, branch: string | undefined): string[] {
  const at = location.indexOf('/blob/');
  const [address, rest] = [location.slice(4, at), location.slice(at + 6)];
  if (branch !== undefined && rest.startsWith(`${branch}/`))
    return [location, address, branch, rest.slice(branch.length + 1)];
  const slash = rest.indexOf('/');
  return [location, address, rest.slice(0, slash), rest.slice(slash + 1)];
}
