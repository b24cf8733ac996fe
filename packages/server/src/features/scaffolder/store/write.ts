import { sql, type Transaction } from 'kysely';
import type { Database } from '../../../core/db/index.ts';
import type { Events } from '../../../core/events/index.ts';
import { scaffolderErrors } from '../errors.ts';
import { channel, type FileRow, type LogLine, type RunRow, type ScaffolderTables, type StepRow } from './tables.ts';

type Tx = Transaction<ScaffolderTables>;

/** What changed at a step, by its position. */
export type StepChange = { position: number } & Partial<
  Pick<StepRow, 'status' | 'input_hash' | 'output' | 'is_sealed' | 'started_at' | 'ended_at' | 'attempts' | 'undone_at'>
>;

/** What happened in a run since it was last written. */
export type Progress = {
  steps?: StepChange[];
  log?: LogLine[];
  run?: Partial<RunRow>;
  /** the files so far, packed, where several replicas may go on */
  packed?: { position: number; body: string };
  checkpoint?: ScaffolderTables['scaffolder_checkpoint'];
  files?: Omit<FileRow, 'run_id'>[];
  made?: string[];
  event?: { type: string; data: Record<string, never> | object };
};

const fileColumns = { run_id: 'text', path: 'text', hash: 'text', size: 'integer', executable: 'integer' } as const;

