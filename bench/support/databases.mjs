import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { removeFolder, root, temporaryFolder } from './portal.mjs';

/** Starts a private PostgreSQL with the settings that a careful operator has (nothing that can lose data is switched off). */
async function startServer() {
  const child = spawn(process.execPath, [join(root, 'scripts/postgres.mjs'), '--durable'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stopNow = () => child.kill('SIGTERM');
  process.once('exit', stopNow);
  const lines = createInterface({ input: child.stdout });
  const [url] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`PostgreSQL could not be started (exit code ${code}); give one by --postgres URL`);
    }),
  ]);
  return {
    url,
    async stop() {
      process.off('exit', stopNow);
      const exit = once(child, 'exit');
      stopNow();
      await exit;
    },
  };
}

async function query(url, text) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const embedded = {
  name: 'sqlite',
  facts: async () => ({ kind: 'embedded' }),
  /** A new place for data: `folder`, and `url` where a server holds the database. */
  async create() {
    const folder = temporaryFolder('data');
    const size = (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
    return {
      folder,
      file: join(folder, 'callboard.db'),
      bytes: async () => size('callboard.db') + size('callboard.db-wal'),
      remove: async () => removeFolder(folder),
    };
  },
  stop: async () => undefined,
};

function onServer(server, stop) {
  return {
    name: 'postgres',
    async facts() {
      const names = `'server_version', 'fsync', 'synchronous_commit', 'shared_buffers', 'max_wal_size'`;
      const rows = await query(server, `select name, setting, unit from pg_settings where name in (${names})`);
      return {
        kind: 'server',
        ...Object.fromEntries(rows.map(({ name, setting, unit }) => [name, `${setting}${unit ? ` × ${unit}` : ''}`])),
      };
    },
    async create() {
      const folder = temporaryFolder('data');
      const schema = `bench_${process.pid}_${randomBytes(4).toString('hex')}`;
      await query(server, `create schema ${schema}`);
      const url = new URL(server);
      url.searchParams.set('options', `-c search_path=${schema}`);
      return {
        folder,
        schema,
        server,
        url: url.href.replaceAll('+', '%20'),
        async bytes() {
          const sizes = await query(
            server,
            `select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = '${schema}' and c.relkind = 'r'`,
          );
          return sizes[0].bytes ?? 0;
        },
        async remove() {
          await query(server, `drop schema if exists ${schema} cascade`);
          removeFolder(folder);
        },
      };
    },
    stop,
  };
}

/**
 * The databases to measure on.
 *
 * @param names - `sqlite`, `postgres`
 * @param given - address of a PostgreSQL server; a private one is started when absent
 */
export async function openDatabases(names, given) {
  const databases = [];
  for (const name of names) {
    if (name === 'sqlite') databases.push(embedded);
    else if (name !== 'postgres') throw new Error(`There is no database '${name}': use sqlite or postgres.`);
    else if (given) databases.push(onServer(given, async () => undefined));
    else {
      const server = await startServer();
      databases.push(onServer(server.url, server.stop));
    }
  }
  return databases;
}
