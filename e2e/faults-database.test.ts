import { spawnSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { countEntities, eventually, getEntities, getSources, untilRead } from './support/api.ts';
import { createPostgresSchema } from './support/database.ts';
import { component, temporaryFolder, writeFiles } from './support/files.ts';
import { type Portal, runCallboard, startPortal } from './support/portal.ts';
import { type Outage, startPostgresProxy } from './support/postgres-proxy.ts';

/** What a test leaves behind, removed in the opposite order. */
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function scratch(): Promise<string> {
  const { folder, remove } = await temporaryFolder();
  cleanUp.push(remove);
  return folder;
}

async function start(options: Parameters<typeof startPortal>[0]): Promise<Portal> {
  const portal = await startPortal(options);
  cleanUp.push(() => portal.stop());
  return portal;
}

/** A start that fails says what and what to do, in a few lines, without a stack. */
async function expectRefusal(args: string[], texts: (string | RegExp)[]): Promise<void> {
  const { code, stderr } = await runCallboard(['start', ...args]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('fix:') });
  for (const text of texts) expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
}

describe('a start that cannot succeed says why and ends with 1', () => {
  test('when another process holds the data folder', async () => {
    const portal = await start({ args: ['--no-example'] });
    await expectRefusal(
      ['--no-example', '--port', '0', '--data', portal.directory],
      [portal.directory, /in use by another process/, String(portal.pid), /--data DIR/],
    );
    expect((await fetch(`${portal.url}/readyz`)).status).toBe(200);
  });

  test('when the port is taken', async () => {
    const portal = await start({ args: ['--no-example'] });
    const { port } = new URL(portal.url);
    await expectRefusal(['--no-example', '--port', port, '--data', join(await scratch(), 'data')], [port, /--port/]);
  });

  test('when the data folder cannot be written', async () => {
    const folder = join(await scratch(), 'data');
    await mkdir(folder);
    await chmod(folder, 0o555);
    // Rights do not hold root back, but nobody creates files here.
    const place = process.getuid?.() === 0 ? '/proc' : folder;
    await expectRefusal(['--no-example', '--port', '0', '--data', place], [place, /cannot be written/]);
  });

  test('when the data folder is a file', async () => {
    const file = join(await scratch(), 'data');
    await writeFile(file, 'a file');
    await expectRefusal(['--no-example', '--port', '0', '--data', file], [file, /cannot be written/]);
  });

  test('when the database file is no database', async () => {
    const folder = await scratch();
    await writeFile(
      join(folder, 'callboard.db'),
      'this is not a database, but it is long enough to be looked at'.repeat(200),
    );
    await expectRefusal(['--no-example', '--port', '0', '--data', folder], [join(folder, 'callboard.db'), /damaged/]);
  });

  test('when PostgreSQL cannot be reached, without telling the password', async () => {
    const url = 'postgres://board:pass-word@127.0.0.1:9/board';
    const { code, stderr, stdout } = await runCallboard([
      'start',
      '--no-example',
      '--database-url',
      url,
      '--port',
      '0',
      '--data',
      await scratch(),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/No connection to PostgreSQL at 127\.0\.0\.1:9, database 'board'/);
    expect(stderr + stdout).not.toContain('pass-word');
  });

  test('when the configuration has faults: all of them, each with its line', async () => {
    const folder = await scratch();
    const file = join(folder, 'callboard.yaml');
    await writeFile(
      file,
      ['server:', '  port: eighty', 'catalog:', '  lokations: []', '  limits:', '    shrinkShare: 7', ''].join('\n'),
    );
    const texts = [`${file}:2`, `${file}:4`, `${file}:6`, /locations/];
    await expectRefusal(['--config', file, '--data', join(folder, 'data')], texts);
  });

  test('when the configuration is no YAML', async () => {
    const folder = await scratch();
    const file = join(folder, 'callboard.yaml');
    await writeFile(file, 'server:\n  port: [7007\n');
    await expectRefusal(['--config', file, '--data', join(folder, 'data')], [file, /:[23]/]);
  });
});

describe('PostgreSQL goes away while the portal runs, and comes back', () => {
  test.each<Outage>(['refused', 'silent', 'starting'])(
    '%s: errors meanwhile, then everything again',
    { timeout: 120_000 },
    async (outage) => {
      const schema = await createPostgresSchema();
      cleanUp.push(() => schema.remove());
      const proxy = await startPostgresProxy(schema.url);
      cleanUp.push(() => proxy.close());
      const folder = await scratch();
      await writeFiles(folder, { 'one/catalog-info.yaml': component('one') });
      const since = Date.now();
      const portal = await start({ args: [folder], databaseUrl: proxy.url });
      await untilRead(portal.url, since);

      await proxy.cut(outage);
      const answer = await fetch(`${portal.url}/api/catalog/entities/by-name/component/default/one`);
      expect({ status: answer.status, body: await answer.json() }).toMatchObject({
        status: 503,
        body: {
          error: {
            name: 'ServiceUnavailableError',
            code: expect.stringMatching(/^DATABASE_/),
            fix: expect.any(String),
          },
        },
      });
      expect((await fetch(`${portal.url}/readyz`)).status).toBe(503);
      expect((await fetch(`${portal.url}/healthz`)).status).toBe(200);
      await writeFiles(folder, {
        'one/catalog-info.yaml': component('one', { description: 'saved during the outage' }),
      });

      await proxy.mend();

      const described = async () => (await getEntities(portal.url, 'metadata.name=one'))[0]?.metadata['description'];
      await eventually(described, (text) => text === 'saved during the outage', 60_000);
      expect((await fetch(`${portal.url}/readyz`)).status).toBe(200);
      await writeFiles(folder, { 'one/catalog-info.yaml': component('one', { description: 'saved afterwards' }) });
      await eventually(described, (text) => text === 'saved afterwards', 30_000);
    },
  );

  test.each(['its connection is ended', 'the server is gone'] as const)(
    'in the middle of a reading, when %s: what was there is served, and the reading is finished afterwards',
    { timeout: 120_000 },
    async (fault) => {
      const schema = await createPostgresSchema();
      cleanUp.push(() => schema.remove());
      const proxy = await startPostgresProxy(schema.url);
      cleanUp.push(() => proxy.close());
      const folder = await scratch();
      const some = (count: number, description: string) =>
        Object.fromEntries(
          Array.from({ length: count }, (_, index) => [
            `part-${index}/catalog-info.yaml`,
            component(`part-${index}`, { description }),
          ]),
        );
      await writeFiles(folder, some(1, 'first'));
      const since = Date.now();
      const portal = await start({ args: [folder], databaseUrl: proxy.url });
      await untilRead(portal.url, since);

      const gate = await holdWrites(schema.url);
      cleanUp.push(() => gate.open());
      await writeFiles(folder, some(1_000, 'second'));
      const writer = await gate.waiting();
      const parts = () => getEntities(portal.url, 'kind=component');
      const untouched = [expect.objectContaining({ metadata: expect.objectContaining({ description: 'first' }) })];
      if (fault === 'its connection is ended') {
        await gate.end(writer);
        expect(await parts()).toEqual(untouched);
      } else {
        await proxy.cut('refused');
        const answer = await fetch(`${portal.url}/api/catalog/entities`);
        expect({ status: answer.status, body: await answer.json() }).toMatchObject({
          status: 503,
          body: { error: { code: expect.stringMatching(/^DATABASE_/), fix: expect.any(String) } },
        });
        await gate.end(writer);
        await proxy.mend();
        expect(await eventually(parts, (found) => found.length > 0)).toEqual(untouched);
      }
      await gate.open();
      const described = (description: string) => () => countEntities(portal.url, `metadata.description=${description}`);
      expect(await eventually(described('second'), (count) => count === 1_000, 60_000)).toBe(1_000);
      await writeFiles(folder, some(1, 'third'));
      expect(await eventually(described('third'), (count) => count === 1)).toBe(1);
    },
  );

  test('all its connections are ended at once', { timeout: 60_000 }, async () => {
    const schema = await createPostgresSchema();
    cleanUp.push(() => schema.remove());
    const folder = await scratch();
    await writeFiles(folder, { 'one/catalog-info.yaml': component('one') });
    const since = Date.now();
    const application = `callboard-e2e-${process.pid}`;
    const portal = await start({ args: [folder], databaseUrl: `${schema.url}&application_name=${application}` });
    await untilRead(portal.url, since);
    const ended = await endConnections(schema.url, application);
    expect(ended).toBeGreaterThan(0);
    const described = async () => (await getEntities(portal.url, 'metadata.name=one'))[0]?.metadata['description'];
    await eventually(described, (text) => text === 'The component one');
    await writeFiles(folder, { 'one/catalog-info.yaml': component('one', { description: 'saved afterwards' }) });
    await eventually(described, (text) => text === 'saved afterwards', 30_000);
  });
});

/**
 * Lets the portal write entities but not their history, which stops a reading in the middle of a transaction for as long as is wanted.
 * Everybody may read meanwhile.
 */
async function holdWrites(url: string) {
  const [holder, observer] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
  await Promise.all([holder.connect(), observer.connect()]);
  await holder.query('begin');
  await holder.query('lock table catalog_history in exclusive mode');
  let isOpen = false;
  const writers = async () => {
    const { rows } = await observer.query<{ pid: number }>(
      `select pid from pg_locks where not granted and relation = 'catalog_history'::regclass`,
    );
    return rows.map(({ pid }) => pid);
  };
  return {
    /** The server's process for the writer that waits here. */
    waiting: async () => (await eventually(writers, (pids) => pids.length > 0))[0] as number,
    end: (pid: number) => observer.query('select pg_terminate_backend($1)', [pid]),
    async open() {
      if (isOpen) return;
      isOpen = true;
      await Promise.all([holder.end(), observer.end()]);
    },
  };
}

/** What a restart of the server does to its clients: the administrator terminates each connection of this name. */
async function endConnections(url: string, application: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const statement = 'select pg_terminate_backend(pid) as ended from pg_stat_activity where application_name = $1';
    const { rows } = await client.query<{ ended: boolean }>(statement, [application]);
    return rows.filter(({ ended }) => ended).length;
  } finally {
    await client.end();
  }
}

