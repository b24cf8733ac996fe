import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import picomatch from 'picomatch';

const ignoredFolders = new Set(['node_modules', '.git', '.hg', '.svn']);
const mostFiles = 200_000;

/** A folder with a file of this name is not looked into: the portal's own data may lie in a folder that it reads. */
export const ignoreMarker = '.callboard-ignore';

/** Splits a glob into the folder that it starts in and the pattern below it. */
export function splitGlob(target: string): { base: string; pattern: string } | undefined {
  const { base, glob, isGlob } = picomatch.scan(target);
  return isGlob ? { base: base || '.', pattern: glob } : undefined;
}

/** Tells whether a path below a root, with forward slashes, is meant by a pattern. */
export const matcher = (pattern: string): ((path: string) => boolean) =>
  picomatch(pattern.replace(/^\.\//, ''), { dot: true });

/** The pattern that finds the descriptors of a folder or repository, in both spellings of the extension. */
export function descriptorPattern(entityFilename: string): string {
  return entityFilename.replace(/\.ya?ml$/, '.{yaml,yml}').replace(/^/, '**/');
}

/**
 * Lists the files below a folder that match, in a stable order, with every folder looked into. Linked folders are not followed.
 *
 * @param root - absolute path of the folder
 * @param matches - told the path below the root, with forward slashes
 */
export async function walk(
  root: string,
  matches: (path: string) => boolean,
): Promise<{ files: string[]; folders: string[]; complete: boolean }> {
  const files: string[] = [];
  const folders: string[] = [];
  const waiting = [root];
  while (waiting.length > 0 && files.length < mostFiles) {
    const folder = waiting.pop() as string;
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      // A folder that vanished between two steps, or that we may not read, is no reason to lose the rest.
      if (folder === root) throw error;
      return [];
    });
    if (folder !== root && entries.some((entry) => entry.name === ignoreMarker)) continue;
    folders.push(folder);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!ignoredFolders.has(entry.name)) waiting.push(path);
      } else if (matches(relative(root, path).split(sep).join('/'))) {
        if (entry.isFile() || (entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isFile()))
          files.push(path);
      }
    }
  }
  return { files: files.sort(), folders, complete: waiting.length === 0 };
}
