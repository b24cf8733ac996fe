import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from './npm.mjs';

let folder;
const write = (path, text) => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const lockfile = (packages = {}) => JSON.stringify({ name: 'clone', lockfileVersion: 3, requires: true, packages });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-clone-'));
  for (const name of ['bootstrap', 'lock', 'npm'])
    cpSync(join(root, 'scripts', `${name}.mjs`), join(folder, 'scripts', `${name}.mjs`));
  write(
    'package.json',
    JSON.stringify({ name: 'clone', version: '1.0.0', private: true, dependencies: { greeting: 'file:greeting' } }),
  );
  write('greeting/package.json', JSON.stringify({ name: 'greeting', version: '1.0.0' }));
  write(
    'package-lock.json',
    lockfile({
      '': { name: 'clone', version: '1.0.0', dependencies: { greeting: 'file:greeting' } },
      greeting: { version: '1.0.0' },
      'node_modules/greeting': { resolved: 'greeting', link: true },
    }),
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let started;

/** Runs the script of the clone; npm settings come from `env` alone. */
async function bootstrap(args = [], env = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...env },
  });
  started = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise((done) => child.once('close', done));
  return { code, output: output.replaceAll(/\d+\.\d s/g, 'N s') };
}

const installing =
  'callboard: installing packages (the first start only) …\ncallboard: installing packages (the first start only): done in N s\n';

test('installs once and is silent afterwards', async () => {
  expect(await bootstrap()).toEqual({ code: 0, output: installing });
  expect(existsSync(join(folder, 'node_modules/greeting/package.json'))).toBe(true);
  expect(await bootstrap()).toEqual({ code: 0, output: '' });
});

test('installs again when the lockfile changes, unless npm has done so already', async () => {
  await bootstrap();
  const changed = `${readFileSync(join(folder, 'package-lock.json'), 'utf8')}\n`;
  write('package-lock.json', changed);
  expect(await bootstrap()).toEqual({ code: 0, output: '' });
  write('package-lock.json', `${changed}\n`);
  rmSync(join(folder, 'node_modules/.package-lock.json'), { force: true });
  expect(await bootstrap()).toEqual({ code: 0, output: installing });
});

test('works once when it is started several times at once', async () => {
  const results = await Promise.all([bootstrap(), bootstrap(), bootstrap()]);
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  const all = results.map(({ output }) => output).join('');
  expect(all.split('installing packages (the first start only): done')).toHaveLength(2);
  expect(existsSync(join(folder, '.bootstrap.lock'))).toBe(false);
});

test('is not held up by a start that was killed', async () => {
  const killed = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => killed.once('close', done));
  write('.bootstrap.lock', String(killed.pid));
  expect(await bootstrap()).toEqual({ code: 0, output: installing });
});

test('says what to do when the registry cannot be reached', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  write('package.json', JSON.stringify({ name: 'clone', version: '1.0.0', dependencies: { 'left-out': '1.0.0' } }));
  const integrity = `sha512-${'A'.repeat(86)}==`;
  write(
    'package-lock.json',
    lockfile({
      '': { name: 'clone', version: '1.0.0', dependencies: { 'left-out': '1.0.0' } },
      'node_modules/left-out': { version: '1.0.0', integrity },
    }),
  );
  const cache = join(folder, 'npm-cache');
  const unreachable = {
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_fetch_retries: '0',
    npm_config_cache: cache,
  };
  const failed = await bootstrap([], unreachable);
  expect(failed.code).toBe(1);
  expect(failed.output).toContain('The npm registry cannot be reached.\n  → Look at `npm config get registry`;');
  expect(existsSync(join(folder, 'node_modules/.callboard-stamp'))).toBe(false);
  const offline = await bootstrap([], { ...unreachable, npm_config_offline: 'true' });
  expect(offline.output).toContain(
    'npm runs offline and a package is not in its cache.\n  → Without a network: run `npm ci --cache FOLDER`',
  );
});

