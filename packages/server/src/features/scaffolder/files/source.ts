import { existsSync, lstatSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { scaffolderErrors } from '../errors.ts';
import { git } from './git.ts';
import { resolveBelow } from './workspace.ts';

/** The files around a template: what its relative addresses mean. The whole repository of the template is its world. */
export type TemplateSource = {
  /** in words, for messages */
  location: string;
  /** the commit, when the files come from one */
  version?: string;
  /** a folder to read from, by a path relative to the template's own file */
  folder(path: string): Promise<string>;
  file(path: string): Promise<Buffer>;
  close(): Promise<void>;
};

const place = 'the repository of the template';

function existing(root: string, base: string, path: string, what: 'folder' | 'file'): string {
  const target = resolveBelow(root, join(relative(root, base), path) || '.', place);
  const info = lstatSync(target, { throwIfNoEntry: false });
  const fits =
    what === 'folder' ? info?.isDirectory() : info?.isFile() || (info?.isSymbolicLink() && existsSync(target));
  if (!fits) throw scaffolderErrors.pathMissing({ what, path, place, looked: relative(root, target) || '.' });
  return target;
}

/** The folder that a template may refer into: its repository, else the folder that is given, else its own. */
export function repositoryOf(directory: string, otherwise = directory): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) break;
  }
  return directory === otherwise || directory.startsWith(`${otherwise}/`) ? otherwise : directory;
}

/**
 * A template in a folder.
 *
 * @param options.root - what its relative addresses may reach; the folder itself when absent
 */
export function folderSource({ directory, root = directory }: { directory: string; root?: string }): TemplateSource {
  return {
    location: `file:${directory}`,
    folder: async (path) => existing(root, directory, path, 'folder'),
    file: async (path) => readFile(existing(root, directory, path, 'file')),
    close: async () => undefined,
  };
}

/**
 * A template in a commit of a repository on disk, bare or not. The commit is written out once, when something of it is first asked for.
 *
 * @param options.path - of the template's file in the repository
 */
export function gitSource(options: { repository: string; commit: string; path: string }): TemplateSource {
  const { repository, commit, path } = options;
  let checkedOut: Promise<string> | undefined;
  const checkOut = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'callboard-template-'));
    const tree = join(directory, 'tree');
    const common = existsSync(join(repository, '.git')) ? join(repository, '.git') : repository;
    await git(['clone', '--quiet', '--no-checkout', '--shared', '--', common, tree]);
    await git(['checkout', '--quiet', '--detach', commit], { directory: tree });
    await rm(join(tree, '.git'), { recursive: true, force: true });
    return directory;
  };
  const base = async () => {
    checkedOut ??= checkOut();
    return join(await checkedOut, 'tree');
  };
  return {
    location: `git:${repository}/blob/${commit}/${path}`,
    version: commit,
    async folder(wanted) {
      const root = await base();
      return existing(root, dirname(join(root, path)), wanted, 'folder');
    },
    async file(wanted) {
      const root = await base();
      return readFile(existing(root, dirname(join(root, path)), wanted, 'file'));
    },
    async close() {
      const directory = await checkedOut?.catch(() => undefined);
      if (directory) await rm(directory, { recursive: true, force: true });
    },
  };
}