/**
 * A small disk of its own for one process: a file system in memory where the system lets an ordinary user mount one for its own processes,
 * else a limit for the size of each file. The script runs the command that follows it; once the file `$RELEASE` is there, there is room.
 */
const smallDisk = {
  mounted: `mount -t tmpfs -o size=180m none "$DISK" && dd if=/dev/zero of="$DISK/ballast" bs=1M count=168 2>/dev/null || exit 1
    (while [ ! -e "$RELEASE" ]; do sleep 0.1; done; rm "$DISK/ballast") & exec "$@"`,
  limited: `trap '' XFSZ; ulimit -S -f 16000; (while [ ! -e "$RELEASE" ]; do sleep 0.1; done; prlimit --pid $$ --fsize=unlimited) & exec "$@"`,
};
const canMount = () => spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt']).status === 0;

describe('the disk is full', () => {
  test(
    'what is there is served, the message says so, and with room again the rest is stored',
    { timeout: 120_000 },
    async () => {
      const folder = await scratch();
      const release = join(folder, 'release');
      const disk = join(folder, 'disk');
      await mkdir(disk);
      const description = 'word '.repeat(2_000);
      const files = Object.fromEntries(
        Array.from({ length: 2_500 }, (_, index) => [
          `many/part-${index}.yaml`,
          component(`part-${index}`, { description }),
        ]),
      );
      await writeFiles(folder, { 'first/catalog-info.yaml': component('first'), ...files });
      const config = join(folder, 'callboard.yaml');
      const locations = [join(folder, 'first'), join(folder, 'many', '*.yaml')].map(
        (target) => `    - { type: file, target: '${target}' }`,
      );
      await writeFile(config, `catalog:\n  locations:\n${locations.join('\n')}\n`);
      const mounted = canMount();
      const runner = mounted
        ? ['unshare', '-rm', 'sh', '-c', smallDisk.mounted, 'sh']
        : ['sh', '-c', smallDisk.limited, 'sh'];
      const portal = await start({
        args: ['--config', config],
        directory: disk,
        runner,
        env: { DISK: disk, RELEASE: release },
      });
      await eventually(
        async () => (await getSources(portal.url)).map(({ state }) => state),
        (states) => states.includes('failing') && states.includes('ok'),
      );
      expect(portal.output()).toContain(mounted ? 'DATABASE_DISK_FULL' : 'DATABASE_FOLDER_UNUSABLE');
      expect((await getEntities(portal.url, 'metadata.name=first')).length).toBe(1);
      expect((await fetch(`${portal.url}/healthz`)).status).toBe(200);
      await writeFile(release, '');
      // The room comes a moment after it was asked for; until then the wish itself cannot be stored.
      for (const { id } of await getSources(portal.url))
        await eventually(
          async () => (await fetch(`${portal.url}/api/catalog/sources/${id}/refresh`, { method: 'POST' })).status,
          (status) => status < 300,
        );
      await eventually(
        () => countEntities(portal.url, 'kind=component'),
        (count) => count === 2_501,
        60_000,
      );
    },
  );
});
