import type { DocsLink, DocsNavigation, DocsPageResponse, DocsSiteResponse, DocsVersion } from '@callboard/model/http';
import { docsFolders, staleness } from './check-site.ts';
import type { Documented, Located } from './entities.ts';
import { addressesOf } from './formats/mkdocs/edit-address.ts';
import type { OpenSite } from './page-reader.ts';
import { navAddress, showAt } from './render/addresses.ts';
import type { RenderedPage } from './render/types.ts';
import type { SitePage } from './site/types.ts';
import type { Titles } from './site/titles.ts';

const iso = (at: number) => new Date(at).toISOString();

/** The words of an entity as they stand in addresses: `default/component/payments`. */
export function entityAddress(ref: string): string {
  const [, kind, namespace, name] = /^([^:]+):([^/]+)\/(.+)$/.exec(ref)!;
  return [namespace!, kind!, name!].map(encodeURIComponent).join('/');
}

/** Where the files of a site that was built elsewhere are for its reader; ends with a slash. */
export type Frame = (ref: string, version?: string) => Promise<string>;

export const filesBase = (ref: string) => `/api/techdocs/static/docs/${entityAddress(ref)}/`;

const queryOf = (version: string | undefined) =>
  version === undefined ? '' : `?version=${encodeURIComponent(version)}`;

/** A navigation with the addresses of files in it. */
const placed = (items: readonly DocsNavigation[], file: (path: string) => string): DocsNavigation[] =>
  items.map((item) => ({
    ...item,
    ...(item.url !== undefined && { url: navAddress(item.url, file) }),
    ...(item.children && { children: placed(item.children, file) }),
  }));

/** What the reader gets of a site as a whole. */
export async function presentSite(
  documented: Documented,
  open: OpenSite,
  options: { titles: Titles; version?: string; withVersions: boolean; frame: Frame },
): Promise<DocsSiteResponse> {
  const { site, tree } = open;
  const { titles, version } = options;
  const [navigation, pages, versions] = await Promise.all([
    titles.nav(tree, site),
    Promise.all(
      site.pages.map(async (page): Promise<DocsLink> => ({ path: page.path, title: await titles.of(tree, page) })),
    ),
    options.withVersions ? tree.versions().catch(() => []) : [],
  ]);
  const shown: DocsVersion[] = versions.map(({ at, ...rest }) => ({
    ...rest,
    ...(at !== undefined && { at: iso(at) }),
  }));
  const config = site.configFile === undefined ? {} : addressesOf(tree, site, site.configFile, '');
  const view = tree.pages(site.docsDir).view;
  const current = shown.find(({ isCurrent }) => isCurrent)?.name;
  return {
    entityRef: documented.ref,
    entityTitle: documented.title,
    ...(documented.borrowedBy !== undefined && { borrowedBy: documented.borrowedBy }),
    startPath: documented.startPath || (site.byPath.has('') ? '' : (site.pages[0]?.path ?? '')),
    title: site.title,
    ...(site.description !== undefined && { description: site.description }),
    ...(documented.owner && { owner: documented.owner }),
    form: site.staticFolder === undefined ? 'pages' : 'static',
    ...(site.staticFolder !== undefined && {
      frameUrl: `${await options.frame(documented.ref, version)}index.html`,
    }),
    filesUrl: filesBase(documented.ref),
    navigation: placed(navigation, (file) => `${filesBase(documented.ref)}${file}${queryOf(version)}`),
    pages,
    ...((version ?? tree.version ?? current) !== undefined && { version: version ?? tree.version ?? current! }),
    ...(tree.commit !== undefined && { commit: tree.commit }),
    versions: shown,
    isOld: version !== undefined && version !== current,
    ...(view !== undefined && { sourceUrl: view }),
    ...(config.edit !== undefined && { editUrl: config.edit }),
    notes: site.notes,
    features: site.features,
    ...(site.copyright !== undefined && { copyright: site.copyright }),
    etag: site.fingerprint.slice(0, 32),
  };
}

/** What the reader gets of a page. */
export async function presentPage(
  located: Located,
  open: OpenSite,
  page: SitePage,
  rendered: RenderedPage,
  options: { titles: Titles; version?: string; now: number; staleAfterMonths: number },
): Promise<DocsPageResponse> {
  const { site, tree } = open;
  const { titles, version } = options;
  const inNav = site.pages.filter((each) => each.isInNav);
  const place = inNav.indexOf(page);
  const neighbour = async (other: SitePage | undefined): Promise<DocsLink | undefined> =>
    other && { path: other.path, title: await titles.of(tree, other) };
  const [previous, next, changes, codeChangedAt] = await Promise.all([
    neighbour(place > 0 ? inNav[place - 1] : undefined),
    neighbour(place >= 0 ? inNav[place + 1] : undefined),
    tree.changes(),
    version === undefined ? tree.changedBeside(docsFolders(open)) : undefined,
  ]);
  const change = changes.get(page.source);
  const stale = staleness(change?.at, codeChangedAt, options.now, options.staleAfterMonths);
  const addresses = addressesOf(tree, site, page.source, page.file);
  const query = queryOf(version);
  const address = entityAddress(located.ref);
  const html = showAt(rendered.html, {
    page: (path) => `/docs/${address}${path === '' ? '' : `/${path}`}${query}`,
    file: (path) => `/api/techdocs/static/docs/${address}/${path}${query}`,
  });
  return {
    path: page.path,
    file: page.file,
    title: page.navTitle ?? rendered.title ?? (await titles.of(tree, page)),
    html,
    headings: rendered.headings,
    breadcrumb: page.breadcrumb,
    ...(previous && { previous }),
    ...(next && { next }),
    ...(rendered.redirectTo !== undefined && { redirectTo: rendered.redirectTo }),
    ...(addresses.edit !== undefined && version === undefined && { editUrl: addresses.edit }),
    ...(addresses.view !== undefined && { viewUrl: addresses.view }),
    ...(change && { lastChange: { at: iso(change.at), author: change.author } }),
    ...(stale && {
      stale: { changedAt: iso(stale.changedAt), codeChangedAt: iso(stale.codeChangedAt), months: stale.months },
    }),
    notes: rendered.notes,
    hide: rendered.hide,
    tags: rendered.tags,
    needs: rendered.needs,
    ...(rendered.isPlain === true && { isPlain: true }),
    words: rendered.words,
  };
}
