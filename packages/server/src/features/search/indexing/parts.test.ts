import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from '../../../core/db/index.ts';
import { createEvents } from '../../../core/events/index.ts';
import { createLogger } from '../../../core/log/index.ts';
import { forEachDatabase } from '../../../testing/databases.ts';
import { createAnalyser } from '../analysis/analyser.ts';
import { searchParts } from '../migrations/0006-parts.ts';
import { searchMigrations } from '../migrations/index.ts';
import { search } from '../query/search.ts';
import { engineOf } from '../store/engine-of.ts';
import { createIndexStore } from '../store/index-store.ts';
import type { Slot } from '../store/tables.ts';
import type { SearchSource } from '../types.ts';
import { createIndexer } from './indexer.ts';

const log = await createLogger({ level: 'silent', format: 'json' });
const context = { signal: new AbortController().signal, progress: () => undefined };

/** The parts of a slot and whether each has its index. */
async function partsOf(db: Database, slot: Slot): Promise<[name: string, indexed: boolean][]> {
  const { rows } = await sql<{ name: string; indexed: boolean }>`select inhrelid::regclass::text as name, exists (
      select 1 from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
      where i.indrelid = inhrelid and m.amname = 'gin') as indexed
    from pg_inherits where inhparent = ${`search_text_${slot}`}::regclass order by inhrelid`.execute(db.reader());
  return rows.map(({ name, indexed }) => [name, indexed]);
}

const nextId = (db: Database, slot: Slot, id: number) =>
  db.transaction((tx) =>
    sql`select setval(pg_get_serial_sequence(${`search_document_${slot}`}, 'id'), ${id}, false)`.execute(tx),
  );

