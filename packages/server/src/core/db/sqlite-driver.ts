import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import { BulkRows } from './bulk-rows.ts';
import { errors } from './errors.ts';
import type { ThreadReply } from './sqlite-protocol.ts';
import type { SqliteThread } from './sqlite-thread.ts';

/** Figures the driver counts up. */
export type DriverCounters = { statements: number; restarts: number; waiting: number };

export type SqliteDriverOptions = {
  threads: number;
  /** Starts a thread; called when one is needed and after one was lost. */
  start(): SqliteThread;
  statementTimeoutMs: number;
  waitForOldThread: boolean;
  counters: DriverCounters;
  /** Who lends its connection while this driver has no thread of its own; then none is kept when nothing is asked. */
  lender?: SqliteDriver;
};

class SqliteConnection implements DatabaseConnection {
  thread: SqliteThread;
  /** Whose thread this is, where it is lent: nothing may be written through it. */
  readonly lent: SqliteConnection | undefined;
  readonly #options: SqliteDriverOptions;

  constructor(options: SqliteDriverOptions, lent?: SqliteConnection) {
    this.#options = options;
    this.lent = lent;
    this.thread = lent ? lent.thread : options.start();
  }

  /** A thread that was ended is replaced before the connection is given out again. */
  async ready(): Promise<void> {
    if (this.lent) {
      await this.lent.ready();
      this.thread = this.lent.thread;
      return;
    }
    if (this.thread.stopped) {
      // The old thread must be gone before a new one can take the folder's lock; readers hold none.
      const ended = this.thread.terminate(this.thread.stopped);
      if (this.#options.waitForOldThread) await ended;
      this.#options.counters.restarts += 1;
      this.thread = this.#options.start();
    }
    await this.thread.opened;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { counters, statementTimeoutMs } = this.#options;
    counters.statements += 1;
    const [first] = query.parameters;
    if (first instanceof BulkRows) {
      const { changes } = await this.thread.request(
        { type: 'many', sql: query.sql, rows: first.rows },
        statementTimeoutMs,
      );
      return { rows: [], numAffectedRows: BigInt(changes ?? 0) };
    }
    const rows: R[] = [];
    const take = (part: ThreadReply) => addObjects(rows, part.columns!, part.rows!);
    const reply = await this.thread.request(
      {
        type: 'query',
        sql: query.sql,
        parameters: query.parameters,
        limitMs: statementTimeoutMs,
        ...(this.lent && { readOnly: true }),
      },
      statementTimeoutMs,
      take,
    );
    if (reply.columns) {
      take(reply);
      return { rows };
    }
    return { rows: [], numAffectedRows: BigInt(reply.changes ?? 0), insertId: BigInt(reply.insertId ?? 0) };
  }

  streamQuery(): never {
    throw new Error('Streaming is not supported: read in pages');
  }
}

const addObjects = (target: unknown[], columns: string[], rows: unknown[][]) => {
  for (const row of rows) {
    const object: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index += 1) object[columns[index]!] = row[index];
    target.push(object);
  }
};

const idleMs = 20_000;

/** Gives Kysely connections, each of them a thread; who finds none free waits in line. */
export class SqliteDriver implements Driver {
  readonly #options: SqliteDriverOptions;
  readonly #free: SqliteConnection[] = [];
  readonly #all: SqliteConnection[] = [];
  readonly #line: ((connection: SqliteConnection) => void)[] = [];
  #closing = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: SqliteDriverOptions) {
    this.#options = options;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#closing) throw errors.closed();
    const connection = await this.#take();
    try {
      await connection.ready();
      return connection;
    } catch (error) {
      await this.releaseConnection(connection);
      throw error;
    }
  }

  async releaseConnection(connection: SqliteConnection): Promise<void> {
    const { lent } = connection;
    // What was lent goes back before others of ours have it: its owner may have waited.
    if (lent) await this.#options.lender!.releaseConnection(lent);
    const next = this.#line[0];
    const free = lent ? next && this.#borrow() : connection;
    if (!free) return;
    if (next) {
      this.#line.shift();
      next(free);
    } else {
      this.#free.push(free);
      this.#endIdle();
    }
    this.#options.counters.waiting = this.#line.length;
  }

  /** The connection where nobody uses or waits for it, until it is released. */
  lend(): SqliteConnection | undefined {
    return this.#closing ? undefined : this.#free.pop();
  }

  /** A thread costs some 12 MB; all but one end when nothing has been asked for a while, and that one too where another can be borrowed. */
  #endIdle(): void {
    const kept = this.#options.lender ? 0 : 1;
    if (this.#all.length <= kept) return;
    if (this.#idle) {
      this.#idle.refresh();
      return;
    }
    this.#idle = setTimeout(() => {
      this.#idle = undefined;
      for (const connection of this.#free.splice(kept)) {
        this.#all.splice(this.#all.indexOf(connection), 1);
        connection.thread.close().catch(() => undefined);
      }
    }, idleMs).unref();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite undoes the transaction itself on some errors (disk full, lost thread): then there is nothing left to undo.
    await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
  }

  async destroy(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#idle);
    await Promise.all(this.#all.map((connection) => connection.thread.close()));
  }

  #borrow(): SqliteConnection | undefined {
    const lent = this.#options.lender?.lend();
    return lent && new SqliteConnection(this.#options, lent);
  }

  #take(): Promise<SqliteConnection> {
    const free = this.#free.pop() ?? (this.#all.length === 0 ? this.#borrow() : undefined);
    if (free) return Promise.resolve(free);
    if (this.#all.length < this.#options.threads) {
      const connection = new SqliteConnection(this.#options);
      this.#all.push(connection);
      if (!this.#options.lender || this.#all.length > 1) return Promise.resolve(connection);
      // The first thread takes longer to start than what is borrowed takes to come back, as a rule.
      const started = () => this.releaseConnection(connection);
      connection.thread.opened.then(started, started);
    }
    return new Promise((resolve) => {
      this.#line.push(resolve);
      this.#options.counters.waiting = this.#line.length;
    });
  }
}

/** A Kysely dialect whose statements run in SQLite threads. */
export const sqliteDialect = (driver: SqliteDriver): Dialect => ({
  createDriver: () => driver,
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
});
