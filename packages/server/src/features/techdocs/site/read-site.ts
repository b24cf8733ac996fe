import { hash } from 'node:crypto';
import type { DocsNavigation } from '@callboard/model/http';
import type { FileTree } from '../../../core/files/index.ts';
import { type MkdocsConfig, readConfig } from '../formats/mkdocs/config.ts';
import { navAsWritten } from '../formats/mkdocs/nav-as-written.ts';
import { navFromFiles } from '../formats/mkdocs/nav-from-files.ts';
import type { NavNode } from '../formats/mkdocs/nav-node.ts';
import { ignoring, isIndex, isPage, normalPath, pagePath } from '../formats/mkdocs/paths.ts';
import { readYaml } from '../formats/mkdocs/yaml.ts';
import { navFile } from '../render/addresses.ts';
import { readFolder } from './folder.ts';
import { resolveIncludes } from './include.ts';
import { staticFolderOf } from './static-site.ts';
import type { Note, Site, SiteFile, SitePage } from './types.ts';

const folderSettings = /(?:^|\/)(?:\.pages|\.nav\.ya?ml)$/;
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Settings of folders (`.pages`), by folder. */
async function settingsOf(tree: FileTree, files: Map<string, SiteFile>) {
  const found = new Map<string, ReturnType<typeof readYaml>>();
  for (const [path, file] of files) {
    if (!folderSettings.test(path)) continue;
    const bytes = await tree.read(file.source, { mostBytes: 64 * 1024 }).catch(() => undefined);
    if (bytes) found.set(path.replace(/\/?[^/]+$/, ''), readYaml(decode(bytes)));
  }
  return (folder: string) => {
    const yaml = found.get(folder);
    return yaml && 'values' in yaml ? yaml.values : undefined;
  };
}

/** One page per path: of two files for a folder, `index` stands before `README`. */
function pagesOf(files: Map<string, SiteFile>): Map<string, SitePage> {
  const byPath = new Map<string, SitePage>();
  for (const [file, { source, version, size }] of files) {
    if (!isPage(file)) continue;
    const path = pagePath(file);
    const other = byPath.get(path);
    const isWeaker = other && isIndex(other.file) && (!isIndex(file) || /readme\.[a-z]+$/i.test(file));
    if (!isWeaker) byPath.set(path, { path, file, source, version, size, breadcrumb: [], isInNav: false });
  }
  return byPath;
}

/**
 * Reads what documents there are below a folder: configuration, navigation, files. Nothing of it can make this fail; what is wrong is noted.
 *
 * @param options.fallbackTitle - of sites that have no name of their own
 * @throws AppError when the folder itself cannot be read
 */
