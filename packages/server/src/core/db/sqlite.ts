import { constants } from 'node:fs';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import type { Backend } from './backend.ts';
import { errors } from './errors.ts';
import { sqliteDialect } from './sqlite-driver.ts';
import type { ThreadFault } from './sqlite-protocol.ts';
import { SqliteThread } from './sqlite-thread.ts';

const readerTimeoutMs = 30_000;
const writerTimeoutMs = 600_000;
const codes = { busy: 5, readOnly: 8, inputOutput: 10, corrupt: 11, full: 13, cannotOpen: 14, notDatabase: 26 };
/** SQLite's shared memory file could not grow: the disk is full, too. */
const sharedMemorySize = 4874;

/** An SQLite error that has no clearer words, with the code that tells a collision or a broken constraint. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly code: number | undefined;

  constructor(message: string, code: number | undefined) {
    super(message);
    this.code = code;
  }
}

const faultTranslator =
  (directory: string, file: string, holder: () => string) =>
  (fault: ThreadFault): Error => {
    if (fault.locked) return errors.folderLocked({ directory, holder: holder() });
    const primary = fault.code === undefined ? undefined : fault.code & 0xff;
    const cause = new SqliteError(fault.message, fault.code);
    if (primary === codes.full || fault.code === sharedMemorySize)
      return errors.diskFull({ place: directory }, { cause });
    if (primary === codes.corrupt || primary === codes.notDatabase)
      return errors.fileCorrupted({ file, reason: fault.message }, { cause });
    if (primary === codes.cannotOpen || primary === codes.inputOutput)
      return errors.folderUnusable({ directory, reason: fault.message }, { cause });
    return cause;
  };

const makeFolder = async (directory: string) => {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw errors.diskFull({ place: directory }, { cause: error });
    throw errors.folderUnusable({ directory, reason: message }, { cause: error });
  }
};

/** Opens `callboard.db` in the folder: one writer thread that also holds the folder's lock, and reader threads started when needed. */
export async function openSqlite(options: {
  directory: string;
  readers: number;
  readerTimeoutMs?: number;
}): Promise<Backend> {
  const { directory } = options;
  await makeFolder(directory);
  const file = join(directory, 'callboard.db');
  const lockFile = join(directory, 'callboard.lock');
  const holderFile = join(directory, 'callboard.pid');
  const holderText = await readFile(holderFile, 'utf8').catch(() => '');
  const translate = faultTranslator(directory, file, () =>
    /^\d+$/.test(holderText.trim()) ? ` (pid ${holderText.trim()})` : '',
  );
  const readCounters = { statements: 0, restarts: 0, waiting: 0 };
  const writeCounters = { statements: 0, restarts: 0, waiting: 0 };
  const writer = new Kysely<any>({
    dialect: sqliteDialect({
      threads: 1,
      start: () => new SqliteThread({ file, lockFile, readOnly: false, cacheKibibytes: 32_768 }, translate),
      statementTimeoutMs: writerTimeoutMs,
      counters: writeCounters,
    }),
  });
  try {
    await writer.connection().execute(async () => undefined);
    await writeFile(holderFile, `${process.pid}\n`);
  } catch (error) {
    await writer.destroy();
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC'
      ? errors.diskFull({ place: directory }, { cause: error })
      : error;
  }
  const reader = new Kysely<any>({
    dialect: sqliteDialect({
      threads: options.readers,
      start: () => new SqliteThread({ file, readOnly: true, cacheKibibytes: 8_192 }, translate),
      statementTimeoutMs: options.readerTimeoutMs ?? readerTimeoutMs,
      counters: readCounters,
    }),
  });
  return {
    dialect: 'sqlite',
    reader,
    writer,
    isRetryable: (error) => error instanceof SqliteError && ((error.code ?? 0) & 0xff) === codes.busy,
    counters: () => ({
      statements: readCounters.statements + writeCounters.statements,
      restarts: readCounters.restarts + writeCounters.restarts,
      waitingReaders: readCounters.waiting,
      waitingWriters: writeCounters.waiting,
    }),
    async close() {
      await reader.destroy();
      await rm(holderFile, { force: true }).catch(() => undefined);
      await writer.destroy();
    },
  };
}
