import { createHash, randomBytes } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { sourceErrors } from '../errors.ts';
import { descriptorErrors } from './errors.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants;

/** A file within the root of its source. */
export type JailedFile = { path: string; root: string };

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const isInside = (root: string, path: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

async function realWithin({ path, root }: JailedFile): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  const realRoot = await realpath(root).catch(() => undefined);
  if (real === undefined || realRoot === undefined) throw sourceErrors.sourceNotFound({ target: path });
  if (!isInside(realRoot, real)) throw sourceErrors.targetOutside({ target: path, root, from: path });
  return real;
}

async function readHandle(handle: FileHandle, path: string, limit: number): Promise<Buffer> {
  const found = await handle.stat();
  if (!found.isFile())
    throw sourceErrors.targetNoFile({
      target: path,
      found: found.isDirectory() ? 'folder' : 'device or pipe',
      from: path,
    });
  // What grows while it is read must not be read for ever.
  const buffer = Buffer.alloc(Math.min(found.size, limit) + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  if (length > limit || found.size > limit)
    throw descriptorErrors.descriptorTooLarge({ location: path, size: Math.max(found.size, length), limit });
  return buffer.subarray(0, length);
}

/**
 * A folder that stays the same one whatever becomes of its path: on Linux its entries are reached through the open handle, elsewhere by
 * the path.
 */
async function withFolder<T>(file: JailedFile, work: (folder: string, name: string) => Promise<T>): Promise<T> {
  const real = await realWithin(file);
  const handle = await open(dirname(real), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const anchored = `/proc/self/fd/${handle.fd}`;
    const hasAnchor = existsSync(anchored);
    // The folder that was opened must be the one that was judged.
    const opened = hasAnchor ? await realpath(anchored) : dirname(await realWithin(file));
    if (opened !== dirname(real) || !isInside(await realpath(file.root), opened))
      throw sourceErrors.targetOutside({ target: file.path, root: file.root, from: file.path });
    return await work(hasAnchor ? anchored : dirname(real), basename(real));
  } finally {
    await handle.close();
  }
}

async function readEntry(folder: string, name: string, path: string, limit: number) {
  // Neither a link that was put in its place is followed, nor a pipe waited for.
  const handle = await open(join(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP')
      throw sourceErrors.targetOutside({ target: path, root: folder, from: path });
    throw sourceErrors.sourceUnreadable(
      { target: path, reason: (error as NodeJS.ErrnoException).code ?? 'unknown', hint: 'Check its rights.' },
      { cause: error },
    );
  });
  try {
    return { bytes: await readHandle(handle, path, limit), found: await handle.stat() };
  } finally {
    await handle.close();
  }
}

/**
 * Reads a file of a file source.
 *
 * @param limit - most bytes
 * @throws AppError when it is missing, outside the root, too large, or no file
 */
export const readJailed = (file: JailedFile, limit: number): Promise<Buffer> =>
  withFolder(file, async (folder, name) => (await readEntry(folder, name, file.path, limit)).bytes);

/** Why a file cannot be written; undefined when it can. */
export async function unwritable(file: JailedFile): Promise<string | undefined> {
  const real = await realWithin(file);
  const found = await stat(real);
  if ((found.mode & 0o222) === 0) return 'it is marked as read-only';
  for (const path of [dirname(real), real]) {
    if (
      !(await access(path, constants.W_OK).then(
        () => true,
        () => false,
      ))
    )
      return 'the portal’s user may not write there';
  }
  return undefined;
}

/**
 * Replaces the content of a file of a file source: all of it or nothing, with the same mode.
 *
 * @param expected - hash of the bytes that are to be replaced
 * @param limit - most bytes that the present file may have
 * @throws AppError CATALOG_DESCRIPTOR_CHANGED when the file is not what was opened
 */
export function writeJailed(file: JailedFile, bytes: Uint8Array, expected: string, limit: number): Promise<void> {
  return withFolder(file, async (folder, name) => {
    const before = await readEntry(folder, name, file.path, limit);
    const unlessChanged = (now: Uint8Array) => {
      if (hashOf(now) !== expected) throw descriptorErrors.descriptorChanged({ location: file.path });
    };
    unlessChanged(before.bytes);
    const draft = join(folder, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      const handle = await open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
      try {
        await handle.writeFile(bytes);
        // A file of another user becomes ours where the system does not let us give it back.
        await handle.chown(before.found.uid, before.found.gid).catch(() => undefined);
        await handle.chmod(before.found.mode & 0o7777);
        await handle.sync();
      } finally {
        await handle.close();
      }
      unlessChanged((await readEntry(folder, name, file.path, limit)).bytes);
      await rename(draft, join(folder, name));
    } catch (error) {
      await unlink(draft).catch(() => undefined);
      throw error;
    }
  });
}
