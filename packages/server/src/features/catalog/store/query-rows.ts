import { sql } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import type { SortValues } from '../query/cursor.ts';
import type { OrderField } from '../query/order.ts';
import { keyRangeOfKinds } from './query-kinds.ts';
import { beyond, keysOfOrder, orderBy, sortColumns, sortJoins, sortsFor } from './query-order.ts';
import { planFor } from './query-plan.ts';
import type { Reading } from './reading.ts';

/** A part of a list to be read, `limit` rows of it at most. */
export type Stretch = {
  condition: EntityPredicate;
  orderFields: readonly OrderField[];
  limit: number;
  offset?: number;
  /** goes on from a place of the list */
  from?: { values: SortValues; backwards: boolean };
};

/** A row of a page: everything of an entity but its relations and status. `sort` is its place in the list. */
export type EntityRecord = { id: number; ref: string; uid: string; hash: string; body: string; sort: SortValues };

/** A row with the cursor of the newest event when it was read. */
export type ReadRow = EntityRecord & { at: number };

type Row = Omit<ReadRow, 'sort'> & Record<`s${number}`, string | null>;

/** Reads a part of a list, in the direction in which it is looked up. The text of an entity may be left for later. */
export async function readRows(
  reading: Reading,
  { condition, ...query }: Stretch,
  version: number,
  options: { expected?: number; texts: boolean },
): Promise<ReadRow[]> {
  const inRefOrder = query.orderFields.length === 0 ? keyRangeOfKinds(condition) : undefined;
  const [plan] = await Promise.all([
    planFor(reading, inRefOrder?.rest ?? condition, version, { count: false, expected: options.expected }),
    reading.keys.find(keysOfOrder(query.orderFields), version),
  ]);
  const sorts = sortsFor(query.orderFields, plan);
  const backwards = query.from?.backwards ?? false;
  const where = inRefOrder ? sql`${inRefOrder.condition} and ${plan.where}` : plan.where;
  const select = sql`select e.id, e.ref, e.uid, e.hash${sortColumns(sorts)} from ${plan.from}${sortJoins(sorts)} where ${where}`;
  const page = sql`limit ${query.limit}${query.offset ? sql` offset ${query.offset}` : sql``}`;
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
  const text = options.texts ? sql`b.body` : sql`'' as body`;
  const found =
    await sql<Row>`${plan.prefix} select p.*, ${text}, ${reading.newest} as at from (${rows}) p${options.texts ? sql` join catalog_body b on b.entity_id = p.id` : sql``}
    order by ${orderBy(outer, sql.ref('p.ref'), backwards)}`.execute(reading.reader);
  return found.rows.map((row) => ({
    ...row,
    at: Number(row.at),
    sort: [...sorts.map((_, index) => row[`s${index}`] ?? null), row.ref],
  }));
}
