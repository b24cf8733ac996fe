import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

test('ends soon after a process that was killed', async () => {
  const script = `
    import { startPostgres } from ${JSON.stringify(new URL('postgres.mjs', import.meta.url).href)};
    const { pid, data } = await startPostgres();
    process.send({ pid, data });
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ pid, data }] = await once(owner, 'message');
  expect(isAlive(pid)).toBe(true);
  owner.kill('SIGKILL');
  await expect.poll(() => isAlive(pid) || existsSync(dirname(data)), { timeout: 15_000 }).toBe(false);
});
