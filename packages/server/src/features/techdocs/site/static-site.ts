import type { FileTree } from '../../../core/files/index.ts';

/** Where builders put the sites that they make. */
const folders = ['', 'site', 'build', 'public', 'html', '_build/html', 'docs/_build/html', 'book'];

/** The folder of a site that was built elsewhere: one with a start page and no Markdown beside it; undefined when there is none. */
export async function staticFolderOf(tree: FileTree): Promise<string | undefined> {
  for (const folder of folders) {
    const start = folder === '' ? 'index.html' : `${folder}/index.html`;
    if ((await tree.read(start).catch(() => undefined)) !== undefined) return folder;
  }
  return undefined;
}
