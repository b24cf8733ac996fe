import { sql } from 'kysely';
import type { Database, Dialect, Executor } from './types.ts';

/** See `Database.words`. */
export const words: Record<Dialect, Database['words']> = {
  sqlite: { now: sql`cast(unixepoch('subsec') * 1000 as integer)`, skipLocked: sql`` },
  postgres: {
    now: sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    skipLocked: sql`for update skip locked`,
  },
};

/** See `Database.exclusive`. The one writer of SQLite is exclusive anyway. The schema counts, as several portals may share one database. */
export async function exclusive(dialect: Dialect, tx: Executor, name: string): Promise<void> {
  if (dialect === 'postgres')
    await sql`select pg_advisory_xact_lock(hashtext(current_schema()), hashtext(${name}))`.execute(tx);
}
