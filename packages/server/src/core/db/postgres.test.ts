import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { createLogger } from '../log/index.ts';
import { openDatabase } from './index.ts';
import type { Database } from './index.ts';

const log = await createLogger({ level: 'silent', format: 'json' });

/** Breaks all connections of this database's replica, or only those whose last statement begins so. */
const breakConnections = (from: Database, schema: string, statement = '') =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and application_name = ${schema} and query ilike ${`${statement}%`}`.execute(
    from.reader(),
  );

test('a server that is not there is named, its password is not', async () => {
  const url = 'postgres://callboard:s3cret@127.0.0.1:1/portal';
  const failure = await openDatabase({ url, log }).catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({
    code: 'DATABASE_CONNECTION_FAILED',
    message: "No connection to PostgreSQL at 127.0.0.1:1, database 'portal': connect ECONNREFUSED 127.0.0.1:1",
  });
  expect(JSON.stringify(failure) + (failure as Error).stack).not.toContain('s3cret');
  await expect(openDatabase({ url: 'mysql://root:s3cret@127.0.0.1/x', log })).rejects.toMatchObject({
    code: 'DATABASE_URL_INVALID',
    message: 'The value of database.url is not a PostgreSQL address: it starts with mysql://',
  });
  await expect(openDatabase({ url: 'postgres://us er:s3cret@[', log })).rejects.toMatchObject({
    message: 'The value of database.url is not a PostgreSQL address: it cannot be read as a URL',
  });
});

test('a server older than 14 is refused', async () => {
  const message = (type: string, body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  const text = (value: string) => Buffer.from(`${value}\0`);
  const integer = (value: number, size: 2 | 4) => {
    const buffer = Buffer.alloc(size);
    buffer.writeIntBE(value, 0, size);
    return buffer;
  };
  const column = (name: string) =>
    Buffer.concat([
      text(name),
      integer(0, 4),
      integer(0, 2),
      integer(25, 4),
      integer(-1, 2),
      integer(-1, 4),
      integer(0, 2),
    ]);
  const value = (content: string) => Buffer.concat([integer(content.length, 4), Buffer.from(content)]);
  const ready = message('Z', Buffer.from('I'));
  const done = message('C', text('SELECT 1'));
  const version = Buffer.concat([
    message('1', Buffer.alloc(0)),
    message('2', Buffer.alloc(0)),
    message('T', Buffer.concat([integer(2, 2), column('number'), column('text')])),
    message('D', Buffer.concat([integer(2, 2), value('130011'), value('13.11')])),
    done,
    ready,
  ]);
  // Speaks just enough of the protocol to be a PostgreSQL 13: no such server is at hand.
  const server = createServer((socket) => {
    let greeted = false;
    socket.on('data', (data) => {
      if (!greeted) {
        greeted = true;
        socket.write(Buffer.concat([message('R', integer(0, 4)), ready]));
      } else if (data.includes('server_version_num')) socket.write(version);
      else if (data[0] === 'Q'.charCodeAt(0)) socket.write(Buffer.concat([message('C', text('SET')), ready]));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(openDatabase({ url: `postgres://a@127.0.0.1:${port}/portal`, log })).rejects.toMatchObject({
    code: 'DATABASE_SERVER_TOO_OLD',
    message: `The PostgreSQL server at 127.0.0.1:${port} has version 13.11; Callboard needs 14 or newer`,
  });
  server.close();
});

