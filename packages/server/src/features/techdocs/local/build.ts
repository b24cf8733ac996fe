import { mkdirSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DocsNavigation } from '@callboard/model/http';
import { pathInTree } from '../../../core/files/index.ts';
import { metadataOf, searchIndex } from '../formats/backstage/metadata.ts';
import { isPage } from '../formats/mkdocs/paths.ts';
import { techdocsErrors } from '../errors.ts';
import { pageDocument, upFrom } from './document.ts';
import { createLocalSite } from './local-site.ts';
import { searchScript } from './search-script.ts';
import { themeCss } from './theme.ts';

/** The folder with the styles and fonts of formulas. */
const katexFolder = () => dirname(fileURLToPath(import.meta.resolve('katex/dist/katex.min.css')));

/**
 * Builds a site that needs no server: it opens from the disk, and its layout is the one that techdocs-cli publishes.
 *
 * @param options.out - folder for the result; it must not hold the documents themselves
 */
export async function buildDocs(options: {
  folder: string;
  out: string;
}): Promise<{ pages: number; problems: number }> {
  const out = resolve(options.out);
  const folder = resolve(options.folder);
  const local = createLocalSite(folder);
  try {
    const open = await local.open();
    const docs = join(folder, open.site.docsDir);
    if (
      out === folder ||
      !relative(out, docs).startsWith('..') ||
      (open.site.docsDir !== '' && !relative(docs, out).startsWith('..'))
    )
      throw techdocsErrors.buildIntoDocs({ out });
    const { pages, problems } = await local.check(open);
    const made = new Set<string>();
    // Nobody else waits for this process, and at once it takes a fraction of the time.
    const write = (path: string, content: string | Uint8Array) => {
      const target = join(out, path.split('/').join(sep));
      const parent = dirname(target);
      if (!made.has(parent)) mkdirSync(parent, { recursive: true });
      made.add(parent);
      writeFileSync(target, content);
    };
    const titles = new Map(
      await Promise.all(
        [...pages].map(
          async ([page, rendered]) =>
            [page, page.navTitle ?? rendered.title ?? (await local.titleOf(open, page))] as const,
        ),
      ),
    );
    const titled = (items: DocsNavigation[]): DocsNavigation[] =>
      items.map((item) => {
        if (item.children) return { ...item, children: titled(item.children) };
        const page = item.path === undefined ? undefined : open.site.byPath.get(item.path);
        return item.title === '' && page ? { ...item, title: titles.get(page) ?? page.path } : item;
      });
    const nav = titled(open.site.nav);
    const linkTo = (page: (typeof open.site.pages)[number] | undefined) =>
      page && { path: page.path, title: titles.get(page) ?? page.path };
    const ordered = open.site.pages.filter(({ isInNav }) => isInNav);
    for (const [page, rendered] of pages) {
      const place = ordered.indexOf(page);
      const [previous, next] = [linkTo(ordered[place - 1]), place < 0 ? undefined : linkTo(ordered[place + 1])];
      const html = pageDocument({
        siteTitle: open.site.title,
        title: titles.get(page)!,
        path: page.path,
        nav,
        rendered,
        form: 'file',
        head: open.site.isWithoutSearch
          ? ''
          : `<script src="${upFrom(page.path)}assets/search.js" data-base="${upFrom(page.path)}" defer></script>`,
        ...(previous && { previous }),
        ...(next && { next }),
      });
      write(page.path === '' ? 'index.html' : `${page.path}/index.html`, html);
    }
    for (const [path, file] of open.site.files) {
      if (isPage(path) || pathInTree(path) === undefined) continue;
      const content = await open.tree.read(file.source);
      if (content) write(path, content);
    }
    write('assets/docs.css', themeCss);
    if ([...pages.values()].some(({ needs }) => needs.includes('math'))) {
      await cp(join(katexFolder(), 'katex.min.css'), join(out, 'assets/katex/katex.min.css'));
      await cp(join(katexFolder(), 'fonts'), join(out, 'assets/katex/fonts'), { recursive: true });
    }
    if (!open.site.isWithoutSearch) {
      const index = await searchIndex(pages, async (page) => titles.get(page)!);
      const entries = Buffer.from(JSON.stringify(index.docs));
      const around = (before: string, after: string) =>
        Buffer.concat([Buffer.from(before), entries, Buffer.from(after)]);
      write('search/search_index.json', around(`{"config":${JSON.stringify(index.config)},"docs":`, '}'));
      write('search/search_index.js', around('var callboardDocs=', ';\n'));
      write('assets/search.js', searchScript);
    }
    write('techdocs_metadata.json', JSON.stringify(metadataOf(open, open.site.isWithoutSearch !== true)));
    return { pages: pages.size, problems: problems.filter(({ severity }) => severity !== 'information').length };
  } finally {
    await local.close();
  }
}
