import { posix } from 'node:path';
import type { FileTree, TreeFile } from '../../../core/files/index.ts';
import { pathInTree } from '../../../core/files/index.ts';
import type { MkdocsConfig } from '../formats/mkdocs/config.ts';
import { ignoring, isIndex, isPage } from '../formats/mkdocs/paths.ts';
import { fileBeside, namedBeside } from './beside.ts';
import type { Note, SiteFile } from './types.ts';

/** The files of a folder of documents, by their path in it. */
export type DocsFolder = { docsDir: string; files: Map<string, SiteFile>; notes: Note[] };

const always = ['.*', '/templates/', 'node_modules/', '!.pages', '!.nav.yml', '!.meta.yml'];
const decisionFolders = ['adr', 'adrs', 'doc/adr', 'doc/adrs', 'decisions', 'docs-adr'];

const lineOf = (line: number | undefined) => (line === undefined ? {} : { line });

const fileOf = ({ path, version, size }: TreeFile): SiteFile => ({ source: path, version, size });

/** Lists what a configuration means; `folder` is where the configuration stands, '' or a path. */
export async function readFolder(tree: FileTree, config: MkdocsConfig, folder: string): Promise<DocsFolder> {
  const notes: Note[] = [];
  let docsDir = pathInTree(posix.join(folder, config.docsDir));
  const isOutside = docsDir === undefined || config.docsDir.startsWith('/');
  if (isOutside) {
    notes.push({
      code: 'TECHDOCS_DOCS_DIR_OUTSIDE',
      severity: 'error',
      message: `docs_dir '${config.docsDir.slice(0, 200)}' leads out of the folder of the documents`,
      fix: 'Name a folder beside or below the configuration.',
      ...(config.file !== undefined && { file: config.file }),
      ...lineOf(config.lineOf(['docs_dir'])),
    });
    docsDir = pathInTree(posix.join(folder, 'docs'))!;
  }
  const listed = await tree.list(docsDir!);
  const isIgnored = ignoring([...always, ...config.excluded]);
  const start = docsDir === '' ? 0 : docsDir!.length + 1;
  const files = new Map<string, SiteFile>();
  for (const file of listed.files) {
    const path = file.path.slice(start);
    if (!isIgnored(path)) files.set(path, fileOf(file));
  }
  for (const path of listed.refused.slice(0, 20))
    notes.push({
      code: 'TECHDOCS_LINK_OUTSIDE',
      severity: 'error',
      message: `${path} is a link that leads out of the source, or nowhere`,
      fix: 'Put the file itself there: links may only point at files of the same source.',
      file: path,
    });
  if (!listed.isComplete)
    notes.push({
      code: 'TECHDOCS_TOO_MANY_FILES',
      severity: 'error',
      message: 'The folder has more files than are read; some are missing here',
      fix: 'Name a smaller folder as docs_dir.',
    });
  if (config.file === undefined) await addDecisions(tree, folder, docsDir!, files);
  // Without a page for the whole, the README beside the documents is it.
  if (folder === '' && ![...files.keys()].some((path) => isIndex(path) && !path.includes('/')))
    await addReadme(tree, config, docsDir!, files);
  return { docsDir: docsDir!, files, notes };
}

/** Decision records that lie beside the documents. */
async function addDecisions(tree: FileTree, folder: string, docsDir: string, files: Map<string, SiteFile>) {
  for (const name of decisionFolders) {
    const path = posix.join(folder, name);
    if (path === docsDir || docsDir === '' || docsDir.startsWith(`${path}/`)) continue;
    for (const file of (await tree.list(path)).files) {
      const own = `${name.split('/').at(-1)}/${file.path.slice(path.length + 1)}`;
      if (!files.has(own)) files.set(own, fileOf(file));
    }
  }
}

/** The README beside the documents, and what it shows. */
async function addReadme(tree: FileTree, config: MkdocsConfig, docsDir: string, files: Map<string, SiteFile>) {
  for (const name of ['README.md', 'readme.md', 'Readme.md', 'README.markdown']) {
    const found = await fileBeside(tree, name);
    if (!found) continue;
    const { text, ...readme } = found;
    files.set('index.md', readme);
    const sources = new Set([...files.values()].map(({ source }) => source));
    const isKnown = (source: string) => sources.has(source) || source === docsDir;
    for (const file of await namedBeside(tree, text, isKnown)) {
      // The pages of a site that says what its documents are stay what it says.
      if (isPage(file.source) && config.file !== undefined) continue;
      files.set(files.has(file.source) ? `beside/${file.source}` : file.source, file);
    }
    return;
  }
}
