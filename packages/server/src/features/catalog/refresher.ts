import { collectGarbageLater } from '../../core/memory/index.ts';
import type { CatalogContext } from './context.ts';
import type { PrepareWorkers } from './formats/backstage/prepare-workers.ts';
import { isConfirmed, type RefreshSummary, refreshSource } from './ingest/refresh.ts';
import { fileScope } from './sources/file.ts';
import { sourceOf, sourceOptions } from './sources/session.ts';
import { watchScope } from './sources/watch.ts';
import { allSources, sourceById } from './store/sources.ts';
import type { CatalogTables, SourceRow } from './store/tables.ts';
import type { KeyIds } from './store/write.ts';

const refreshJob = 'catalog.refresh';
const pollJob = 'catalog.poll';
const longestRun = 30 * 60_000;
const shortestBackOff = 30_000;
const longestBackOff = 60 * 60_000;
const defaultPoll = 120_000;
const askAgainMs = 2_000;
const settleEveryMs = 1_000;

/** So many changes leave more behind in memory than the portal needs to live. */
const largeReading = 1_000;

/** Files are watched; this only catches what a network drive does not tell. */
const filePollFactor = 5;

/** Keeps the sources read: at start, when files change, when it is time, and when asked. */
export type Refresher = {
  /** Begins to watch and reads every source. */
  start(): Promise<void>;
  stop(): void;
  /** Reads a source soon; with `paths` only what these files concern. */
  request(sourceId: number, paths?: string[]): Promise<void>;
  /** Begins to watch a source that was added, and reads it. */
  added(source: SourceRow): Promise<void>;
  removed(sourceId: number): void;
  /** Resolves once every source has been read at least once since the start. */
  firstReading(): Promise<void>;
};

type Asked = Pick<SourceRow, 'type' | 'failing_since' | 'last_attempt_at'>;

/**
 * How long a source is left alone after it was asked.
 *
 * One that fails is asked soon, as what stopped it may be over, and then left alone for as long as it has failed already, an hour at most.
 */
function pauseOf(source: Asked, interval: number): number {
  if (source.failing_since === null) return interval * (source.type === 'file' ? filePollFactor : 1);
  return Math.min(Math.max((source.last_attempt_at ?? 0) - source.failing_since, shortestBackOff), longestBackOff);
}

/** When a source is asked again without being told to; undefined when it is never, or has not been asked at all. */
export function nextAttemptOf(source: Asked & Pick<SourceRow, 'options'>, interval: number | undefined) {
  const own = sourceOptions(source.options).everySeconds;
  const every = own === undefined ? interval : own * 1000;
  if (every === undefined || source.last_attempt_at === null) return undefined;
  return source.last_attempt_at + pauseOf(source, every);
}

/** Whether a source is to be asked again. */
export function isDue(source: Asked, now: number, interval: number): boolean {
  return now - (source.last_attempt_at ?? 0) >= pauseOf(source, interval) * 0.95;
}

