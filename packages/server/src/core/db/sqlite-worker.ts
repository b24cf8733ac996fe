/** A thread that owns one SQLite connection and answers requests in the order they come. */
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { collectGarbage } from '../memory/index.ts';
import { storableText } from './bulk-rows.ts';
import type { ThreadFault, ThreadReply, ThreadRequest, ThreadSettings } from './sqlite-protocol.ts';

const maximumStatements = 300;
const restAfterMs = 5_000;
const busyCode = 5;
const rowsPerPart = 1_000;
const maximumCharacters = 268_435_456;

const port = parentPort!;
const settings = workerData as ThreadSettings;
const statements = new Map<string, { statement: StatementSync; columns: string[] }>();

const faultOf = (error: unknown): ThreadFault => {
  const { message, errcode, timedOut, tooLarge } = error as Error & {
    errcode?: number;
    timedOut?: boolean;
    tooLarge?: boolean;
  };
  return { message, code: errcode, timedOut, tooLarge };
};

function takeLock(file: string): DatabaseSync {
  const lock = new DatabaseSync(file);
  try {
    lock.exec('pragma busy_timeout = 0; begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

function open(): DatabaseSync {
  const database = new DatabaseSync(settings.file, {
    readOnly: settings.readOnly,
    timeout: 5_000,
    enableForeignKeyConstraints: false,
  });
  database.exec(`pragma cache_size = -${settings.cacheKibibytes}; pragma temp_store = memory`);
  if (!settings.readOnly)
    database.exec(
      'pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 8000; pragma journal_size_limit = 67108864',
    );
  return database;
}

function prepare(sql: string) {
  const known = statements.get(sql);
  if (known) {
    statements.delete(sql);
    statements.set(sql, known);
    return known;
  }
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  const prepared = { statement, columns: statement.columns().map((column) => column.name) };
  statements.set(sql, prepared);
  if (statements.size > maximumStatements) statements.delete(statements.keys().next().value!);
  return prepared;
}

const storable = (value: unknown): SQLInputValue => {
  if (typeof value === 'string') return storableText(value);
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value as SQLInputValue;
};

/**
 * Row by row, so that a long answer can be ended between two rows: by its limit, or from outside with the whole thread. A big
 * answer is sent in parts, so that taking it in never holds up the main thread for long, and one that memory cannot hold is refused.
 */
function collect(id: number, columns: string[], iterator: Iterable<unknown>, limitMs: number): unknown[][] {
  const endsAt = performance.now() + limitMs;
  let rows: unknown[][] = [];
  let characters = 0;
  for (const row of iterator) {
    if (rows.length === rowsPerPart) {
      if (performance.now() > endsAt) throw Object.assign(new Error('timed out'), { timedOut: true });
      port.postMessage({ id, columns, rows, more: true } satisfies ThreadReply);
      rows = [];
    }
    for (const value of row as unknown[]) if (typeof value === 'string') characters += value.length;
    if (characters > maximumCharacters) throw Object.assign(new Error('too large'), { tooLarge: true });
    rows.push(row as unknown[]);
  }
  return rows;
}

function answer(request: ThreadRequest): Omit<ThreadReply, 'id'> {
  if (request.type === 'close') {
    database.close();
    lock?.close();
    return {};
  }
  if (request.type === 'many') {
    const { statement } = prepare(request.sql);
    for (const row of request.rows) statement.run(...row.map(storable));
    return { changes: request.rows.length };
  }
  if (!request.readOnly) return run(request);
  database.exec('pragma query_only = on');
  try {
    return run(request);
  } finally {
    database.exec('pragma query_only = off');
  }
}

function run(request: ThreadRequest & { type: 'query' }): Omit<ThreadReply, 'id'> {
  const { statement, columns } = prepare(request.sql);
  const parameters = request.parameters.map(storable);
  if (columns.length > 0)
    return { columns, rows: collect(request.id, columns, statement.iterate(...parameters), request.limitMs) };
  const { changes, lastInsertRowid } = statement.run(...parameters);
  return { changes: Number(changes), insertId: lastInsertRowid };
}

let resting: NodeJS.Timeout | undefined;

/** Some time after the last work: gives the page cache back, so that an idle portal stays small, and empties the log into the file. */
function rest() {
  if (!database.isOpen || database.isTransaction) return;
  try {
    database.exec(settings.readOnly ? 'pragma shrink_memory' : 'pragma wal_checkpoint(passive); pragma shrink_memory');
    collectGarbage();
  } catch {
    // A full disk, say: nothing is lost, the log is emptied another time, and the next statement tells what is wrong.
  }
}

function restLater() {
  if (resting) resting.refresh();
  else resting = setTimeout(rest, restAfterMs).unref();
}

let lock: DatabaseSync | undefined;
let database: DatabaseSync;

try {
  if (settings.lockFile) {
    try {
      lock = takeLock(settings.lockFile);
    } catch (error) {
      throw Object.assign(error as Error, { locked: (error as { errcode?: number }).errcode === busyCode });
    }
  }
  database = open();
  port.on('message', (request: ThreadRequest) => {
    let reply: ThreadReply;
    try {
      reply = { id: request.id, ...answer(request) };
    } catch (error) {
      reply = { id: request.id, fault: faultOf(error) };
    }
    port.postMessage(reply);
    if (request.type === 'close') port.close();
    else restLater();
  });
  port.postMessage({ id: 0 } satisfies ThreadReply);
} catch (error) {
  lock?.close();
  port.postMessage({
    id: 0,
    fault: { ...faultOf(error), locked: (error as { locked?: boolean }).locked, opening: true },
  } satisfies ThreadReply);
}
