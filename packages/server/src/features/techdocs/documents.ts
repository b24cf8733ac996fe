import { setImmediate } from 'node:timers/promises';
import type { DocsNavigation, DocsPageResponse, DocsSiteResponse, DocsSummary } from '@callboard/model/http';
import type { Events } from '../../core/events/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { Database } from '../../core/db/index.ts';
import type { CatalogReading, EntityFiles, ProblemReports } from '../catalog/index.ts';
import { type CheckedSite, checkSite } from './check-site.ts';
import type { TechdocsConfig } from './config.ts';
import {
  annotationNames,
  docsEntity,
  type Documented,
  findDocuments,
  type Located,
  locateDocuments,
  showsOthers,
} from './entities.ts';
import { techdocsErrors } from './errors.ts';
import { normalPath } from './formats/mkdocs/paths.ts';
import { type OpenSite, readPage } from './page-reader.ts';
import { createPageMemory } from './page-memory.ts';
import type { Draw } from './plantuml.ts';
import { type Frame, presentPage, presentSite } from './present.ts';
import { rehearse } from './rehearse.ts';
import { createRenderer, type Renderer } from './render/renderer.ts';
import type { RenderedPage } from './render/types.ts';
import { createTitles } from './site/titles.ts';
import type { SitePage } from './site/types.ts';
import { createSites } from './sites.ts';
import { createSummaries } from './summaries.ts';
import { createViews } from './views.ts';
import { createReadability } from './readability.ts';
import type { SiteRecord, Store } from './store.ts';
import { docsReporter, toProblems } from './to-problems.ts';

export const siteUpdated = 'techdocs.site.updated';

/** The documents of the catalog's entities. */
export type Documents = {
  find(ref: string): Promise<Documented>;
  /** The same without whose they are, which takes less. */
  locate(ref: string): Promise<Located>;
  open(documented: Located, version?: string): Promise<OpenSite>;
  site(ref: string, version?: string): Promise<DocsSiteResponse>;
  page(located: Located, path: string, version?: string): Promise<DocsPageResponse>;
  /** A page without what surrounds it, in its final form; undefined when there is none. */
  rendered(open: OpenSite, path: string): Promise<{ page: SitePage; rendered: RenderedPage } | undefined>;
  titleOf(open: OpenSite, page: SitePage): Promise<string>;
  /** The navigation with every title filled in. */
  navigation(open: OpenSite): Promise<DocsNavigation[]>;
  /** Reads a whole site, apart from those that people are waiting for, and keeps what is wrong with it. */
  check(documented: Documented): Promise<CheckedSite & { open: OpenSite; record: SiteRecord }>;
  summaries(): Promise<readonly DocsSummary[]>;
  /**
   * Tells whether the documents differ from those last read as a whole, and announces it once. That they cannot be read is told to their owner.
   *
   * @param published - changes with what a pipeline has published of them
   */
  follow(ref: string, published?: string): Promise<boolean>;
  /** Tells the owner of an entity that its documents cannot be read. */
  failed(ref: string, error: unknown): Promise<void>;
  /** Tells the owners of entities that name another one when that one has no documents; gives all that name one. */
  followOthers(): Promise<string[]>;
  /** An entity shows no documents any more: nothing is wrong with them. */
  forget(ref: string): Promise<void>;
  /** Asks the source again, whatever is known. */
  refresh(documented: Documented): Promise<OpenSite>;
  /** Gets ready for somebody who is about to look. */
  warm(): void;
  close(): Promise<void>;
};

/** How many pages a site has that was built elsewhere. */
async function builtPages({ site, tree }: OpenSite): Promise<number> {
  const { files } = await tree.list(site.staticFolder ?? '');
  return files.filter(({ path }) => /\.html?$/i.test(path)).length;
}

