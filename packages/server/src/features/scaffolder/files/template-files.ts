import { lstat, readFile } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { namedOutside } from '../formats/backstage/named-outside.ts';
import { inBatches } from './batches.ts';
import type { TemplateSource } from './source.ts';
import { listEntries } from './workspace.ts';

export type TemplateFile = { path: string; content: Buffer; executable: boolean };

type Limits = { files: number; bytes: number };

/**
 * The files of a template to begin editing with: its folder, and what it names outside of it. Paths are relative to the folder that has
 * them all: the template's own where it names nothing outside.
 *
 * @param location - of the template's file; its last words are the names of the folders
 */
export async function templateFiles(
  source: TemplateSource,
  location: string,
  limits: Limits,
): Promise<{ path: string; files: TemplateFile[]; isComplete: boolean }> {
  const files = new Map<string, TemplateFile>();
  let bytes = 0;
  let isComplete = true;
  const fits = (size: number) => (bytes += size) <= limits.bytes && files.size < limits.files;
  const keepFolder = async (directory: string, below: string) => {
    const paths = (await listEntries(directory, limits.files * 2)).filter((path) => !path.endsWith('/'));
    const read = await inBatches(paths.slice(0, limits.files), async (path) => {
      const info = await lstat(join(directory, path));
      if (!info.isFile()) return [];
      if (!fits(info.size)) {
        isComplete = false;
        return [];
      }
      const content = await readFile(join(directory, path));
      return [{ path: posix.join(below, path), content, executable: (info.mode & 0o111) !== 0 }];
    });
    for (const file of read.flat()) files.set(file.path, file);
    isComplete &&= paths.length <= limits.files;
  };
  const name = basename(location);
  const text = (await source.file(name)).toString('utf8');
  const outside = namedOutside(text);
  const up = Math.max(0, ...outside.map((path) => path.split('/').filter((part) => part === '..').length));
  const own = up === 0 ? '' : dirname(location).split('/').slice(-up).join('/');
  await keepFolder(await source.folder('.'), own);
  for (const path of outside) {
    const target = posix.join(own, path);
    // What cannot be read is told as a fault of the template.
    try {
      const content = await source.file(path);
      if (fits(content.length)) files.set(target, { path: target, content, executable: false });
      else isComplete = false;
    } catch {
      const directory = await source.folder(path).catch(() => undefined);
      if (directory !== undefined) await keepFolder(directory, target);
    }
  }
  return { path: posix.join(own, name), files: [...files.values()], isComplete };
}
