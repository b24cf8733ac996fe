import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import type { Migration } from './index.ts';

const creating = (name: string, table: string): Migration => ({
  name,
  up: async (tx) => void (await sql.raw(`create table ${table} (id integer primary key)`).execute(tx)),
});
const first = creating('test/0001-one', 'one');
const second = creating('test/0002-two', 'two');

forEachDatabase((dialect, { open, place }) => {
  test('runs each migration once, in order', async () => {
    const db = await open();
    expect(await db.migrate([first])).toEqual(['test/0001-one']);
    expect(await db.migrate([first, second])).toEqual(['test/0002-two']);
    expect(await db.migrate([first, second])).toEqual([]);
    const rows = await db.reader().selectFrom('core_migration').select('name').orderBy('name').execute();
    expect(rows).toEqual([{ name: 'core/0001-core' }, { name: 'test/0001-one' }, { name: 'test/0002-two' }]);
  });

  test('a failing migration is undone whole, and those before it stay', async () => {
    const db = await open();
    const failing: Migration = {
      name: 'test/0002-bad',
      async up(tx) {
        await sql.raw('create table half (id integer)').execute(tx);
        await sql.raw('create table one (id integer)').execute(tx);
      },
    };
    await expect(db.migrate([first, failing])).rejects.toMatchObject({
      code: 'DATABASE_MIGRATION_FAILED',
      message: expect.stringMatching(/^The migration 'test\/0002-bad' failed and was undone: .*already exists/),
    });
    await expect(sql`select * from half`.execute(db.reader())).rejects.toThrow(/half/);
    expect(await db.migrate([first, second])).toEqual(['test/0002-two']);
  });

  test('a database of a newer version is refused', async () => {
    const where = await place();
    const newer = await open(where);
    await newer.migrate([first, second]);
    await expect(newer.migrate([first])).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_NEWER',
      message:
        "The database was written by a newer version: it has the migration 'test/0002-two', which this version does not know",
    });
    await newer.transaction((tx) =>
      tx.insertInto('core_migration').values({ name: 'core/9999-future', applied_at: 1 }).execute(),
    );
    await newer.close();
    await expect(open(where)).rejects.toMatchObject({ code: 'DATABASE_SCHEMA_NEWER' });
  });

  // On SQLite there is no second replica.
  if (dialect === 'sqlite') return;

  test('replicas that start together migrate one after the other', async () => {
    const where = await place();
    const replicas = await Promise.all(Array.from({ length: 4 }, () => open(where)));
    const applied = await Promise.all(replicas.map((db) => db.migrate([first, second])));
    expect(applied.flat().sort()).toEqual(['test/0001-one', 'test/0002-two']);
  });
});
