/**
 * The database: one typed query layer (Kysely) over SQLite in worker threads, the default, and PostgreSQL from 14.
 * Whatever differs between the two lives in this room and nowhere else.
 *
 * - `reader()` reads, `transaction(work)` writes; `work` may run again after a collision, so it acts only through `tx`.
 * - Integers are below 2^53 and times are epoch milliseconds; booleans are 0 and 1; JSON is text; text sorts bytewise.
 * - The bulk functions (`insertMany`, `selectByKeys`, `deleteByKeys`, `allocateIds`) take 100,000 rows without stalling the process.
 * - `notify` and `listen` wake waiters after a commit, `withLease` lets one replica work at a time.
 * - `migrate` only goes forward. The tables of the core rooms are made when the database is opened.
 *
 * No statement runs on the main thread. A statement that takes too long is ended, and a thread or connection that breaks is replaced.
 */
import type { Logger } from '../log/index.ts';
import type { Backend } from './backend.ts';
import * as bulk from './bulk.ts';
import { createLeases } from './lease.ts';
import { migrate } from './migrate.ts';
import { coreMigrations } from './tables.ts';
import { createTransactions } from './transactions.ts';
import type { Database } from './types.ts';
import { exclusive, words } from './words.ts';

export type {
  BulkInsert,
  ColumnType,
  Database,
  DatabaseStatistics,
  Dialect,
  Executor,
  KeySet,
  Migration,
} from './types.ts';

/** How to open the database. */
export type DatabaseOptions = {
  /** `postgres://…`; empty or absent for the embedded database. */
  url?: string;
  /** Folder of the embedded database; made when it is not there. */
  directory?: string;
  log: Logger;
  /** Threads that read the embedded database. */
  readers?: number;
  /** Longest time a read of the embedded database may take. */
  readerTimeoutMs?: number;
};

const createChannels = (log: Logger) => {
  const handlers = new Map<string, Set<() => void>>();
  return {
    handlers,
    wake(channel: string) {
      for (const handler of handlers.get(channel) ?? []) {
        try {
          handler();
        } catch (error) {
          log.error({ channel, error }, 'a listener failed');
        }
      }
    },
  };
};

const openBackend = async (options: DatabaseOptions, wake: (channel: string) => void): Promise<Backend> => {
  if (options.url) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres({ url: options.url, log: options.log, wake });
  }
  const { openSqlite } = await import('./sqlite.ts');
  return openSqlite({
    directory: options.directory ?? '.callboard',
    readers: options.readers ?? 2,
    readerTimeoutMs: options.readerTimeoutMs,
  });
};

/**
 * Opens the database, locks the folder (embedded) or checks the server (PostgreSQL), and makes the core tables.
 *
 * @throws AppError with the next step: folder locked (with the holder's pid), disk full, no connection, server or schema of the wrong version
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { handlers, wake } = createChannels(options.log);
  const backend = await openBackend(options, wake);
  const { dialect } = backend;
  const transactions = createTransactions(backend, (channels) => {
    for (const channel of channels) wake(channel);
  });
  const withLease = createLeases(backend);
  const counters = { bulkRows: 0 };
  let closing: Promise<void> | undefined;
  const database: Database = {
    dialect,
    words: words[dialect],
    reader: () => backend.reader,
    frequent: () => backend.frequent,
    transaction: transactions.transaction,
    migrate: (migrations) => migrate(dialect, transactions.transaction, migrations),
    insertMany(tx, insert) {
      counters.bulkRows += insert.rows.length;
      return bulk.insertMany(dialect, tx, insert);
    },
    selectByKeys: (executor, request) => bulk.selectByKeys(dialect, executor, request),
    deleteByKeys: (tx, request) => bulk.deleteByKeys(dialect, tx, request),
    allocateIds: (tx, table, count) => bulk.allocateIds(dialect, tx, table, count),
    notify: (tx, channel) => void transactions.stateOf(tx, 'notify').channels.add(channel),
    beforeCommit: (tx, work) => void transactions.stateOf(tx, 'beforeCommit').hooks.push(work),
    exclusive: (tx, name) => exclusive(dialect, tx, name),
    listen(channel, handler) {
      // A wrapper of its own, so that one function can listen twice and be removed once.
      const entry = () => handler();
      const set = handlers.get(channel) ?? new Set();
      handlers.set(channel, set.add(entry));
      backend.subscribe?.(channel);
      return () => void set.delete(entry);
    },
    withLease: (name, { ttlMs }, work) => withLease(name, ttlMs, work),
    statistics: () => ({ dialect, ...backend.counters(), ...transactions.counters, ...counters }),
    close: () => (closing ??= transactions.drain().then(() => backend.close())),
  };
  try {
    await database.migrate(coreMigrations);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
