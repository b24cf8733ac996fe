import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask, pause } from './http.mjs';
import { processUsage } from './machine.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const command = join(root, 'packages/cli/bin/callboard.js');

/** Folders and processes that must be gone when the run ends, however it ends. */
const running = new Set();
const folders = new Set();

export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `callboard-bench-${name}-`));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** The environment of a user who has set nothing of ours. */
const environment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CALLBOARD_|NODE_ENV$|NODE_OPTIONS$|TEST_DATABASE)/.test(name)),
  );

/**
 * Starts the portal as a user does and waits until /readyz says 200.
 *
 * @param options.sources - paths to read; the example company when absent, nothing when empty
 * @param options.store - where the data lie, see databases.mjs
 * @param options.config - a configuration file
 */
export async function startPortal({ sources, store, config, limitMs = 60_000 }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const database = store.url ? ['--database-url', store.url] : [];
  const targets = sources === undefined ? [] : sources.length === 0 ? ['--no-example'] : sources;
  const logFile = join(store.folder, 'bench-output.log');
  const log = openSync(logFile, 'w');
  const startedAt = Date.now();
  const started = performance.now();
  const file = config ? ['--config', config] : [];
  const args = [command, 'start', ...targets, '--port', String(port), '--data', store.folder, ...database, ...file];
  const child = spawn(process.execPath, args, { cwd: store.folder, env: environment(), stdio: ['ignore', log, log] });
  closeSync(log);
  running.add(child);
  child.once('exit', () => running.delete(child));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const output = () => readFileSync(logFile, 'utf8');
  const stop = async () => {
    if (ended()) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await exit;
    clearTimeout(forced);
  };
  const sinceStart = () => performance.now() - started;
  for (;;) {
    const ready = await ask(`${url}/readyz`, { timeoutMs: 5000 }).then(
      (answer) => answer.status === 200,
      () => false,
    );
    if (ready) break;
    if (ended()) throw new Error(`The portal ended at its start:\n${output().slice(-4000)}`);
    if (sinceStart() > limitMs) {
      await stop();
      throw new Error(`The portal was not ready within ${limitMs / 1000} s:\n${output().slice(-4000)}`);
    }
    await pause(3);
  }
  return {
    url,
    pid: child.pid,
    startedAt,
    readyMs: sinceStart(),
    sinceStart,
    usage: () => processUsage(child.pid),
    output,
    stop,
  };
}
