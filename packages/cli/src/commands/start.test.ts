import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCallboard, type Running, startCallboard } from '../testing/callboard.ts';

let directory: string;
let running: Running[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-cli-'));
});

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(directory, { recursive: true });
});

function start(args: string[], env: Record<string, string> = {}): Running {
  const started = startCallboard(['start', '--port', '0', ...args], { cwd: directory, env });
  running.push(started);
  return started;
}

const component = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n  owner: group:default/crew\n`;

function writeServices(): void {
  mkdirSync(join(directory, 'services', 'pay'), { recursive: true });
  writeFileSync(join(directory, 'services', 'catalog-info.yaml'), component('ship'));
  writeFileSync(join(directory, 'services', 'pay', 'catalog-info.yaml'), component('pay'));
}

// Each configured location is an entity, too.
const entities = async (url: string) =>
  (
    (await (await fetch(`${url}/api/catalog/entities?filter=kind=component`)).json()) as {
      metadata: { name: string };
    }[]
  )
    .map((entity) => entity.metadata.name)
    .sort();

const urlIn = (text: string) => /http:\/\/localhost:\d+/.exec(text)?.[0] ?? '';

describe('start', () => {
  test('reads the given folder, says so, and stops on SIGTERM', async () => {
    writeServices();
    const portal = start(['./services', '--data', 'data']);
    const url = urlIn(await portal.waitFor(/Problems:.*\n/));
    expect(await entities(url)).toEqual(['pay', 'ship']);
    portal.child.kill('SIGTERM');
    const { code, stdout } = await portal.ended;
    expect(code).toBe(0);
    expect(stdout.replace(/\d+\.\d s/, 'N s').replace(/^Callboard \S+/, 'Callboard N')).toBe(`Callboard N
  Address  ${url}
  Data     data (embedded database)
  Reads    services
Read 3 entities from 1 source in N s.
Problems: 2 warnings. See ${url}/problems
Stopped.
`);
  });

  test('says so when there is nothing in a folder', async () => {
    writeServices();
    mkdirSync(join(directory, 'org'));
    writeFileSync(join(directory, 'org', 'people.yaml'), component('people'));
    const portal = start(['./services', './org']);
    expect(await portal.waitFor(/Problems:.*\n/)).toMatch(
      /\nRead 4 entities from 2 sources in .* s\.\nNothing found in org\. Folders are searched for catalog-info\.yaml; name other files: 'org\/\*\.yaml'\n/,
    );
    expect(await portal.waitFor(/Problems:.*\n/)).not.toContain('Nothing found in services');
  });

  test('names the page of a source that cannot be read', async () => {
    writeServices();
    const gone = `file://${join(directory, 'gone.git')}`;
    writeFileSync(
      join(directory, 'callboard.yaml'),
      `catalog: { locations: [{ type: git, target: '${gone}' }, { type: file, target: services }] }\n`,
    );
    const portal = start([]);
    const text = await portal.waitFor(/Problems:.*\n/);
    const url = urlIn(text);
    expect(text).toContain(
      `\nProblems: 1 error, 2 warnings, 1 source that could not be read. See ${url}/problems and ${url}/admin/sources\n`,
    );
  });

  test('starts empty with --no-example', async () => {
    const portal = start(['--no-example']);
    const text = await portal.waitFor(/Read 0 entities.*\n/);
    expect(text).toContain('  Data     .callboard (embedded database)\n');
    expect(text).toContain(
      '  Reads    nothing yet: give paths or addresses to read, or add catalog.locations to the configuration\n',
    );
    expect(await entities(urlIn(text))).toEqual([]);
    portal.child.kill('SIGINT');
    expect((await portal.ended).code).toBe(0);
  });

  test('starts with the example company', async () => {
    const portal = start([]);
    const text = await portal.waitFor(/Read \d+ entities.*\n/);
    expect(text).toMatch(
      /\n {2}Reads {4}\S+examples\/company\n {11}the example; name folders, files or repositories to read your own\n/,
    );
    const [, number] = /Read (\d+) entities/.exec(text) ?? [];
    expect(Number(number)).toBeGreaterThanOrEqual(120);
    portal.child.kill('SIGTERM');
    const { stdout } = await portal.ended;
    expect(stdout).toMatch(/\nProblems: .*See http:\/\/localhost:\d+\/problems\n/);
  });

  test('takes its settings from the environment, and the locations from the configuration', async () => {
    writeServices();
    writeFileSync(
      join(directory, 'portal.yaml'),
      'catalog: { locations: [{ type: file, target: services/pay/catalog-info.yaml }] }\nauth: {}\nprometheus: {}\n',
    );
    const portal = startCallboard(['start'], {
      cwd: directory,
      env: { CALLBOARD_PORT: '0', CALLBOARD_DATA: 'env-data', CALLBOARD_CONFIG: 'portal.yaml' },
    });
    running.push(portal);
    const text = await portal.waitFor(/Read 2 entities from 1 source/);
    expect(text).toContain('  Data     env-data (embedded database)\n');
    expect(text).toContain('  Reads    services/pay/catalog-info.yaml\n');
    expect(text).toContain(
      '  Note     Configuration: 1 key has no effect, 1 key is read by plugins; callboard config check --config portal.yaml lists them\n',
    );
    expect(await entities(urlIn(text))).toEqual(['pay']);
  });

  test('keeps everything in PostgreSQL when told to, and hides the password', async () => {
    writeServices();
    const url = new URL(process.env['TEST_DATABASE_URL'] ?? '');
    const schema = `cli_${process.pid}`;
    url.searchParams.set('options', `-c search_path=${schema}`);
    const sql = (text: string) =>
      execFileSync(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `import pg from 'pg'; const c = new pg.Client(process.argv[1]); await c.connect(); await c.query(process.argv[2]); await c.end();`,
          process.env['TEST_DATABASE_URL'] ?? '',
          text,
        ],
        { cwd: join(import.meta.dirname, '../../../server') },
      );
    sql(`create schema ${schema}`);
    try {
      url.password ||= 'geheim';
      const portal = start(['./services', '--database-url', url.href.replaceAll('+', '%20')]);
      const text = await portal.waitFor(/Read 3 entities.*\n/);
      expect(text).toMatch(/ {2}Data {5}\S+ \(and PostgreSQL at postgres(ql)?:\/\/[^:]+:••••••@/);
      expect(text).not.toContain(url.password);
      portal.child.kill('SIGTERM');
      expect((await portal.ended).code).toBe(0);
    } finally {
      sql(`drop schema ${schema} cascade`);
    }
  });

  test('a second signal ends it at once', async () => {
    const portal = start(['--no-example']);
    await portal.waitFor(/Read 0 entities/);
    portal.child.kill('SIGINT');
    portal.child.kill('SIGTERM');
    const { code, stdout } = await portal.ended;
    expect(code === 143 || code === 130).toBe(true);
    expect(stdout).not.toContain('Stopped.');
  });
});

