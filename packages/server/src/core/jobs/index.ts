/**
 * Work that is to happen apart from a request: once, at a time, at an interval or by cron; durable in the table core_job.
 *
 * - `define` says how to run a kind of job, `enqueue` asks for a run; given a transaction, only if that is committed.
 * - A name and key stand for one row: enqueued again while it waits, it runs once; while it runs, it runs once more afterwards.
 * - A run holds a lease that is renewed while it lasts. When its process dies, another one runs it again: at least once.
 * - A failed run is tried again with growing waits. `list` shows every job with its last result, `trigger` runs one now.
 * - All replicas share the work. On the same process an enqueued job starts within milliseconds of the commit.
 */
import { randomUUID } from 'node:crypto';
import type { Database } from '../db/index.ts';
import type { Logger } from '../log/index.ts';
import { errors } from './errors.ts';
import { nameHolder } from './holder.ts';
import { createRunner } from './runner.ts';
import { checkSchedule, nextRun } from './schedule.ts';
import { createJobStore } from './store.ts';
import type { JobRow } from './store.ts';
import type { JobDefinition, Jobs, JobState } from './types.ts';

export type { JobContext, JobDefinition, JobRequest, Jobs, JobState } from './types.ts';

const parse = (text: string | null) => (text === null ? null : JSON.parse(text));

const present = (row: JobRow, definition: JobDefinition | undefined): JobState => ({
  name: row.name,
  key: row.key,
  state: row.state,
  payload: parse(row.payload),
  runAt: row.run_at,
  attempts: row.attempts,
  progress: parse(row.progress),
  createdAt: row.created_at,
  lastStatus: row.last_status,
  lastStartedAt: row.last_started_at,
  lastFinishedAt: row.last_finished_at,
  lastError: row.last_error,
  every: definition?.every ?? null,
  cron: definition?.cron ?? null,
});

/** Makes the jobs of a database. Nothing runs before `start`. */
export function createJobs({ db, log }: { db: Database; log: Logger }): Jobs {
  const holder = nameHolder();
  const store = createJobStore(db, holder);
  const definitions = new Map<string, JobDefinition>();
  const runner = createRunner({ db, store, definitions, log, holder });
  let started = false;

  const isRecurring = (definition: JobDefinition | undefined) =>
    definition?.every !== undefined || definition?.cron !== undefined;

  const schedule = async (definition: JobDefinition) => {
    const now = Date.now();
    const next = nextRun(definition, now);
    if (next !== null)
      await store.schedule(
        definition.name,
        definition.cron === undefined ? now : next,
        next,
        definition.cron !== undefined,
      );
  };

  const define = (definition: JobDefinition) => {
    if (definitions.has(definition.name)) throw errors.definedTwice({ name: definition.name });
    checkSchedule(definition);
    definitions.set(definition.name, definition);
    if (!started) return;
    schedule(definition)
      .catch((error: unknown) => log.error({ job: definition.name, error }, 'a job could not be scheduled'))
      .finally(runner.wake);
  };

  define({ name: 'core.jobs.prune', every: 86_400_000, run: () => store.prune() });

  return {
    define,
    async enqueue({ name, key, payload, runAt }, tx) {
      const job = {
        name,
        key: key ?? (isRecurring(definitions.get(name)) ? '' : randomUUID()),
        payload: payload === undefined ? null : JSON.stringify(payload),
        runAt: runAt ?? Date.now(),
      };
      if (tx) await store.enqueue(tx, job);
      else await db.transaction((own) => store.enqueue(own, job));
    },
    async list(filter = {}) {
      return (await store.list(filter)).map((row) => present(row, definitions.get(row.name)));
    },
    async trigger(name, key = '') {
      if (!(await store.trigger(name, key))) throw errors.notFound({ name, key });
    },
    async start() {
      started = true;
      for (const definition of definitions.values()) await schedule(definition);
      runner.start();
    },
    async stop({ waitMs = 10_000 } = {}) {
      if (!started) return;
      started = false;
      await runner.stop(waitMs);
    },
  };
}
