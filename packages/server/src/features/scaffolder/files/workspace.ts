import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { scaffolderErrors } from '../errors.ts';
import type { MadeFile } from '../types.ts';
import { inBatches } from './batches.ts';

/** How much a run may make. */
export type WorkspaceLimits = { files: number; bytes: number };

export const defaultLimits: WorkspaceLimits = { files: 20_000, bytes: 256 * 1024 * 1024 };

const isBelow = (base: string, path: string) => path === base || path.startsWith(base === sep ? sep : `${base}${sep}`);

/** What stands at a path; nothing where a file is in the way. Most paths are looked at before they are there: that throws nothing. */
const entryAt = (path: string) => {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

const realPath = (path: string): string | undefined => {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
};

/**
 * Resolves a path below a folder and refuses everything that leads out of it: `..`, absolute paths, and links that point elsewhere.
 *
 * @param place - what the folder is called in the message
 * @param inside - for many paths at once, while no folder is replaced: those that were found to be no links and below the folder
 */
export function resolveBelow(base: string, path: string, place: string, inside?: Set<string>): string {
  const target = resolve(base, path);
  const refuse = () => scaffolderErrors.pathOutside({ path, place });
  // What stands in .git decides what git runs: only git writes there.
  if (path.includes('\0') || /(^|[/\\])\.git([/\\]|$)/i.test(path) || !isBelow(resolve(base), target)) throw refuse();
  const folder = dirname(target);
  if (inside?.has(folder) && entryAt(target)?.isSymbolicLink() !== true) return target;
  // A link on the way may lead out: what exists of the path is looked at as it really is.
  let existing = target;
  let real: string | undefined;
  for (;;) {
    const info = entryAt(existing);
    real = info && realPath(existing);
    if (real !== undefined || existing === dirname(existing)) break;
    // A link to nothing may be looked at, not gone through.
    if (info?.isSymbolicLink() && existing !== target) throw refuse();
    existing = dirname(existing);
  }
  const realBase = realPath(base);
  if (realBase !== undefined && !isBelow(realBase, real ?? sep)) throw refuse();
  if (inside && existing === folder) inside.add(folder);
  return target;
}

/** The folder that a run writes into. Nothing of a template reaches beyond it. */
export type Workspace = {
  directory: string;
  /** an absolute path below the folder; throws SCAFFOLDER_PATH_OUTSIDE */
  resolve(path: string): string;
  exists(path: string): boolean;
  read(path: string): Promise<Buffer>;
  /** `inside`: as for `resolveBelow` */
  write(path: string, content: Uint8Array | string, mode?: number, inside?: Set<string>): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** makes a link as it is; one that would lead out is refused */
  link(path: string, target: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** every entry below a path, folders end with `/`, in a stable order: a folder's own entries before what is in its folders */
  entries(path?: string): Promise<string[]>;
  /** what was made; the repository's own records and links to other files of the folder are not among them */
  files(): Promise<MadeFile[]>;
};

/** Lists what is below a folder without following links: a folder's own entries first, sorted by name. */
export async function listEntries(directory: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  let folders = [''];
  while (folders.length > 0) {
    const next: string[] = [];
    for (const folder of folders) {
      const entries = await readdir(join(directory, folder), { withFileTypes: true });
      entries.sort((one, other) => (one.name < other.name ? -1 : 1));
      for (const entry of entries) {
        if (entry.name.toLowerCase() === '.git') continue;
        const path = `${folder}${entry.name}`;
        if (entry.isDirectory()) {
          found.push(`${path}/`);
          next.push(`${path}/`);
        } else found.push(path);
        if (found.length > limit) throw scaffolderErrors.workspaceFull({ limit: `${limit} files and folders` });
      }
    }
    folders = next;
  }
  return found;
}

/** Opens the workspace of a run; the folder is made when it does not exist. */
export async function openWorkspace(directory: string, limits: WorkspaceLimits = defaultLimits): Promise<Workspace> {
  await mkdir(directory, { recursive: true });
  let written = 0;
  let made = 0;
  const at = (path: string, inside?: Set<string>) => resolveBelow(directory, path, 'the workspace', inside);

  return {
    directory,
    resolve: at,
    exists: (path) => existsSync(at(path)),
    read: (path) => readFile(at(path)),
    async write(path, content, mode, inside) {
      const target = at(path, inside);
      written += content.length;
      made += 1;
      if (written > limits.bytes) throw scaffolderErrors.workspaceFull({ limit: `${limits.bytes >> 20} MiB` });
      if (made > limits.files) throw scaffolderErrors.workspaceFull({ limit: `${limits.files} files` });
      const found = lstatSync(target, { throwIfNoEntry: false });
      if (found?.isSymbolicLink()) await rm(target);
      const put = () => writeFile(target, content, mode === undefined ? {} : { mode: mode & 0o777 });
      // Its folder is there as a rule.
      await put().catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        await mkdir(dirname(target), { recursive: true });
        await put();
      });
      if (found && mode !== undefined) await chmod(target, mode & 0o777);
    },
    async makeFolder(path) {
      await mkdir(at(path), { recursive: true });
    },
    async link(path, target) {
      const place = at(path);
      at(relative(directory, resolve(dirname(place), target)) || '.');
      await mkdir(dirname(place), { recursive: true });
      await rm(place, { force: true });
      await symlink(target, place);
    },
    remove: (path) => rm(at(path), { recursive: true, force: true }),
    entries: (path = '.') => listEntries(at(path), limits.files),
    async files() {
      const all = await listEntries(directory, limits.files);
      const paths = all.filter((each) => !each.endsWith('/'));
      const found = await inBatches(paths, async (path): Promise<MadeFile[]> => {
        const full = join(directory, path);
        const info = lstatSync(full);
        if (!info.isSymbolicLink()) {
          const content = await readFile(full);
          return [{ path, content, executable: (info.mode & 0o111) !== 0, symlink: false }];
        }
        // A link that leads to nothing yet is content of its own; all others repeat a file that is listed.
        if (existsSync(full)) return [];
        return [{ path, content: Buffer.from(await readlink(full)), executable: true, symlink: true }];
      });
      return found.flat().sort((one, other) => (one.path < other.path ? -1 : 1));
    },
  };
}
