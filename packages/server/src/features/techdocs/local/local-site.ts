import { basename, join, resolve } from 'node:path';
import type { DocsNavigation, DocsNote } from '@callboard/model/http';
import type { Problem } from '@callboard/model';
import { openDiskTree } from '../../../core/files/index.ts';
import { type CheckedSite, checkSite } from '../check-site.ts';
import { techdocsConfig } from '../config.ts';
import { type OpenSite, openSite, type PageStore, readPage } from '../page-reader.ts';
import { createRenderer } from '../render/renderer.ts';
import type { RenderedPage } from '../render/types.ts';
import { readSite } from '../site/read-site.ts';
import { createTitles } from '../site/titles.ts';
import type { Site, SitePage } from '../site/types.ts';

/** Documents in a folder of this machine, without a portal. */
export type LocalSite = {
  /** Reads what there is now. */
  open(): Promise<OpenSite>;
  page(open: OpenSite, page: SitePage): Promise<RenderedPage>;
  check(open: OpenSite): Promise<CheckedSite>;
  navigation(open: OpenSite): Promise<DocsNavigation[]>;
  titleOf(open: OpenSite, page: SitePage): Promise<string>;
  close(): Promise<void>;
};

/**
 * @param folder - the one with mkdocs.yml, docs/ or a README
 * @param profile - of the Markdown, where the configuration is not to decide
 */
export function createLocalSite(folder: string, profile?: Site['profile']): LocalSite {
  const config = techdocsConfig(undefined);
  const renderer = createRenderer({ youngMemory: 64 });
  const titles = createTitles();
  const kept = new Map<string, RenderedPage>();
  const store: PageStore = {
    get: async (key) => kept.get(key),
    put: async (key, page) => void kept.set(key, page),
  };
  const path = resolve(folder);
  return {
    async open() {
      const tree = await openDiskTree({ root: path, folder: path });
      const site = await readSite(tree, { fallbackTitle: basename(path) });
      return openSite(tree, profile === undefined ? site : { ...site, profile }, config);
    },
    page: async (open, page) => (await readPage(open, page, { renderer, store })).page,
    check: (open) =>
      checkSite(open, { renderer, store }, { now: Date.now(), staleAfterMonths: config.staleAfterMonths }),
    navigation: (open) => titles.nav(open.tree, open.site),
    titleOf: (open, page) => titles.of(open.tree, page),
    close: () => renderer.close(),
  };
}

/** What `checkDocs` found. `files` counts the pages. */
export type DocsCheck = { files: number; problems: Problem[] };

/** Checks the documents in a folder as the portal does: links, images, headings, navigation, unknown syntax. */
export async function checkDocs(folder: string): Promise<DocsCheck> {
  const local = createLocalSite(folder);
  try {
    const open = await local.open();
    const { pages, problems } = await local.check(open);
    return { files: pages.size, problems: problems.map((note) => problemOf(note, folder)) };
  } finally {
    await local.close();
  }
}

const problemOf = ({ file, ...note }: DocsNote, folder: string): Problem => ({
  ...note,
  ...(file !== undefined && { location: `file:${join(resolve(folder), file)}` }),
});
