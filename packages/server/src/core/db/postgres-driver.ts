import { CompiledQuery, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult, TransactionSettings } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { BulkRows, storableText } from './bulk-rows.ts';
import { errors } from './errors.ts';
import { copyRows } from './postgres-copy.ts';
import type { StatementNames } from './postgres-statements.ts';

const connectAttempts = 5;
/** A server that swallows everything is not asked again and again while somebody waits for the answer. */
const connectPatienceMs = 5_000;
const readAttempts = 3;
/** Longest time a statement may take; the server ends it. */
export const statementTimeoutMs = 60_000;

/** Whether the connection, not the statement, failed. */
export function isConnectionError(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (code && /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|57P0[123]|08\d\d\d)$/.test(code))
    return true;
  return /^Connection terminated|^timeout exceeded when trying to connect|^Client has encountered a connection error|not queryable/.test(
    message ?? '',
  );
}

/** Turns a failure to connect into an error that names the place. */
export type ConnectionFailure = (error: Error) => Error;

/** The few faults of a statement that a person can act on. */
const translate = (error: unknown): unknown => {
  const { code, message } = error as { code?: string; message?: string };
  if (code === '57014' && message?.includes('statement timeout'))
    return errors.statementTimedOut({ seconds: statementTimeoutMs / 1000 }, { cause: error });
  if (code === '53100') return errors.diskFull({ place: 'the PostgreSQL database' }, { cause: error });
  return error;
};

const counting = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
const storable = (value: unknown) => {
  if (typeof value === 'string') return storableText(value);
  return typeof value === 'boolean' ? Number(value) : value;
};

class PostgresConnection implements DatabaseConnection {
  readonly #driver: PostgresDriver;
  /** Given back to the pool, and not replaced, when undefined. */
  client: PoolClient | undefined;
  inTransaction = false;
  broken: Error | undefined;

  constructor(driver: PostgresDriver, client: PoolClient) {
    this.#driver = driver;
    this.client = client;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#execute(query);
      } catch (error) {
        if (!isConnectionError(error)) throw translate(error);
        this.broken = error as Error;
        // A transaction is tried again as a whole, by who asked for it.
        if (this.inTransaction) throw error;
        // Outside of one only reads come by, and those can be asked again on another connection.
        if (attempt >= readAttempts || !/^\s*(select|with)\b/i.test(query.sql))
          throw this.#driver.failure(error as Error);
        await this.#driver.replaceClient(this);
      }
    }
  }

  async #execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#driver.counters.statements += 1;
    const [first] = query.parameters;
    if (first instanceof BulkRows) {
      await copyRows(this.client!, query.sql, first.rows);
      return { numAffectedRows: BigInt(first.rows.length), rows: [] };
    }
    const { command, rowCount, rows } = await this.#ask(query);
    const numAffectedRows = counting.has(command) ? BigInt(rowCount ?? 0) : undefined;
    // A commit that PostgreSQL answers with ROLLBACK has stored nothing.
    if (query.sql === 'commit' && command === 'ROLLBACK')
      throw new Error('The transaction was undone because an earlier statement of it had failed');
    return { numAffectedRows, rows: rows ?? [] };
  }

  async #ask({ sql: text, parameters }: CompiledQuery) {
    const values = parameters.map(storable);
    const { names } = this.#driver;
    const name = names?.nameOf(text);
    if (!name) return this.client!.query(text, values);
    try {
      return await this.client!.query({ name, text, values });
    } catch (error) {
      if (!names!.isAtFault(error, text)) throw error;
      return this.client!.query(text, values);
    }
  }

  streamQuery(): never {
    throw new Error('Streaming is not supported: read in pages');
  }
}

/** Gives Kysely the connections of a pool; waits a little for a server that is being restarted. */
export class PostgresDriver implements Driver {
  readonly counters: { statements: number; restarts: number };
  readonly #pool: Pool;
  /** What is told to those who asked when a connection fails for good. */
  readonly failure: ConnectionFailure;
  /** Where statements are to be prepared. Only for reading, as what fails for its name is asked again. */
  readonly names: StatementNames | undefined;

  constructor(
    pool: Pool,
    failure: ConnectionFailure,
    counters: { statements: number; restarts: number },
    names?: StatementNames,
  ) {
    this.#pool = pool;
    this.failure = failure;
    this.counters = counters;
    this.names = names;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new PostgresConnection(this, await this.#connect());
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const { client, broken } = connection as PostgresConnection;
    client?.release(broken);
  }

  async replaceClient(connection: PostgresConnection): Promise<void> {
    const { client } = connection;
    connection.client = undefined;
    client?.release(connection.broken);
    this.counters.restarts += 1;
    connection.client = await this.#connect();
    connection.broken = undefined;
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const level = settings.isolationLevel ? ` isolation level ${settings.isolationLevel}` : '';
    const mode = settings.accessMode ? ` ${settings.accessMode}` : '';
    (connection as PostgresConnection).inTransaction = true;
    await connection.executeQuery(CompiledQuery.raw(`start transaction${level}${mode}`));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw('commit'));
    } catch (error) {
      if (isConnectionError(error)) throw errors.commitUnknown({}, { cause: error });
      throw error;
    }
    (connection as PostgresConnection).inTransaction = false;
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A connection that cannot even roll back is thrown away, and the server undoes the transaction.
    await connection.executeQuery(CompiledQuery.raw('rollback')).catch((error: Error) => {
      (connection as PostgresConnection).broken = error;
    });
    (connection as PostgresConnection).inTransaction = false;
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }

  async #connect(): Promise<PoolClient> {
    const started = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#pool.connect();
      } catch (error) {
        if (this.#pool.ending) throw errors.closed();
        const enough = attempt >= connectAttempts || performance.now() - started > connectPatienceMs;
        if (!isConnectionError(error) || enough) throw this.failure(error as Error);
        await sleep(50 * 4 ** (attempt - 1));
      }
    }
  }
}

/** A Kysely dialect over a `pg` pool. */
export const postgresDialect = (driver: PostgresDriver): Dialect => ({
  createDriver: () => driver,
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
});