export async function readSite(tree: FileTree, options: { fallbackTitle: string }): Promise<Site> {
  const config = await readConfig(tree);
  const notes: Note[] = [...config.notes];
  const staticFolder = config.file === undefined ? await staticFolderOf(tree) : undefined;
  const own = await readFolder(tree, config, '');
  notes.push(...own.notes);
  const files = own.files;
  const inDocs = own.docsDir === '' ? '' : `${own.docsDir}/`;
  const beside = new Map(
    [...files].flatMap(([path, { source }]) => (source === `${inDocs}${path}` ? [] : [[path, source] as const])),
  );
  const settings = await settingsOf(tree, files);
  const ordered = [...files.keys()].filter(isPage);
  const written = config.nav === undefined ? navFromFiles(ordered, settings) : navAsWritten(config.nav);
  const { nodes, files: included } = await resolveIncludes(tree, written, { notes, config });
  for (const [path, file] of included) files.set(path, file);

  const byPath = pagesOf(files);
  const byFile = new Map([...byPath.values()].map((page) => [page.file, page]));
  const inOrder: SitePage[] = [];
  const missing = (file: string) =>
    notes.push({
      code: 'TECHDOCS_NAV_MISSING',
      severity: 'warning',
      message: `The navigation names ${file.slice(0, 200)}, which is not there`,
      fix: `Correct the entry in nav, or add the file below ${own.docsDir || 'the folder of the documents'}.`,
      ...(config.file !== undefined && { file: config.file }),
      ...lineIn(config, file, ['nav']),
    });
  const present = (list: NavNode[], trail: string[]): DocsNavigation[] =>
    list.flatMap((node): DocsNavigation[] => {
      if (node.children) {
        const title = node.title ?? '';
        const children = present(node.children, title === '' ? trail : [...trail, title]);
        return title === '' ? children : children.length === 0 ? [] : [{ title, children }];
      }
      if (node.url !== undefined) return [{ title: node.title ?? node.url, url: node.url }];
      if (node.file === undefined) return [];
      const [file, anchor] = node.file.split('#', 2) as [string, string?];
      const page = byFile.get(file) ?? byPath.get(normalPath(file.replace(/\.md$/, '')));
      if (!page && files.has(file) && !isPage(file))
        return [{ title: node.title ?? file.slice(file.lastIndexOf('/') + 1), url: navFile(file) }];
      if (!page) {
        missing(node.file);
        return [];
      }
      if (!page.isInNav) {
        page.isInNav = true;
        page.breadcrumb = trail;
        if (node.title !== undefined && anchor === undefined) page.navTitle = node.title;
        inOrder.push(page);
      }
      return [{ title: node.title ?? '', path: anchor === undefined ? page.path : `${page.path}#${anchor}` }];
    });
  const nav = present(nodes, []);
  const quiet = ignoring(config.notInNav);
  for (const page of [...byPath.values()].toSorted((one, other) => (one.file < other.file ? -1 : 1))) {
    if (page.isInNav) continue;
    inOrder.push(page);
    if (config.nav !== undefined && !quiet(page.file))
      notes.push({
        code: 'TECHDOCS_PAGE_ORPHAN',
        severity: 'information',
        message: `${page.file} is in no navigation`,
        fix: 'Add it to nav, or to not_in_nav if it is meant to be found by links only.',
        file: page.source,
      });
  }
  const redirects = redirectsOf(config, byFile, notes);
  if (byPath.size === 0 && staticFolder === undefined) notes.push(nothing(config, own.docsDir));
  const fingerprint = hash(
    'sha256',
    JSON.stringify([
      [...files].map(([path, { version }]) => [path, version]),
      nav,
      config.extensions,
      config.profile,
      config.variables,
      staticFolder ?? '',
      tree.commit ?? '',
    ]),
  );
  return {
    title: config.siteName ?? options.fallbackTitle,
    ...(config.description !== undefined && { description: config.description }),
    docsDir: own.docsDir,
    ...(config.file !== undefined && { configFile: config.file }),
    ...(staticFolder !== undefined && byPath.size === 0 && { staticFolder }),
    nav,
    pages: inOrder,
    byPath,
    byFile,
    files,
    beside,
    redirects,
    extensions: config.extensions,
    profile: config.profile,
    variables: config.variables,
    features: config.features,
    ...(config.isWithoutPlugins && { isWithoutSearch: true }),
    ...(config.copyright !== undefined && { copyright: config.copyright }),
    ...(config.repoUrl !== undefined && { repoUrl: config.repoUrl }),
    ...(config.editUri !== undefined && { editUri: config.editUri }),
    notes: notes.slice(0, 2000),
    fingerprint,
  };
}

const nothing = (config: MkdocsConfig, docsDir: string): Note => ({
  code: 'TECHDOCS_NO_PAGES',
  severity: 'error',
  message: `There is no page: no Markdown below ${docsDir || 'the folder'}, and no README beside it`,
  fix: 'Put index.md there, or correct backstage.io/techdocs-ref or docs_dir.',
  ...(config.file !== undefined && { file: config.file, ...lineIn(config, docsDir, ['docs_dir']) }),
});

/** Where a configuration says something, for notes. */
function lineIn(config: MkdocsConfig, value: string, below: string[]): { line?: number } {
  const line = config.lineSaying(value, below);
  return line === undefined ? {} : { line };
}

/** Pages that were, and where they are now; a target that is not there is noted. */
function redirectsOf(config: MkdocsConfig, byFile: Map<string, SitePage>, notes: Note[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const [from, to] of config.redirects) {
    const [file, anchor] = to.split('#', 2) as [string, string?];
    const page = byFile.get(file.replace(/^\.?\//, ''));
    const target = page ? `${page.path}${anchor === undefined ? '' : `#${anchor}`}` : to;
    if (page || /^https?:\/\//.test(to)) found.set(pagePath(from.replace(/^\.?\//, '')), target);
    else
      notes.push({
        code: 'TECHDOCS_REDIRECT_MISSING',
        severity: 'warning',
        message: `${from.slice(0, 200)} is redirected to ${to.slice(0, 200)}, which is not there`,
        fix: 'Name a page of these documents, or an address that begins with https://.',
        ...(config.file !== undefined && { file: config.file }),
        ...lineIn(config, to, ['plugins']),
      });
  }
  return found;
}
