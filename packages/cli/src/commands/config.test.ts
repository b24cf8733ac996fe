import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCallboard } from '../testing/callboard.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-cli-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
const run = (args: string[], env: Record<string, string> = {}) =>
  runCallboard(['config', ...args], { cwd: directory, env });
const printed = (stdout: string) => ({ code: 0, signal: null, stdout, stderr: '' });

describe('config check', () => {
  test('no file', async () => {
    expect(await run(['check'])).toEqual(printed('There is no configuration file; every key has its default.\n'));
  });

  test('a valid file', async () => {
    write('callboard.yaml', 'server:\n  port: ${PORT:-8080}\n');
    expect(await run(['check'])).toEqual(printed('callboard.yaml is valid.\n'));
    expect(JSON.parse((await run(['check', '--json'])).stdout)).toEqual({
      valid: true,
      file: join(directory, 'callboard.yaml'),
      faults: [],
      unusedKeys: [],
    });
  });

  test('a file with mistakes', async () => {
    write('harbour.yaml', 'server:\n  port: seven\n  hots: x\ndatabase:\n  url: ${DB_URL}\n');
    expect(await run(['check', '--config', 'harbour.yaml'])).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `error: The configuration cannot be used: 3 faults
  harbour.yaml:2:9  server.port: expected a whole number from 0 to 65535, found "seven"
    Write a whole number from 0 to 65535.
  harbour.yaml:3:3  server.hots: there is no key "hots" in server
    Did you mean "host"?
  harbour.yaml:5:8  database.url: the environment variable DB_URL is not set
    Set DB_URL, or give a value to use without it: \${DB_URL:-value}.
  fix: Correct what is named above and start again. \`callboard config check\` looks at the file without starting the portal.
  code: CONFIG_INVALID
`,
    });
    const json = await run(['check', '--json'], { CALLBOARD_CONFIG: 'harbour.yaml' });
    expect(json).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      valid: false,
      faults: [
        {
          file: join(directory, 'harbour.yaml'),
          line: 2,
          column: 9,
          path: 'server.port',
          expected: 'a whole number from 0 to 65535',
          found: '"seven"',
        },
        { line: 3, path: 'server.hots' },
        { line: 5, path: 'database.url' },
      ],
    });
  });

  test('the keys of the catalog are known', async () => {
    write('callboard.yaml', 'catalog:\n  locations:\n    - type: fiel\n      target: x\n  processingInterval: soon\n');
    const { code, stderr } = await run(['check']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'callboard.yaml:3:13  catalog.locations[0].type: expected file, url or git, found "fiel"\n    Did you mean "file"?',
    );
    expect(stderr).toContain(
      'callboard.yaml:5:23  catalog.processingInterval: expected a length of time such as 30s, 5m, PT5M or { minutes: 5 }, or false, found "soon"',
    );
  });

  test('an app-config.yaml is valid, and lists what has no effect and what plugins read', async () => {
    write('app-config.yaml', 'backend:\n  listen: ":7008"\n  csp: {}\nproxy:\n  /x: ${NOPE}\n');
    expect(await run(['check', '--config', 'app-config.yaml'])).toEqual(
      printed(`app-config.yaml is valid.

1 key has no effect:
  app-config.yaml:3  backend.csp has no meaning here: the content security policy is fixed

1 key is read by plugins:
  app-config.yaml:4  proxy is read by the plugins Grafana and Prometheus, once an administrator has enabled them
`),
    );
  });

  test('a portal that everybody could reach is not valid without saying so', async () => {
    const { code, stderr } = await run(['check', '--host', '0.0.0.0']);
    expect(code).toBe(1);
    expect(stderr).toContain('  code: ACCESS_OPEN_NETWORK\n');
    expect(JSON.parse((await run(['check', '--host', '0.0.0.0', '--json'])).stdout)).toMatchObject({
      valid: false,
      faults: [{ fix: expect.any(String) }],
    });
    write('callboard.yaml', 'server: { host: 0.0.0.0 }\naccess: { open: true }\n');
    expect((await run(['check'])).code).toBe(0);
  });

  test('kinds that the catalog would refuse are not valid', async () => {
    write('callboard.yaml', 'catalog: { kinds: [{ kind: Vessel, apiVersions: [x/v1], schema: { type: 7 } }] }\n');
    const { code, stderr } = await run(['check']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: catalog\.kinds has 1 mistake.*\n {2}fix: .*\n {2}code: CATALOG_KINDS_INVALID\n$/);
  });

  test('policies and ways to sign in that cannot work are not valid, and stand in a line', async () => {
    write('callboard.yaml', 'access:\n  signIn: { proxy: {} }\n');
    expect((await run(['check'])).stderr).toContain('  callboard.yaml:2:20  access.signIn.proxy: no proxy is believed');
    write('callboard.yaml', 'access:\n  bindings:\n    - { role: none, to: [everyone] }\n');
    expect((await run(['check'])).stderr).toContain('  callboard.yaml:3:15  access.bindings[0].role: there is no role');
  });

  test('a file that is not there', async () => {
    const { code, stderr } = await run(['check', '--config', 'none.yaml']);
    expect(code).toBe(1);
    expect(stderr).toContain(`the configuration file ${join(directory, 'none.yaml')} does not exist`);
  });
});

describe('config explain', () => {
  test('one key', async () => {
    write('callboard.yaml', 'server:\n  port: 8080\n');
    expect(await run(['explain', 'server.port'])).toEqual(
      printed(`server.port = 8080
    Port to listen on; 0 takes a free one.
    callboard.yaml:2; a whole number from 0 to 65535; default 7007; read by core/http
`),
    );
    expect((await run(['explain', 'server.port', '--port', '1'])).stdout).toContain('server.port = 1\n');
    expect((await run(['explain', 'server.port'], { CALLBOARD_PORT: '2' })).stdout).toContain(
      '    environment variable CALLBOARD_PORT; ',
    );
  });

  test('every key, without secrets', async () => {
    const { code, stdout } = await run(['explain'], { CALLBOARD_DATABASE_URL: 'postgres://me:geheim@h/d' });
    expect(code).toBe(0);
    expect(stdout).toContain('database.url = postgres://me:••••••@h/d\n');
    expect(stdout).toContain('catalog.locations = []\n');
    expect(stdout).not.toContain('geheim');
  });

  test('a group as JSON', async () => {
    const { stdout } = await run(['explain', 'log', '--json']);
    expect(JSON.parse(stdout)).toEqual([
      {
        key: 'log.level',
        value: 'info',
        default: 'info',
        origin: 'default',
        owner: 'core/log',
        type: 'trace, debug, info, warn, error or silent',
        description: 'Least severe lines that are written; at a terminal warn, unless it is set.',
      },
      {
        key: 'log.format',
        value: 'text',
        default: 'text',
        origin: 'default',
        owner: 'core/log',
        type: 'text or json',
        description: 'text for people, json for a log collector.',
      },
    ]);
  });

  test('a key that does not exist', async () => {
    expect(await run(['explain', 'port'])).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: 'error: there is no configuration key "port"\n  fix: Did you mean server.port?\n',
    });
    expect((await run(['explain', 'nothing'])).stderr).toMatch(
      /fix: callboard config explain lists all keys. They start with: app, organization, server, /,
    );
  });
});
