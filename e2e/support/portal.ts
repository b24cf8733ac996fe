import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Portal = {
  /** Base address without a slash at the end. */
  url: string;
  /** The data folder. */
  directory: string;
  pid: number;
  /** From the start of the process to the first good answer of /readyz. */
  readyMs: number;
  /** Everything that the process has written so far. */
  output(): string;
  /** Ends the process as Ctrl-C does, waits, and removes the data folder if the portal was given none. */
  stop(): Promise<void>;
  /** Ends the process at once, as a power cut does; its data stay for the next start. */
  kill(): Promise<void>;
};

const command = fileURLToPath(new URL('../../packages/cli/bin/callboard.js', import.meta.url));

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** The environment of a user who has set nothing of ours. */
function cleanEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(CALLBOARD_|NODE_ENV$|NODE_OPTIONS$|VITEST|TEST_DATABASE_URL$)/.test(name),
  );
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...extra };
}

/** Runs the command line to its end and returns what it printed. */
export async function runCallboard(
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: options.cwd,
    env: cleanEnvironment(options.env),
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  child.stdin.end(options.input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/**
 * Starts the product as a user does, and waits until it is ready.
 *
 * @param options.args - more arguments of `callboard start`: paths, URLs, flags
 * @param options.directory - data folder to use and keep; a temporary one when absent
 * @param options.databaseUrl - PostgreSQL instead of the embedded database
 * @param options.runner - a program that runs the command given after it, in its own process, under other conditions
 */
export async function startPortal(
  options: {
    args?: string[];
    directory?: string;
    databaseUrl?: string;
    port?: number;
    cwd?: string;
    env?: Record<string, string>;
    runner?: string[];
  } = {},
): Promise<Portal> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'callboard-e2e-')));
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const database = options.databaseUrl ? ['--database-url', options.databaseUrl] : [];
  const args = ['start', ...(options.args ?? []), '--port', String(port), '--data', directory, ...database];
  const started = performance.now();
  const [program, ...programArgs] = [...(options.runner ?? []), process.execPath, command, ...args] as [
    string,
    ...string[],
  ];
  const child = spawn(program, programArgs, {
    cwd: options.cwd ?? directory,
    env: cleanEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const killWithUs = () => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const end = async (signal: NodeJS.Signals) => {
    process.off('exit', killWithUs);
    if (ended()) return;
    const closed = once(child, 'close');
    child.kill(signal);
    const forced = setTimeout(killWithUs, 15_000);
    await closed;
    clearTimeout(forced);
    if (signal !== 'SIGKILL' && child.signalCode === 'SIGKILL')
      throw new Error(`The portal did not stop within 15 s.\n${output}`);
  };
  const remove = async () => void (options.directory ?? (await rm(directory, { recursive: true, force: true })));

  const deadline = started + 60_000;
  for (;;) {
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) break;
    if (ended() || performance.now() > deadline) {
      const reason = ended() ? `ended with ${child.exitCode ?? child.signalCode}` : 'was not ready within 60 s';
      await end('SIGKILL');
      await remove();
      throw new Error(`The portal ${reason}: callboard ${args.join(' ')}\n${output}`);
    }
    await new Promise((done) => setTimeout(done, 15));
  }
  return {
    url,
    directory,
    pid: child.pid!,
    readyMs: performance.now() - started,
    output: () => output,
    async stop() {
      await end('SIGTERM');
      await remove();
    },
    kill: () => end('SIGKILL'),
  };
}
