import { nullTerm } from '@callboard/model';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { isEverything, isNothing } from '../../../core/predicate/index.ts';
import { columnFacets, isColumnFacet } from './facets-columns.ts';
import type { FacetValue } from './facets-columns.ts';
import { visible } from './heads.ts';
import { type Condition, relationEnds, within } from './query-predicate.ts';
import { facetInMemory } from './memory/facets.ts';
import { findInMemory } from './memory/select.ts';
import { planFor } from './query-plan.ts';
import type { Plan } from './query-plan.ts';
import type { Reading } from './reading.ts';
import { declaredBySeen } from './within.ts';

type ValueRow = { value: string; count: number; written: number; first: string | null; last: string | null };
type Selection = { plan: Plan; all: boolean; seen?: Condition };

/** Results with more values than this are not kept. */
const mostKept = 5_000;

const byValue = (a: FacetValue, b: FacetValue) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);

const selected = ({ plan }: Selection, column: 'id' | 'ref') =>
  sql`select ${sql.ref(`e.${column}`)} as value from ${plan.from} where ${plan.where}`;

/** Terms of a key that belong to the selected entities. */
function termsOf(selection: Selection, keyId: number): RawBuilder<unknown> {
  if (selection.all) return sql`catalog_term t where t.key_id = ${keyId}`;
  // Few entities: ask each for its terms. Many: read the terms of the key and keep those of the entities.
  return selection.plan.driven
    ? sql`(${selected(selection, 'id')}) x cross join catalog_term t where t.entity_id = x.value and t.key_id = ${keyId}`
    : sql`catalog_term t where t.key_id = ${keyId} and t.entity_id in (${selected(selection, 'id')})`;
}

async function termFacet(reading: Reading, selection: Selection, keyId: number): Promise<FacetValue[]> {
  const { prefix } = selection.plan;
  const terms = termsOf(selection, keyId);
  const { rows } =
    await sql<ValueRow>`${prefix} select t.value as value, count(*) as count, count(t.original) as written,
    min(t.original) as first, max(t.original) as last from ${terms} and t.value <> ${nullTerm} group by t.value`.execute(
      reading.reader,
    );
  const isMixed = (row: ValueRow) => row.written > 0 && (row.written < row.count || row.first !== row.last);
  const mixed = rows.filter(isMixed);
  const uniform = rows
    .filter((row) => !isMixed(row))
    .map(({ value, first, count }) => ({ value: first ?? value, count }));
  if (mixed.length === 0) return uniform;
  // Written in several ways: each way is counted, as written.
  const wanted = new Set(mixed.map((row) => row.value));
  const few = mixed.length <= 500 ? sql`and t.value in (${sql.join([...wanted])})` : sql``;
  const ways = await sql<
    FacetValue & { stored: string }
  >`${prefix} select t.value as stored, coalesce(t.original, t.value) as value,
    count(*) as count from ${terms} and t.value <> ${nullTerm} ${few} group by t.value, coalesce(t.original, t.value)`.execute(
    reading.reader,
  );
  return [
    ...uniform,
    ...ways.rows.filter((row) => wanted.has(row.stored)).map(({ value, count }) => ({ value, count })),
  ];
}

/** Each group also has what the groups below it have. */
const upwards = (
  edges: RawBuilder<unknown>,
  seen: Condition | undefined,
) => sql`with recursive edge(value, mine) as (${edges}), up(value, above) as (
    select distinct value, value from edge
    union select up.value, parent.target from up join catalog_relation parent on parent.source = up.above and parent.type = 'childOf'${seen ? sql` and ${declaredBySeen(seen, 'parent')}` : sql``}
  ) select up.above as value, edge.mine as mine from edge join up on up.value = edge.value`;

async function relationFacet(
  reading: Reading,
  selection: Selection,
  ends: NonNullable<ReturnType<typeof relationEnds>>,
  tree: boolean,
): Promise<FacetValue[]> {
  if (ends.length === 0) return [];
  const seen = selected(selection, 'ref');
  const edges = ends.map(({ type, own }) => {
    const mine = sql.ref(`r.${own}`);
    const other = sql.ref(own === 'source' ? 'r.target' : 'r.source');
    return sql`select ${other} as value, ${mine} as mine from catalog_relation r where r.type = ${type} and ${mine} in (${seen})${selection.seen ? sql` and ${declaredBySeen(selection.seen)}` : sql``}`;
  });
  const all = sql.join(edges, sql` union all `);
  const pairs = tree ? upwards(all, selection.seen) : all;
  const { rows } = await sql<FacetValue>`${selection.plan.prefix} select value, count(distinct mine) as count
    from (${pairs}) pairs group by value`.execute(reading.reader);
  return rows;
}

