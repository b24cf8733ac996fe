import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Running, runCallboard, startCallboard } from '../testing/callboard.ts';

const execute = promisify(execFile);
const repository = fileURLToPath(new URL('../../../../', import.meta.url));

let folder: string;
let verdaccio: string | undefined;
let registry: ChildProcess | undefined;
let registryEnded: Promise<unknown> | undefined;
let registryUrl: string;
let portal: Running | undefined;
let url: string;
const run = (...args: string[]) => runCallboard(args, { cwd: folder, env: { CALLBOARD_URL: url } });

/** Verdaccio as a company has it: nobody reads without a token, and it asks no other registry. */
async function startRegistry(program: string): Promise<void> {
  const settings = {
    storage: join(folder, 'registry'),
    configPath: join(folder, 'registry.yaml'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: {},
    packages: { '**': { access: '$authenticated', publish: '$authenticated' } },
    log: { type: 'stdout', format: 'json', level: 'error' },
  };
  const code = `require(process.argv[1]).runServer(JSON.parse(process.argv[2]))
    .then((server) => server.listen(0, '127.0.0.1', () => process.send(server.address().port)))`;
  const args = ['--input-type=commonjs', '-e', code, program, JSON.stringify(settings)];
  registry = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  registryEnded = once(registry, 'close');
  const [port] = (await once(registry, 'message')) as [number];
  registryUrl = `http://127.0.0.1:${port}`;
}

/** Signs somebody up, as `npm login` does. */
async function tokenOf(name: string): Promise<string> {
  const response = await fetch(`${registryUrl}/-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: 'bowline and hitch' }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { token: string }).token;
}

/** Publishes with npm itself. */
async function publish(path: string, token: string): Promise<void> {
  const settings = join(folder, 'npmrc');
  await writeFile(settings, `registry=${registryUrl}/\n//${new URL(registryUrl).host}/:_authToken=${token}\n`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = ['publish', '--userconfig', settings, '--cache', join(folder, 'npm-cache'), '--no-provenance'];
  await execute(npm, options, { cwd: path, env: { PATH: process.env['PATH'], HOME: folder } });
}

async function startPortal(settings: string): Promise<void> {
  portal?.child.kill('SIGTERM');
  await portal?.ended;
  await writeFile(join(folder, 'callboard.yaml'), settings);
  portal = startCallboard(['start', '--port', '0', '--data', join(folder, '.data'), '--no-example'], { cwd: folder });
  url = /http:\/\/127\.0\.0\.1:\d+/.exec(await portal.waitFor(/http:\/\/127\.0\.0\.1:\d+/))![0];
}

beforeAll(async () => {
  verdaccio = await execute(process.execPath, [join(repository, 'scripts/verdaccio.mjs')]).then(
    ({ stdout }) => stdout,
    (error: Error) => void process.stderr.write(`${error.message}\n`),
  );
  if (verdaccio === undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'callboard-registry-'));
  await startRegistry(verdaccio);
}, 300_000);
beforeEach(({ skip }) => skip(verdaccio === undefined, 'Verdaccio cannot be fetched here'));
afterAll(async () => {
  portal?.child.kill('SIGTERM');
  registry?.kill('SIGTERM');
  await Promise.all([portal?.ended, registryEnded]);
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('plugins come from a registry of the company, by name, range and scope, with its token', async () => {
  const token = await tokenOf('crew');
  const sources = join(folder, 'tides');
  await cp(join(repository, 'examples/plugins/tides'), sources, { recursive: true });
  const manifest = JSON.parse(await readFile(join(sources, 'package.json'), 'utf8')) as Record<string, unknown>;
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
    await writeFile(
      join(sources, 'package.json'),
      JSON.stringify({ ...manifest, name: '@acme/tides', version, private: undefined }),
    );
    await publish(sources, token);
  }
  await startPortal(`plugins: { registry: "${registryUrl}", registryToken: "${token}" }\n`);

  const looked = await run('plugin', 'add', '@acme/tides@^1.0.0');
  expect(looked.stdout, looked.stderr).toContain('tides 1.1.0)');
  expect(looked.stdout).toContain(`from      @acme/tides@1.1.0 of ${new URL(registryUrl).host}`);
  const sha256 = /sha256 {4}([0-9a-f]{64})/.exec(looked.stdout)![1]!;
  const added = await run('plugin', 'add', '@acme/tides@^1.0.0', '--yes', '--sha256', sha256);
  expect(added.stdout, added.stderr).toContain('tides 1.1.0 is enabled\n');
  expect((await run('plugin', 'update', '@acme/tides', '--yes')).stdout).toContain('tides 2.0.0 is enabled\n');
  expect((await run('plugin', 'rollback', 'tides')).stdout).toBe('tides 1.1.0 is enabled\n');
  const view = await fetch(`${url}/api/plugins/tides/views/tide`);
  expect(((await view.json()) as { view: unknown }).view).toMatchObject({ model: 'stat' });

  const none = await run('plugin', 'add', '@acme/tides@9', '--yes');
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('it has no version 9') });
});

test('without its token the registry refuses, which is told, and what is installed goes on', async () => {
  await startPortal(`plugins: { registry: "${registryUrl}" }\n`);
  const refused = await run('plugin', 'add', '@acme/tides', '--yes');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/answered (401|403)/) });
  registry?.kill('SIGTERM');
  expect((await fetch(`${url}/api/plugins/tides/views/tide`)).status).toBe(200);
  expect((await run('plugin', 'add', '@acme/tides')).stderr).toContain(new URL(registryUrl).host);
});
