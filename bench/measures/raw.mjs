import { join } from 'node:path';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import pg from 'pg';
import { removeFolder, temporaryFolder } from '../support/portal.mjs';
import { summary } from '../support/statistics.mjs';

const written = /^(catalog_|core_event)/;
const rowsPerStatement = 5_000;
const quote = (name) => `"${name}"`;

/** Rows of every table that an ingest writes, read from the database that it left. */
function readSqlite(DatabaseSync, file) {
  const source = new DatabaseSync(file, { readOnly: true });
  const schema = source
    .prepare(
      "select name, type, tbl_name, sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by type desc, rowid",
    )
    .all()
    .filter(({ tbl_name: table }) => written.test(table));
  const tables = schema
    .filter(({ type }) => type === 'table')
    .map(({ name }) => {
      const statement = source.prepare(`select * from ${quote(name)}`);
      statement.setReturnArrays(true);
      return { name, columns: statement.columns().map((column) => column.name), rows: statement.all() };
    });
  source.close();
  return { statements: schema.map(({ sql }) => sql), tables };
}

/** The same rows by the bare driver in one thread, one transaction for each table, with the durability that the portal has. */
function writeSqlite(DatabaseSync, { statements, tables }, file) {
  const target = new DatabaseSync(file);
  target.exec(
    'pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536',
  );
  for (const statement of statements) target.exec(statement);
  const started = performance.now();
  for (const { name, columns, rows } of tables) {
    const insert = target.prepare(`insert into ${quote(name)} values (${columns.map(() => '?').join(', ')})`);
    target.exec('begin');
    for (const row of rows) insert.run(...row);
    target.exec('commit');
  }
  const ms = performance.now() - started;
  target.close();
  return ms;
}

async function rawSqlite(store, repeats) {
  // Only Node 24 has it; an older one should get as far as the message that says so.
  const { DatabaseSync } = await import('node:sqlite');
  const data = readSqlite(DatabaseSync, store.file);
  const folder = temporaryFolder('raw');
  const times = [];
  for (let run = 0; run < repeats; run += 1) {
    times.push(writeSqlite(DatabaseSync, data, join(folder, `raw-${run}.db`)));
    await yieldToOthers();
  }
  removeFolder(folder);
  return { times, rows: data.tables.reduce((sum, { rows }) => sum + rows.length, 0) };
}

const arrayTypes = { bigint: 'bigint[]', integer: 'integer[]', boolean: 'boolean[]', jsonb: 'jsonb[]' };

async function readPostgres(client, schema) {
  const { rows: found } = await client.query(
    `select table_name as table, column_name as name, data_type as type from information_schema.columns
     where table_schema = $1 and is_generated = 'NEVER' order by table_name, ordinal_position`,
    [schema],
  );
  const names = [...new Set(found.map(({ table }) => table))].filter((table) => written.test(table));
  const tables = [];
  for (const name of names) {
    const columns = found.filter(({ table }) => table === name);
    const { rows } = await client.query({
      text: `select ${columns.map((column) => quote(column.name)).join(', ')} from ${schema}.${quote(name)}`,
      rowMode: 'array',
    });
    tables.push({ name, columns, rows });
  }
  return tables;
}

/** The same rows by arrays (`unnest`), 5,000 in a statement, one transaction for each table. */
async function writePostgres(client, from, to, tables) {
  await client.query(`create schema ${to}`);
  for (const { name } of tables)
    await client.query(`create table ${to}.${quote(name)} (like ${from}.${quote(name)} including all)`);
  const started = performance.now();
  for (const { name, columns, rows } of tables) {
    const arrays = columns.map(({ type }, index) => `$${index + 1}::${arrayTypes[type] ?? 'text[]'}`);
    const text = `insert into ${to}.${quote(name)} (${columns.map((column) => quote(column.name)).join(', ')}) select * from unnest(${arrays.join(', ')})`;
    await client.query('begin');
    for (let start = 0; start < rows.length; start += rowsPerStatement) {
      const part = rows.slice(start, start + rowsPerStatement);
      await client.query(
        text,
        columns.map((_, index) => part.map((row) => row[index])),
      );
    }
    await client.query('commit');
  }
  const ms = performance.now() - started;
  await client.query(`drop schema ${to} cascade`);
  return ms;
}

async function rawPostgres(store, repeats) {
  const client = new pg.Client({ connectionString: store.server });
  await client.connect();
  try {
    const tables = await readPostgres(client, store.schema);
    const times = [];
    for (let run = 0; run < repeats; run += 1)
      times.push(await writePostgres(client, store.schema, `${store.schema}_raw`, tables));
    return { times, rows: tables.reduce((sum, { rows }) => sum + rows.length, 0) };
  } finally {
    await client.end();
  }
}

/**
 * How fast the bare driver writes what the portal wrote: nothing can be faster, and it neither reads files nor checks anything.
 *
 * @param store - the data of a portal that has been stopped
 * @param ingestMs - how long the portal took from its start
 */
export async function measureRaw({ store, repeats, ingestMs }) {
  const { times, rows } = await (store.schema ? rawPostgres(store, repeats) : rawSqlite(store, repeats));
  const insertMs = summary(times);
  return { rows, insertMs, ingestToRaw: Math.round((ingestMs / insertMs.median) * 100) / 100 };
}
