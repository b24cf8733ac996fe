import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe } from 'vitest';
import { openDatabase } from '../core/db/index.ts';
import type { Database, Dialect } from '../core/db/index.ts';
import { createLogger } from '../core/log/index.ts';

/** Where a database lies: the options that `openDatabase`, the configuration and the command line take. */
export type DatabasePlace = { url?: string; directory?: string };

export type DatabaseTools = {
  /** Opens a new empty database, or the one at `place` again (a restart, or a second replica on PostgreSQL). Closed when the block ends. */
  open(place?: DatabasePlace): Promise<Database>;
  /** Makes an empty place and opens nothing: for tests that start a whole process on it. Removed when the block ends. */
  place(): Promise<DatabasePlace>;
};

/** The PostgreSQL of this run. Its absence fails the test: a store that was tried on one database only is not tested. */
function testDatabaseUrl(): URL {
  const text = process.env['TEST_DATABASE_URL'];
  if (!text) {
    const advice = 'Run the tests by `npm test`, or by `npx vitest` from the root of the repository.';
    throw new Error(`No PostgreSQL to test on. ${process.env['TEST_DATABASE_FAILURE'] ?? advice}`);
  }
  return new URL(text);
}

async function onServer(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: testDatabaseUrl().href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function makePlace(dialect: Dialect): Promise<{ place: DatabasePlace; remove(): Promise<void> }> {
  if (dialect === 'sqlite') {
    const directory = await mkdtemp(join(tmpdir(), 'callboard-test-'));
    return { place: { directory }, remove: () => rm(directory, { recursive: true, force: true }) };
  }
  const schema = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await onServer(async (client) => void (await client.query(`create schema ${schema}`)));
  const url = testDatabaseUrl();
  url.searchParams.set('options', `-c search_path=${schema}`);
  const remove = () => onServer(async (client) => void (await client.query(`drop schema ${schema} cascade`)));
  // Not every reader of addresses takes a plus for a space.
  return { place: { url: url.href.replaceAll('+', '%20') }, remove };
}

/**
 * Defines the same tests once per database. Each `open()` is a database of its own: a temporary folder for SQLite, a schema for PostgreSQL.
 *
 * @param define - called once per dialect inside a `describe` of that name
 */
export function forEachDatabase(define: (dialect: Dialect, tools: DatabaseTools) => void): void {
  describe.each<Dialect>(['sqlite', 'postgres'])('%s', (dialect) => {
    const opened: Database[] = [];
    const removals: (() => Promise<void>)[] = [];
    const place = async () => {
      const made = await makePlace(dialect);
      removals.push(made.remove);
      return made.place;
    };
    const open = async (where?: DatabasePlace) => {
      const database = await openDatabase({
        ...(where ?? (await place())),
        log: await createLogger({ level: 'silent', format: 'json' }),
      });
      opened.push(database);
      return database;
    };
    afterAll(async () => {
      await Promise.allSettled(opened.map((database) => database.close()));
      await Promise.all(removals.map((remove) => remove()));
    });
    define(dialect, { open, place });
  });
}
