#!/usr/bin/env node
// Plain JavaScript that every Node understands, so that an old one gets a sentence instead of a syntax error.
import { existsSync, readdirSync, statSync } from 'node:fs';
import * as module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import v8 from 'node:v8';

const oldest = 24;
const installed = Number(process.versions.node.split('.')[0]);

/** Where compiled code is kept, so that the next start takes a fraction of the time. */
function cacheFolder(packageFolder) {
  const modules = path.join(packageFolder, '..', '..', 'node_modules');
  if (existsSync(modules)) return path.join(modules, '.cache', 'callboard', 'compiled');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'callboard');
  if (process.platform === 'win32') return path.join(process.env.LOCALAPPDATA || os.tmpdir(), 'callboard', 'cache');
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'callboard');
}

// A small young generation, few arenas and an allocator that gives memory back halve what an idle portal holds.
const sparing = '--max-semi-space-size=4';

/** Begins again as the same process with settings that only a start can give. Where the system has no such call, nothing happens. */
function becomeSparing() {
  const able =
    process.platform === 'linux' && typeof process.execve === 'function' && !process.env.WATCH_REPORT_DEPENDENCIES;
  if (!able || process.argv[2] !== 'start' || process.execArgv.includes(sparing)) return;
  const args = [process.execPath, ...process.execArgv, sparing, ...process.argv.slice(1)];
  const allocator = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' };
  process.execve(process.execPath, args, { ...allocator, ...process.env });
}

/**
 * Whether what was built is as new as the sources beside it. They are read where they changed, and where they are watched; who changes one
 * never runs the old one.
 */
function isBuilt(built, packageFolder) {
  if (!existsSync(built) || process.env.WATCH_REPORT_DEPENDENCIES) return false;
  const { mtimeMs } = statSync(built);
  const isOlder = (file) => statSync(file).mtimeMs <= mtimeMs;
  const packages = path.join(packageFolder, '..');
  return ['cli', 'server', 'model', 'plugin-api'].every((name) => {
    const sources = path.join(packages, name, 'src');
    return (
      !existsSync(sources) ||
      (isOlder(sources) &&
        readdirSync(sources, { recursive: true }).every(
          (file) => file.endsWith('.test.ts') || isOlder(path.join(sources, file)),
        ))
    );
  });
}

async function start() {
  const packageFolder = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
  // By environment, so that threads use it too. A folder that cannot be written is no reason to stop: Node then works without a cache.
  process.env.NODE_COMPILE_CACHE ||= cacheFolder(packageFolder);
  becomeSparing();
  // It is for this thread, which stays. Threads that come for some work and go have room for it, each as it is given.
  if (process.execArgv.includes(sparing)) v8.setFlagsFromString('--max-semi-space-size=0');
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const built = path.join(packageFolder, 'dist', 'main.js');
  const main = isBuilt(built, packageFolder) ? built : path.join(packageFolder, 'src', 'main.ts');
  const { run } = await import(pathToFileURL(main).href);
  const { stdout, stderr, env } = process;
  // The reader of a pipe may go away first, as in `callboard check . | head`.
  stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await run(process.argv.slice(2), { stdout, stderr, env, directory: process.cwd() });
  // Whatever still holds the process after its work is done must not keep a person waiting.
  setTimeout(() => process.exit(), 3000).unref();
}

if (installed < oldest) {
  process.stderr.write(
    `callboard needs Node.js ${oldest} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      `  fix: install Node.js ${oldest} from https://nodejs.org, or start from a clone with npm start, which fetches it.\n`,
  );
  process.exitCode = 1;
} else {
  await start();
}