test('builds the web app and the command when their sources change, and not otherwise', async () => {
  // Stands for Vite: what matters here is when it is called.
  const vite = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
    const folder = process.argv[process.argv.indexOf('--outDir') + 1];
    mkdirSync(folder, { recursive: true });
    writeFileSync(folder + '/index.html', readFileSync('packages/web/src/main.ts'));`;
  // And this for what builds the command.
  const builder = `import { cpSync, mkdirSync } from 'node:fs';
    mkdirSync(process.argv[2], { recursive: true });
    cpSync('packages/cli/src/main.ts', process.argv[2] + '/main.js');`;
  write('packages/web/src/main.ts', 'one');
  write('packages/model/src/index.ts', 'words');
  write('packages/cli/src/main.ts', 'run');
  write('scripts/build-command.mjs', builder);
  await bootstrap();
  write('node_modules/vite/package.json', '{"type":"module"}');
  write('node_modules/vite/bin/vite.js', vite);
  const building = 'callboard: building the web app …\ncallboard: building the web app: done in N s\n';
  const buildingCommand = 'callboard: building the command …\ncallboard: building the command: done in N s\n';
  const built = () => readFileSync(join(folder, 'packages/web/dist/index.html'), 'utf8');
  expect(await bootstrap(['--built'])).toEqual({ code: 0, output: building + buildingCommand });
  expect(await bootstrap(['--built'])).toEqual({ code: 0, output: '' });
  write('packages/web/src/main.ts', 'two');
  expect(await bootstrap(['--built'])).toEqual({ code: 0, output: building });
  expect(built()).toBe('two');
  write('packages/web/src/main.test.ts', 'a test is no part of the app');
  expect(await bootstrap(['--built'])).toEqual({ code: 0, output: '' });
  write('packages/model/src/index.ts', 'other words');
  expect(await bootstrap(['--built'])).toEqual({ code: 0, output: building + buildingCommand });
  write('packages/cli/src/main.ts', 'walk');
  write('scripts/build-command.mjs', `console.error('main.ts:3 cannot be built'); process.exit(1);`);
  const withSources = await bootstrap(['--built', '--or-old']);
  expect(withSources.code).toBe(0);
  expect(withSources.output).toContain('main.ts:3 cannot be built');
  expect(withSources.output).toContain('callboard: going on with its sources\n');
  write('scripts/build-command.mjs', builder);
  expect(await bootstrap(['--built'])).toEqual({ code: 0, output: buildingCommand });
  // A checkout touches files that it does not change: what was built from them is still newer.
  const command = join(folder, 'packages/cli/dist/main.js');
  utimesSync(command, 1, 1);
  expect(await bootstrap(['--built'])).toEqual({ code: 0, output: '' });
  expect(statSync(command).mtimeMs).toBeGreaterThan(statSync(join(folder, 'packages/cli/src/main.ts')).mtimeMs);
  write('packages/web/src/main.ts', 'three');
  const broken = `import { mkdirSync, writeFileSync } from 'node:fs';
    const folder = process.argv[process.argv.indexOf('--outDir') + 1];
    mkdirSync(folder, { recursive: true });
    writeFileSync(folder + '/index.html', 'half');
    console.error('\\u001b[31merror during build:\\u001b[0m\\nmain.ts:1 cannot be built\\n    at build (/x/vite/chunk.js:1:2)');
    process.exit(1);`;
  write('node_modules/vite/bin/vite.js', broken);
  const failure =
    'callboard: building the web app …\n\nThe web app could not be built:\n\n  main.ts:1 cannot be built\n\n  → Mend that and start again';
  expect(await bootstrap(['--built'])).toEqual({ code: 1, output: `${failure}.\n` });
  expect(await bootstrap(['--built', '--or-old'])).toEqual({
    code: 0,
    output: `${failure}.\n\ncallboard: going on with the web app that was built before\n\n`,
  });
  expect(built()).toBe('two');
  expect(existsSync(join(folder, 'node_modules/.cache/callboard/new'))).toBe(false);
  rmSync(join(folder, 'packages/web/dist'), { recursive: true });
  const without = await bootstrap(['--built', '--or-old']);
  expect(without.code).toBe(1);
  expect(without.output).toContain(`${failure}; a clone as it was published builds`);
});

test('says nothing more when it is stopped', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  write('package.json', JSON.stringify({ name: 'clone', version: '1.0.0', dependencies: { 'left-out': '1.0.0' } }));
  const integrity = `sha512-${'A'.repeat(86)}==`;
  write(
    'package-lock.json',
    lockfile({
      '': { name: 'clone', version: '1.0.0', dependencies: { 'left-out': '1.0.0' } },
      'node_modules/left-out': { version: '1.0.0', integrity },
    }),
  );
  const ended = bootstrap([], {
    npm_config_registry: `http://127.0.0.1:${server.address().port}/`,
    npm_config_cache: join(folder, 'npm-cache'),
  });
  // The registry that never answers has been asked: npm runs.
  const asked = await new Promise((done) => server.once('connection', done));
  started.kill('SIGINT');
  expect(await ended).toEqual({ code: 130, output: 'callboard: installing packages (the first start only) …\n' });
  asked.destroy();
  server.close();
});
