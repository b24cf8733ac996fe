/**
 * Documents beside the code, shown as they are now: Markdown in the form of MkDocs, read from where the catalog reads descriptors, rendered
 * in a thread when somebody looks, kept by content. See README.md.
 */
import type { Database } from '../../core/db/index.ts';
import type { Events } from '../../core/events/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';
import type { Access } from '../access/index.ts';
import type { CatalogReading, EntityFiles, ProblemReports } from '../catalog/index.ts';
import type { TechdocsConfig } from './config.ts';
import { createDocuments } from './documents.ts';
import { registerBackstage } from './formats/backstage/routes.ts';
import { defineJobs } from './jobs.ts';
import { techdocsTables } from './migrations/0001-techdocs.ts';
import { siteChanged } from './migrations/0002-changed.ts';
import { createPlantuml } from './plantuml.ts';
import { openPublished } from './published.ts';
import { registerRoutes } from './routes.ts';
import { docsSource } from './search-source.ts';
import { createStore } from './store.ts';

export { buildDocs } from './local/build.ts';
export { checkDocs, type DocsCheck } from './local/local-site.ts';
export { previewDocs } from './local/preview.ts';
export { techdocsConfig, techdocsSection, type TechdocsConfig } from './config.ts';

/** Loads the Markdown engine, which a portal needs in its threads only. */
export const loadMarkdown = () => import('./markdown/index.ts');

/** Loads what tools need to go through the documents of a folder page by page. */
export const loadLocal = async () => ({
  ...(await import('./local/local-site.ts')),
  ...(await import('./local/markdown-of.ts')),
});

export type Techdocs = {
  /** Makes the tables; call it before the portal listens. */
  prepare(): Promise<void>;
  /** What search is to find: the sections of all pages. */
  searchSource: ReturnType<typeof docsSource>;
  stop(): Promise<void>;
};

/**
 * Puts the feature together and registers its routes.
 *
 * @param options.directory - where relative folders of the configuration start
 */
export function createTechdocs(
  core: { db: Database; events: Events; jobs: Jobs; http: HttpServer; outbound: Outbound; log: Logger },
  features: { access: Access; catalog: CatalogReading; files: EntityFiles; problems: ProblemReports },
  options: { config: TechdocsConfig; directory: string },
): Techdocs {
  const { db, jobs, http, log } = core;
  const store = createStore(db);
  const { plantumlServer } = options.config;
  const draw = plantumlServer === undefined ? undefined : createPlantuml(core.outbound, plantumlServer);
  const documents = createDocuments(core, features, store, options.config, draw);
  const published = openPublished(options.config, core.outbound, options.directory);
  registerRoutes(http, { documents, store, access: features.access });
  registerBackstage(http, { documents, published, access: features.access });
  defineJobs(jobs, { documents, problems: features.problems, store, log });
  return {
    prepare: async () => void (await db.migrate([techdocsTables, siteChanged])),
    searchSource: docsSource(features.catalog, documents, log),
    stop: () => documents.close(),
  };
}
