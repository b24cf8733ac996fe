import { Kysely, sql } from 'kysely';
import type { PoolConfig } from 'pg';
import type { Logger } from '../log/index.ts';
import type { Backend } from './backend.ts';
import { errors } from './errors.ts';
import { isConnectionError, PostgresDriver, postgresDialect, statementTimeoutMs } from './postgres-driver.ts';
import { createListener } from './postgres-listen.ts';
import { createStatementNames } from './postgres-statements.ts';

const poolSize = 10;
const oldestVersion = 140_000;
const integerTypes = new Set([20, 1700]);

const parseUrl = (url: string): URL => {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    // The parser's own message would repeat the address with its password.
    throw errors.urlInvalid({ reason: 'it cannot be read as a URL' });
  }
  if (!/^postgres(ql)?:$/.test(parsed.protocol))
    throw errors.urlInvalid({ reason: `it starts with ${parsed.protocol}//` });
  return parsed;
};

/** Opens a pool on the server and checks its version. */
export async function openPostgres(options: {
  url: string;
  log: Logger;
  wake(channel: string): void;
}): Promise<Backend> {
  const { log } = options;
  const address = parseUrl(options.url);
  const place = {
    host: address.hostname || 'localhost',
    port: address.port || '5432',
    database: decodeURIComponent(address.pathname.slice(1)) || address.username,
  };
  const failure = (error: Error) => {
    if (!isConnectionError(error) && !/^(28|3D|53)/.test((error as { code?: string }).code ?? '')) return error;
    return errors.connectionFailed(
      { ...place, reason: error.message || (error as { code?: string }).code },
      { cause: error },
    );
  };
  const { default: pg } = await import('pg');
  const types: PoolConfig['types'] = {
    // 64-bit integers and sums of them are numbers here: all of ours stay below 2^53.
    getTypeParser: ((id: number, format: 'text') => {
      if (format !== ('binary' as string) && integerTypes.has(id)) return Number;
      if (id === 1016) return (text: string) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number));
      return pg.types.getTypeParser(id, format);
    }) as NonNullable<PoolConfig['types']>['getTypeParser'],
  };
  const connection: PoolConfig = {
    connectionString: options.url,
    application_name: 'callboard',
    types,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    idleTimeoutMillis: 60_000,
    // Not a start-up parameter: connection poolers refuse those they do not know.
    onConnect: async (client) => void (await client.query(`set statement_timeout = ${statementTimeoutMs}`)),
  });
  pool.on('error', (error) => log.warn({ error: error.message }, 'an idle database connection was lost'));
  // A connection that breaks while it is lent out says so once more, apart from its failing statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const counters = { statements: 0, restarts: 0 };
  const kysely = new Kysely<any>({ dialect: postgresDialect(new PostgresDriver(pool, failure, counters)) });
  // Of the same connections, which `kysely` closes.
  const frequent = new Kysely<any>({
    dialect: postgresDialect(new PostgresDriver(pool, failure, counters, createStatementNames())),
  });
  try {
    const { rows } = await sql<{
      number: string;
      text: string;
    }>`select current_setting('server_version_num') as number, current_setting('server_version') as text`.execute(
      kysely,
    );
    if (Number(rows[0]!.number) < oldestVersion) throw errors.serverTooOld({ ...place, version: rows[0]!.text });
  } catch (error) {
    await kysely.destroy();
    throw failure(error as Error);
  }
  const listener = createListener({ connect: () => new pg.Client(connection), wake: options.wake, log });
  return {
    dialect: 'postgres',
    reader: kysely,
    frequent,
    writer: kysely,
    isRetryable: (error) => {
      const { code } = error as { code?: string };
      return (
        code === '40001' || code === '40P01' || (code !== 'DATABASE_CONNECTION_FAILED' && isConnectionError(error))
      );
    },
    announce: async (tx, channels) =>
      void (await sql`select pg_notify(${listener.channel}, name) from unnest(${channels}::text[]) as name`.execute(
        tx,
      )),
    subscribe: listener.start,
    counters: () => ({ ...counters, waitingReaders: pool.waitingCount, waitingWriters: 0 }),
    async close() {
      await listener.stop();
      await kysely.destroy();
    },
  };
}
