/**
 * Search: one index of everything that other features register, on either database. See README.md.
 *
 * - `register(source)` says where documents of a type come from; search knows sources by `SearchSource` only.
 * - The index follows the event log and is built anew beside the old one when its form changes.
 */
import type { Database } from '../../core/db/index.ts';
import type { Events, StoredEvent } from '../../core/events/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { Access } from '../access/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import { type Analyser, createAnalyser } from './analysis/analyser.ts';
import { createIndexer, type Indexer } from './indexing/indexer.ts';
import { createMisses } from './indexing/misses.ts';
import { rememberGroups } from './query/groups.ts';
import { searchMigrations } from './migrations/index.ts';
import { parseQuery } from './query/parse.ts';
import { search } from './query/search.ts';
import { searchRoutes } from './routes/index.ts';
import { engineOf } from './store/engine-of.ts';
import { consumer, createIndexStore } from './store/index-store.ts';
import type { StateRow } from './store/tables.ts';
import { createUses, documentName } from './store/uses.ts';
import type { SearchSource } from './types.ts';

export { entitySource } from './sources/entities.ts';
export { operationSource } from './sources/operations.ts';
export type { SearchDocument, SearchScope, SearchSource } from './types.ts';

export type Search = {
  /** Makes documents of a type findable. Call it before `start`. */
  register(source: SearchSource): void;
  /** Takes texts apart in a thread of its own; for sources that read long ones. */
  analyser: Analyser;
  /** Makes the tables; call it before the portal listens. */
  prepare(): Promise<void>;
  /** Begins to follow the event log, and builds the index where there is none of this form. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

const openedEvent = 'search.result.opened';
const rebuildJob = { name: 'search.rebuild', key: 'index' };
/** After so many events it is asked again whether the index is worn. */
const eventsBetween = 10_000;

const time = (at: number) => new Date(at).toISOString();

/**
 * Puts search together and registers its routes.
 */
export function createSearch(
  core: { db: Database; events: Events; jobs: Jobs; http: HttpServer; log: Logger },
  features: { access: Access; catalog: CatalogReading },
): Search {
  const { db, events, jobs, http, log } = core;
  const { access, catalog } = features;
  const analyser = createAnalyser();
  const uses = createUses(db);
  const groupsOf = rememberGroups(catalog);
  const misses = createMisses({ uses, log });
  const sources: SearchSource[] = [];
  const types: string[] = [];
  const engine = engineOf(db);
  const store = createIndexStore(db, engine, events);
  let indexer: Indexer | undefined;
  let silence = async () => {};

  const progress = async () => {
    const [state, consumers] = await Promise.all([store.state(db.reader()), events.consumers()]);
    return { state, own: consumers.find((each) => each.name === consumer) };
  };

  let counted: { when: string; documents: Record<string, number> } | undefined;
  /** Documents by type. Who watches an index being built asks often; the one that answers changes with events only. */
  const countsAt = async ({ active, built_at: builtAt }: StateRow, cursor: number | undefined) => {
    const when = `${active} ${builtAt} ${cursor}`;
    if (counted?.when !== when) counted = { when, documents: await store.counts(db.reader(), active) };
    return counted.documents;
  };

  const renewWorn = async (active: StateRow['active']) => {
    if (await engine.isWorn(db.reader(), active)) await jobs.enqueue(rebuildJob);
  };

  let heard = 0;
  const consume = async (happened: StoredEvent[]) => {
    await indexer!.consume(happened);
    heard += happened.length;
    if (heard >= eventsBetween) {
      heard = 0;
      await renewWorn((await store.state(db.reader())).active);
    }
    const opened = happened.filter((event) => event.type === openedEvent);
    await uses.countOpens(
      opened.map(({ subject, data, at }) => ({
        document: subject,
        term: typeof data?.['term'] === 'string' ? data['term'] : '',
        at,
      })),
    );
  };

  http.register(
    searchRoutes({
      types,
      search: (request) => search({ db, engine, store }, request),
      async askerOf(request, at) {
        const { ref, groups } = access.principalOf(request);
        return { ref, groups: [...new Set([...groups, ...(await groupsOf(ref, at))])] };
      },
      scopeOf(request) {
        const scope = access.scope(access.principalOf(request), 'catalog.entity.read');
        return scope && ((at) => catalog.seenWith(scope, at));
      },
      opened: ({ term, type, key }) =>
        db.transaction((tx) =>
          events.append(tx, [
            {
              type: openedEvent,
              subject: documentName(type, key),
              data: { term: parseQuery(term).joined.slice(0, 200) },
            },
          ]),
        ),
      missed: misses.add,
      async misses(limit) {
        await misses.flush();
        return uses.misses(limit);
      },
      async status() {
        const { state, own } = await progress();
        const documents = await countsAt(state, own?.cursor);
        return {
          documents: { ...Object.fromEntries(types.map((type) => [type, 0])), ...documents },
          behind: own?.behind ?? 0,
          ...(own?.error && { error: own.error }),
          ...(state.built_at !== null && { builtAt: time(state.built_at) }),
          ...(state.building !== null && {
            building: {
              startedAt: time(state.started_at ?? 0),
              documents: state.documents,
              ...(state.source !== null && { type: state.source }),
            },
          }),
        };
      },
      rebuild: () => jobs.enqueue(rebuildJob),
    }),
  );

  return {
    analyser,
    register(source) {
      sources.push(source);
      types.push(source.type);
    },
    async prepare() {
      await db.migrate(searchMigrations);
    },
    async start() {
      indexer = createIndexer({ db, events, log, engine, store, analyser, sources });
      const { rebuild, fingerprint, beginEmpty } = indexer;
      jobs.define<null>({ name: rebuildJob.name, run: (_payload, context) => rebuild(context) });
      const state = await store.state(db.reader());
      if (state.fingerprint !== fingerprint && !(await beginEmpty())) await jobs.enqueue(rebuildJob);
      else await renewWorn(state.active);
      // Reading the catalog for the first time goes first.
      silence = events.consume(consumer, consume, { patient: true });
    },
    async stop() {
      await silence();
      await misses.close();
      await analyser.close();
    },
  };
}
