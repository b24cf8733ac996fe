/** Programs for tests from packages of Debian: those of the machine, else unpacked into a folder of ours. Nothing is installed. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { withLock } from './lock.mjs';
import { root } from './npm.mjs';

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const run = (program, args, cwd) => spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 120_000 });

/**
 * The path of a program, fetched once where the machine does not have it.
 *
 * @param packageName - of Debian, such as `prometheus`
 * @param file - where the package has the program, such as `usr/bin/prometheus`
 * @returns the path; undefined where it cannot be had, with the reason told to `log`
 */
export async function debianProgram(packageName, file, log = () => {}) {
  const installed = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, basename(file)))
    .find(isExecutable);
  if (installed) return installed;
  const folder = join(root, 'node_modules/.cache/debian', packageName);
  const found = join(folder, file);
  if (isExecutable(found)) return found;
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) {
    log(`${packageName} is not on this machine, and there is no apt-get to fetch it`);
    return undefined;
  }
  mkdirSync(folder, { recursive: true });
  await withLock(`${folder}.lock`, log, async () => {
    if (isExecutable(found)) return;
    log(`${packageName} is not on this machine: fetching the package of Debian, once`);
    let fetched = run('apt-get', ['download', packageName], folder);
    // A fresh machine has no lists of packages yet; only root may get them.
    if (fetched.status !== 0 && process.getuid?.() === 0) {
      run('apt-get', ['update'], folder);
      fetched = run('apt-get', ['download', packageName], folder);
    }
    const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (archive) {
      run('dpkg-deb', ['-x', archive, '.'], folder);
      rmSync(join(folder, archive));
    } else
      log(`${packageName} could not be fetched: ${(fetched.stderr || String(fetched.error)).trim().slice(0, 300)}`);
  });
  return isExecutable(found) ? found : undefined;
}
