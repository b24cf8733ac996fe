import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import type { Backend } from './backend.ts';
import { errors } from './errors.ts';
import { SqliteDriver, sqliteDialect } from './sqlite-driver.ts';
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

type Place = { directory: string; file: string; holderFile: string };

/** The pid that the holder of the folder's lock has left, for the message. */
const holderOf = ({ holderFile }: Place): string => {
  try {
    const text = readFileSync(holderFile, 'utf8').trim();
    return /^\d+$/.test(text) ? ` (pid ${text})` : '';
  } catch {
    return '';
  }
};

const faultTranslator =
  (place: Place) =>
  (fault: ThreadFault, limitMs: number): Error => {
    const { directory, file } = place;
    const { code, message: reason } = fault;
    if (fault.locked) return errors.folderLocked({ directory, holder: holderOf(place) });
    if (fault.timedOut) return errors.statementTimedOut({ seconds: limitMs / 1000 });
    if (fault.tooLarge) return errors.answerTooLarge();
    const primary = code === undefined ? undefined : code & 0xff;
    const cause = new SqliteError(reason, code);
    if (primary === codes.full || code === sharedMemorySize) return errors.diskFull({ place: directory }, { cause });
    if (primary === codes.corrupt || primary === codes.notDatabase)
      return errors.fileCorrupted({ file, reason }, { cause });
    const unusable =
      primary === codes.cannotOpen || primary === codes.inputOutput || (fault.opening && primary === codes.readOnly);
    return unusable ? errors.folderUnusable({ directory, reason }, { cause }) : cause;
  };

const folderError = (directory: string, error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return errors.diskFull({ place: directory }, { cause: error });
  const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in the way' : message;
  return errors.folderUnusable({ directory, reason }, { cause: error });
};

/** Rights, read-only file systems and full disks show best when something is written. */
const makeFolder = async (directory: string) => {
  const probe = join(directory, `callboard.probe-${process.pid}`);
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(probe, 'x');
    await rm(probe);
  } catch (error) {
    throw folderError(directory, error);
  }
};

/** Opens `callboard.db` in the folder: one writer thread that also holds the folder's lock, and reader threads started when needed; while there are none, the writer answers. */
export async function openSqlite(options: {
  directory: string;
  readers: number;
  readerTimeoutMs?: number;
}): Promise<Backend> {
  const { directory, readerTimeoutMs: readerLimitMs = readerTimeoutMs } = options;
  await makeFolder(directory);
  const file = join(directory, 'callboard.db');
  const lockFile = join(directory, 'callboard.lock');
  const holderFile = join(directory, 'callboard.pid');
  const place = { directory, file, holderFile };
  const readCounters = { statements: 0, restarts: 0, waiting: 0 };
  const writeCounters = { statements: 0, restarts: 0, waiting: 0 };
  const writing = new SqliteDriver({
    threads: 1,
    start: () => new SqliteThread({ file, lockFile, readOnly: false, cacheKibibytes: 65_536 }, faultTranslator(place)),
    statementTimeoutMs: writerTimeoutMs,
    waitForOldThread: true,
    counters: writeCounters,
  });
  const writer = new Kysely<any>({ dialect: sqliteDialect(writing) });
  try {
    await writer.connection().execute(async () => undefined);
    await writeFile(holderFile, `${process.pid}\n`).catch((error: unknown) =>
      Promise.reject(folderError(directory, error)),
    );
  } catch (error) {
    await writer.destroy();
    throw error;
  }
  const reading = new SqliteDriver({
    threads: options.readers,
    start: () => new SqliteThread({ file, readOnly: true, cacheKibibytes: 8_192 }, faultTranslator(place)),
    statementTimeoutMs: readerLimitMs,
    waitForOldThread: false,
    counters: readCounters,
    lender: writing,
  });
  const reader = new Kysely<any>({ dialect: sqliteDialect(reading) });
  return {
    dialect: 'sqlite',
    reader,
    // Each thread keeps the statements that it has prepared.
    frequent: reader,
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
