import { sql } from 'kysely';
import type { EntityCursor, SortValues } from '../query/cursor.ts';
import { limits } from '../query/limits.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { allOf, isNothing, simplify, within } from '../../../core/predicate/index.ts';
import { keyRangeOfKinds } from './query-kinds.ts';
import { beyond, keysOfOrder, orderBy, sortColumns, sortJoins, sortsFor } from './query-order.ts';
import { planFor } from './query-plan.ts';
import type { Plan } from './query-plan.ts';
import type { Reading } from './reading.ts';

/** What makes a list of entities, and which part of it is wanted. */
export type EntityQuery = Pick<EntityCursor, 'orderFields' | 'predicate' | 'fullTextFilter'> & {
  limit: number;
  offset?: number;
  /** goes on from a place of the list */
  from?: { values: SortValues; backwards: boolean };
  /** what the asker may see */
  scope?: EntityPredicate;
};

/** A row of a page: everything of an entity but its relations and status. `sort` is its place in the list. */
export type EntityRecord = { id: number; ref: string; uid: string; hash: string; body: string; sort: SortValues };

type Row = Omit<EntityRecord, 'sort'> & Record<`s${number}`, string | null>;

/** The text filter as a condition: the term occurs in one of the fields. */
export function textCondition({
  fullTextFilter,
  orderFields,
}: Pick<EntityQuery, 'fullTextFilter' | 'orderFields'>): EntityPredicate | undefined {
  const term = fullTextFilter?.term.trim().toLowerCase();
  if (!term) return undefined;
  const given = fullTextFilter?.fields?.map((field) => field.trim().toLowerCase()).filter(Boolean) ?? [];
  return { keys: given.length ? given : [orderFields[0]?.field ?? 'metadata.uid'], substring: term };
}

/** Everything that decides which entities are in the list. */
export const conditionOf = (query: EntityQuery): EntityPredicate =>
  simplify(within(allOf(query.predicate, textCondition(query)), query.scope));

/**
 * Reads one page of a list, in the order of the list also when it was looked up backwards. One more row than the limit is returned when
 * there is one.
 *
 * @param version - of the catalog
 * @param expected - how many entities the list has, where that is known: it helps to find the page fast
 */
export async function readPage(
  reading: Reading,
  query: EntityQuery,
  version: number,
  expected?: number,
): Promise<EntityRecord[]> {
  const condition = conditionOf(query);
  if (isNothing(condition) || query.limit === 0) return [];
  const inRefOrder = query.orderFields.length === 0 ? keyRangeOfKinds(condition) : undefined;
  const [plan] = await Promise.all([
    planFor(reading, inRefOrder?.rest ?? condition, version, { count: false, expected }),
    reading.keys.find(keysOfOrder(query.orderFields), version),
  ]);
  const sorts = sortsFor(query.orderFields, plan);
  const backwards = query.from?.backwards ?? false;
  const where = inRefOrder ? sql`${inRefOrder.condition} and ${plan.where}` : plan.where;
  const select = sql`select e.id, e.ref, e.uid, e.hash${sortColumns(sorts)} from ${plan.from}${sortJoins(sorts)} where ${where}`;
  const limit = Math.min(query.limit, limits.page) + 1;
  const page = sql`limit ${limit}${query.offset ? sql` offset ${query.offset}` : sql``}`;
  const outer = sorts.map((sort, index) => ({ ...sort, expression: sql.ref(`s${index}`) }));
  const ref = sql.ref('e.ref');
  const computed = sorts.some((sort) => sort.computed);
  const place = (names: typeof sorts, column: typeof ref) =>
    query.from
      ? sql` ${computed ? sql`where` : sql`and`} ${beyond(names, query.from.values, column, backwards)}`
      : sql``;
  // What must be worked out per entity is worked out once, before it is compared and sorted by.
  const rows = computed
    ? sql`select * from (${select}) m${place(outer, sql.ref('m.ref'))} order by ${orderBy(outer, sql.ref('m.ref'), backwards)} ${page}`
    : sql`${select}${place(sorts, ref)} order by ${orderBy(sorts, ref, backwards)} ${page}`;
  const found =
    await sql<Row>`${plan.prefix} select p.*, b.body from (${rows}) p join catalog_body b on b.entity_id = p.id
    order by ${orderBy(outer, sql.ref('p.ref'), backwards)}`.execute(reading.reader);
  const records = found.rows.map((row) => ({
    ...row,
    sort: [...sorts.map((_, index) => row[`s${index}`] ?? null), row.ref],
  }));
  return backwards ? records.reverse() : records;
}

const countPlan = async (reading: Reading, { prefix, from, where }: Plan): Promise<number> => {
  const { rows } = await sql<{ count: number }>`${prefix} select count(*) as count from ${from} where ${where}`.execute(
    reading.reader,
  );
  return Number(rows[0]!.count);
};

/** How many entities a list has. */
export async function countEntities(reading: Reading, query: EntityQuery, version: number): Promise<number> {
  const condition = conditionOf(query);
  if (isNothing(condition)) return 0;
  return reading.cache.get(`count ${JSON.stringify(condition)}`, version, async () =>
    countPlan(reading, await planFor(reading, condition, version, { count: true })),
  );
}