/** All writing of runs. What a replica writes about a run counts only while the run is its own. */
export function createRunWriter(db: Database, events: Events) {
  const oneMore = sql<number>`writes + 1`;
  const write = <R>(work: (tx: Tx) => Promise<R>) => db.transaction<ScaffolderTables, R>(work);

  async function addLog(tx: Tx, runId: string, lines: readonly LogLine[], at: number): Promise<void> {
    if (lines.length === 0) return;
    const ids = await db.allocateIds(tx, 'scaffolder_log', lines.length);
    await db.insertMany(tx, {
      table: 'scaffolder_log',
      columns: { id: 'integer', run_id: 'text', type: 'text', body: 'text', at: 'integer' },
      rows: lines.map((line, index) => [ids[index], runId, line.type, JSON.stringify(line.body), line.at ?? at]),
    });
  }

  const tell = (tx: Tx, run: Pick<RunRow, 'id' | 'template_ref' | 'created_by'>, type: string, data: object = {}) =>
    events.append(tx, [{ type, subject: run.template_ref, actor: run.created_by, data: { runId: run.id, ...data } }]);

  /** What else is stored when the row of a run changes, which its number of writes shows. */
  async function change(tx: Tx, id: string, progress: Progress, now: number): Promise<void> {
    for (const { position, ...fields } of progress.steps ?? [])
      await tx
        .updateTable('scaffolder_step')
        .set(fields)
        .where('run_id', '=', id)
        .where('position', '=', position)
        .execute();
    await addLog(tx, id, progress.log ?? [], now);
    const { packed, checkpoint, files, made } = progress;
    if (packed)
      await tx
        .insertInto('scaffolder_snapshot')
        .values({ run_id: id, ...packed })
        .onConflict((conflict) => conflict.column('run_id').doUpdateSet(packed))
        .execute();
    if (checkpoint)
      await tx
        .insertInto('scaffolder_checkpoint')
        .values(checkpoint)
        .onConflict((conflict) =>
          conflict
            .columns(['run_id', 'position', 'key'])
            .doUpdateSet({ value: checkpoint.value, is_sealed: checkpoint.is_sealed }),
        )
        .execute();
    if (files) {
      await tx.deleteFrom('scaffolder_file').where('run_id', '=', id).execute();
      await db.insertMany(tx, {
        table: 'scaffolder_file',
        columns: fileColumns,
        rows: files.map(({ path, hash, size, executable }) => [id, path, hash, size, executable]),
      });
    }
    for (const entityRef of made ?? [])
      await tx
        .insertInto('scaffolder_made')
        .values({ entity_ref: entityRef, run_id: id })
        .onConflict((conflict) => conflict.columns(['entity_ref', 'run_id']).doNothing())
        .execute();
    db.notify(tx, channel);
  }

  return {
    /** Stores a run that is to begin; `also` is part of the transaction. */
    create(run: RunRow, steps: StepRow[], also: (tx: Tx) => Promise<void>): Promise<void> {
      return write(async (tx) => {
        await tx.insertInto('scaffolder_run').values(run).execute();
        if (steps.length > 0) await tx.insertInto('scaffolder_step').values(steps).execute();
        await tell(tx, run, 'scaffolder.run.created', { title: run.template_title });
        await also(tx);
        db.notify(tx, channel);
      });
    },

    /**
     * Makes a run the holder's own and begins its next step; undefined when it has ended.
     *
     * @returns `wasHeld`: somebody began it before; `isNew`: it never ran
     */
    claim(
      id: string,
      holder: string,
      now: number,
    ): Promise<{ run: RunRow; steps: StepRow[]; wasHeld: boolean; isNew: boolean } | undefined> {
      return write(async (tx) => {
        const before = await tx
          .selectFrom('scaffolder_run')
          .select(['status', 'started_at'])
          .where('id', '=', id)
          .executeTakeFirst();
        if (!before || (before.status !== 'open' && before.status !== 'processing')) return undefined;
        const run = await tx
          .updateTable('scaffolder_run')
          .set({
            holder,
            status: 'processing',
            heartbeat_at: now,
            started_at: before.started_at ?? now,
            writes: oneMore,
          })
          .where('id', '=', id)
          .where('status', 'in', ['open', 'processing'])
          .returningAll()
          .executeTakeFirst();
        if (!run) return undefined;
        const steps = await tx
          .selectFrom('scaffolder_step')
          .selectAll()
          .where('run_id', '=', id)
          .orderBy('position')
          .execute();
        const next = steps.find(({ status }) => status === 'open' || status === 'processing');
        if (next) {
          const begun = { status: 'processing', started_at: now, attempts: next.attempts + 1 } as const;
          await change(tx, id, { steps: [{ position: next.position, ...begun }] }, now);
          Object.assign(next, begun);
        }
        return { run, steps, wasHeld: before.status === 'processing', isNew: before.started_at === null };
      });
    },

    /**
     * Stores what happened.
     *
     * @returns whether somebody wants the run to be cancelled
     * @throws AppError SCAFFOLDER_RUN_TAKEN_OVER when another replica has it now
     */
    advance(id: string, holder: string, progress: Progress, now: number): Promise<boolean> {
      return write(async (tx) => {
        const run = await tx
          .updateTable('scaffolder_run')
          .set({ ...progress.run, heartbeat_at: now, writes: oneMore })
          .where('id', '=', id)
          .where('holder', '=', holder)
          .returning(['id', 'cancel_asked', 'template_ref', 'created_by'])
          .executeTakeFirst();
        if (!run) throw scaffolderErrors.runTakenOver({ run: id });
        await change(tx, id, progress, now);
        if (progress.event) await tell(tx, run, progress.event.type, progress.event.data);
        return run.cancel_asked === 1;
      });
    },

    /** Ends a run: its secrets, checkpoints with secrets and kept files go. */
    end(
      id: string,
      holder: string,
      progress: Progress & { event: { type: string; data: object } },
      now: number,
    ): Promise<void> {
      return write(async (tx) => {
        const run = await tx
          .updateTable('scaffolder_run')
          .set({
            ...progress.run,
            heartbeat_at: now,
            ended_at: now,
            holder: null,
            secrets: null,
            cancel_asked: 0,
            writes: oneMore,
          })
          .where('id', '=', id)
          .where('holder', '=', holder)
          .returning(['id', 'template_ref', 'created_by'])
          .executeTakeFirst();
        if (!run) throw scaffolderErrors.runTakenOver({ run: id });
        await change(tx, id, progress, now);
        const all = tx.deleteFrom('scaffolder_checkpoint').where('run_id', '=', id);
        await (progress.run?.status === 'completed' ? all : all.where('is_sealed', '=', 1)).execute();
        await tell(tx, run, progress.event.type, progress.event.data);
      });
    },

    /**
     * Asks for the end of a run; one that has not begun ends at once.
     *
     * @returns whether it is over already, so that nobody needs to be told
     */
    cancel(id: string, log: LogLine[], now: number): Promise<'cancelled' | 'asked' | 'ended'> {
      return write(async (tx) => {
        const open = await tx
          .updateTable('scaffolder_run')
          .set({ status: 'cancelled', ended_at: now, secrets: null, cancel_asked: 0, writes: oneMore })
          .where('id', '=', id)
          .where('status', '=', 'open')
          .returning(['id', 'template_ref', 'created_by'])
          .executeTakeFirst();
        if (open) {
          await change(tx, id, { log }, now);
          await tx
            .updateTable('scaffolder_step')
            .set({ status: 'cancelled' })
            .where('run_id', '=', id)
            .where('status', '=', 'open')
            .execute();
          await tell(tx, open, 'scaffolder.run.cancelled');
          return 'cancelled';
        }
        const asked = await tx
          .updateTable('scaffolder_run')
          .set({ cancel_asked: 1 })
          .where('id', '=', id)
          .where('status', '=', 'processing')
          .returning('id')
          .executeTakeFirst();
        if (asked) db.notify(tx, channel);
        return asked ? 'asked' : 'ended';
      });
    },

    /** Opens an ended run again from a step on; `also` is part of the transaction. Whether it was one that can be opened. */
    reopen(
      id: string,
      options: { from: number; secrets: string | null; log: LogLine[] },
      also: (tx: Tx) => Promise<void>,
      now: number,
    ): Promise<boolean> {
      return write(async (tx) => {
        const run = await tx
          .updateTable('scaffolder_run')
          .set({
            status: 'open',
            ended_at: null,
            error: null,
            output: null,
            secrets: options.secrets,
            cancel_asked: 0,
            writes: oneMore,
            ...(options.from === 0 && { snapshot: null }),
          })
          .where('id', '=', id)
          .where('status', 'in', ['failed', 'cancelled'])
          .returning(['id', 'template_ref', 'created_by'])
          .executeTakeFirst();
        if (!run) return false;
        await tx
          .updateTable('scaffolder_step')
          .set({
            status: 'open',
            output: null,
            is_sealed: 0,
            started_at: null,
            ended_at: null,
            attempts: 0,
            undone_at: null,
          })
          .where('run_id', '=', id)
          .where('position', '>=', options.from)
          .execute();
        if (options.from === 0) await tx.deleteFrom('scaffolder_snapshot').where('run_id', '=', id).execute();
        // Who follows the run anew must not take its old end for the new one.
        await tx
          .updateTable('scaffolder_log')
          .set({ type: 'log' })
          .where('run_id', '=', id)
          .where('type', 'in', ['completion', 'cancelled'])
          .execute();
        await change(tx, id, { log: options.log }, now);
        await also(tx);
        return true;
      });
    },

    /** Notes how taking a run back goes. */
    rollback(
      id: string,
      progress: Progress,
      also: ((tx: Tx) => Promise<void>) | undefined,
      now: number,
    ): Promise<void> {
      return write(async (tx) => {
        await tx
          .updateTable('scaffolder_run')
          .set({ ...progress.run, rollback_at: now, writes: oneMore })
          .where('id', '=', id)
          .execute();
        await change(tx, id, progress, now);
        await also?.(tx);
      });
    },

    /** Forgets runs that ended before a time. */
    prune(before: number): Promise<string[]> {
      return write(async (tx) => {
        const old = await tx
          .selectFrom('scaffolder_run')
          .select('id')
          .where('ended_at', '<', before)
          .limit(500)
          .execute();
        const ids = old.map(({ id }) => id);
        for (const table of ['step', 'checkpoint', 'log', 'file', 'snapshot', 'made'] as const)
          await db.deleteByKeys(tx, { table: `scaffolder_${table}`, column: 'run_id', type: 'text', values: ids });
        await db.deleteByKeys(tx, { table: 'scaffolder_run', column: 'id', type: 'text', values: ids });
        return ids;
      });
    },

    /** Marks the workspaces of runs that ended before a time as gone; their ids. */
    dropWorkspaces(before: number): Promise<string[]> {
      return write(async (tx) => {
        const dropped = await tx
          .updateTable('scaffolder_run')
          .set({ has_workspace: 0 })
          .where('ended_at', '<', before)
          .where('has_workspace', '=', 1)
          .returning('id')
          .execute();
        const ids = dropped.map(({ id }) => id);
        await db.deleteByKeys(tx, { table: 'scaffolder_snapshot', column: 'run_id', type: 'text', values: ids });
        return ids;
      });
    },
  };
}

export type RunWriter = ReturnType<typeof createRunWriter>;