export function createRefresher(context: CatalogContext, workers: PrepareWorkers): Refresher {
  const { jobs, log, config } = context;
  const keys: { ids: KeyIds } = { ids: new Map() };
  // What the watchers of this process have seen. A source that is not in here is read as a whole.
  const changedPaths = new Map<number, Set<string> | 'everything'>();
  const strangers = new Map<number, Set<string>>();
  const watchers = new Map<number, { close(): void }>();
  const startingToWatch = new Set<number>();
  const unread = new Set<number>();
  const first = Promise.withResolvers<void>();
  let stopped = false;

  /** Another replica may have been the one that read a source. */
  async function settleRead(since: number): Promise<void> {
    for (const source of await allSources(context.db.reader<CatalogTables>()))
      if ((source.last_attempt_at ?? 0) >= since) settle(source.id);
    if (unread.size > 0 && !stopped)
      setTimeout(() => void settleRead(since).catch(() => undefined), settleEveryMs).unref();
  }

  const settle = (sourceId: number) => {
    unread.delete(sourceId);
    if (unread.size === 0) first.resolve();
  };

  async function run(sourceId: number, signal: AbortSignal): Promise<RefreshSummary | undefined> {
    const source = await sourceById(context.db.reader<CatalogTables>(), sourceId);
    if (!source) return undefined;
    const changed = changedPaths.get(sourceId);
    changedPaths.delete(sourceId);
    const paths = changed === undefined || changed === 'everything' ? undefined : [...changed];
    const confirmed = isConfirmed(source.held);
    const started = performance.now();
    const beside = strangers.get(sourceId) ?? new Set<string>();
    strangers.set(sourceId, beside);
    const summary = await refreshSource(
      { context, workers, keys, signal },
      { source, paths, confirmed, strangers: beside },
    );
    if (!summary) return undefined;
    log.info(
      { source: source.key, ...summary, heirs: summary.heirs.length, ms: Math.round(performance.now() - started) },
      'read a catalog source',
    );
    if (summary.created + summary.updated + summary.deleted >= largeReading) collectGarbageLater();
    for (const id of new Set(summary.heirs.map((heir) => heir.sourceId))) await request(id);
    return summary;
  }

  async function request(sourceId: number, paths?: string[]): Promise<void> {
    if (stopped) return;
    const known = changedPaths.get(sourceId);
    // A change of one file must not narrow a reading of everything that has not begun yet.
    if (paths === undefined || known === 'everything') changedPaths.set(sourceId, 'everything');
    else changedPaths.set(sourceId, new Set([...(known ?? []), ...paths]));
    await jobs.enqueue({ name: refreshJob, key: String(sourceId) });
  }

  /** Nobody tells again what a watcher has seen once: while the database is away, it is asked again. */
  function requestForSure(row: SourceRow, paths?: string[]): void {
    request(row.id, paths).catch((error: unknown) => {
      if (stopped) return;
      log.error({ error, source: row.key }, 'could not ask for a refresh');
      setTimeout(() => requestForSure(row, paths), askAgainMs).unref();
    });
  }

  async function watchSource(row: SourceRow): Promise<void> {
    if (row.type !== 'file' || watchers.has(row.id) || startingToWatch.has(row.id)) return;
    startingToWatch.add(row.id);
    try {
      const scope = await fileScope(sourceOf(row), context.directory, config.entityFilename);
      const watcher = await watchScope(scope, (paths) => requestForSure(row, paths));
      if (stopped) return watcher.close();
      watchers.set(row.id, watcher);
      if (!watcher.complete)
        log.warn(
          { source: row.key },
          'not every folder can be watched; changes there are seen when the source is polled',
        );
    } catch {
      // The reading that follows says what is wrong with it; the poll tries again.
    } finally {
      startingToWatch.delete(row.id);
    }
  }

  jobs.define<null>({
    name: refreshJob,
    concurrency: 4,
    timeoutMs: longestRun,
    retry: { attempts: 3, backoffMs: 2_000 },
    async run(_payload, { key, signal }) {
      try {
        return await run(Number(key), signal);
      } finally {
        settle(Number(key));
      }
    },
  });
  jobs.define<null>({
    name: pollJob,
    every: Math.min(config.pollEveryMs ?? defaultPoll, 30_000),
    async run() {
      const interval = config.pollEveryMs;
      for (const source of await allSources(context.db.reader<CatalogTables>())) {
        await watchSource(source);
        const own = sourceOf(source).options.everySeconds;
        const wait = own === undefined ? interval : own * 1000;
        if (wait !== undefined && source.last_attempt_at !== null && isDue(source, context.now(), wait))
          await request(source.id);
      }
    },
  });

  return {
    async start() {
      const sources = await allSources(context.db.reader<CatalogTables>());
      for (const source of sources) unread.add(source.id);
      if (sources.length === 0) first.resolve();
      const since = context.now();
      setTimeout(() => void settleRead(since).catch(() => undefined), settleEveryMs).unref();
      for (const source of sources) {
        // Watched before it is read, so that no change falls between. Thousands of folders take a while; the portal answers meanwhile.
        watchSource(source)
          .then(() => request(source.id))
          .catch(
            (error: unknown) => stopped || log.error({ error, source: source.key }, 'could not ask for a refresh'),
          );
      }
    },
    stop() {
      stopped = true;
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
      first.resolve();
    },
    request,
    async added(source) {
      await watchSource(source);
      await request(source.id);
    },
    removed(sourceId) {
      watchers.get(sourceId)?.close();
      watchers.delete(sourceId);
      changedPaths.delete(sourceId);
      strangers.delete(sourceId);
      settle(sourceId);
    },
    firstReading: () => first.promise,
  };
}