describe('what stops it from starting is said', () => {
  test('the port is taken', async () => {
    const portal = start(['--no-example', '--data', 'one']);
    const [, port = ''] = /localhost:(\d+)/.exec(await portal.waitFor(/Address.*\n/)) ?? [];
    const { code, stdout, stderr } = await runCallboard(['start', '--no-example', '--data', 'two', '--port', port], {
      cwd: directory,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`error: .*${port}.*\n  fix: .+\n  code: HTTP_PORT_TAKEN\n$`));
  });

  test('the data folder is in use', async () => {
    const portal = start(['--no-example', '--data', 'one']);
    await portal.waitFor(/Address.*\n/);
    const { code, stdout, stderr } = await runCallboard(['start', '--no-example', '--data', 'one', '--port', '0'], {
      cwd: directory,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr)
      .toBe(`error: The data folder '${join(directory, 'one')}' is in use by another process (pid ${portal.child.pid})
  fix: Stop that process, or start this one with another folder: --data DIR
  code: DATABASE_FOLDER_LOCKED
`);
  });

  test('the configuration has mistakes', async () => {
    writeFileSync(join(directory, 'callboard.yaml'), 'servr: {}\n');
    const { code, stdout, stderr } = await runCallboard(['start'], { cwd: directory });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('callboard.yaml:1:1  servr: there is no key "servr"\n    Did you mean "server"?\n');
  });

  test('a flag has a mistake', async () => {
    const { code, stderr } = await runCallboard(['start', '--port', 'seven'], { cwd: directory });
    expect(code).toBe(1);
    expect(stderr).toContain('flag --port  server.port: expected a whole number from 0 to 65535, found "seven"\n');
  });

  test('others could reach it', async () => {
    const { code, stderr } = await runCallboard(['start', '--host', '0.0.0.0', '--port', '0'], { cwd: directory });
    expect(code).toBe(1);
    expect(stderr).toMatch(/\n {2}code: ACCESS_OPEN_NETWORK\n$/);
  });

  test('a path does not exist', async () => {
    expect(await runCallboard(['start', './none'], { cwd: directory })).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr:
        'error: there is no file or folder ./none\n  fix: Give paths that exist, globs in quotes, addresses that start with https://, or Git repositories.\n',
    });
  });

  test('the database cannot be reached', async () => {
    const { code, stderr } = await runCallboard(
      ['start', '--port', '0', '--database-url', 'postgres://me:geheim@127.0.0.1:1/d'],
      { cwd: directory },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: No connection to PostgreSQL at 127\.0\.0\.1:1, database 'd'/);
    expect(stderr).not.toContain('geheim');
  });
});