forEachDatabase((dialect, { open, place }) => {
  if (dialect === 'sqlite') {
    test('has no server that could go away', async () => expect((await open()).dialect).toBe('sqlite'));
    return;
  }

  /** A replica whose connections carry a name, so that a test can break them. */
  const openNamed = async (url: string, name: string) => {
    const named = new URL(url);
    named.searchParams.set('application_name', name);
    return open({ url: named.href });
  };

  test('connections say who they are', async () => {
    const db = await open();
    const { rows } =
      await sql`select current_setting('application_name') as name, current_setting('statement_timeout') as timeout`.execute(
        db.reader(),
      );
    expect(rows).toEqual([{ name: 'callboard', timeout: '1min' }]);
  });

  test('reads and transactions survive broken connections', async () => {
    const { url } = await place();
    const name = `broken-${process.pid}`;
    const other = await open({ url });
    const db = await openNamed(url!, name);
    await db.migrate([
      { name: 'test/0001-n', up: async (tx) => void (await sql`create table n (value bigint)`.execute(tx)) },
    ]);
    const sleeping = sql`select pg_sleep(0.3), 7 as value`.execute(db.reader());
    await sleep(100);
    await breakConnections(other, name);
    expect((await sleeping).rows).toMatchObject([{ value: 7 }]);

    let attempts = 0;
    await db.transaction(async (tx) => {
      attempts += 1;
      await sql`insert into n values (${attempts})`.execute(tx);
      if (attempts === 1) await breakConnections(other, name);
      await sql`insert into n values (${attempts * 10})`.execute(tx);
    });
    expect((await sql`select value from n order by value`.execute(db.reader())).rows).toEqual([
      { value: 2 },
      { value: 20 },
    ]);
    expect(db.statistics().retries).toBe(1);

    // Also while many rows are on their way.
    attempts = 0;
    const rows = Array.from({ length: 50_000 }, (_, index) => [index]);
    await db.transaction(async (tx) => {
      attempts += 1;
      const copying = db.insertMany(tx, { table: 'n', columns: { value: 'integer' }, rows });
      await Promise.all([copying, attempts === 1 && breakConnections(other, name)]);
      await sql`delete from n where value < 49999`.execute(tx);
    });
    expect((await sql`select value from n`.execute(db.reader())).rows).toEqual([{ value: 49_999 }]);
    expect(attempts).toBe(2);
  });

  test('what is asked often is prepared once, and answers as well when that was lost', async () => {
    const db = await open();
    await db.migrate([
      { name: 'test/0001-n', up: async (tx) => void (await sql`create table n (value bigint)`.execute(tx)) },
    ]);
    await db.transaction((tx) => sql`insert into n values (1), (2)`.execute(tx));
    const ask = async (least: number) =>
      (await sql`select * from n where value >= ${least}`.execute(db.frequent())).rows;
    const prepared = async () => (await sql`select statement from pg_prepared_statements`.execute(db.reader())).rows;
    expect([await ask(1), await ask(2)]).toEqual([[{ value: 1 }, { value: 2 }], [{ value: 2 }]]);
    expect(await prepared()).toEqual([{ statement: 'select * from n where value >= $1' }]);

    await db.transaction((tx) => sql`alter table n add column more bigint default 7`.execute(tx));
    expect(await ask(2)).toEqual([{ value: 2, more: 7 }]);
    expect(await ask(2)).toEqual([{ value: 2, more: 7 }]);
    await expect(sql`select * from nothing_here`.execute(db.frequent())).rejects.toMatchObject({ code: '42P01' });

    // As behind a pooler that gives each transaction another connection.
    await sql`deallocate all`.execute(db.reader());
    expect(await ask(2)).toEqual([{ value: 2, more: 7 }]);
    expect(await ask(1)).toHaveLength(2);
    expect(await prepared()).toEqual([]);
  });

  test('what several connections have prepared is prepared anew by all of them', async () => {
    const db = await open();
    await db.migrate([
      { name: 'test/0001-n', up: async (tx) => void (await sql`create table n (value bigint)`.execute(tx)) },
    ]);
    await db.transaction((tx) => sql`insert into n values (1)`.execute(tx));
    const slowly = async () => (await sql`select n.*, pg_sleep(0.05) from n`.execute(db.frequent())).rows.length;
    const several = () => Promise.all([slowly(), slowly(), slowly()]);
    expect(await several()).toEqual([1, 1, 1]);
    await db.transaction((tx) => sql`alter table n add column more bigint`.execute(tx));
    expect(await several()).toEqual([1, 1, 1]);
  });

  test('a collision of two transactions is settled by running one of them again', async () => {
    const db = await open();
    await db.migrate([
      { name: 'test/0001-n', up: async (tx) => void (await sql`create table n (id bigint, value bigint)`.execute(tx)) },
    ]);
    await db.transaction((tx) => sql`insert into n values (1, 0), (2, 0)`.execute(tx));
    // Each takes the rows in another order: a deadlock.
    let holding = 0;
    const met = Promise.withResolvers<void>();
    const both = (first: number, second: number) =>
      db.transaction(async (tx) => {
        await sql`update n set value = value + 1 where id = ${first}`.execute(tx);
        holding += 1;
        if (holding === 2) met.resolve();
        await met.promise;
        await sql`update n set value = value + 1 where id = ${second}`.execute(tx);
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    expect((await sql`select value from n`.execute(db.reader())).rows).toEqual([{ value: 2 }, { value: 2 }]);
    expect(db.statistics().retries).toBe(1);
  });

  test('a listener whose connection broke hears again', async () => {
    const { url } = await place();
    const name = `listener-${process.pid}`;
    const other = await open({ url });
    const db = await openNamed(url!, name);
    let heard = 0;
    db.listen('test', () => (heard += 1));
    await expect.poll(() => heard).toBe(1);
    const notify = () => other.transaction(async (tx) => other.notify(tx, 'test'));
    await notify();
    await expect.poll(() => heard).toBe(2);
    await breakConnections(other, name, 'listen');
    // Once more for what it may have missed, as soon as it listens again.
    await expect.poll(() => heard).toBe(3);
    await notify();
    await expect.poll(() => heard).toBe(4);
  });

  test('a statement that takes too long is ended by the server', async () => {
    const db = await open();
    const slow = db.transaction(async (tx) => {
      await sql`set local statement_timeout = 100`.execute(tx);
      await sql`select pg_sleep(10)`.execute(tx);
    });
    await expect(slow).rejects.toMatchObject({ code: 'DATABASE_STATEMENT_TIMED_OUT' });
  });
});
