import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open as openFile, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from '../log/index.ts';
import { openDatabase } from './index.ts';
import type { Database, DatabaseOptions } from './index.ts';

const log = await createLogger({ level: 'silent', format: 'json' });
const writer = fileURLToPath(new URL('./testing/writer.ts', import.meta.url));
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function folder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'callboard-test-'));
  cleanUps.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function open(directory: string, options: Partial<DatabaseOptions> = {}): Promise<Database> {
  const db = await openDatabase({ directory, log, ...options });
  cleanUps.push(() => db.close());
  return db;
}

const numbers = (count: number) =>
  sql.raw(`with recursive c(n) as (select 1 union all select n + 1 from c where n < ${count})`);

test('a second process is refused with the folder and the pid of the first; the kernel frees the lock of a killed one', async () => {
  const directory = await folder();
  const child = spawn(process.execPath, [writer, JSON.stringify({ directory }), 'hold'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await expect(openDatabase({ directory, log })).rejects.toMatchObject({
    code: 'DATABASE_FOLDER_LOCKED',
    message: `The data folder '${directory}' is in use by another process (pid ${child.pid})`,
    fix: 'Stop that process, or start this one with another folder: --data DIR',
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  const db = await open(directory);
  expect(await readFile(join(directory, 'callboard.pid'), 'utf8')).toBe(`${process.pid}\n`);
  await expect(openDatabase({ directory, log })).rejects.toMatchObject({ code: 'DATABASE_FOLDER_LOCKED' });
  // A refused attempt takes nothing away from the holder.
  expect(await readFile(join(directory, 'callboard.pid'), 'utf8')).toBe(`${process.pid}\n`);
  await db.close();
  const again = await open(directory);
  expect(again.dialect).toBe('sqlite');
});

test('while no reader runs the writer answers, cannot be written through, and readers start when it is busy', async () => {
  const db = await open(await folder());
  const one = () => sql<{ value: number }>`select 1 as value`.execute(db.reader());
  expect((await one()).rows).toEqual([{ value: 1 }]);
  await expect(sql`create table x (id integer)`.execute(db.reader())).rejects.toThrow(
    'attempt to write a readonly database',
  );
  await db.transaction(async (tx) => {
    await sql`create table x (id integer)`.execute(tx);
    expect((await sql`select name from sqlite_schema where name = 'x'`.execute(db.reader())).rows).toEqual([]);
  });
  expect((await sql`select name from sqlite_schema where name = 'x'`.execute(db.reader())).rows).toEqual([
    { name: 'x' },
  ]);
});

test('a read that takes too long is ended, and others go on', async () => {
  const db = await open(await folder(), { readerTimeoutMs: 300, readers: 2 });
  const timedOut = {
    code: 'DATABASE_STATEMENT_TIMED_OUT',
    status: 503,
    message: 'A database statement took longer than 0.3 s and was ended',
  };
  // Many rows: the thread itself stops between two of them.
  const rows = sql`${numbers(50_000_000)} select n from c`.execute(db.reader());
  const other = sql`select 1 as value`.execute(db.reader());
  await expect(rows).rejects.toMatchObject(timedOut);
  expect((await other).rows).toEqual([{ value: 1 }]);
  expect(db.statistics().restarts).toBe(0);
  // One row that takes seconds: the thread is given up, and a new one takes its place.
  const slow = sql`${numbers(15_000_000)} select max(n) as n from c`.execute(db.reader());
  await expect(slow).rejects.toMatchObject(timedOut);
  for (let round = 0; round < 4; round += 1) {
    const both = await Promise.all([1, 2].map((value) => sql`select ${value} as value`.execute(db.reader())));
    expect(both.map((result) => result.rows)).toEqual([[{ value: 1 }], [{ value: 2 }]]);
  }
  expect(db.statistics().restarts).toBe(1);
});

test('an answer that memory cannot hold is refused', async () => {
  const db = await open(await folder());
  const rows = sql`${numbers(40_000)} select n, printf('%.*c', 10000, 'x') || n as text from c`.execute(db.reader());
  await expect(rows).rejects.toMatchObject({ code: 'DATABASE_ANSWER_TOO_LARGE', status: 503 });
  expect((await sql`select 1 as value`.execute(db.reader())).rows).toEqual([{ value: 1 }]);
  expect(db.statistics().restarts).toBe(0);
});

test('a thread that dies is replaced: the statement fails clearly, the next one works', async () => {
  const db = await open(await folder());
  // More memory than a thread may have: 500 MB in the first part of the answer.
  const rows = sql`${numbers(900)} select n || replace(printf('%.*c', 280000, 'x'), 'x', 'я') as text from c`;
  await expect(rows.execute(db.reader())).rejects.toMatchObject({ code: 'DATABASE_THREAD_STOPPED', status: 503 });
  expect((await sql`select 1 as value`.execute(db.reader())).rows).toEqual([{ value: 1 }]);
  const failing = db.transaction(async (tx) => {
    await sql`create table never (id integer)`.execute(tx);
    await rows.execute(tx);
  });
  await expect(failing).rejects.toMatchObject({ code: 'DATABASE_THREAD_STOPPED' });
  await db.transaction((tx) => sql`create table never (id integer)`.execute(tx));
  expect(db.statistics().restarts).toBe(2);
});

test('a full disk is told as such, the change is undone, and later ones work', async () => {
  const directory = await folder();
  const db = await open(directory);
  await db.transaction((tx) => sql`create table big (id integer primary key, text text)`.execute(tx));
  const limit = async (pages: number) =>
    db.transaction((tx) => sql.raw(`pragma max_page_count = ${pages}`).execute(tx));
  await limit(1);
  const rows = Array.from({ length: 3_000 }, (_, index) => [index, 'x'.repeat(1_000)]);
  const insert = () =>
    db.transaction((tx) => db.insertMany(tx, { table: 'big', columns: { id: 'integer', text: 'text' }, rows }));
  await expect(insert()).rejects.toMatchObject({
    code: 'DATABASE_DISK_FULL',
    message: `The disk that holds '${directory}' is full; the change was not stored`,
  });
  const count = async () =>
    (await sql<{ count: number }>`select count(*) as count from big`.execute(db.reader())).rows[0]!.count;
  expect(await count()).toBe(0);
  await limit(100_000);
  await insert();
  expect(await count()).toBe(3_000);
});

test('a folder that cannot be one, and files that are no database', async () => {
  const directory = await folder();
  const file = join(directory, 'file');
  await writeFile(file, 'x');
  await expect(openDatabase({ directory: join(file, 'data'), log })).rejects.toMatchObject({
    code: 'DATABASE_FOLDER_UNUSABLE',
    message: `The data folder '${join(file, 'data')}' cannot be written: a file is in the way`,
  });
  await expect(openDatabase({ directory: file, log })).rejects.toMatchObject({
    message: `The data folder '${file}' cannot be written: a file is in the way`,
  });
  await writeFile(join(directory, 'callboard.db'), 'this is no database, whatever its name says'.repeat(100));
  await expect(openDatabase({ directory, log })).rejects.toMatchObject({
    code: 'DATABASE_FILE_CORRUPTED',
    message: `The database file '${join(directory, 'callboard.db')}' is damaged: file is not a database`,
  });
  // The refused attempt has let go of the lock.
  await rm(join(directory, 'callboard.db'));
  await open(directory);
});

test('a page overwritten with rubbish is told as damage, with the file', async () => {
  const directory = await folder();
  const first = await open(directory);
  await first.transaction(async (tx) => {
    await sql`create table big (id integer primary key, text text)`.execute(tx);
    const rows = Array.from({ length: 3_000 }, (_, index) => [index, 'x'.repeat(1_000)]);
    await first.insertMany(tx, { table: 'big', columns: { id: 'integer', text: 'text' }, rows });
  });
  await first.close();
  const handle = await openFile(join(directory, 'callboard.db'), 'r+');
  const { size } = await handle.stat();
  for (let page = 40; page < size / 4096; page += 1) await handle.write(Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
  await handle.close();
  const db = await open(directory);
  await expect(sql`select sum(length(text)) from big`.execute(db.reader())).rejects.toMatchObject({
    code: 'DATABASE_FILE_CORRUPTED',
    message: `The database file '${join(directory, 'callboard.db')}' is damaged: database disk image is malformed`,
  });
});

test('a folder without the right to write is refused', async () => {
  const directory = await folder();
  await chmod(directory, 0o500);
  // The superuser may write anywhere, so for a moment this process is somebody else.
  const superuser = process.getuid?.() === 0;
  if (superuser) process.seteuid!(65_534);
  try {
    await expect(openDatabase({ directory, log })).rejects.toMatchObject({
      code: 'DATABASE_FOLDER_UNUSABLE',
      message: expect.stringContaining('EACCES'),
    });
  } finally {
    if (superuser) process.seteuid!(0);
  }
});

test('readers cannot write', async () => {
  const db = await open(await folder());
  await expect(sql`create table x (id integer)`.execute(db.reader())).rejects.toThrow(
    'attempt to write a readonly database',
  );
});
