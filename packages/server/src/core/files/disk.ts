import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve as resolvePath, sep } from 'node:path';
import { fileErrors } from './errors.ts';
import { git, type GitOptions } from './git-command.ts';
import { openGitTree } from './git-tree.ts';
import { historyOf, localVersions } from './history.ts';
import type { FileTree, TreeFile } from './types.ts';

const ignoredFolders = new Set(['node_modules', '.git', '.hg', '.svn']);
const mostFiles = 50_000;
const standardBytes = 32 * 1024 * 1024;

const isInside = (root: string, path: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

type Repository = { top: string; commit: string; branch: string; prefix: string };

/** What was found out is taken for current so long: asking costs a process. */
const askAgainMs = 5_000;
const mostRepositories = 500;
const repositories = new Map<string, { at: number; found: Promise<Repository | undefined> }>();

/** Whether a folder can lie in a working tree: starting Git to be told that it does not holds everybody up for milliseconds. */
function mayHaveRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  const parent = dirname(folder);
  return parent !== folder && mayHaveRepository(parent);
}

/** The repository that a folder lies in; undefined when there is none, or Git is missing. */
function repositoryOf(folder: string, call: GitOptions): Promise<Repository | undefined> {
  const known = repositories.get(folder);
  if (known && Date.now() - known.at < askAgainMs) return known.found;
  const find = async () => {
    if (!mayHaveRepository(folder)) return undefined;
    const said = await git(['rev-parse', '--show-toplevel', 'HEAD', '--abbrev-ref', 'HEAD'], call).catch(
      () => undefined,
    );
    const [top, commit, branch] = said?.toString('utf8').trim().split('\n') ?? [];
    if (!top || !commit || !branch) return undefined;
    const below = relative(await realpath(top), folder)
      .split(sep)
      .join('/');
    return { top, commit, branch, prefix: below === '' ? '' : `${below}/` };
  };
  const found = find();
  repositories.delete(folder);
  repositories.set(folder, { at: Date.now(), found });
  if (repositories.size > mostRepositories) repositories.delete(repositories.keys().next().value!);
  return found;
}

/** The path as it is written below a tree; undefined when it leads out. */
export function pathInTree(path: string): string | undefined {
  if (path.includes('\0')) return undefined;
  const normal = posix.normalize(path.replaceAll('\\', '/')).replace(/^\/+|\/+$/g, '');
  if (normal === '..' || normal.startsWith('../')) return undefined;
  return normal === '.' ? '' : normal;
}

const modified = (found: { mtimeMs: number; size: number; ino: number }) =>
  `${Math.round(found.mtimeMs * 1000).toString(36)}-${found.size.toString(36)}-${found.ino.toString(36)}`;

/**
 * Opens a folder of this machine.
 *
 * @param options.root - what `wide` reading may not leave, absolute; a link that leads out of it is refused
 * @param options.folder - where the paths start, absolute, in the root
 * @param options.version - a branch or tag of the repository that the folder lies in; what is on the disk when absent
 * @throws AppError when there is no such folder, or no such version
 */
