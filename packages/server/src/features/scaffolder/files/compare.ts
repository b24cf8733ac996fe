import { lstat, readFile, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Comparison, FileChange } from '../types.ts';
import { inBatches } from './batches.ts';
import { defaultLimits, listEntries, resolveBelow } from './workspace.ts';

/** What a file holds, or where a link leads. */
async function contentOf(path: string): Promise<{ content: Buffer; executable: boolean } | undefined> {
  const info = await lstat(path).catch(() => undefined);
  if (info?.isSymbolicLink()) return { content: Buffer.from(await readlink(path)), executable: false };
  if (!info?.isFile()) return undefined;
  return { content: await readFile(path), executable: (info.mode & 0o100) !== 0 };
}

/**
 * Compares files with what is there now; what is there beside them stays.
 *
 * @param source - the folder with the files
 * @param target - the folder that they go into, and where in it
 */
export async function compareFolders(
  source: string,
  target: { directory: string; into: string },
): Promise<Pick<Comparison, 'changes' | 'same'>> {
  const paths = (await listEntries(source, defaultLimits.files)).filter((entry) => !entry.endsWith('/'));
  let same = 0;
  const found = await inBatches(paths, async (entry): Promise<FileChange[]> => {
    const path = posix.join(target.into, entry);
    const now = await contentOf(join(source, entry));
    if (!now) return [];
    const before = await contentOf(resolveBelow(target.directory, path, 'the repository'));
    if (!before) return [{ path, kind: 'added', ...now }];
    if (before.content.equals(now.content) && before.executable === now.executable) {
      same += 1;
      return [];
    }
    return [{ path, kind: 'changed', before: before.content, ...now }];
  });
  return { changes: found.flat(), same };
}
