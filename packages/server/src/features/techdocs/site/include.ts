import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { FileTree } from '../../../core/files/index.ts';
import { pathInTree } from '../../../core/files/index.ts';
import { readConfig } from '../formats/mkdocs/config.ts';
import { navAsWritten } from '../formats/mkdocs/nav-as-written.ts';
import { type NavNode, navFromFiles } from '../formats/mkdocs/nav-from-files.ts';
import { isPage } from '../formats/mkdocs/paths.ts';
import { readFolder } from './folder.ts';
import type { Note, SiteFile } from './types.ts';

/** What an include of the monorepo plugin brings: a site below an alias. */
export type Included = { alias: string; title: string; nav: NavNode[]; files: Map<string, SiteFile>; notes: Note[] };

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

async function includeOne(tree: FileTree, file: string, notes: Note[]): Promise<Included | undefined> {
  const folder = posix.dirname(file) === '.' ? '' : posix.dirname(file);
  const config = await readConfig(tree, folder, posix.basename(file));
  if (config.file === undefined) {
    notes.push({
      code: 'TECHDOCS_INCLUDE_MISSING',
      severity: 'error',
      message: `The navigation includes ${file}, which is not there`,
      fix: 'Correct the path after !include; it starts at the folder of the configuration.',
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
    alias,
    title: config.siteName ?? alias,
    nav: moved(nav, alias),
    files: new Map([...own.files].map(([path, each]) => [`${alias}/${path}`, each])),
    notes: [...config.notes, ...own.notes],
  };
}

/** Resolves `!include path` and `*include pattern` of a navigation; both start at the folder of the configuration. */
export async function resolveIncludes(
  tree: FileTree,
  nodes: NavNode[],
  notes: Note[],
): Promise<{ nodes: NavNode[]; files: Map<string, SiteFile> }> {
  const files = new Map<string, SiteFile>();
  let count = 0;
  const take = async (file: string): Promise<Included | undefined> => {
    count += 1;
    const path = pathInTree(file);
    if (path === undefined || count > mostIncludes) return undefined;
    const found = await includeOne(tree, path, notes);
    if (!found) return undefined;
    notes.push(...found.notes);
    for (const [each, value] of found.files) files.set(each, value);
    return found;
  };
  const walk = async (list: NavNode[]): Promise<NavNode[]> => {
    const done: NavNode[] = [];
    for (const node of list) {
      const [, all, target] = /^([!*])include\s+(.+)$/.exec(node.include ?? '') ?? [];
      if (target === undefined) done.push(node.children ? { ...node, children: await walk(node.children) } : node);
      else if (all === '!') {
        const found = await take(target.trim());
        if (found) done.push({ title: node.title ?? found.title, children: await walk(found.nav) });
      } else {
        const pattern = target.trim().replace(/^\.\//, '');
        const { base } = picomatch.scan(pattern);
        const matches = picomatch(pattern);
        const children: NavNode[] = [];
        for (const each of (await tree.list(base)).files.filter(({ path }) => matches(path))) {
          const found = await take(each.path);
          if (found) children.push({ title: found.title, children: await walk(found.nav) });
        }
        if (node.title === undefined) done.push(...children);
        else done.push({ title: node.title, children });
      }
    }
    return done;
  };
  return { nodes: await walk(nodes), files };
}
