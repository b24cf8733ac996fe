import { posix } from 'node:path';
import type { FileTree, TreeFile } from '../../../core/files/index.ts';
import { pathInTree } from '../../../core/files/index.ts';
import type { MkdocsConfig } from '../formats/mkdocs/config.ts';
import { ignoring, isIndex, isPage } from '../formats/mkdocs/paths.ts';
import type { Note, SiteFile } from './types.ts';

/** The files of a folder of documents, by their path in it. */
export type DocsFolder = { docsDir: string; files: Map<string, SiteFile>; notes: Note[] };

const always = ['.*', '/templates/', 'node_modules/', '!.pages', '!.nav.yml', '!.meta.yml'];
const decisionFolders = ['adr', 'adrs', 'doc/adr', 'doc/adrs', 'decisions', 'docs-adr'];
const readme = /^readme\.(?:md|markdown)$/i;

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
      message: `${path} is a link that leads out of the source`,
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
  const pages = [...files.keys()].filter(isPage);
  if (config.file === undefined && pages.length === 0) await addLonely(tree, folder, files);
  // Without a page for the whole, the README beside the documents is it.
  if (![...files.keys()].some((path) => isIndex(path) && !path.includes('/')) && folder === '') {
    const beside = await besides(tree);
    if (beside) files.set('index.md', beside);
  }
  return { docsDir: docsDir!, files, notes };
}

/** Documents without a folder of their own: decision records and the README. */
async function addLonely(tree: FileTree, folder: string, files: Map<string, SiteFile>): Promise<void> {
  for (const name of decisionFolders) {
    const path = posix.join(folder, name);
    for (const file of (await tree.list(path)).files)
      files.set(`${name.split('/').at(-1)}/${file.path.slice(path.length + 1)}`, fileOf(file));
  }
}

/** The README beside the documents; reading it tells its version. */
async function besides(tree: FileTree): Promise<SiteFile | undefined> {
  for (const name of ['README.md', 'readme.md', 'Readme.md', 'README.markdown']) {
    if (!readme.test(name)) continue;
    const bytes = await tree.read(name, { mostBytes: 8 * 1024 * 1024 }).catch(() => undefined);
    if (bytes) return { source: name, version: `${bytes.length}-${checksum(bytes)}`, size: bytes.length };
  }
  return undefined;
}

function checksum(bytes: Uint8Array): string {
  let sum = 2166136261;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 16777619);
  return (sum >>> 0).toString(36);
}
