import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startPostgres } from './postgres.mjs';

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('starts a server of its own on this machine only, and leaves nothing behind', async () => {
  const server = await startPostgres({ durable: true });
  const client = new pg.Client({ connectionString: server.url });
  try {
    await client.connect();
    const setting = async (name) => (await client.query(`show ${name}`)).rows[0][name];
    expect(Number(await setting('server_version_num'))).toBeGreaterThanOrEqual(140_000);
    expect(await setting('listen_addresses')).toBe('127.0.0.1');
    expect(await setting('fsync')).toBe('on');
    // Words sort as people sort them, so that a query which needs bytes must say so.
    expect((await client.query("select 'a' < 'B' as words")).rows).toEqual([{ words: true }]);
  } finally {
    await client.end();
    await server.stop();
  }
  expect(isAlive(server.pid)).toBe(false);
  expect(existsSync(dirname(server.data))).toBe(false);
});

test('can be stopped at once by a process that is ending', async () => {
  const server = await startPostgres();
  server.stopNow();
  expect(existsSync(dirname(server.data))).toBe(false);
  await expect.poll(() => isAlive(server.pid), { timeout: 10_000 }).toBe(false);
});
