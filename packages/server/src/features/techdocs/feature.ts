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
import { frameBase, registerFrames } from './frame-routes.ts';
import { defineJobs } from './jobs.ts';
import { techdocsTables } from './migrations/0001-techdocs.ts';
import { siteChanged } from './migrations/0002-changed.ts';
import { frameKey } from './migrations/0003-key.ts';
import { createPasses } from './passes.ts';
import { createPlantuml } from './plantuml.ts';
import { openPublished } from './published.ts';
import { registerRoutes } from './routes.ts';
import { docsSource } from './search-source.ts';
import { createStore } from './store.ts';

/** Where people are who may open documents next: the page of an entity, and the documents themselves. */
const nearby = /^\/(?:api\/catalog\/entities\/by-name\/|(?:catalog|docs)(?:[/?]|$))/;

/** The documents of the portal, running. */
export type Techdocs = {
  /** Makes the tables, and gets ready for readers; call it before the portal listens. */
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
  const passes = createPasses(() => store.frameKey());
  const frame = async (ref: string, version?: string) => frameBase(ref, await passes.give(ref, version));
  const documents = createDocuments(core, features, store, options.config, draw, frame);
  const published = openPublished(options.config, core.outbound, options.directory);
  // A thread takes as long to start as a page to render.
  http.server.on('request', ({ url }) => {
    if (url !== undefined && nearby.test(url)) documents.warm();
  });
  registerRoutes(http, { documents, published, frame, store, access: features.access, log });
  registerFrames(http, { documents, published, passes });
  registerBackstage(http, { documents, published, access: features.access });
  defineJobs(jobs, { documents, published, problems: features.problems, store, log });
  return {
    async prepare() {
      await db.migrate([techdocsTables, siteChanged, frameKey]);
      if ((await store.sites()).size > 0) documents.warm();
    },
    searchSource: docsSource(features.catalog, { documents, published, log }),
    stop: () => documents.close(),
  };
}
