import { sql } from 'kysely';
import type { RunStatus } from '@callboard/model/http';
import type { Database } from '../../../core/db/index.ts';
import type { FileRow, LogRow, RunRow, ScaffolderTables, StepRow } from './tables.ts';

export type RunFilter = {
  createdBy?: string[];
  statuses?: string[];
  templates?: string[];
  order: { field: 'created_at' | 'status' | 'created_by'; descending: boolean }[];
  limit: number;
  offset: number;
};

/** How often a template was run, of the runs that are kept. */
export type Usage = { template_ref: string; runs: number; completed: number; last_at: number };

const mostEvents = 1000;

/** All reading of runs. */
export function createRunReader(db: Database) {
  const reader = () => db.reader<ScaffolderTables>();
  return {
    run: (id: string): Promise<RunRow | undefined> =>
      reader().selectFrom('scaffolder_run').selectAll().where('id', '=', id).executeTakeFirst(),
    steps: (id: string): Promise<StepRow[]> =>
      reader().selectFrom('scaffolder_step').selectAll().where('run_id', '=', id).orderBy('position').execute(),
    files: (id: string): Promise<FileRow[]> =>
      reader().selectFrom('scaffolder_file').selectAll().where('run_id', '=', id).orderBy('path').execute(),
    checkpoints: (id: string, position: number) =>
      reader()
        .selectFrom('scaffolder_checkpoint')
        .selectAll()
        .where('run_id', '=', id)
        .where('position', '=', position)
        .execute(),
    snapshot: (id: string) =>
      reader().selectFrom('scaffolder_snapshot').selectAll().where('run_id', '=', id).executeTakeFirst(),
    /** The next events of a run, oldest first. */
    events: (id: string, after: number): Promise<LogRow[]> =>
      reader()
        .selectFrom('scaffolder_log')
        .selectAll()
        .where('run_id', '=', id)
        .where('id', '>', after)
        .orderBy('id')
        .limit(mostEvents)
        .execute(),
    /** How often something was written about each of these runs. */
    async writes(ids: string[]): Promise<{ id: string; writes: number }[]> {
      const rows = await db.selectByKeys<{ id: string; writes: number }>(reader(), {
        table: 'scaffolder_run',
        column: 'id',
        type: 'text',
        values: ids,
        select: ['id', 'writes'],
      });
      return rows.map(({ id, writes }) => ({ id, writes: Number(writes) }));
    },
    /** When a run ended; null while it runs, undefined when there is none. */
    async endedAt(id: string): Promise<number | null | undefined> {
      const row = await reader()
        .selectFrom('scaffolder_run')
        .select('ended_at')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.ended_at;
    },
    /** Which of these runs somebody wants to be cancelled. */
    async cancelled(ids: string[]): Promise<string[]> {
      if (ids.length === 0) return [];
      const rows = await reader()
        .selectFrom('scaffolder_run')
        .select('id')
        .where('id', 'in', ids)
        .where('cancel_asked', '=', 1)
        .execute();
      return rows.map(({ id }) => id);
    },
    async list(filter: RunFilter): Promise<{ runs: RunRow[]; total: number }> {
      let query = reader().selectFrom('scaffolder_run');
      if (filter.createdBy) query = query.where('created_by', 'in', filter.createdBy);
      if (filter.statuses) query = query.where('status', 'in', filter.statuses as RunStatus[]);
      if (filter.templates) query = query.where('template_ref', 'in', filter.templates);
      const { total } = await query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      let page = query.selectAll();
      for (const { field, descending } of filter.order) page = page.orderBy(field, descending ? 'desc' : 'asc');
      const runs = await page.orderBy('id').limit(filter.limit).offset(filter.offset).execute();
      return { runs, total: Number(total) };
    },
    async usage(): Promise<Map<string, Usage>> {
      const { rows } = await sql<Usage>`select template_ref, count(*) as runs,
        sum(case when status = 'completed' then 1 else 0 end) as completed, max(created_at) as last_at
        from scaffolder_run group by template_ref`.execute(reader());
      return new Map(
        rows.map((row) => [
          row.template_ref,
          { ...row, runs: Number(row.runs), completed: Number(row.completed), last_at: Number(row.last_at) },
        ]),
      );
    },
    /** The newest run that brought an entity. */
    madeBy: (entityRef: string): Promise<RunRow | undefined> =>
      reader()
        .selectFrom('scaffolder_made')
        .innerJoin('scaffolder_run', 'scaffolder_run.id', 'scaffolder_made.run_id')
        .selectAll('scaffolder_run')
        .where('scaffolder_made.entity_ref', '=', entityRef)
        .orderBy('scaffolder_run.created_at', 'desc')
        .executeTakeFirst(),
    /** Runs that have not ended, and were not heard of since a time. */
    async silent(since: number): Promise<string[]> {
      const rows = await reader()
        .selectFrom('scaffolder_run')
        .select('id')
        .where('status', 'in', ['open', 'processing'])
        .where('created_at', '<', since)
        .where((where) => where.or([where('heartbeat_at', 'is', null), where('heartbeat_at', '<', since)]))
        .execute();
      return rows.map(({ id }) => id);
    },
    /** Those of the runs whose files are needed still. */
    async withWorkspace(ids: string[]): Promise<Set<string>> {
      const rows = await db.selectByKeys<{ id: string; has_workspace: number; ended_at: number | null }>(reader(), {
        table: 'scaffolder_run',
        column: 'id',
        type: 'text',
        values: ids,
        select: ['id', 'has_workspace', 'ended_at'],
      });
      return new Set(rows.filter((row) => row.ended_at === null || row.has_workspace === 1).map(({ id }) => id));
    },
  };
}

export type RunReader = ReturnType<typeof createRunReader>;