export function createDocuments(
  core: { db: Database; events: Events; log: Logger },
  features: { catalog: CatalogReading; files: EntityFiles; problems: ProblemReports },
  store: Store,
  config: TechdocsConfig,
  draw: Draw | undefined,
  frame: Frame,
  now: () => number = Date.now,
): Documents {
  const { db, events, log } = core;
  const { catalog, files, problems } = features;
  const sites = createSites(files, config, now);
  const titles = createTitles();
  // What people wait for has a thread of its own, which is kept for a while after they have looked.
  const viewing = createRenderer({ idleMs: 300_000 });
  const views = createViews();
  const ahead = createRenderer();
  const pages = createPageMemory(store, now);
  const readability = createReadability(problems);
  const announced = new Map<string, string>();
  let isRehearsed = false;

  const find = (ref: string) => findDocuments(catalog, ref);

  async function tellUnreadable(ref: string, annotation: string, error: unknown): Promise<void> {
    const [described] = await catalog.describe([ref]);
    if (!described) return;
    await store.markSite(ref);
    await readability.bad(docsEntity(described), annotation, error);
  }

  async function announce(ref: string, fingerprint: string): Promise<boolean> {
    if (announced.get(ref) === fingerprint) return false;
    const record = await store.site(ref);
    announced.set(ref, fingerprint);
    if (record?.fingerprint === fingerprint) return false;
    await db.transaction((tx) => events.append(tx, [{ type: siteUpdated, subject: ref }]));
    return true;
  }

  async function open(documented: Located, version?: string): Promise<OpenSite> {
    const found = await sites.open(documented, version);
    void readability
      .good(documented.ref)
      .catch((error: unknown) => log.warn({ error }, 'a problem with documents could not be taken back'));
    if (version === undefined && announced.get(documented.ref) !== found.site.fingerprint)
      // What follows from a change, for search above all, comes after the page that somebody waits for.
      void views
        .quiet()
        .then(() => announce(documented.ref, found.site.fingerprint))
        .catch((error: unknown) => log.warn({ error }, 'a change of documents could not be announced'));
    return found;
  }

  /** Starting Git holds this thread up for some milliseconds, so it is asked when the other one has its page. */
  function askingGit(site: OpenSite, ...task: Parameters<Renderer['render']>): ReturnType<Renderer['render']> {
    // Who needs the answer sees a failure too.
    void setImmediate()
      .then(() => site.tree.changes())
      .catch(() => undefined);
    return viewing.render(...task);
  }

  async function rendered(site: OpenSite, path: string, isHurried = false) {
    const page = site.site.byPath.get(normalPath(path)) ?? site.site.byFile.get(path.replace(/^\/+/, ''));
    if (!page) return undefined;
    const renderer: Renderer = isHurried ? { ...viewing, render: (...task) => askingGit(site, ...task) } : viewing;
    return { page, rendered: (await readPage(site, page, { renderer, store: pages, draw, isHurried })).page };
  }

  async function wholeSite(ref: string, version: string | undefined): Promise<DocsSiteResponse> {
    viewing.warm();
    const documented = await find(ref);
    return presentSite(documented, await open(documented, version), {
      titles,
      ...(version !== undefined && { version }),
      withVersions: true,
      frame,
    });
  }

  async function onePage(located: Located, path: string, version: string | undefined): Promise<DocsPageResponse> {
    viewing.warm();
    const site = await open(located, version);
    const start = path === '' && !site.site.byPath.has('') ? (site.site.pages[0]?.path ?? '') : path;
    const found = await rendered(site, start, true);
    const options = {
      titles,
      ...(version !== undefined && { version }),
      now: now(),
      staleAfterMonths: config.staleAfterMonths,
    };
    if (found) return presentPage(located, site, found.page, found.rendered, options);
    const moved = site.site.redirects.get(normalPath(path));
    if (moved === undefined)
      throw techdocsErrors.pageUnknown({ ref: located.borrowedBy ?? located.ref, path: path.slice(0, 300) });
    return {
      path: normalPath(path),
      file: '',
      title: '',
      html: '',
      headings: [],
      breadcrumb: [],
      redirectTo: moved,
      notes: [],
      hide: [],
      tags: [],
      needs: [],
      words: 0,
    };
  }

  return {
    find,
    locate: (ref) => locateDocuments(catalog, ref),
    open,
    rendered: (site, path) => rendered(site, path),
    titleOf: (site, page) => titles.of(site.tree, page),
    navigation: (site) => titles.nav(site.tree, site.site),
    site: (ref, version) => views.first(() => wholeSite(ref, version)),
    page: (located, path, version) => views.first(() => onePage(located, path, version)),
    async check(documented) {
      // Documents that have just come are what people look at next.
      viewing.warm();
      const site = await sites.open(documented);
      const checked = await checkSite(
        site,
        { renderer: ahead, store: pages, draw },
        { now: now(), staleAfterMonths: config.staleAfterMonths, turn: () => views.quiet() },
      );
      const changes = await site.tree.changes();
      const changedAt = Math.max(0, ...site.site.pages.map(({ source }) => changes.get(source)?.at ?? 0));
      const record: SiteRecord = {
        ref: documented.ref,
        fingerprint: site.site.fingerprint,
        title: site.site.title,
        pages: site.site.staticFolder === undefined ? checked.pages.size : await builtPages(site),
        words: checked.words,
        problems: checked.problems.slice(0, 5_000),
        checkedAt: now(),
        ...(changedAt > 0 && { changedAt }),
      };
      await store.putSite(record);
      await problems.report(docsReporter, documented.ref, toProblems(site, checked.problems));
      announced.set(documented.ref, record.fingerprint);
      return { ...checked, open: site, record };
    },
    summaries: createSummaries({ catalog, events, store, readability }, now),
    async follow(ref, published) {
      if (published !== undefined) {
        await readability.good(ref);
        return announce(ref, published);
      }
      try {
        const { site } = await sites.open(await find(ref));
        await readability.good(ref);
        return await announce(ref, site.fingerprint);
      } catch (error) {
        await tellUnreadable(ref, annotationNames.target, error);
        throw error;
      }
    },
    failed: (ref, error) => tellUnreadable(ref, annotationNames.target, error),
    forget: (ref) => readability.forget(ref),
    async followOthers() {
      const others: string[] = [];
      for (let after: string | undefined; ;) {
        const refs = await catalog.refs(after, 1_000, showsOthers);
        if (refs.length === 0) break;
        after = refs.at(-1);
        others.push(...refs);
        for (const ref of refs)
          await find(ref).then(
            () => readability.good(ref),
            (error: unknown) => tellUnreadable(ref, annotationNames.entity, error),
          );
      }
      return others;
    },
    refresh(documented) {
      sites.forget(documented.ref);
      return open(documented);
    },
    warm() {
      viewing.warm();
      if (!isRehearsed)
        void setImmediate()
          .then(() => rehearse(config))
          .catch((error: unknown) => log.warn({ error }, 'what leads to a page of documents could not be rehearsed'));
      isRehearsed = true;
    },
    async close() {
      await Promise.all([viewing.close(), ahead.close(), sites.close()]);
    },
  };
}
