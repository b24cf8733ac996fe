import type { Kysely, RawBuilder, Transaction } from 'kysely';

/** The two databases Callboard runs on. */
export type Dialect = 'sqlite' | 'postgres';

/** One forward step of the schema. Its name (`catalog/0001-entities`) is recorded once it is done. */
export type Migration = { name: string; up(tx: Kysely<any>, dialect: Dialect): Promise<void> };

/** The column types that cross the bulk functions: 64-bit integers, text, and on PostgreSQL the text of a tsvector. */
export type ColumnType = 'integer' | 'text' | 'tsvector';

/** Rows for `insertMany`: each row holds one value per column, in the order of `columns`. */
export type BulkInsert = {
  table: string;
  columns: Record<string, ColumnType>;
  rows: readonly (readonly unknown[])[];
  conflict?: { columns: string[]; action: 'ignore' | { update: string[] } };
};

/** Which rows `selectByKeys` and `deleteByKeys` mean: those whose `column` is one of `values`. */
export type KeySet = { table: string; column: string; type: ColumnType; values: readonly (string | number)[] };

/** A Kysely instance or a transaction of it; what is read through a transaction includes its own writes. */
export type Executor = Kysely<any>;

/** Figures for Admin and `/metrics`. */
export type DatabaseStatistics = {
  dialect: Dialect;
  statements: number;
  transactions: number;
  retries: number;
  bulkRows: number;
  waitingReaders: number;
  waitingWriters: number;
  restarts: number;
};

/** The door to the database, the same on SQLite and PostgreSQL. See `index.ts`. */
export type Database = {
  readonly dialect: Dialect;

  /** Pieces of SQL that are spelled differently. `now`: the database's clock in epoch milliseconds. `skipLocked`: ends a select of rows to claim. */
  readonly words: { now: RawBuilder<number>; skipLocked: RawBuilder<unknown> };

  /** For reading outside of transactions. It sees everything committed. On SQLite a write through it is refused. */
  reader<T = any>(): Kysely<T>;

  /**
   * The same for statements that are asked again and again in few forms, with other parameters: each connection to PostgreSQL parses and
   * plans them once. Others would only fill its memory.
   */
  frequent<T = any>(): Kysely<T>;

  /**
   * Runs `work` in one transaction: all of it is stored, or nothing when it throws.
   * **`work` may run several times** (collisions, a lost connection), so it must have no effect but through `tx`.
   * Transactions do not nest: pass `tx` on.
   */
  transaction<T = any, R = unknown>(work: (tx: Transaction<T>) => Promise<R>): Promise<R>;

  /** Applies the migrations that are not recorded yet, in the order given, one replica at a time. Returns their names. */
  migrate(migrations: readonly Migration[]): Promise<string[]>;

  /** The fastest way to insert many rows. Sort them by primary key for speed. NUL characters become U+FFFD. */
  insertMany(tx: Executor, insert: BulkInsert): Promise<void>;

  /** Rows whose key is one of (up to hundreds of thousands of) values, in no order. */
  selectByKeys<Row = Record<string, any>>(
    executor: Executor,
    request: KeySet & { select: readonly string[] },
  ): Promise<Row[]>;

  /** Deletes the rows whose key is one of the values; returns how many. */
  deleteByKeys(tx: Executor, request: KeySet): Promise<number>;

  /** Integer primary keys (column `id`) known before the insert; ascending, never given twice. */
  allocateIds(tx: Executor, table: string, count: number): Promise<number[]>;

  /** Wakes the listeners of a channel on all replicas once the transaction is committed. */
  notify(tx: Executor, channel: string): void;

  /** Calls `handler` soon after a commit that notified the channel. It may also be called without cause. Returns the off switch. */
  listen(channel: string, handler: () => void): () => void;

  /** Runs `work` as the last thing before the transaction commits; an error undoes the transaction. */
  beforeCommit(tx: Executor, work: () => Promise<void>): void;

  /** Waits until no other transaction holds this name, and holds it until the end of this one. */
  exclusive(tx: Executor, name: string): Promise<void>;

  /**
   * Runs `work` if no other replica holds the lease of this name, else returns undefined at once.
   * The lease is renewed while `work` runs; `signal` fires when it was lost, and `work` must then stop.
   */
  withLease<R>(
    name: string,
    options: { ttlMs: number },
    work: (lease: { signal: AbortSignal }) => Promise<R>,
  ): Promise<R | undefined>;

  statistics(): DatabaseStatistics;

  /** Waits for running statements and gives everything back (files, threads, connections, the folder's lock). */
  close(): Promise<void>;
};
