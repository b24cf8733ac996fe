import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database, Executor } from '../db/index.ts';
import type { ConsumerState, NewEvent, EventQuery, StoredEvent } from './types.ts';

/** Wakes consumers and readers. */
export const channel = 'core/event';
const pruneChunk = 10_000;
const dayMs = 86_400_000;

type Tables = {
  core_event: { id: number; at: number; type: string; subject: string; data: string | null; actor: string | null };
  core_consumer: { name: string; cursor: number; failures: number; error: string | null; updated_at: number };
};

const columns = { id: 'integer', at: 'integer', type: 'text', subject: 'text', data: 'text', actor: 'text' } as const;

export type EventStore = ReturnType<typeof createEventStore>;

/** All SQL of the event log. */
export function createEventStore(db: Database) {
  const newest = async (executor: Kysely<Tables>) =>
    (await executor.selectFrom('core_event').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ?? 0;

  return {
    latest: () => newest(db.reader<Tables>()),
    newest: sql<number>`(select coalesce(max(id), 0) from core_event)`,
    cursorOf: (consumer: string) =>
      sql<number | null>`(select ${sql.ref('cursor')} from core_consumer where name = ${consumer})`,

    async insert(tx: Executor, events: readonly NewEvent[]): Promise<void> {
      // Held until the commit: whoever gets the next ids commits later.
      await db.exclusive(tx, channel);
      const ids = await db.allocateIds(tx, 'core_event', events.length);
      const at = Date.now();
      const rows = events.map(({ type, subject, data, actor }, index) => [
        ids[index],
        at,
        type,
        subject,
        data === undefined ? null : JSON.stringify(data),
        actor ?? null,
      ]);
      await db.insertMany(tx, { table: 'core_event', columns, rows });
    },

    async read({ after = 0, limit, types, subjects }: EventQuery): Promise<{ events: StoredEvent[]; cursor: number }> {
      const reader = db.reader<Tables>();
      if (types?.length === 0 || subjects?.length === 0)
        return { events: [], cursor: Math.max(after, await newest(reader)) };
      // Everything up to here is visible, so an answer that is not full has seen all of it.
      const end = await newest(reader);
      let query = reader
        .selectFrom('core_event')
        .selectAll()
        .where('id', '>', after)
        .where('id', '<=', end)
        .orderBy('id')
        .limit(limit);
      if (types) query = query.where('type', 'in', types);
      if (subjects) query = query.where('subject', 'in', subjects);
      const rows = await query.execute();
      const events = rows.map((row) => ({ ...row, data: row.data === null ? null : JSON.parse(row.data) }));
      return { events, cursor: rows.length === limit ? rows.at(-1)!.id : Math.max(after, end) };
    },

    /** The cursor of a consumer, made when it has none. */
    async cursor(name: string, start: () => Promise<number>): Promise<number> {
      const find = () =>
        db.reader<Tables>().selectFrom('core_consumer').select('cursor').where('name', '=', name).executeTakeFirst();
      const found = await find();
      if (found) return found.cursor;
      const row = { name, cursor: await start(), failures: 0, error: null, updated_at: Date.now() };
      await db.transaction<Tables>((tx) =>
        tx
          .insertInto('core_consumer')
          .values(row)
          .onConflict((conflict) => conflict.column('name').doNothing())
          .execute(),
      );
      return (await find())!.cursor;
    },

    /** Only forward: a consumer that lost its lease must not take back what the next one did. */
    advance: (name: string, cursor: number) =>
      db.transaction<Tables>((tx) =>
        tx
          .updateTable('core_consumer')
          .set({ cursor, failures: 0, error: null, updated_at: Date.now() })
          .where('name', '=', name)
          .where('cursor', '<=', cursor)
          .execute(),
      ),

    fail: (name: string, failures: number, error: string) =>
      db.transaction<Tables>((tx) =>
        tx
          .updateTable('core_consumer')
          .set({ failures, error, updated_at: Date.now() })
          .where('name', '=', name)
          .execute(),
      ),

    async consumers(): Promise<ConsumerState[]> {
      const reader = db.reader<Tables>();
      const rows = await reader.selectFrom('core_consumer').selectAll().orderBy('name').execute();
      return Promise.all(
        rows.map(async ({ updated_at: updatedAt, ...row }) => {
          const { behind } = await reader
            .selectFrom('core_event')
            .select((expression) => expression.fn.countAll<number>().as('behind'))
            .where('id', '>', row.cursor)
            .executeTakeFirstOrThrow();
          return { ...row, behind, updatedAt };
        }),
      );
    },

    async prune(keep: { days: number; rows: number }): Promise<number> {
      const reader = db.reader<Tables>();
      const tooMany = await reader
        .selectFrom('core_event')
        .select('id')
        .orderBy('id', 'desc')
        .offset(keep.rows)
        .limit(1)
        .executeTakeFirst();
      const young = await reader
        .selectFrom('core_event')
        .select('id')
        .where('at', '>=', Date.now() - keep.days * dayMs)
        .orderBy('at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      const last = Math.min(tooMany?.id ?? 0, young ? young.id - 1 : Number.MAX_SAFE_INTEGER);
      let removed = 0;
      // Short transactions: nobody waits for the broom.
      for (;;) {
        const old = await reader
          .selectFrom('core_event')
          .select('id')
          .where('id', '<=', last)
          .orderBy('id')
          .limit(pruneChunk)
          .execute();
        if (old.length === 0) return removed;
        const values = old.map((row) => row.id);
        removed += await db.transaction((tx) =>
          db.deleteByKeys(tx, { table: 'core_event', column: 'id', type: 'integer', values }),
        );
      }
    },
  };
}
