/**
 * The software catalog: reads descriptors from sources, keeps what they describe with its history and problems, and answers for it.
 * Other features use what `createCatalog` returns and the events `catalog.*`; nobody else touches its tables.
 */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Database } from '../../core/db/index.ts';
import type { Events } from '../../core/events/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';
import type { Access } from '../access/index.ts';
import { catalogActions } from './actions.ts';
import type { CatalogConfig } from './config.ts';
import type { CatalogContext } from './context.ts';
import { createPrepareWorkers } from './formats/backstage/prepare-workers.ts';
import type { CatalogRule } from './formats/backstage/rules.ts';
import { removeSource } from './ingest/remove.ts';
import { createEntityFiles, type EntityFiles } from './files/entity-files.ts';
import type { Fault } from '@callboard/model';
import { createKinds, type KindRegistry } from './kinds.ts';
import { createLiveKinds } from './kinds-live.ts';
import { createMadeLocations, type MadeLocations } from './made.ts';
import { catalogTables } from './migrations/0001-catalog.ts';
import { sourceProblems } from './migrations/0002-source-problems.ts';
import { termsOfEntities } from './migrations/0003-terms-of-entities.ts';
import { reportedProblems } from './migrations/0004-reported-problems.ts';
import { createPreview } from './preview.ts';
import { type Provided, provide } from './provide.ts';
import { createRefresher } from './refresher.ts';
import { createProblemReports, type ProblemReports } from './reported.ts';
import { catalogRoutes } from './routes/index.ts';
import { syncConfiguredSources } from './sources/configured.ts';
import type { FindHost } from './sources/types.ts';
import { createCatalogReading, type CatalogReading } from './store/describe.ts';
import { createReading } from './store/reading.ts';
import { sourceByKey, sourcesOfAddresses } from './store/sources.ts';
import type { CatalogTables } from './store/tables.ts';
import { catalogSummary, type CatalogSummary } from './store/summary.ts';
import { createEntityTexts, type EntityTexts } from './store/texts.ts';

export { checkDescriptors, describeDocuments, type CheckOptions, type CheckResult } from './check.ts';
export { catalogConfig, catalogSection, type CatalogConfig } from './config.ts';
export type { EntityFiles } from './files/entity-files.ts';
export type { MadeLocations } from './made.ts';
export { ignoreMarker } from './sources/walk.ts';
export type { Provided } from './provide.ts';
export type { ProblemReports } from './reported.ts';
export type { FindHost, HostFiles, HostTree, ProvidedSource } from './sources/types.ts';
export type { CatalogReading, DescribedEntity } from './store/describe.ts';
export type { CatalogSummary } from './store/summary.ts';
export type { EntityTexts } from './store/texts.ts';

const catalogMigrations = [catalogTables, sourceProblems, termsOfEntities, reportedProblems];

/** Opens what the catalog holds for reading, without the catalog: for the command line. */
export async function openCatalogReading(
  core: Pick<CatalogCore, 'db' | 'events'>,
  config: Pick<CatalogConfig, 'kinds'>,
): Promise<CatalogReading> {
  await core.db.migrate(catalogMigrations);
  return createCatalogReading(createReading({ ...core, kinds: createKinds(config.kinds) }));
}

/** The rooms of core that the catalog stands on. */
export type CatalogCore = {
  db: Database;
  events: Events;
  jobs: Jobs;
  outbound: Outbound;
  http: HttpServer;
  log: Logger;
};

export type Catalog = {
  /** Brings the tables and the configured sources up to date; call it before the portal listens. */
  prepare(): Promise<void>;
  /** Takes over sources and kinds of plugins, in place of those before; tells which kinds are refused and why. Call it before `start`. */
  provide(provided: Provided): Promise<{ from: string; faults: Fault[] }[]>;
  /** Reads a provided source soon. */
  refreshProvided(target: string): Promise<void>;
  /** Files of some hosts are read through their API from now on. */
  useHosts(find: FindHost): void;
  /** Reads the sources again that have files at addresses which begin so. */
  refreshAddresses(urls: readonly string[]): Promise<void>;
  /** Begins to read and watch the sources. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The entities, for features that stand on the catalog. */
  reading: CatalogReading;
  /** What descriptors say, word by word. */
  texts: EntityTexts;
  /** The files that lie beside entities. */
  files: EntityFiles;
  /** Adds what other features have made. */
  made: MadeLocations;
  /** Takes problems that other features find. */
  problems: ProblemReports;
  /** How many entities and problems there are, and how the sources are. */
  summary(): Promise<CatalogSummary>;
  /** Resolves when every source has been read once since the start, well or badly. */
  firstReading(): Promise<void>;
};