/** `metadata.tags.java` has the one value `true`, as has every item of an array. */
async function itemFacet(
  reading: Reading,
  predicate: EntityPredicate,
  key: string,
  version: number,
): Promise<FacetValue[]> {
  const plan = await planFor(reading, { all: [predicate, { key, in: ['true'] }] }, version, { count: true });
  const { rows } = await sql<{
    count: number;
  }>`${plan.prefix} select count(*) as count from ${plan.from} where ${plan.where}`.execute(reading.reader);
  const count = Number(rows[0]!.count);
  return count > 0 ? [{ value: 'true', count }] : [];
}

async function facet(
  reading: Reading,
  selection: Selection,
  predicate: EntityPredicate,
  key: string,
  version: number,
): Promise<FacetValue[]> {
  if (key === 'metadata.uid') {
    const { rows } =
      await sql<FacetValue>`${selection.plan.prefix} select e.uid as value, 1 as count from ${selection.plan.from}
      where ${selection.plan.where}`.execute(reading.reader);
    return rows;
  }
  const ends = relationEnds(key, reading.pairs);
  if (ends) {
    const tree = ends.length === 0 && key.endsWith(within);
    const followed = tree ? (relationEnds(key.slice(0, -within.length), reading.pairs) ?? []) : ends;
    return relationFacet(reading, selection, followed, tree);
  }
  const keyId = (await reading.keys.find([key], version)).get(key);
  return keyId === undefined ? itemFacet(reading, predicate, key, version) : termFacet(reading, selection, keyId);
}

/** What can be counted in memory. */
async function countInMemory(
  reading: Reading,
  keys: readonly string[],
  predicate: EntityPredicate,
  version: number,
): Promise<Map<string, FacetValue[]>> {
  const counted = new Map<string, FacetValue[]>();
  const found = await findInMemory(reading, predicate, version, true);
  if (!found) return counted;
  for (const key of keys) {
    const values = await facetInMemory(reading, found, key, version);
    if (values) counted.set(key, values);
  }
  return counted;
}

/**
 * Counts the values that entities have under keys.
 *
 * @param keys - in stored form
 * @param predicate - simplified: which entities are counted
 * @param scope - what the asker may see: relations that others declare are not counted
 * @returns values as written, sorted, for each key
 */
export async function facetsOf(
  reading: Reading,
  keys: readonly string[],
  predicate: EntityPredicate,
  version: number,
  scope?: EntityPredicate,
): Promise<Map<string, FacetValue[]>> {
  if (isNothing(predicate)) return new Map(keys.map((key) => [key, []]));
  const unique = [...new Set(keys)].sort();
  const work = async () => {
    const counted = await countInMemory(reading, unique, predicate, version);
    const left = unique.filter((key) => !counted.has(key));
    const rest = left.length > 0 ? await countInDatabase(left) : new Map<string, FacetValue[]>();
    return new Map(unique.map((key) => [key, [...(counted.get(key) ?? rest.get(key)!)].sort(byValue)]));
  };
  const countInDatabase = async (left: readonly string[]) => {
    const selection = {
      plan: await planFor(reading, predicate, version, { count: true }),
      all: isEverything(predicate),
      ...(scope && { seen: await visible(reading, scope) }),
    };
    const fromColumns = await columnFacets(reading, selection.plan, left.filter(isColumnFacet), version);
    const values = await Promise.all(
      left.map(async (key) => fromColumns.get(key) ?? facet(reading, selection, predicate, key, version)),
    );
    return new Map(left.map((key, index) => [key, values[index]!]));
  };
  const small = (facets: Map<string, FacetValue[]>) =>
    [...facets.values()].every((values) => values.length <= mostKept);
  return reading.cache.get(`facets ${JSON.stringify([unique, predicate, scope])}`, version, work, small);
}
