import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { FileTree } from '../../../core/files/index.ts';
import { pathInTree } from '../../../core/files/index.ts';
import { type MkdocsConfig, readConfig } from '../formats/mkdocs/config.ts';
import { navAsWritten } from '../formats/mkdocs/nav-as-written.ts';
import { navFromFiles } from '../formats/mkdocs/nav-from-files.ts';
import type { NavNode } from '../formats/mkdocs/nav-node.ts';
import { isPage } from '../formats/mkdocs/paths.ts';
import { readFolder } from './folder.ts';
import type { Note, SiteFile } from './types.ts';

/** What an include of the monorepo plugin brings: a site below an alias. */
export type Included = {
  config: MkdocsConfig;
  folder: string;
  alias: string;
  title: string;
  nav: NavNode[];
  files: Map<string, SiteFile>;
  notes: Note[];
};

const mostIncludes = 300;

const aliasOf = (name: string) =>
  /^[\w\-/]+$/.test(name)
    ? name.replace(/^\/+|\/+$/g, '')
    : name
        .toLowerCase()
        .normalize('NFKD')
        .replace(/[^\w]+/g, '-')
        .replace(/^-+|-+$/g, '');

const moved = (nodes: NavNode[], alias: string): NavNode[] =>
  nodes.map((node) => ({
    ...node,
    ...(node.file !== undefined && { file: `${alias}/${node.file}` }),
    ...(node.children && { children: moved(node.children, alias) }),
  }));

async function includeOne(
  tree: FileTree,
  file: string,
  notes: Note[],
  where: Pick<Note, 'file' | 'line'>,
): Promise<Included | undefined> {
  const folder = posix.dirname(file) === '.' ? '' : posix.dirname(file);
  const config = await readConfig(tree, folder, posix.basename(file));
  if (config.file === undefined) {
    notes.push({
      code: 'TECHDOCS_INCLUDE_MISSING',
      severity: 'error',
      message: `The navigation includes ${file.slice(0, 200)}, which is not there`,
      fix: 'Correct the path after !include; it starts at the folder of the configuration.',
      ...where,
    });
    return undefined;
  }
  const alias = aliasOf(config.siteName ?? folder) || aliasOf(folder);
  const own = await readFolder(tree, config, folder);
  const nav =
    config.nav === undefined
      ? navFromFiles([...own.files.keys()].filter(isPage), () => undefined)
      : navAsWritten(config.nav);
  return {
    config,
    folder,
    alias,
    title: config.siteName ?? alias,
    nav: moved(nav, alias),
    files: new Map([...own.files].map(([path, each]) => [`${alias}/${path}`, each])),
    notes: [...config.notes, ...own.notes],
  };
}

/** Where an include stands, and where its path starts. */
type From = { config: MkdocsConfig; folder: string };

/**
 * Resolves `!include path` and `*include pattern` of a navigation; both start at the folder of the configuration that has them, or at that of
 * the first one.
 */
export async function resolveIncludes(
  tree: FileTree,
  nodes: NavNode[],
  { notes, config }: { notes: Note[]; config: MkdocsConfig },
): Promise<{ nodes: NavNode[]; files: Map<string, SiteFile> }> {
  const files = new Map<string, SiteFile>();
  const taken = new Set<string>();
  const placeOf = (from: From, written: string): Pick<Note, 'file' | 'line'> => {
    const line = from.config.lineSaying(written, ['nav']);
    return { ...(from.config.file !== undefined && { file: from.config.file }), ...(line !== undefined && { line }) };
  };
  async function take(file: string, where: Pick<Note, 'file' | 'line'>): Promise<Included | undefined> {
    const path = pathInTree(file);
    // A site that includes itself would go on for ever.
    if (path === undefined || taken.has(path) || taken.size >= mostIncludes) {
      notes.push({
        code: 'TECHDOCS_INCLUDE_REFUSED',
        severity: 'error',
        message: `The navigation includes ${file.slice(0, 200)}, which ${path === undefined ? 'lies outside the folder of the documents' : taken.has(path) ? 'is part of it already' : 'is one too many'}`,
        fix: 'Name each configuration below the folder of the documents once, at most 300 of them.',
        ...where,
      });
      return undefined;
    }
    taken.add(path);
    const found = await includeOne(tree, path, notes, where);
    if (!found) return undefined;
    notes.push(...found.notes);
    for (const [each, value] of found.files) files.set(each, value);
    return found;
  }
  /** Beside the configuration that names it, else from the start. */
  async function fileOf(from: From, target: string): Promise<string> {
    if (from.folder === '') return target;
    const beside = posix.join(from.folder, target);
    const isThere = pathInTree(beside) !== undefined && (await tree.read(beside).catch(() => undefined)) !== undefined;
    return isThere ? beside : target;
  }
  async function walk(list: NavNode[], from: From): Promise<NavNode[]> {
    const done: NavNode[] = [];
    for (const node of list) {
      const written = node.include ?? '';
      const [, all, target] = /^([!*])include\s+(.+)$/.exec(written) ?? [];
      if (target === undefined)
        done.push(node.children ? { ...node, children: await walk(node.children, from) } : node);
      else if (all === '!') {
        const found = await take(await fileOf(from, target.trim()), placeOf(from, written));
        if (found) done.push({ title: node.title ?? found.title, children: await walk(found.nav, found) });
      } else {
        const pattern = posix.join(from.folder, target.trim());
        const { base } = picomatch.scan(pattern);
        const matches = picomatch(pattern);
        const children: NavNode[] = [];
        for (const each of (await tree.list(base)).files.filter(({ path }) => matches(path))) {
          const found = await take(each.path, placeOf(from, written));
          if (found) children.push({ title: found.title, children: await walk(found.nav, found) });
        }
        if (node.title === undefined) done.push(...children);
        else done.push({ title: node.title, children });
      }
    }
    return done;
  }
  return { nodes: await walk(nodes, { config, folder: '' }), files };
}
