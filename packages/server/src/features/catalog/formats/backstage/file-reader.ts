import { readFileSync, realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { sourceErrors } from '../../errors.ts';

const isInside = (root: string, path: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

const realOrMissing = (path: string, from: string) => {
  try {
    return realpathSync(path);
  } catch (error) {
    throw sourceErrors.targetNotFound({ target: path, from }, { cause: error });
  }
};

/** Reads files below one folder, for a worker thread: nothing above it is read, not even through symbolic links. */
export type FileReader = { read(path: string, from: string): Uint8Array };

/**
 * @param root - the folder; it may itself be a link
 * @param fileSize - larger files are refused
 */
export function createFileReader(root: string, fileSize: number): FileReader {
  let realRoot: string | undefined;
  return {
    read(path, from) {
      realRoot ??= realOrMissing(root, from);
      const real = realOrMissing(path, from);
      if (!isInside(realRoot, real)) throw sourceErrors.targetOutside({ target: path, root, from });
      const found = statSync(real);
      // Reading a named pipe waits for a writer that may never come, and nothing can end that thread.
      if (!found.isFile())
        throw sourceErrors.targetNoFile({
          target: path,
          found: found.isDirectory() ? 'folder' : 'device or pipe',
          from,
        });
      const { size } = found;
      if (size > fileSize) throw sourceErrors.targetTooLarge({ target: path, size, limit: fileSize });
      return readFileSync(real);
    },
  };
}