forEachDatabase((dialect, { open }) => {
  const setUp = async (db: Database, things: string[]) => {
    const events = createEvents({ db, log });
    const engine = engineOf(db);
    const store = createIndexStore(db, engine, events);
    const analyser = createAnalyser();
    const source: SearchSource = {
      type: 'things',
      version: 1,
      events: ['test.thing.changed'],
      toDocuments: async (subjects) =>
        new Map(
          subjects
            .filter((subject) => things.includes(subject))
            .map((subject) => [subject, [{ key: subject, title: subject, location: `/things/${subject}` }]]),
        ),
      subjects: async (after, limit) =>
        things
          .toSorted()
          .filter((each) => after === undefined || each > after)
          .slice(0, limit),
    };
    const indexer = createIndexer({ db, events, log, engine, store, analyser, sources: [source] });
    return {
      engine,
      indexer,
      close: () => analyser.close(),
      async find(term: string) {
        const asked = {
          term,
          wanted: 100,
          count: true,
          asker: async () => ({ ref: 'user:default/nobody', groups: [] }),
        };
        const { ranked, counts } = await search({ db, engine, store }, asked);
        expect((await counts)?.total.count).toBe(ranked.length);
        return ranked.map((each) => each.key).sort();
      },
      async change(...subjects: string[]) {
        const after = await events.latest();
        await db.transaction((tx) =>
          events.append(
            tx,
            subjects.map((subject) => ({ type: 'test.thing.changed', subject })),
          ),
        );
        await indexer.consume((await events.read({ after, limit: 1_000 })).events);
      },
    };
  };

  test('an index that is added to for ever is built anew when replaced documents have worn it', async () => {
    const db = await open();
    await db.migrate(searchMigrations);
    const things = ['anchor chain', 'anchor winch'];
    const { engine, indexer, find, change, close } = await setUp(db, things);
    await indexer.rebuild(context);
    for (let round = 1; round <= 10; round += 1) {
      expect(await engine.isWorn(db.reader(), 'b')).toBe(false);
      if (dialect === 'postgres') await nextId(db, 'b', round * 50_000);
      await change('anchor chain');
    }
    expect(await engine.isWorn(db.reader(), 'b')).toBe(dialect === 'postgres');
    expect(await find('anchor')).toEqual(things);
    await indexer.rebuild(context);
    expect(await engine.isWorn(db.reader(), 'a')).toBe(false);
    expect(await find('anchor')).toEqual(things);
    await close();
  });

  if (dialect === 'sqlite')
    test('an index that was filled in many transactions lies in one piece, which is looked through at once', async () => {
      const db = await open();
      await db.migrate(searchMigrations);
      const things = Array.from({ length: 4_500 }, (_, index) => `mooring ${index}`);
      const { indexer, find, close } = await setUp(db, things);
      const segments = async () => {
        const { rows } = await sql<{
          segments: number;
        }>`select count(distinct segid) as segments from search_text_b_idx`.execute(db.reader());
        return rows[0]!.segments;
      };
      const filling: Promise<number>[] = [];
      await indexer.rebuild({ ...context, progress: () => void filling.push(segments()) });
      expect(Math.max(...(await Promise.all(filling)))).toBeGreaterThan(2);
      expect(await segments()).toBe(1);
      expect(await find('4321')).toEqual(['mooring 4321']);
      await close();
    });

  if (dialect !== 'postgres') return;

  test('words lie in parts by the id of their document, and every part has its index', async () => {
    const db = await open();
    await db.migrate(searchMigrations);
    const things = Array.from({ length: 40 }, (_, index) => `mooring ${String(index).padStart(2, '0')}`);
    const { indexer, find, change, close } = await setUp(db, things);
    await nextId(db, 'b', 49_980);
    await indexer.rebuild(context);
    expect(await partsOf(db, 'b')).toEqual([
      ['search_text_b_0', true],
      ['search_text_b_1', true],
    ]);
    expect(await find('mooring')).toEqual(things);
    expect(await find('moorng')).toEqual(things);

    // A change takes a document out of its part, and into one that is made for it.
    await nextId(db, 'b', 150_000);
    things.push('mooring of steel');
    things.shift();
    await change('mooring 00', 'mooring 01', 'mooring of steel');
    expect(await partsOf(db, 'b')).toEqual([
      ['search_text_b_0', true],
      ['search_text_b_1', true],
      ['search_text_b_3', true],
    ]);
    expect(await find('mooring')).toEqual(things);
    expect(await find('"mooring of"')).toEqual(['mooring of steel']);

    // What was there before goes when the slot is filled again.
    await indexer.rebuild(context);
    await nextId(db, 'b', 200_000);
    await indexer.rebuild(context);
    expect(await partsOf(db, 'b')).toEqual([['search_text_b_4', true]]);
    expect(await find('mooring')).toEqual(things);
    await close();
  });

  test('the figures of a large index are not made again for the first changes after a start', async () => {
    const db = await open();
    await db.migrate(searchMigrations);
    const things = ['rudder', 'tiller'];
    const first = await setUp(db, things);
    await first.indexer.rebuild(context);
    await first.close();
    const rows = async () => {
      const { rows: found } = await sql<{
        rows: number;
      }>`select reltuples::bigint as rows from pg_class where oid = 'search_document_b'::regclass`.execute(db.reader());
      return found[0]!.rows;
    };
    expect(await rows()).toBe(2);
    await db.transaction((tx) =>
      sql`update pg_class set reltuples = 100000 where oid = 'search_document_b'::regclass`.execute(tx),
    );
    const { change, find, close } = await setUp(db, [...things, 'keel']);
    for (const thing of ['keel', 'tiller', 'rudder', 'keel']) await change(thing);
    expect(await find('keel')).toEqual(['keel']);
    expect(await rows()).toBe(100_000);
    await close();
  });

  test('an index of before there were parts goes on answering', async () => {
    const db = await open();
    const { find, change, close, engine } = await setUp(db, ['capstan']);
    await db.migrate(searchMigrations.slice(0, searchMigrations.indexOf(searchParts)));
    await nextId(db, 'a', 60_000);
    await db.transaction(async (tx) => {
      await sql`insert into search_document_a (source, subject, key, title, deprecated, weight, profile, entity_ref)
        values ('things', 'windlass', 'windlass', 'windlass', 0, 100, '', '')`.execute(tx);
      await sql`insert into search_text_a (document_id, words)
        select id, $$'windlass':1 'n:windlass' 'h:windlass'$$::tsvector from search_document_a`.execute(tx);
    });
    await db.migrate(searchMigrations);
    expect(await partsOf(db, 'a')).toEqual([['search_text_a_1', true]]);
    const { rows } = await sql<{ id: number }>`select search_find_a($$'windlass'$$::tsquery, 5) as id`.execute(
      db.reader(),
    );
    expect(rows).toEqual([{ id: 60_000 }]);
    await nextId(db, 'a', 100_000);
    await change('capstan');
    expect(await partsOf(db, 'a')).toEqual([
      ['search_text_a_1', true],
      ['search_text_a_2', true],
    ]);
    expect(await find('capstan')).toEqual(['capstan']);
    expect(await engine.isWorn(db.reader(), 'a')).toBe(false);
    await close();
  });
});
