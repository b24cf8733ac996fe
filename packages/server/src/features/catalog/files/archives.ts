import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type FileTree, openDiskTree, pathInTree } from '../../../core/files/index.ts';
import { sourceErrors } from '../errors.ts';
import { readTar, type TarFile } from './tar.ts';

/** Folders that come packed, unpacked on the disk. */
export type Archives = {
  /**
   * Unpacks a folder, once for every content.
   *
   * @param name - stands for the place, and for messages
   * @returns where it is now
   * @throws AppError when it cannot be unpacked
   */
  unpack(name: string, packed: Uint8Array): Promise<string>;
  /** Opens what was unpacked. */
  open(name: string, folder: string, signal: AbortSignal): Promise<FileTree>;
};

/** Bytes of an archive, packed and unpacked, and its files. */
export const archiveLimits = { packed: 64 * 1024 * 1024, unpacked: 256 * 1024 * 1024, files: 20_000 };
/** Contents that are kept of one place: somebody may still be reading the one before. */
const mostKept = 2;

const unzip = promisify(gunzip);

/** Whether an address or path names a packed folder. */
export const isArchive = (path: string): boolean => /\.(?:tar|tar\.gz|tgz)$/i.test(path.replace(/[?#].*$/, ''));

/** Without the one folder that everything is in, as packers put it there. */
function withoutTop(files: TarFile[]): TarFile[] {
  const top = files[0]?.path.split('/')[0] ?? '';
  if (!files.every(({ path }) => path.startsWith(`${top}/`))) return files;
  return files.map(({ path, bytes }) => ({ path: path.slice(top.length + 1), bytes }));
}

async function filesIn(packed: Uint8Array): Promise<TarFile[]> {
  const isZipped = packed[0] === 0x1f && packed[1] === 0x8b;
  const archive = isZipped ? await unzip(packed, { maxOutputLength: archiveLimits.unpacked }) : packed;
  const files: TarFile[] = [];
  for (const { path, bytes } of readTar(archive)) {
    const own = pathInTree(path);
    if (own === undefined || own === '') continue;
    if (files.length >= archiveLimits.files) throw new Error(`it has more than ${archiveLimits.files} files`);
    files.push({ path: own, bytes });
  }
  return withoutTop(files);
}

async function write(folder: string, files: TarFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

async function removeOld(folder: string): Promise<void> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (each) => ({ each, at: (await stat(join(folder, each))).mtimeMs })),
  );
  for (const { each } of found.toSorted((one, other) => other.at - one.at).slice(mostKept))
    await rm(join(folder, each), { recursive: true, force: true });
}

/** What failed, without where it lies on this machine. */
const reasonOf = (error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_BUFFER_TOO_LARGE'
    ? `it has more than ${archiveLimits.unpacked} bytes`
    : code?.startsWith('E') && !code.startsWith('ERR_')
      ? `its files cannot be written (${code})`
      : message;
};

/**
 * Keeps packed folders unpacked on the disk.
 *
 * @param directory - where they are kept
 */
export function createArchives(directory: string): Archives {
  const underway = new Map<string, Promise<string>>();

  async function place(name: string, packed: Uint8Array): Promise<string> {
    const own = join(directory, createHash('sha1').update(name).digest('hex'));
    const target = join(own, createHash('sha256').update(packed).digest('hex').slice(0, 32));
    if (await stat(target).catch(() => undefined)) return target;
    const draft = `${target}-${process.pid}-${Date.now()}`;
    try {
      await write(draft, await filesIn(packed));
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw sourceErrors.sourceUnreadable({
        target: name,
        reason: `the archive cannot be unpacked: ${reasonOf(error)}`,
        hint: 'It has to be a tar archive, plain or gzipped.',
      });
    }
    // Another process may have been faster.
    await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }));
    await removeOld(own);
    return target;
  }

  return {
    async unpack(name, packed) {
      const before = underway.get(name) ?? Promise.resolve('');
      const unpacking = before.catch(() => '').then(() => place(name, packed));
      underway.set(name, unpacking);
      try {
        return await unpacking;
      } finally {
        if (underway.get(name) === unpacking) underway.delete(name);
      }
    },
    // Where it lies on this machine tells nobody anything, and a repository around that place is not its own.
    open: async (name, folder, signal) => ({
      ...(await openDiskTree({ root: folder, folder, signal })),
      name,
      versions: async () => [],
      changes: async () => new Map(),
      changedBeside: async () => undefined,
    }),
  };
}
