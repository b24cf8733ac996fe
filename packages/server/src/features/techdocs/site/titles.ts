import type { DocsNavigation } from '@callboard/model/http';
import type { FileTree } from '../../../core/files/index.ts';
import { isIndex } from '../formats/mkdocs/paths.ts';
import { titleFromName } from '../formats/mkdocs/words.ts';
import type { Site, SitePage } from './types.ts';

/** Titles that pages give themselves, by the version of their file. */
export type Titles = {
  of(tree: FileTree, page: SitePage): Promise<string>;
  /** Fills every title of a navigation in. */
  nav(tree: FileTree, site: Site): Promise<DocsNavigation[]>;
};

const most = 50_000;
const plainText = (text: string) =>
  text
    .replace(/\s*\{[:#.][^}]*\}\s*$/, '')
    .replace(/\s+#+\s*$/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/:[a-z0-9_+-]+:/g, '')
    .replace(/<[^>]{0,500}>/g, '')
    .replace(/(\*\*|__|`|(?<!\w)[*_]|[*_](?!\w))/g, '')
    .trim();

/** What a page calls itself: its front matter, else its first heading, else the name of its file. */
export function titleOf(source: string, page: Pick<SitePage, 'file' | 'path'>): string {
  const text = source.slice(0, 20_000).replace(/^\uFEFF/, '');
  const front = /^---\r?\n([\s\S]*?)\r?\n(?:---|\.\.\.)\s*(?:\r?\n|$)/.exec(text);
  const said = front && /^title:[ \t]*(.+?)[ \t]*$/m.exec(front[1]!)?.[1]?.replace(/^(['"])(.*)\1$/, '$2');
  if (said) return said.slice(0, 300);
  let fence: string | undefined;
  const lines = (front ? text.slice(front[0].length) : text).split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === undefined) fence = mark;
    else if (mark && line.trim().startsWith(fence!)) fence = undefined;
    else if (fence === undefined) {
      const heading =
        /^#\s*([^#\s].*)$/.exec(line)?.[1] ??
        (/^=+\s*$/.test(lines[index + 1] ?? '') && line.trim() !== '' ? line : undefined);
      const title = heading && plainText(heading);
      if (title) return title.slice(0, 300);
    }
  }
  if (page.path === '') return 'Home';
  const name = page.file.slice(page.file.lastIndexOf('/') + 1).replace(/\.[a-z]+$/i, '');
  return titleFromName(isIndex(page.file) ? page.path.slice(page.path.lastIndexOf('/') + 1) : name);
}

export function createTitles(): Titles {
  const known = new Map<string, string>();
  async function own(tree: FileTree, page: SitePage): Promise<string> {
    const key = `${tree.name} ${page.source} ${page.version}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const bytes = await tree.read(page.source).catch(() => undefined);
    const title = titleOf(new TextDecoder().decode(bytes ?? new Uint8Array()), page);
    if (known.size > most) known.clear();
    known.set(key, title);
    return title;
  }
  const of = async (tree: FileTree, page: SitePage) => page.navTitle ?? own(tree, page);
  const fill = async (tree: FileTree, site: Site, items: DocsNavigation[]): Promise<DocsNavigation[]> =>
    Promise.all(
      items.map(async (item) => {
        if (item.children) return { ...item, children: await fill(tree, site, item.children) };
        if (item.title !== '' || item.path === undefined) return item;
        const page = site.byPath.get(item.path);
        return { ...item, title: page ? await of(tree, page) : item.path };
      }),
    );
  return { of, nav: (tree, site) => fill(tree, site, site.nav) };
}
