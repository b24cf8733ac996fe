import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '../diagnosis.ts';
import { runCallboard, startCallboard } from '../testing/callboard.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-cli-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const run = (args: string[], env: Record<string, string> = {}) =>
  runCallboard(['doctor', '--port', '0', ...args], { cwd: directory, env });

async function findings(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; ok: boolean; by: Record<string, Finding> }> {
  const { code, stdout, stderr } = await run([...args, '--json'], env);
  if (stderr !== '') throw new Error(stderr);
  const { ok, findings: list } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
  return { code, ok, by: Object.fromEntries(list.map((finding) => [finding.check, finding])) };
}

describe('doctor', () => {
  test('a machine that is ready', async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      `ok        Node.js ${process.versions.node} (${process.platform} ${process.arch})`,
      expect.stringMatching(/^ok {8}Git \d+\.\d+/),
      'ok        No configuration file; every key has its default',
      'ok        Web app is built',
      'ok        Data folder .callboard can be made',
      expect.stringMatching(/^ok {8}[\d.]+ GiB free for data$/),
      `ok        Embedded database, SQLite ${process.versions.sqlite}, made at the first start`,
      'ok        A free port will be taken on 127.0.0.1',
      '',
      'The portal can start.',
      '',
    ]);
  });

  test('JSON has the same findings', async () => {
    const { code, ok, by } = await findings([]);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(Object.keys(by)).toEqual(['node', 'git', 'config', 'web', 'data', 'space', 'database', 'port']);
  });

  test('a configuration with mistakes', async () => {
    writeFileSync(join(directory, 'callboard.yaml'), 'server:\n  hots: x\n');
    const { code, stdout } = await run([]);
    expect(code).toBe(1);
    expect(stdout).toContain(`failed    The configuration cannot be used: 1 fault
            callboard.yaml:2:3  server.hots: there is no key "hots" in server
              Did you mean "host"?
`);
    expect(stdout).toMatch(/\n1 check failed: the portal cannot start yet\.\n$/);
  });

  test('keys without effect are mentioned', async () => {
    writeFileSync(join(directory, 'app-config.yaml'), 'backend: { csp: {} }\nkubernetes: {}\n');
    expect((await findings(['--config', 'app-config.yaml'])).by['config']).toEqual({
      check: 'config',
      status: 'ok',
      message: 'Configuration app-config.yaml is valid; 1 key has no effect, 1 key is read by plugins',
      fix: 'callboard config check lists them.',
    });
  });

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, by } = await findings(['--port', String(port)]);
    other.close();
    expect(code).toBe(1);
    expect(by['port']).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(String(port)),
      fix: expect.any(String),
    });
  });

  test('a portal that would be open to everybody', async () => {
    const { code, by } = await findings(['--host', '0.0.0.0']);
    expect(code).toBe(1);
    expect(by['config']).toMatchObject({ status: 'failed', message: expect.stringContaining('0.0.0.0') });
  });

  test('a data folder that is a file, and one that is there', async () => {
    writeFileSync(join(directory, 'file'), '');
    expect((await findings(['--data', 'file/data'])).by['data']).toEqual({
      check: 'data',
      status: 'failed',
      message: 'file is not a folder',
      fix: 'Choose another folder with --data.',
    });
    mkdirSync(join(directory, 'data'));
    expect((await findings(['--data', 'data'])).by['data']).toEqual({
      check: 'data',
      status: 'ok',
      message: 'Data folder data is writable',
    });
  });

  test('no Git is a warning', async () => {
    const { code, by } = await findings([], { PATH: directory });
    expect(code).toBe(0);
    expect(by['git']).toEqual({
      check: 'git',
      status: 'warning',
      message: 'Git was not found',
      fix: 'Install Git 2.25 or newer. It is needed to read from repositories; files, folders and addresses work without it.',
    });
  });

  test('PostgreSQL: reachable, unreachable, and never with its password', async () => {
    const url = process.env['TEST_DATABASE_URL'] ?? '';
    expect((await findings([], { CALLBOARD_DATABASE_URL: url })).by['database']).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/^PostgreSQL \d+(\.\d+)* .*is reachable$|^PostgreSQL [\d.]+ is reachable$/),
    });
    const { code, stdout } = await run(['--database-url', 'postgres://me:geheim@127.0.0.1:1/d']);
    expect(code).toBe(1);
    expect(stdout).toContain("failed    No connection to PostgreSQL at 127.0.0.1:1, database 'd'");
    expect(stdout).not.toContain('geheim');
  });

  test('beside a running portal', async () => {
    const portal = startCallboard(['start', '--no-example', '--port', '0', '--data', 'data'], { cwd: directory });
    const [, port] = /http:\/\/localhost:(\d+)/.exec(await portal.waitFor(/Address.*\n/)) ?? [];
    const { code, by } = await findings(['--data', 'data', '--port', port ?? '']);
    portal.child.kill('SIGTERM');
    await portal.ended;
    expect(code).toBe(0);
    expect(by['database']).toMatchObject({
      status: 'warning',
      message: expect.stringContaining(`(pid ${portal.child.pid})`),
    });
    expect(by['port']).toMatchObject({ status: 'warning', fix: 'Nothing to do if that is your portal.' });
    // It can look into the database when nobody else has it.
    expect((await findings(['--data', 'data'])).by['database']).toEqual({
      check: 'database',
      status: 'ok',
      message: `Embedded database, SQLite ${process.versions.sqlite}`,
    });
  });
});
