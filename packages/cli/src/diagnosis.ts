import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, statSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadedConfig } from '@callboard/server/config';
import { unusedWords } from './unused-keys.ts';
import { shownPath, type Terminal } from './terminal.ts';

/** One line of `callboard doctor`. */
export type Finding = { check: string; status: 'ok' | 'warning' | 'failed'; message: string; fix?: string };

const oldestGit = [2, 25] as const;
const mebibyte = 1024 * 1024;

const failure = (check: string, error: unknown): Finding => {
  const { message, fix } = error as { message: string; fix?: string };
  return { check, status: 'failed', message, fix: fix ?? 'Look at the message above.' };
};

/** Node.js; the command itself does not run on one that is too old. */
export function nodeFinding(): Finding {
  return {
    check: 'node',
    status: 'ok',
    message: `Node.js ${process.versions.node} (${process.platform} ${process.arch})`,
  };
}

/** Git is needed for sources of type git only. */
export async function gitFinding(): Promise<Finding> {
  const fix =
    'Install Git 2.25 or newer. It is needed to read from repositories; files, folders and addresses work without it.';
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], { timeout: 10_000 });
    const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
    const isOld = Number(major) < oldestGit[0] || (Number(major) === oldestGit[0] && Number(minor) < oldestGit[1]);
    const message = stdout.trim().replace(/^git version/, 'Git');
    return isOld
      ? { check: 'git', status: 'warning', message: `${message} is too old`, fix }
      : { check: 'git', status: 'ok', message };
  } catch {
    return { check: 'git', status: 'warning', message: 'Git was not found', fix };
  }
}

/** The configuration as the portal would read it; the other checks go by it. */
export async function configFinding(
  load: () => Promise<LoadedConfig>,
  terminal: Terminal,
): Promise<{ finding: Finding; config?: LoadedConfig }> {
  try {
    const config = await load();
    const name = config.file ? shownPath(config.file, terminal.directory) : undefined;
    const note = unusedWords(config.unusedKeys);
    const message = name ? `Configuration ${name} is valid` : 'No configuration file; every key has its default';
    if (note === undefined) return { finding: { check: 'config', status: 'ok', message }, config };
    return {
      finding: {
        check: 'config',
        status: 'ok',
        message: `${message}; ${note}`,
        fix: 'callboard config check lists them.',
      },
      config,
    };
  } catch (error) {
    return { finding: failure('config', error) };
  }
}

/** The data directory: writable, or can be made. */
export function dataFinding(directory: string, terminal: Terminal): Finding {
  const shown = shownPath(directory, terminal.directory);
  const fix = 'Give the user that runs Callboard the right to write there, or choose another folder with --data.';
  const check = 'data';
  let existing = directory;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    if (!statSync(existing).isDirectory())
      return {
        check,
        status: 'failed',
        message: `${shownPath(existing, terminal.directory)} is not a folder`,
        fix: 'Choose another folder with --data.',
      };
    accessSync(existing, constants.W_OK | constants.X_OK);
    if (existing !== directory) return { check, status: 'ok', message: `Data folder ${shown} can be made` };
    // Rights say little about read-only and full disks: only a write tells.
    const trial = join(directory, `.doctor-${process.pid}`);
    writeFileSync(trial, 'trial');
    rmSync(trial);
    return { check, status: 'ok', message: `Data folder ${shown} is writable` };
  } catch (error) {
    return {
      check,
      status: 'failed',
      message: `Data folder ${shown} cannot be written (${(error as NodeJS.ErrnoException).code})`,
      fix,
    };
  }
}

/** The free space of the disk that holds the data directory. */
export function spaceFinding(directory: string): Finding {
  let existing = directory;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const free = (bavail * bsize) / mebibyte;
  const message = `${free >= 1024 ? `${(free / 1024).toFixed(1)} GiB` : `${Math.floor(free)} MiB`} free for data`;
  const fix = 'Free some space on that disk, or choose another one with --data.';
  if (free < 50) return { check: 'space', status: 'failed', message, fix };
  return free < 1024 ? { check: 'space', status: 'warning', message, fix } : { check: 'space', status: 'ok', message };
}

/** The database: there, reachable, new enough, and not held by another process. */
export async function databaseFinding(config: LoadedConfig): Promise<Finding> {
  const check = 'database';
  const { url } = config.values.database;
  const { probeDatabase } = await import('@callboard/server/diagnose');
  try {
    const { dialect, version, exists, writable } = await probeDatabase({
      url,
      directory: config.values.data.directory,
    });
    if (dialect === 'sqlite')
      return {
        check,
        status: 'ok',
        message: `Embedded database, SQLite ${version}${exists ? '' : ', made at the first start'}`,
      };
    if (writable) return { check, status: 'ok', message: `PostgreSQL ${version} is reachable` };
    const fix = 'Let the user of database.url make tables: grant create on schema public to that user.';
    return {
      check,
      status: 'failed',
      message: `PostgreSQL ${version} is reachable, but its user may not make tables`,
      fix,
    };
  } catch (error) {
    if ((error as { code?: string }).code === 'DATABASE_FOLDER_LOCKED') {
      const fix = 'Nothing to do if that is your portal. Else stop that process, or use another folder with --data.';
      return { check, status: 'warning', message: (error as Error).message, fix };
    }
    return failure(check, error);
  }
}

/** The port: free, unless a portal already runs on the same data. */
export async function portFinding(config: LoadedConfig, portalRuns: boolean): Promise<Finding> {
  const { host, port } = config.values.server;
  const { probePort } = await import('@callboard/server/diagnose');
  try {
    await probePort({ host, port });
    return {
      check: 'port',
      status: 'ok',
      message: port === 0 ? `A free port will be taken on ${host}` : `Port ${port} on ${host} is free`,
    };
  } catch (error) {
    const finding = failure('port', error);
    return portalRuns ? { ...finding, status: 'warning', fix: 'Nothing to do if that is your portal.' } : finding;
  }
}

/** The web app: in a clone it is built once. */
export async function webAppFinding(): Promise<Finding> {
  const { isWebAppBuilt } = await import('@callboard/server/diagnose');
  if (isWebAppBuilt()) return { check: 'web', status: 'ok', message: 'Web app is built' };
  return {
    check: 'web',
    status: 'warning',
    message: 'Web app is not built; only the API would answer',
    fix: 'Run npm run build in the clone, or start with npm start, which builds it.',
  };
}
