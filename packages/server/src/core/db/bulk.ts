import { CompiledQuery } from 'kysely';
import { BulkRows, storableText } from './bulk-rows.ts';
import type { BulkInsert, ColumnType, Dialect, Executor, KeySet } from './types.ts';

/** Small enough that copying a chunk to another thread, or writing it as array text, never stalls the event loop. */
const chunkRows = 2_000;
const chunkCharacters = 250_000;
const chunkKeys = 5_000;
/** Fewer rows are not worth the second round trip of a COPY. */
const leastCopied = 200;

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const quoteAll = (names: readonly string[]) => names.map(quote).join(', ');
const arrayTypes: Record<ColumnType, string> = { integer: 'bigint[]', text: 'text[]', tsvector: 'tsvector[]' };

const conflictClause = (conflict: BulkInsert['conflict']): string => {
  if (!conflict) return '';
  const target = ` on conflict (${quoteAll(conflict.columns)}) do`;
  if (conflict.action === 'ignore') return `${target} nothing`;
  const sets = conflict.action.update.map((name) => `${quote(name)} = excluded.${quote(name)}`);
  return `${target} update set ${sets.join(', ')}`;
};

function* rowChunks(rows: BulkInsert['rows']): Generator<BulkInsert['rows']> {
  let start = 0;
  let characters = 0;
  for (const [index, row] of rows.entries()) {
    for (const value of row) if (typeof value === 'string') characters += value.length;
    if (index + 1 - start < chunkRows && characters < chunkCharacters) continue;
    yield rows.slice(start, index + 1);
    start = index + 1;
    characters = 0;
  }
  if (start < rows.length) yield rows.slice(start);
}

/** PostgreSQL refuses to update one row twice in one statement; SQLite lets the last row win, and so do we. */
const lastPerKey = (insert: BulkInsert): BulkInsert['rows'] => {
  if (!insert.conflict || insert.conflict.action === 'ignore') return insert.rows;
  const names = Object.keys(insert.columns);
  const positions = insert.conflict.columns.map((name) => names.indexOf(name));
  const rows = new Map(insert.rows.map((row) => [JSON.stringify(positions.map((position) => row[position])), row]));
  return rows.size === insert.rows.length ? insert.rows : [...rows.values()];
};

const special = /["\\]/g;

/**
 * A column as the text of an array (PostgreSQL manual, 8.15.2). It is made here, not by the driver, which would do it only once the
 * server is waiting for it.
 */
const arrayText = (rows: BulkInsert['rows'], position: number): string => {
  let text = '';
  for (const row of rows) {
    const value = row[position] as string | number | null | undefined;
    if (text) text += ',';
    if (value === null || value === undefined) text += 'NULL';
    else if (typeof value === 'number') text += value.toString();
    else text += `"${storableText(value).replace(special, '\\$&')}"`;
  }
  return `{${text}}`;
};

/** See `Database.insertMany`. */
export async function insertMany(dialect: Dialect, tx: Executor, insert: BulkInsert): Promise<void> {
  const names = Object.keys(insert.columns);
  const types = Object.values(insert.columns);
  if (dialect === 'postgres' && !insert.conflict && insert.rows.length >= leastCopied) {
    const copy = `copy ${quote(insert.table)} (${quoteAll(names)}) from stdin`;
    await tx.executeQuery(CompiledQuery.raw(copy, [new BulkRows(insert.rows)]));
    return;
  }
  const head = `insert into ${quote(insert.table)} (${quoteAll(names)})`;
  const tail = conflictClause(insert.conflict);
  const arrays = types.map((type, index) => `$${index + 1}::${arrayTypes[type]}`).join(', ');
  const sql =
    dialect === 'sqlite'
      ? `${head} values (${names.map(() => '?').join(', ')})${tail}`
      : `${head} select * from unnest(${arrays})${tail}`;
  const rows = dialect === 'sqlite' ? insert.rows : lastPerKey(insert);
  // While the database writes one chunk, the next is made ready.
  let writing: Promise<unknown> = Promise.resolve();
  for (const chunk of rowChunks(rows)) {
    const parameters =
      dialect === 'sqlite' ? [new BulkRows(chunk)] : types.map((_, position) => arrayText(chunk, position));
    await writing;
    writing = tx.executeQuery(CompiledQuery.raw(sql, parameters));
    // Whoever awaits it next is told; until then it is not unheard of.
    writing.catch(() => undefined);
  }
  await writing;
}

function* keyChunks(dialect: Dialect, request: KeySet): Generator {
  const unique = [...new Set(request.values)];
  for (let start = 0; start < unique.length; start += chunkKeys) {
    const chunk = unique
      .slice(start, start + chunkKeys)
      .map((value) => (typeof value === 'string' ? storableText(value) : value));
    yield dialect === 'sqlite' ? JSON.stringify(chunk) : chunk;
  }
}

const keyCondition = (dialect: Dialect, request: KeySet) =>
  dialect === 'sqlite'
    ? `${quote(request.column)} in (select value from json_each(?))`
    : `${quote(request.column)} = any($1::${arrayTypes[request.type]})`;

/** See `Database.selectByKeys`. */
export async function selectByKeys<Row>(
  dialect: Dialect,
  executor: Executor,
  request: KeySet & { select: readonly string[] },
): Promise<Row[]> {
  const sql = `select ${quoteAll(request.select)} from ${quote(request.table)} where ${keyCondition(dialect, request)}`;
  const found: Row[] = [];
  for (const keys of keyChunks(dialect, request)) {
    const { rows } = await executor.executeQuery<Row>(CompiledQuery.raw(sql, [keys]));
    for (const row of rows) found.push(row);
  }
  return found;
}

/** See `Database.deleteByKeys`. */
export async function deleteByKeys(dialect: Dialect, tx: Executor, request: KeySet): Promise<number> {
  const sql = `delete from ${quote(request.table)} where ${keyCondition(dialect, request)}`;
  let deleted = 0;
  for (const keys of keyChunks(dialect, request)) {
    const { numAffectedRows } = await tx.executeQuery(CompiledQuery.raw(sql, [keys]));
    deleted += Number(numAffectedRows ?? 0);
  }
  return deleted;
}

/** See `Database.allocateIds`. On SQLite a row of core_sequence remembers the last id, so that none is given twice in one transaction or after a deletion. */
export async function allocateIds(dialect: Dialect, tx: Executor, table: string, count: number): Promise<number[]> {
  if (count === 0) return [];
  if (dialect === 'postgres') {
    const sql = `select array_agg(nextval(pg_get_serial_sequence($1, 'id'))) as ids from generate_series(1, $2)`;
    const { rows } = await tx.executeQuery<{ ids: number[] }>(CompiledQuery.raw(sql, [table, count]));
    return rows[0]!.ids;
  }
  const sql = `insert into core_sequence (name, value) values (?1, (select coalesce(max(id), 0) from ${quote(table)}) + ?2)
    on conflict (name) do update set value = max(core_sequence.value, excluded.value - ?2) + ?2 returning value`;
  const { rows } = await tx.executeQuery<{ value: number }>(CompiledQuery.raw(sql, [table, count]));
  const last = rows[0]!.value;
  return Array.from({ length: count }, (_, index) => last - count + 1 + index);
}