/**
 * Without `catalog.rules`: what the operator has configured may hold every kind; what others register may not say who people are.
 */
function defaultRules(kinds: KindRegistry, locations: CatalogConfig['locations']): CatalogRule[] {
  const all = [...new Set(kinds.all.map((kind) => kind.kind))];
  return [
    { allow: all, locations: locations.map(({ type, target }) => ({ type, exact: target })) },
    { allow: all.filter((kind) => kind !== 'User' && kind !== 'Group') },
  ];
}

/** Entities name the origin of a file by its full path, so that a rule that names it from the folder of the configuration does too. */
const fromFolder = (rules: CatalogRule[], directory: string): CatalogRule[] =>
  rules.map(({ allow, locations }) => ({
    allow,
    ...(locations && {
      locations: locations.map((each) =>
        each.type === 'file' && each.exact !== undefined ? { ...each, exact: resolve(directory, each.exact) } : each,
      ),
    }),
  }));

/**
 * Puts the catalog together and registers its routes.
 *
 * @param options.directory - where relative targets of configured locations start
 * @param options.dataDirectory - where clones are kept
 * @throws AppError CATALOG_KINDS_INVALID when `catalog.kinds` has mistakes
 */
export function createCatalog(
  core: CatalogCore,
  features: { access: Access },
  options: { config: CatalogConfig; directory: string; dataDirectory: string },
): Catalog {
  const { db, events, jobs, outbound, log } = core;
  const kinds = createLiveKinds(options.config.kinds);
  const context: CatalogContext = {
    db,
    events,
    jobs,
    outbound,
    log,
    kinds: kinds.registry,
    ...options,
    provided: new Map(),
    unstored: new Map(),
    savers: new Map(),
    hostOf: { find: async () => undefined },
    now: () => Date.now(),
  };
  const settings = () => ({
    kinds: kinds.custom(),
    rules: fromFolder(
      options.config.rules ?? defaultRules(kinds.registry, options.config.locations),
      options.directory,
    ),
    ...(options.config.hosts.length > 0 && { hosts: options.config.hosts }),
    limits: { fileSize: options.config.limits.fileSize },
  });
  const workers = createPrepareWorkers(settings());
  let isStarted = false;
  let providing: Promise<unknown> = Promise.resolve();
  const refresher = createRefresher(context, workers);
  const files = createEntityFiles(context, createReading(context));
  const actions = catalogActions({ context, refresher, workers });
  core.http.register(catalogRoutes({ context, actions, access: features.access }));

  return {
    async prepare() {
      await db.migrate(catalogMigrations);
      const removed = await syncConfiguredSources(context);
      for (const source of removed) await removeSource(context, source, 'configuration');
    },
    provide(provided) {
      const next = providing.then(() =>
        provide({ context, refresher, kinds, isStarted, kindsChanged: () => workers.use(settings()) }, provided),
      );
      providing = next.catch(() => undefined);
      return next;
    },
    async refreshProvided(target) {
      const row = await sourceByKey(db.reader<CatalogTables>(), `plugin:${target}`);
      if (row) await refresher.request(row.id);
    },
    useHosts: (find) => void (context.hostOf.find = find),
    async refreshAddresses(urls) {
      files.forget();
      for (const id of await sourcesOfAddresses(db.reader<CatalogTables>(), urls)) await refresher.request(id);
    },
    start() {
      isStarted = true;
      return refresher.start();
    },
    async stop() {
      refresher.stop();
      await workers.close();
    },
    reading: createCatalogReading(createReading(context)),
    texts: createEntityTexts(createReading(context)),
    files,
    problems: createProblemReports(context),
    made: createMadeLocations({
      context,
      refresher,
      preview: createPreview(context, workers),
      cloneOf: (repository) => join(options.dataDirectory, 'git', createHash('sha1').update(repository).digest('hex')),
    }),
    summary: () => catalogSummary(db),
    firstReading: () => refresher.firstReading(),
  };
}
