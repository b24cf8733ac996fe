import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import type { Database } from '../db/index.ts';
import { createLogger } from '../log/index.ts';
import { createEvents } from './index.ts';
import type { NewEvent, StoredEvent } from './index.ts';

const log = await createLogger({ level: 'silent', format: 'json' });
const created = (subject: string): NewEvent => ({ type: 'test.thing.created', subject });
const subjects = (events: StoredEvent[]) => events.map((event) => event.subject);

forEachDatabase((dialect, { open, place }) => {
  const append = (db: Database, ...events: NewEvent[]) =>
    db.transaction((tx) => createEvents({ db, log }).append(tx, events));

  test('events are stored with their transaction, or not at all', async () => {
    const db = await open();
    const events = createEvents({ db, log });
    expect(await events.read({ limit: 10 })).toEqual({ events: [], cursor: 0 });
    const before = Date.now();
    await db.transaction(async (tx) => {
      await events.append(tx, [
        {
          type: 'test.thing.updated',
          subject: 'a',
          data: { text: 'x\0y', list: [1, null] },
          actor: 'user:default/ann',
        },
      ]);
      await events.append(tx, []);
      await events.append(tx, [created('b'), created('c')]);
    });
    const failing = db.transaction(async (tx) => {
      await events.append(tx, [created('never')]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const page = await events.read({ limit: 10 });
    expect(subjects(page.events)).toEqual(['a', 'b', 'c']);
    const [first] = page.events;
    expect(first).toEqual({
      id: 1,
      at: first!.at,
      type: 'test.thing.updated',
      subject: 'a',
      data: { text: 'x\0y', list: [1, null] },
      actor: 'user:default/ann',
    });
    expect(first!.at).toBeGreaterThanOrEqual(before);
    expect(page.events[1]).toMatchObject({ data: null, actor: null });
    expect(page.cursor).toBe(await events.latest());
  });

  test('pages, filters, and a cursor that also passes what the filter left out', async () => {
    const db = await open();
    const events = createEvents({ db, log });
    await append(db, created('a'), created('b'), { type: 'test.thing.deleted', subject: 'a' }, created('c'));
    const one = await events.read({ limit: 1, subjects: ['a'] });
    expect(subjects(one.events)).toEqual(['a']);
    const two = await events.read({ after: one.cursor, limit: 5, subjects: ['a'] });
    expect(two.events.map((event) => event.type)).toEqual(['test.thing.deleted']);
    expect(two.cursor).toBe(await events.latest());
    expect(subjects((await events.read({ limit: 9, types: ['test.thing.created'] })).events)).toEqual(['a', 'b', 'c']);
    expect(await events.read({ limit: 9, types: [] })).toEqual({ events: [], cursor: await events.latest() });
    expect(await events.read({ after: 99, limit: 5 })).toEqual({ events: [], cursor: 99 });
  });

  test('a reader never misses an event, however long the transactions around it take', async () => {
    const where = await place();
    const db = await open(where);
    const replicas = dialect === 'postgres' ? [db, await open(where), await open(where)] : [db];
    const writers = 12;
    const rounds = 12;
    const seen: StoredEvent[] = [];
    let cursor = 0;
    let writing = true;
    const reading = (async () => {
      while (writing || (await createEvents({ db, log }).latest()) > cursor) {
        const page = await createEvents({ db, log }).read({ after: cursor, limit: 7 });
        seen.push(...page.events);
        cursor = page.cursor;
      }
    })();
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const replica = replicas[writer % replicas.length]!;
        for (let round = 0; round < rounds; round += 1) {
          await replica.transaction(async (tx) => {
            // A number of its own early in the transaction, so that commits do not come in the order of the beginnings.
            if (dialect === 'postgres') await sql`select pg_current_xact_id()`.execute(tx);
            await createEvents({ db: replica, log }).append(tx, [created(`${writer}/${round}`)]);
            await sleep(Math.random() * 8);
          });
        }
      }),
    );
    writing = false;
    await reading;
    const wanted = Array.from(
      { length: writers * rounds },
      (_, index) => `${index % writers}/${Math.floor(index / writers)}`,
    );
    expect(subjects(seen).sort()).toEqual(wanted.sort());
    expect(seen.map((event) => event.id)).toEqual(seen.map((event) => event.id).toSorted((a, b) => a - b));
  });

  test('a consumer gets everything in order, goes on where it was, and wakes at once', async () => {
    const db = await open();
    const events = createEvents({ db, log });
    await append(db, created('a'), created('b'), created('c'));
    const seen: string[] = [];
    const sizes: number[] = [];
    const handler = async (batch: StoredEvent[]) => {
      seen.push(...subjects(batch));
      sizes.push(batch.length);
    };
    const stop = events.consume('test', handler, { batch: 2 });
    await expect.poll(() => seen).toEqual(['a', 'b', 'c']);
    expect(sizes).toEqual([2, 1]);
    await append(db, created('d'));
    await expect.poll(() => seen.at(-1), { interval: 5 }).toBe('d');
    await expect
      .poll(async () => (await events.consumers())[0])
      .toMatchObject({ name: 'test', behind: 0, failures: 0, error: null, cursor: await events.latest() });
    await stop();
    await append(db, created('e'));
    const stopAgain = events.consume('test', handler);
    await expect.poll(() => seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    const late: string[] = [];
    const stopLate = events.consume('late', async (batch) => void late.push(...subjects(batch)), { from: 'now' });
    await expect.poll(async () => (await events.consumers()).length).toBe(2);
    await append(db, created('f'));
    await expect.poll(() => late).toEqual(['f']);
    await Promise.all([stopAgain(), stopLate()]);
  });

  test('a handler that throws gets the same events again, and its trouble is visible', async () => {
    const db = await open();
    const events = createEvents({ db, log });
    await append(db, created('a'), created('b'));
    const seen: string[] = [];
    let broken = true;
    const handler = async (batch: StoredEvent[]) => {
      if (broken) throw new Error('index is away');
      seen.push(...subjects(batch));
    };
    const stop = events.consume('test', handler, { backoffMs: 20 });
    await expect.poll(async () => (await events.consumers())[0]?.failures).toBeGreaterThanOrEqual(2);
    expect((await events.consumers())[0]).toMatchObject({ cursor: 0, behind: 2, error: 'index is away' });
    broken = false;
    await expect.poll(() => seen).toEqual(['a', 'b']);
    await expect.poll(async () => (await events.consumers())[0]).toMatchObject({ behind: 0, failures: 0, error: null });
    await stop();
  });

  test('of several replicas one consumes, and another takes over when it stops', async () => {
    const where = await place();
    const one = await open(where);
    const two = dialect === 'postgres' ? await open(where) : one;
    const seen: [string, string][] = [];
    const consume = (replica: string, db: Database) =>
      createEvents({ db, log }).consume(
        'test',
        async (batch) => void seen.push(...batch.map((event): [string, string] => [replica, event.subject])),
      );
    const stopOne = consume('one', one);
    await append(one, created('a'));
    await expect.poll(() => seen).toEqual([['one', 'a']]);
    const stopTwo = consume('two', two);
    await append(two, created('b'));
    await expect.poll(() => seen.at(-1)).toEqual(['one', 'b']);
    await stopOne();
    await append(one, created('c'));
    await expect.poll(() => seen.at(-1)).toEqual(['two', 'c']);
    await stopTwo();
    expect(seen.map(([, subject]) => subject)).toEqual(['a', 'b', 'c']);
  });

  test('onAppend tells of events of this and of other replicas', async () => {
    const where = await place();
    const db = await open(where);
    const other = dialect === 'postgres' ? await open(where) : db;
    const events = createEvents({ db, log });
    // A listener may also be called without cause, and while it still reads: what counts is what it has seen in all.
    const seen = new Set<string>();
    const off = events.onAppend(async () => {
      const page = await events.read({ after: 0, limit: 10 });
      for (const subject of subjects(page.events)) seen.add(subject);
    });
    await append(db, created('a'));
    await expect.poll(() => [...seen], { interval: 5 }).toEqual(['a']);
    await append(other, created('b'));
    await expect.poll(() => [...seen]).toEqual(['a', 'b']);
    off();
  });

  test('prune keeps what is young, and the newest', async () => {
    const db = await open();
    const events = createEvents({ db, log });
    await append(db, ...Array.from({ length: 50 }, (_, index) => created(`${index}`)));
    expect(await events.prune()).toBe(0);
    expect(await events.prune({ days: 30, rows: 10 })).toBe(0);
    await db.transaction((tx) => sql`update core_event set at = at - ${31 * 86_400_000} where id <= 30`.execute(tx));
    expect(await events.prune({ days: 30, rows: 45 })).toBe(5);
    expect(await events.prune({ days: 30, rows: 10 })).toBe(25);
    expect(subjects((await events.read({ limit: 100 })).events)).toEqual(
      Array.from({ length: 20 }, (_, index) => `${index + 30}`),
    );
  });

  // On SQLite there is only one writer.
  if (dialect === 'sqlite') return;

  test('a transaction that began first and commits last is read last', async () => {
    const where = await place();
    const db = await open(where);
    const events = createEvents({ db, log });
    const appended = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const slow = db.transaction(async (tx) => {
      await sql`select pg_current_xact_id()`.execute(tx);
      await events.append(tx, [created('slow')]);
      appended.resolve();
      await release.promise;
    });
    await appended.promise;
    await append(db, created('fast'));
    const first = await events.read({ limit: 10 });
    expect(subjects(first.events)).toEqual(['fast']);
    release.resolve();
    await slow;
    expect(subjects((await events.read({ after: first.cursor, limit: 10 })).events)).toEqual(['slow']);
  });
});
