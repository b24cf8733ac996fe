import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { CatalogTables } from '../tables.ts';
import { addValue, codeOf, emptyColumn, roomFor } from './column.ts';
import type { Column, Mask } from './column.ts';

/** Keys that are columns of the entity table and have few values. */
export const baseKeys = {
  kind: 'kind',
  'metadata.namespace': 'namespace',
  'spec.type': 'type',
  'spec.lifecycle': 'lifecycle',
} as const;

export type BaseKey = keyof typeof baseKeys;

/** Which entities there are, and the columns of their own table. */
export type Base = { present: Mask; columns: Record<BaseKey, Column> };

/** A key with more values is not kept: asking the database costs less than the memory. */
const mostValues = 20_000;
/** Ids beyond this are so far apart that arrays by id would be mostly empty. */
const mostIds = 10_000_000;
const idsAtOnce = 20_000;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

type Listed = { ids: string };

/** The ids of a list that the database joined, in pieces so that nobody else waits. */
async function eachId(rows: readonly Listed[], take: (row: number, id: number) => void): Promise<boolean> {
  let waiting = 0;
  for (const [row, { ids }] of rows.entries()) {
    for (let start = 0; start < ids.length;) {
      const comma = ids.indexOf(',', start);
      const end = comma === -1 ? ids.length : comma;
      const id = Number(ids.slice(start, end));
      if (id > mostIds) return false;
      take(row, id);
      start = end + 1;
      if ((waiting += 1) % idsAtOnce === 0) await nextTurn();
    }
  }
  return true;
}

export const emptyBase = (): Base => ({
  present: new Uint8Array(1024),
  columns: {
    kind: emptyColumn(),
    'metadata.namespace': emptyColumn(),
    'spec.type': emptyColumn(),
    'spec.lifecycle': emptyColumn(),
  },
});

export const entries = Object.entries(baseKeys) as [BaseKey, (typeof baseKeys)[BaseKey]][];

/** @returns undefined when the ids are too far apart */
export async function loadBase(reader: Kysely<CatalogTables>): Promise<Base | undefined> {
  const { rows } = await sql<Listed & Record<string, string | null>>`
    select kind, namespace, type, lifecycle, string_agg(cast(id as text), ',') as ids
    from catalog_entity group by kind, namespace, type, lifecycle`.execute(reader);
  const base = emptyBase();
  const codes = entries.map(([key, name]) => {
    const column = base.columns[key];
    return {
      column,
      byRow: rows.map(({ [name]: value }) => (typeof value === 'string' ? codeOf(column, plain(value)) : -1)),
    };
  });
  const fits = await eachId(rows, (row, id) => {
    base.present = roomFor(base.present, id);
    base.present[id] = 1;
    for (const { column, byRow } of codes) if (byRow[row] !== -1) addValue(column, id, byRow[row]!);
  });
  return fits ? base : undefined;
}

export const plain = (value: string) => ({ value, original: null, item: 0 });

async function columnFrom(rows: readonly (Listed & { value: string; original?: string | null; item?: number })[]) {
  const column = emptyColumn();
  const codes = rows.map(({ value, original = null, item = 0 }) =>
    codeOf(column, { value, original, item: Number(item) }),
  );
  return (await eachId(rows, (row, id) => addValue(column, id, codes[row]!))) ? column : undefined;
}

/** @returns undefined when the key has too many values */
export async function loadTerms(reader: Kysely<CatalogTables>, keyId: number): Promise<Column | undefined> {
  const { rows: counted } = await sql<{ count: number }>`select count(*) as count from
    (select distinct value from catalog_term where key_id = ${keyId} limit ${mostValues + 1}) x`.execute(reader);
  if (Number(counted[0]!.count) > mostValues) return undefined;
  const { rows } = await sql<Listed & { value: string; original: string | null; item: number }>`
    select value, original, item, string_agg(cast(entity_id as text), ',') as ids
    from catalog_term where key_id = ${keyId} group by value, original, item`.execute(reader);
  return columnFrom(rows);
}

/**
 * What entities say that they relate to.
 *
 * @returns undefined when others say it of them, or when there is too much of it
 */
export async function loadRelations(reader: Kysely<CatalogTables>, type: string): Promise<Column | undefined> {
  const { rows } = await sql<Listed & { value: string; own: number }>`
    select r.target as value, min(case when e.ref = r.source then 1 else 0 end) as own, string_agg(cast(e.id as text), ',') as ids
    from catalog_relation r join catalog_entity e on e.id = r.entity_id
    where r.type = ${type} group by r.target limit ${mostValues + 1}`.execute(reader);
  if (rows.length > mostValues || rows.some(({ own }) => Number(own) === 0)) return undefined;
  return columnFrom(rows);
}
