import { sql } from 'kysely';
import type { Database, Executor } from '../../../core/db/index.ts';
import type { Slot } from './tables.ts';

/**
 * The words of so many ids lie in one table: few enough that its index is made in seconds, and that a look-up seldom needs all of them.
 * The parts of existing databases have these bounds.
 */
export const partSize = 50_000;
/** An index is worn when it has this many parts more than twice as many as its documents need. */
const spareParts = 8;
/** Indexes that are made at the same time at the end. */
const atOnce = 3;

const nameOf = (slot: Slot, part: number) => `search_text_${slot}_${part}`;
const indexOf = (slot: Slot, part: number) => `${nameOf(slot, part)}_words`;

type Part = { part: number; indexed: boolean };

/** The parts of a slot, the oldest first. Other schemas of the database may have tables of the same names. */
async function partsOf(executor: Executor, slot: Slot): Promise<Part[]> {
  const { rows } = await sql<Part>`select substr(c.relname, ${nameOf(slot, 0).length})::bigint as part, exists (
      select 1 from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam
      where x.indrelid = c.oid and m.amname = 'gin') as indexed
    from pg_inherits p join pg_class c on c.oid = p.inhrelid where p.inhparent = to_regclass(${`search_text_${slot}`})
    order by part`.execute(executor);
  return rows;
}

const createIndex = (tx: Executor, slot: Slot, part: number) =>
  sql`create index if not exists ${sql.ref(indexOf(slot, part))} on ${sql.table(nameOf(slot, part))} using gin (words)`.execute(
    tx,
  );

/** Makes the tables in which the words of documents lie, on PostgreSQL, and their indexes. */
export function createParts(db: Database) {
  /** the newest part of each slot, as far as this process has written */
  const newest = new Map<Slot, number>();
  /** the part up to which the index of each slot is made or being made */
  const begun = new Map<Slot, number>();
  /** indexes of full parts that are being made, one after the other */
  let making: Promise<void> = Promise.resolve();

  const index = (slot: Slot, part: number) =>
    db.transaction(async (tx) => {
      await sql`set local statement_timeout = 0`.execute(tx);
      await sql`set local maintenance_work_mem = '256MB'`.execute(tx);
      await createIndex(tx, slot, part);
    });

  const add = async (tx: Executor, slot: Slot, part: number, indexed: boolean) => {
    const name = nameOf(slot, part);
    const table = sql.table(name);
    await sql`create table ${table} (document_id bigint not null, words tsvector not null)`.execute(tx);
    // Compressing words costs more than storing them, and no plan depends on how they are distributed.
    await sql`alter table ${table} alter column words set storage external, alter column words set statistics 0`.execute(
      tx,
    );
    if (indexed) await createIndex(tx, slot, part);
    // Unlike making it a part at once, this does not keep others from looking up.
    await sql`alter table ${sql.table(`search_text_${slot}`)} attach partition ${table}
      for values from (${sql.lit(part * partSize)}) to (${sql.lit((part + 1) * partSize)})`.execute(tx);
  };

  return {
    /** Makes sure that there are parts for these ids. Those of an index that is being built get their index when they are full. */
    async ensure(tx: Executor, slot: Slot, ids: readonly number[]): Promise<void> {
      const wanted = [...new Set(ids.map((id) => Math.floor(id / partSize)))];
      newest.set(slot, Math.max(...wanted));
      const known = new Set((await partsOf(tx, slot)).map(({ part }) => part));
      const missing = wanted.filter((part) => !known.has(part));
      if (missing.length === 0) return;
      const { rows } = await sql<{ active: Slot }>`select active from search_state`.execute(tx);
      for (const part of missing) await add(tx, slot, part, rows[0]!.active === slot);
    },
    async clear(tx: Executor, slot: Slot): Promise<void> {
      newest.delete(slot);
      begun.delete(slot);
      for (const { part } of await partsOf(tx, slot))
        await sql`drop table ${sql.table(nameOf(slot, part))}`.execute(tx);
    },
    /** Begins to index the parts of a slot that are full. What fails here is tried again by `complete`. */
    indexFull(slot: Slot): void {
      const last = newest.get(slot);
      if (last === undefined || last === begun.get(slot)) return;
      begun.set(slot, last);
      const before = making.catch(() => undefined);
      making = before.then(async () => {
        const full = (await partsOf(db.reader(), slot)).filter(({ part, indexed }) => !indexed && part < last);
        for (const { part } of full) await index(slot, part);
      });
      // `complete` asks what became of it.
      making.catch(() => undefined);
    },
    /** Indexes what is not indexed yet. */
    async complete(slot: Slot): Promise<void> {
      await making.catch(() => undefined);
      const left = (await partsOf(db.reader(), slot)).filter(({ indexed }) => !indexed);
      const next = async (): Promise<void> => {
        const one = left.shift();
        if (!one) return;
        await index(slot, one.part);
        await next();
      };
      await Promise.all(Array.from({ length: atOnce }, next));
    },
    /** Files what the indexes have only put aside so far: every look-up goes through that. */
    async clean(tx: Executor, slot: Slot): Promise<void> {
      for (const { part, indexed } of await partsOf(tx, slot))
        if (indexed) await sql`select gin_clean_pending_list(${indexOf(slot, part)}::regclass)`.execute(tx);
    },
    /** Whether replaced documents have left so many parts that building everything anew is worth it. */
    async areWorn(reader: Executor, slot: Slot): Promise<boolean> {
      const parts = await partsOf(reader, slot);
      if (parts.length <= spareParts) return false;
      const { rows } = await sql<{
        documents: number;
      }>`select count(*) as documents from ${sql.table(`search_document_${slot}`)}`.execute(reader);
      return parts.length > spareParts + 2 * Math.ceil(rows[0]!.documents / partSize);
    },
  };
}
