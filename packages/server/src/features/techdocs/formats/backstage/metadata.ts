import type { OpenSite } from '../../page-reader.ts';
import type { RenderedPage } from '../../render/types.ts';
import type { SitePage } from '../../site/types.ts';
import { isPage } from '../mkdocs/paths.ts';

const filePath = (path: string) => (path === '' ? 'index.html' : `${path}/index.html`);

/** The files of a site as they are after a build. */
export const builtFiles = ({ site }: OpenSite, withSearch = true): string[] =>
  [
    ...site.pages.map(({ path }) => filePath(path)),
    ...[...site.files.keys()].filter((file) => !isPage(file)),
    ...(withSearch ? ['search/search_index.json'] : []),
    'techdocs_metadata.json',
  ].toSorted();

/** What techdocs-cli writes to techdocs_metadata.json. */
export const metadataOf = (open: OpenSite, withSearch = true) => ({
  site_name: open.site.title,
  site_description: open.site.description ?? '',
  etag: open.site.fingerprint.slice(0, 40),
  build_timestamp: Date.now(),
  files: builtFiles(open, withSearch),
});

/** The search index that MkDocs writes: one entry per page and one per section. */
export async function searchIndex(pages: Map<SitePage, RenderedPage>, titleOf: (page: SitePage) => Promise<string>) {
  const docs: { location: string; title: string; text: string }[] = [];
  for (const [page, rendered] of pages) {
    const location = page.path === '' ? '' : `${page.path}/`;
    const title = page.navTitle ?? rendered.title ?? (await titleOf(page));
    docs.push({ location, title, text: rendered.sections[0]?.text ?? '' });
    for (const section of rendered.sections)
      if (section.id !== undefined)
        docs.push({ location: `${location}#${section.id}`, title: section.title, text: section.text });
  }
  return { config: { lang: ['en'], separator: '[\\s\\-]+', pipeline: ['stopWordFilter'] }, docs };
}
