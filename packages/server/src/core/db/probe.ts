import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from '../log/index.ts';
import type { Dialect } from './types.ts';

/** What `probeDatabase` found out. */
export type DatabaseProbe = {
  dialect: Dialect;
  version: string;
  /** Whether there is something to connect to; an embedded database is made at the first start */
  exists: boolean;
  /** Whether this user may make tables */
  writable: boolean;
};

/**
 * Connects to the database as the portal would, changes nothing, and closes it.
 *
 * @throws AppError as `openDatabase` does: no connection, server too old, folder locked by another process, file damaged
 */
export async function probeDatabase(options: { url?: string; directory: string; log: Logger }): Promise<DatabaseProbe> {
  if (options.url) return probePostgres(options.url, options.log);
  const version = process.versions.sqlite ?? '';
  if (!existsSync(join(options.directory, 'callboard.db')))
    return { dialect: 'sqlite', version, exists: false, writable: true };
  const { openSqlite } = await import('./sqlite.ts');
  const backend = await openSqlite({ directory: options.directory, readers: 1 });
  try {
    await sql`select count(*) from sqlite_schema`.execute(backend.writer);
  } finally {
    await backend.close();
  }
  return { dialect: 'sqlite', version, exists: true, writable: true };
}

async function probePostgres(url: string, log: Logger): Promise<DatabaseProbe> {
  const { openPostgres } = await import('./postgres.ts');
  const backend = await openPostgres({ url, log, wake: () => undefined });
  try {
    const { rows } = await sql<{ version: string; writable: boolean }>`
      select current_setting('server_version') as version,
        has_schema_privilege(current_user, coalesce(current_schema(), 'public'), 'create') as writable`.execute(
      backend.reader,
    );
    return { dialect: 'postgres', version: rows[0]?.version ?? '', exists: true, writable: rows[0]?.writable === true };
  } finally {
    await backend.close();
  }
}
