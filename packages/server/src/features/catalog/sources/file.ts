import { realpath, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve as resolvePath, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceErrors } from '../errors.ts';
import type { FoundDocument, Source, SourceSession } from './types.ts';
import { descriptorPattern, matcher, splitGlob, walk } from './walk.ts';

/** What a file source reads and watches: a folder with a pattern, or one file in its folder. */
export type FileScope = { root: string; pattern?: string; file?: string };

const pathOf = (location: string): string => {
  const target = location.replace(/^file:/, '');
  return target.startsWith('//') ? fileURLToPath(`file:${target}`) : target;
};

const isInside = (root: string, path: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/**
 * Tells what the target of a file source means on this disk.
 *
 * @param directory - where a relative target starts
 * @throws AppError CATALOG_SOURCE_NOT_FOUND when nothing is there
 */
export async function fileScope(
  source: Pick<Source, 'target' | 'options'>,
  directory: string,
  entityFilename: string,
): Promise<FileScope> {
  const path = resolvePath(directory, source.target);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return { root: path, pattern: source.options.pattern ?? descriptorPattern(entityFilename) };
  if (found) return { root: dirname(path), file: path };
  const glob = splitGlob(source.target);
  if (!glob) throw sourceErrors.sourceNotFound({ target: path });
  const root = resolvePath(directory, glob.base);
  if (!(await stat(root).catch(() => undefined))?.isDirectory()) throw sourceErrors.sourceNotFound({ target: root });
  return { root, pattern: glob.pattern };
}

async function jailed(path: string, root: string, from: string): Promise<string> {
  if (!isInside(root, path)) throw sourceErrors.targetOutside({ target: path, root, from });
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) throw sourceErrors.targetNotFound({ target: path, from });
  if (!isInside(await realpath(root), real)) throw sourceErrors.targetOutside({ target: path, root, from });
  return path;
}

/** Opens a session over a file, a folder or a glob on this machine's disk. */
export async function fileSession(
  source: Source,
  settings: { directory: string; entityFilename: string; fileSize: number },
): Promise<SourceSession> {
  const scope = await fileScope(source, settings.directory, settings.entityFilename);
  const document = (path: string): FoundDocument => ({ location: `file:${path}`, file: { path, root: scope.root } });

  const relativeTo = (target: string, from: string) => {
    const text = target.startsWith('file:') ? pathOf(target) : target;
    return isAbsolute(text) ? text : resolvePath(dirname(pathOf(from)), text);
  };

  return {
    async list() {
      if (scope.file !== undefined) return { documents: [document(scope.file)] };
      const { files, complete } = await walk(scope.root, matcher(scope.pattern as string));
      if (!complete) throw sourceErrors.sourceTooLarge({ target: scope.root });
      return { documents: files.map(document) };
    },
    async resolve(target, from) {
      const path = relativeTo(target, from);
      const glob = splitGlob(path);
      if (!glob) return [document(await jailed(path, scope.root, from))];
      const base = await jailed(resolvePath(glob.base), scope.root, from);
      return (await walk(base, matcher(glob.pattern))).files.map(document);
    },
    async content() {
      throw new Error('documents of a file source are read where they are prepared');
    },
    async dependency(target, from) {
      const path = await jailed(relativeTo(target, from), scope.root, from);
      const found = await stat(path);
      // Reading a named pipe waits for a writer that may never come.
      if (!found.isFile())
        throw sourceErrors.targetNoFile({
          target: path,
          found: found.isDirectory() ? 'folder' : 'device or pipe',
          from,
        });
      const { size } = found;
      if (size > settings.fileSize) throw sourceErrors.targetTooLarge({ target: path, size, limit: settings.fileSize });
      return readFile(path);
    },
  };
}
