import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { createLogger } from '../log/index.ts';
import { probeDatabase } from './probe.ts';

const log = await createLogger({ level: 'silent', format: 'json' });
const nowhere = join(tmpdir(), `callboard-probe-${process.pid}`);

forEachDatabase((dialect, { open, place }) => {
  test('tells the version of a database that exists, and leaves it free', async () => {
    const where = await place();
    const db = await open(where);
    await db.close();
    const probe = await probeDatabase({ url: where.url, directory: where.directory ?? nowhere, log });
    expect(probe).toEqual({ dialect, version: expect.stringMatching(/^\d+\.\d+/), exists: true, writable: true });
    await (await open(where)).close();
  });
});

test('an embedded database that is not there yet is not made', async () => {
  expect(await probeDatabase({ directory: nowhere, log })).toEqual({
    dialect: 'sqlite',
    version: process.versions.sqlite,
    exists: false,
    writable: true,
  });
  expect(existsSync(nowhere)).toBe(false);
});

const cleaning: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const clean of cleaning.reverse()) await clean();
});

test('a PostgreSQL user who may not make tables is seen, and no table is made', async () => {
  const url = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  const name = `probe_${randomBytes(4).toString('hex')}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  cleaning.push(() => client.end());
  await client.query(`create role ${name}; create schema ${name}; grant usage on schema ${name} to ${name}`);
  cleaning.push(() => client.query(`drop schema ${name} cascade; drop role ${name}`));
  url.searchParams.set('options', `-c role=${name} -c search_path=${name}`);
  const probe = await probeDatabase({ url: url.href.replaceAll('+', '%20'), directory: nowhere, log });
  expect(probe).toMatchObject({ dialect: 'postgres', exists: true, writable: false });
  const { rows } = await client.query('select 1 from pg_tables where schemaname = $1', [name]);
  expect(rows).toEqual([]);
});

test('a folder that another process holds is told', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'callboard-probe-'));
  cleaning.push(() => rm(directory, { recursive: true }));
  const { openDatabase } = await import('./index.ts');
  const db = await openDatabase({ directory, log });
  const before = await readdir(directory);
  await expect(probeDatabase({ directory, log })).rejects.toMatchObject({
    code: 'DATABASE_FOLDER_LOCKED',
    message: expect.stringContaining(`(pid ${process.pid})`),
  });
  expect(await readdir(directory)).toEqual(before);
  await db.close();
});
