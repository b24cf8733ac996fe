import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { AppError } from '../errors/index.ts';
import { errors } from './errors.ts';
import type { Dialect, Migration } from './types.ts';
import { exclusive } from './words.ts';

/** Makes replicas migrate one after the other. */
const migrationLock = 'core/migration';

type Runner = <R>(work: (tx: Transaction<any>) => Promise<R>) => Promise<R>;

const recorded = async (executor: Kysely<any>) =>
  new Set((await executor.selectFrom('core_migration').select('name').execute()).map((row) => row.name as string));

/** One word is one room's list of migrations, so a recorded name of a known room that is not in its list is from the future. */
const refuseNewer = (done: Set<string>, migrations: readonly Migration[]) => {
  const known = new Set(migrations.map((migration) => migration.name));
  const rooms = new Set(migrations.map((migration) => migration.name.split('/')[0]));
  for (const name of done) {
    if (rooms.has(name.split('/')[0]) && !known.has(name)) throw errors.schemaNewer({ migration: name });
  }
};

/** See `Database.migrate`. */
export async function migrate(
  dialect: Dialect,
  transaction: Runner,
  migrations: readonly Migration[],
): Promise<string[]> {
  const integer = dialect === 'postgres' ? 'bigint' : 'integer';
  const done = await transaction(async (tx) => {
    await exclusive(dialect, tx, migrationLock);
    await sql
      .raw(`create table if not exists core_migration (name text primary key, applied_at ${integer} not null)`)
      .execute(tx);
    return recorded(tx);
  });
  refuseNewer(done, migrations);
  const applied: string[] = [];
  for (const migration of migrations) {
    if (done.has(migration.name)) continue;
    const ran = await transaction(async (tx) => {
      await exclusive(dialect, tx, migrationLock);
      // Another replica may have been faster.
      if ((await recorded(tx)).has(migration.name)) return false;
      await migration.up(tx, dialect);
      await tx.insertInto('core_migration').values({ name: migration.name, applied_at: Date.now() }).execute();
      return true;
    }).catch((error: unknown) => {
      if (error instanceof AppError) throw error;
      throw errors.migrationFailed({ migration: migration.name, reason: (error as Error).message }, { cause: error });
    });
    if (ran) applied.push(migration.name);
  }
  return applied;
}
