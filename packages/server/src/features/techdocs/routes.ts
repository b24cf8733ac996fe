import {
  DocsPageQuery,
  DocsPageResponse,
  DocsReportResponse,
  DocsSiteResponse,
  DocsSummariesResponse,
  DocsVersionQuery,
  EntityPath,
} from '@callboard/model/http';
import type { HttpServer } from '../../core/http/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { Access } from '../access/index.ts';
import type { Documents } from './documents.ts';
import { techdocsErrors } from './errors.ts';
import type { Frame } from './present.ts';
import { publishedSite } from './published-site.ts';
import type { Published } from './published.ts';
import { seenDocuments, seenRef, withSeenOwners } from './seen.ts';
import type { Store } from './store.ts';

const config = { permission: 'catalog.entity.read' };

/** The routes of the portal's own reader. */
export function registerRoutes(
  http: HttpServer,
  tools: {
    documents: Documents;
    published: Published | undefined;
    frame: Frame;
    store: Store;
    access: Pick<Access, 'seenAmong'>;
    log: Logger;
  },
): void {
  const { documents, published, frame, store, access, log } = tools;
  const refOf = seenRef(tools);
  const located = seenDocuments(tools);
  /** What a pipeline has published comes first; where that cannot be asked, what the portal makes itself is better than nothing. */
  async function siteOf(ref: string, version: string | undefined) {
    if (!published || version !== undefined) return documents.site(ref, version);
    const found = await publishedSite(published, await documents.find(ref), frame).catch((error: unknown) => {
      log.warn({ error, entity: ref }, 'published documents cannot be read');
      return undefined;
    });
    return found ?? documents.site(ref);
  }
  http.get(
    '/api/techdocs/sites',
    {
      config,
      schema: {
        operationId: 'GetDocsSites',
        tags: ['techdocs'],
        summary: 'All entities that have documents of their own',
        response: { 200: DocsSummariesResponse },
      },
    },
    async (request) => {
      // Whoever sees the list opens a page next.
      documents.warm();
      const items = await documents.summaries();
      const seen = await access.seenAmong(
        request,
        items.map((item) => item.entityRef),
      );
      const mine = items.filter((item) => seen.has(item.entityRef));
      return { items: await withSeenOwners(access, request, mine) };
    },
  );
  http.get(
    '/api/techdocs/sites/:namespace/:kind/:name',
    {
      config,
      schema: {
        operationId: 'GetDocsSite',
        tags: ['techdocs'],
        summary: 'The documents of an entity: navigation, pages, versions',
        params: EntityPath,
        querystring: DocsVersionQuery,
        response: { 200: DocsSiteResponse },
      },
    },
    async (request) => {
      const site = await siteOf(await refOf(request, request.params), request.query.version);
      return (await withSeenOwners(access, request, [site]))[0]!;
    },
  );
  http.get(
    '/api/techdocs/sites/:namespace/:kind/:name/page',
    {
      config,
      schema: {
        operationId: 'GetDocsPage',
        tags: ['techdocs'],
        summary: 'One page, ready to show',
        params: EntityPath,
        querystring: DocsPageQuery,
        response: { 200: DocsPageResponse },
      },
    },
    async (request) =>
      documents.page(await located(request, request.params), request.query.path ?? '', request.query.version),
  );
  http.get(
    '/api/techdocs/sites/:namespace/:kind/:name/report',
    {
      config,
      schema: {
        operationId: 'GetDocsReport',
        tags: ['techdocs'],
        summary: 'What is wrong with the documents of an entity',
        description:
          'Broken links, missing images, orphan and stale pages, unknown syntax. Read anew when something has changed.',
        params: EntityPath,
        response: { 200: DocsReportResponse },
      },
    },
    async (request) => {
      const documented = await documents.find(await refOf(request, request.params));
      const { site } = await documents.open(documented);
      const known = await store.site(documented.ref);
      const record = known?.fingerprint === site.fingerprint ? known : (await documents.check(documented)).record;
      if (site.staticFolder !== undefined && record.pages === 0 && site.files.size === 0)
        throw techdocsErrors.noDocuments({ ref: documented.ref });
      const counts: Record<string, number> = {};
      for (const { code } of record.problems) counts[code] = (counts[code] ?? 0) + 1;
      const [{ owner } = {}] = await withSeenOwners(access, request, [documented]);
      return {
        entityRef: documented.ref,
        title: record.title,
        ...(owner && { owner }),
        pages: record.pages,
        words: record.words,
        checkedAt: new Date(record.checkedAt).toISOString(),
        counts,
        problems: record.problems,
      };
    },
  );
}
