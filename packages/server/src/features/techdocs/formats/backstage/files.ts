import { posix } from 'node:path';
import { pathInTree } from '../../../../core/files/index.ts';
import type { Documents } from '../../documents.ts';
import type { Documented } from '../../entities.ts';
import { foreignFile, mostBytes } from '../../foreign-file.ts';
import type { Published } from '../../published.ts';
import { addressesOf } from '../mkdocs/edit-address.ts';
import { contentType } from './content-types.ts';
import { metadataOf, searchIndex } from './metadata.ts';
import { pageHtml } from './page-html.ts';

/** A file of a site. `isForeign` says that somebody else made it: whatever it holds must not act as the portal. */
export type StaticFile = { body: string | Uint8Array; type: string; isForeign: boolean };

/**
 * Finds a file of an entity's site: what another pipeline has published, else a page as HTML or a file beside the pages.
 *
 * @param path - below the site, as clients ask for it
 */
export async function staticFile(
  tools: { documents: Documents; published: Published | undefined },
  documented: Documented,
  path: string,
  version: string | undefined,
): Promise<StaticFile | undefined> {
  const { documents } = tools;
  if (pathInTree(path) === undefined) return undefined;
  const foreign = await foreignFile(tools, documented, path, version);
  if (foreign) return { body: foreign.body, type: contentType(foreign.path), isForeign: true };
  const open = await documents.open(documented, version);
  const { site, tree } = open;
  if (site.staticFolder !== undefined) return undefined;
  const file = site.files.get(path);
  if (file && !/\.(?:md|markdown)$/i.test(path)) {
    const body = await tree.read(file.source, { mostBytes });
    return body && { body, type: contentType(path), isForeign: true };
  }
  if (path === 'techdocs_metadata.json')
    return { body: JSON.stringify(metadataOf(open)), type: 'application/json; charset=utf-8', isForeign: false };
  if (path === 'search/search_index.json') {
    const { pages } = await documents.check(documented);
    const index = await searchIndex(pages, (page) => documents.titleOf(open, page));
    return { body: JSON.stringify(index), type: 'application/json; charset=utf-8', isForeign: false };
  }
  if (/\.[a-z0-9]{1,8}$/i.test(posix.basename(path)) && !path.endsWith('.html')) return undefined;
  const found = await documents.rendered(open, path);
  if (!found) return undefined;
  const { edit } = addressesOf(tree, site, found.page.source, found.page.file);
  const title = found.page.navTitle ?? found.rendered.title ?? (await documents.titleOf(open, found.page));
  const body = pageHtml({
    siteTitle: site.title,
    title,
    path: found.page.path,
    nav: await documents.navigation(open),
    rendered: found.rendered,
    ...(edit !== undefined && version === undefined && { editUrl: edit }),
  });
  return { body, type: 'text/html; charset=utf-8', isForeign: false };
}
