import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { Database, Executor } from '../db/index.ts';
import { isGone } from './holder.ts';

/** Wakes the runners of all replicas. */
export const channel = 'core/job';
export const leaseMs = 30_000;
/** Most due jobs looked at in one go. */
export const lookAhead = 200;
const keepMs = 14 * 86_400_000;

type JobTable = {
  id: number;
  name: string;
  key: string;
  payload: string | null;
  state: 'waiting' | 'running' | 'done' | 'failed';
  run_at: number | null;
  again: number;
  attempts: number;
  holder: string | null;
  expires_at: number | null;
  progress: string | null;
  created_at: number;
  last_status: 'succeeded' | 'failed' | 'interrupted' | null;
  last_started_at: number | null;
  last_finished_at: number | null;
  last_error: string | null;
};
type Tables = { core_job: JobTable };

export type JobRow = Selectable<JobTable>;

/** How a run ended, and when the job is due again (never, when null). */
export type Outcome = {
  status: 'succeeded' | 'failed' | 'interrupted';
  error: string | null;
  attempts: number;
  nextRunAt: number | null;
};

export type JobStore = ReturnType<typeof createJobStore>;

/** All SQL of the jobs. `holder` is this process. */
export function createJobStore(db: Database, holder: string) {
  const { now, skipLocked } = db.words;
  const expiry = sql<number>`${now} + ${sql.lit(leaseMs)}`;
  const write = <R>(work: (tx: Kysely<Tables>) => Promise<R>) => db.transaction<Tables, R>(work);

  return {
    /** One row per name and key: a waiting one is moved forward, a running one will run once more, a finished one starts over. */
    async enqueue(
      tx: Executor,
      job: { name: string; key: string; payload: string | null; runAt: number },
    ): Promise<void> {
      const { name, key, payload, runAt } = job;
      await sql`insert into core_job (name, key, payload, state, run_at, again, attempts, created_at)
        values (${name}, ${key}, ${payload}, 'waiting', ${runAt}, 0, 0, ${Date.now()})
        on conflict (name, key) do update set payload = excluded.payload,
          run_at = case when (core_job.state = 'waiting' or core_job.again = 1) and core_job.run_at < excluded.run_at then core_job.run_at else excluded.run_at end,
          again = case when core_job.state = 'running' then 1 else 0 end,
          attempts = case when core_job.state = 'running' then core_job.attempts else 0 end,
          state = case when core_job.state = 'running' then 'running' else 'waiting' end`.execute(tx);
      db.notify(tx, channel);
    },

    /** Runs a known job now, with its payload. Whether there is one. */
    trigger: (name: string, key: string) =>
      write(async (tx) => {
        const { rows } = await sql`update core_job set run_at = ${Date.now()},
          again = case when state = 'running' then 1 else 0 end,
          attempts = case when state = 'running' then attempts else 0 end,
          state = case when state = 'running' then 'running' else 'waiting' end
          where name = ${name} and key = ${key} returning id`.execute(tx);
        db.notify(tx, channel);
        return rows.length > 0;
      }),

    /** Puts a recurring job in its place: a new one at `first`, a known one not later than `latest`. A run that was missed stays due. */
    schedule: (name: string, first: number, latest: number, exact: boolean) =>
      write(async (tx) => {
        await sql`insert into core_job (name, key, state, run_at, again, attempts, created_at)
          values (${name}, '', 'waiting', ${first}, 0, 0, ${Date.now()})
          on conflict (name, key) do update set
            state = case when core_job.state = 'running' then 'running' else 'waiting' end,
            run_at = case when core_job.state = 'running' then core_job.run_at
              when core_job.state <> 'waiting' then ${first}
              when core_job.run_at > ${latest} or (${Number(exact)} = 1 and core_job.attempts = 0 and core_job.run_at > ${Date.now()}) then ${latest}
              else core_job.run_at end`.execute(tx);
      }),

    /** Jobs that are due, oldest first, and when the next one is. */
    async due(names: string[]): Promise<{ ready: { id: number; name: string }[]; nextRunAt: number | null }> {
      const waiting = await db
        .reader<Tables>()
        .selectFrom('core_job')
        .select(['id', 'name', 'run_at'])
        .where('state', '=', 'waiting')
        .where('name', 'in', names)
        .orderBy('run_at')
        .limit(lookAhead)
        .execute();
      const time = Date.now();
      const next = waiting.find((row) => row.run_at! > time);
      return { ready: waiting.filter((row) => row.run_at! <= time), nextRunAt: next?.run_at ?? null };
    },

    /** Takes what no other replica has taken in the meantime. */
    claim: (ids: number[]) =>
      write(async (tx) => {
        const { rows } =
          await sql<JobRow>`update core_job set state = 'running', holder = ${holder}, expires_at = ${expiry}, attempts = attempts + 1,
          again = 0, progress = null, last_started_at = ${Date.now()}
          where id in (select id from core_job where state = 'waiting' and id in (${sql.join(ids)}) ${skipLocked}) returning *`.execute(
            tx,
          );
        return rows;
      }),

    /** Renews the leases of this process; ids that are not in the answer were lost. */
    heartbeat: () =>
      write(async (tx) => {
        const { rows } = await sql<{
          id: number;
        }>`update core_job set expires_at = ${expiry} where state = 'running' and holder = ${holder} returning id`.execute(
          tx,
        );
        return new Set(rows.map((row) => row.id));
      }),

    progress: (id: number, value: string) =>
      write((tx) =>
        tx.updateTable('core_job').set({ progress: value }).where('id', '=', id).where('holder', '=', holder).execute(),
      ),

    /** Stores the end of a run, unless it is no longer `by`'s. What was enqueued in the meantime runs as a fresh job. */
    settle: (id: number, by: string, outcome: Outcome) =>
      write(async (tx) => {
        const { status, error, attempts, nextRunAt } = outcome;
        const after = nextRunAt === null ? (status === 'succeeded' ? 'done' : 'failed') : 'waiting';
        const later = status === 'failed' ? (nextRunAt ?? 0) : 0;
        await sql`update core_job set
          state = case when again = 1 then 'waiting' else ${after} end,
          run_at = case when again = 0 then cast(${nextRunAt} as bigint) when run_at < cast(${later} as bigint) then cast(${later} as bigint) else run_at end,
          attempts = case when again = 1 then 0 else cast(${attempts} as bigint) end,
          again = 0, holder = null, expires_at = null, last_status = ${status}, last_error = ${error}, last_finished_at = ${Date.now()}
          where id = ${id} and holder = ${by} and state = 'running'`.execute(tx);
        db.notify(tx, channel);
      }),

    /**
     * Runs whose process is gone: killed on this machine, or silent for longer than a lease lasts. The embedded database has one
     * process, so there every other holder is gone.
     */
    async orphans(): Promise<JobRow[]> {
      const others = await db
        .reader<Tables>()
        .selectFrom('core_job')
        .selectAll()
        .select(sql<number>`case when expires_at < ${now} then 1 else 0 end`.as('expired'))
        .where('state', '=', 'running')
        .where('holder', '<>', holder)
        .execute();
      return others.filter((row) => db.dialect === 'sqlite' || row.expired === 1 || isGone(row.holder!));
    },

    list: (filter: { name?: string; key?: string }): Promise<JobRow[]> =>
      db
        .reader<Tables>()
        .selectFrom('core_job')
        .selectAll()
        .$if(filter.name !== undefined, (query) => query.where('name', '=', filter.name!))
        .$if(filter.key !== undefined, (query) => query.where('key', '=', filter.key!))
        .orderBy('name')
        .orderBy('id')
        .execute(),

    /** Forgets what ended long ago. */
    prune: () =>
      write((tx) =>
        tx
          .deleteFrom('core_job')
          .where('state', 'in', ['done', 'failed'])
          .where('last_finished_at', '<', Date.now() - keepMs)
          .execute(),
      ),
  };
}