export async function openDiskTree(options: {
  root: string;
  folder: string;
  version?: string;
  signal?: AbortSignal;
  page?: (path: string) => { view?: string; edit?: string };
}): Promise<FileTree> {
  const root = await realpath(options.root).catch(() => undefined);
  const folder = await realpath(options.folder).catch(() => undefined);
  if (!root || !folder || !(await stat(folder)).isDirectory())
    throw fileErrors.sourceNotFound({ target: options.folder });
  if (!isInside(root, folder)) throw fileErrors.targetOutside({ target: options.folder, root, from: options.root });
  const signal = options.signal ?? new AbortController().signal;
  const call = { directory: folder, environment: {}, signal, target: folder, timeoutMs: 20_000 };
  const repository = () => repositoryOf(folder, call);
  if (options.version !== undefined) {
    const own = await repository();
    if (!own) throw fileErrors.branchNotFound({ target: folder, branch: options.version });
    if (options.version !== own.branch)
      return openGitTree({
        directory: own.top,
        local: true,
        prefix: own.prefix,
        version: options.version,
        current: own.branch,
        name: options.folder,
        environment: {},
        signal,
        page: options.page,
      });
  }
  const history = once(async () => {
    const own = await repository();
    return historyOf(own && { commit: own.commit, prefix: own.prefix, call: { ...call, directory: own.top } });
  });

  /** The file behind a path, if it is one and lies where it may; with its content, unless that is long. */
  function fileAt(path: string, limit: string): { path: string; size: number; bytes?: Uint8Array } | undefined {
    const real = orUndefined(() => realpathSync.native(path));
    if (real === undefined || !isInside(limit, real)) return undefined;
    const found = statSync(real);
    if (!found.isFile()) return undefined;
    const { size } = found;
    return { path: real, size, ...(size <= atOnceBytes && !isSlow() && { bytes: readFileSync(real) }) };
  }

  return {
    name: options.folder,
    async list(below) {
      const start = pathInTree(below);
      const files: TreeFile[] = [];
      const refused: string[] = [];
      const waiting = start === undefined ? [] : [start];
      while (waiting.length > 0 && files.length < mostFiles) {
        const current = waiting.pop()!;
        const path = join(folder, current);
        const listed = inTurn(() =>
          orUndefined(() =>
            isInside(root, realpathSync.native(path)) ? readdirSync(path, { withFileTypes: true }) : 'outside',
          ),
        );
        const entries = listed instanceof Promise ? await listed : listed;
        if (entries === 'outside') refused.push(current);
        if (entries === 'outside' || !entries) continue;
        for (const entry of entries) {
          const own = current === '' ? entry.name : `${current}/${entry.name}`;
          if (entry.isDirectory()) {
            if (!ignoredFolders.has(entry.name)) waiting.push(own);
            continue;
          }
          if (!entry.isFile() && !entry.isSymbolicLink()) continue;
          if (entry.isSymbolicLink()) {
            const target = await realpath(join(folder, own)).catch(() => undefined);
            if (target === undefined || !isInside(root, target)) {
              refused.push(own);
              continue;
            }
          }
          const described = inTurn(() => orUndefined(() => statSync(join(folder, own), { throwIfNoEntry: false })));
          const file = described instanceof Promise ? await described : described;
          if (file?.isFile()) files.push({ path: own, size: file.size, version: modified(file) });
        }
      }
      files.sort((one, other) => (one.path < other.path ? -1 : 1));
      return { files, refused: refused.sort(), isComplete: waiting.length === 0 };
    },
    async read(path, { mostBytes = standardBytes, wide = false } = {}) {
      const normal = wide ? path : pathInTree(path);
      if (normal === undefined || normal.includes('\0')) return undefined;
      const asked = inTurn(() => fileAt(resolvePath(folder, normal), root));
      const found = asked instanceof Promise ? await asked : asked;
      if (!found) return undefined;
      if (found.size > mostBytes) throw fileErrors.targetTooLarge({ target: path, size: found.size, limit: mostBytes });
      return found.bytes ?? readFile(found.path);
    },
    async versions() {
      const own = await repository();
      return own ? localVersions(call, own.branch).catch(() => []) : [];
    },
    changes: async () => (await history()).changes(),
    changedBeside: async (folders) => (await history()).changedBeside(folders),
    pages: options.page ?? (() => ({})),
    close: async () => undefined,
  };
}

/** At most so long others wait for what is asked at once. */
const turnMs = 4;
/** Longer files are read by a thread. */
const atOnceBytes = 256 * 1024;
/** After a question that took so long, files are read by a thread for a while: the disk has other things to do, or is far away. */
const slowMs = 10;
const slowForMs = 10_000;
const questions: (() => void)[] = [];
let spentMs = 0;
let slowUntil = 0;

const isSlow = () => performance.now() < slowUntil;

function timed<T>(question: () => T): T {
  if (spentMs === 0) setImmediate(nextTurn);
  const started = performance.now();
  try {
    return question();
  } finally {
    const ended = performance.now();
    spentMs += ended - started;
    if (ended - started > slowMs) slowUntil = ended + slowForMs;
  }
}

function nextTurn(): void {
  spentMs = 0;
  while (questions.length > 0 && spentMs < turnMs) questions.shift()!();
}

/**
 * Asks for a file or folder. At once it takes a tenth of the time that it takes by way of a thread, so it is done in turns, between which
 * others come.
 */
function inTurn<T>(question: () => T): Promise<T> | T {
  if (spentMs < turnMs) return timed(question);
  return new Promise((resolve, reject) => {
    questions.push(() => {
      try {
        resolve(timed(question));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** What cannot be told is undefined. */
function orUndefined<T>(question: () => T): T | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
