import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listEntries } from './files/workspace.ts';
import type { MadeFile } from './types.ts';

/** How a file differs from what is expected; texts are given when both are texts. */
export type FileDifference = {
  path: string;
  kind: 'added' | 'missing' | 'changed' | 'mode';
  before?: string;
  after?: string;
};

const asText = (bytes: Buffer) => (bytes.includes(0) ? undefined : bytes.toString('utf8'));

/** Compares what a template makes with the files in a folder. */
export async function compareFiles(files: MadeFile[], directory: string): Promise<FileDifference[]> {
  const expected = new Set((await listEntries(directory, 20_000)).filter((entry) => !entry.endsWith('/')));
  const differences: FileDifference[] = [];
  for (const { path, content, executable, symlink } of files) {
    if (!expected.delete(path)) {
      differences.push({ path, kind: 'added', after: asText(content) });
      continue;
    }
    const before = await readFile(join(directory, path));
    if (!before.equals(content))
      differences.push({ path, kind: 'changed', before: asText(before), after: asText(content) });
    else if (!symlink && ((await stat(join(directory, path))).mode & 0o100) > 0 !== executable)
      differences.push({ path, kind: 'mode' });
  }
  for (const path of expected) differences.push({ path, kind: 'missing' });
  return differences.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Replaces the files in a folder by what a template makes. */
export async function writeFiles(files: MadeFile[], directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  for (const { path, content, executable } of files) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
    await chmod(target, executable ? 0o755 : 0o644);
  }
}
