import { nullTerm, termValue } from '@callboard/model';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { SortValues } from '../query/cursor.ts';
import type { OrderField } from '../query/order.ts';
import { columns, itemSplits, join, keyAndArrays, relationEnds } from './query-predicate.ts';
import type { Condition } from './query-predicate.ts';
import type { Plan } from './query-plan.ts';

/** One thing to sort by. Entities that lack it come last, whichever the direction. */
export type Sort = {
  expression: RawBuilder<unknown>;
  /** what the expression needs beside the entity */
  from?: RawBuilder<unknown>;
  computed: boolean;
  nullable: boolean;
  descending: boolean;
};

/** The keys whose ids an order needs. */
export const keysOfOrder = (fields: readonly OrderField[]): string[] =>
  fields.flatMap(({ field }) => [...keyAndArrays(field)]);

const firstOf = (parts: RawBuilder<unknown>[]) =>
  parts.length ? sql`coalesce(${sql.join([...parts, sql`null`])})` : sql`cast(null as text)`;

function relationSort(
  ends: NonNullable<ReturnType<typeof relationEnds>>,
  first: RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (ends.length === 0) return firstOf([]);
  const refs = ends.map(({ type, own }) => {
    const other = sql.ref(own === 'source' ? 'r.target' : 'r.source');
    return sql`select ${other} as value from catalog_relation r where ${sql.ref(`r.${own}`)} = e.ref and r.type = ${type}`;
  });
  return sql`(select ${first}(value) from (${sql.join(refs, sql` union all `)}) refs)`;
}

/** An entity with several values sorts by the first of them in the direction asked for. */
function computedSort(
  field: string,
  index: number,
  descending: boolean,
  { names, driven }: Pick<Plan, 'names' | 'driven'>,
): Sort {
  const first = descending ? sql`max` : sql`min`;
  const base = { computed: true, nullable: true, descending };
  const ends = relationEnds(field, names.pairs);
  if (ends) return { ...base, expression: relationSort(ends, first) };
  const id = names.ids.get(field);
  const values = sql`${first}(t.value)`;
  const where = sql`t.key_id = ${id} and t.value <> ${nullTerm}`;
  const alias = sql.ref(`v${index}`);
  // For few entities each is asked for its value, for many all values of the key are read once.
  const own = driven
    ? sql`(select ${values} from catalog_term t where t.entity_id = e.id and ${where})`
    : sql`${alias}.value`;
  const valuesOfAll = sql` left join (select t.entity_id, ${values} as value from catalog_term t where ${where} group by t.entity_id) ${alias}
    on ${alias}.entity_id = e.id`;
  const items = [...itemSplits(field)].flatMap(({ array, item }) => {
    const arrayId = names.ids.get(array);
    if (arrayId === undefined) return [];
    return [
      sql`(select 'true' from catalog_term t where t.entity_id = e.id and t.key_id = ${arrayId} and t.value = ${termValue(item)} and t.item = 1 limit 1)`,
    ];
  });
  if (id === undefined) return { ...base, expression: firstOf(items) };
  return { ...base, expression: firstOf([own, ...items]), ...(!driven && { from: valuesOfAll }) };
}

/** Works out what to sort by, for entities found by a plan. */
export function sortsFor(fields: readonly OrderField[], plan: Pick<Plan, 'names' | 'driven'>): Sort[] {
  return fields.map(({ field, order }, index) => {
    const descending = order === 'desc';
    const known = columns[field];
    if (!known) return computedSort(field, index, descending, plan);
    return { expression: sql.ref(`e.${known.column}`), computed: false, nullable: known.nullable, descending };
  });
}

/** What the sorts need beside the entity. */
export const sortJoins = (sorts: readonly Sort[]): RawBuilder<unknown> =>
  sql.join(
    sorts.flatMap(({ from }) => from ?? []),
    sql``,
  );

/** The sort values as columns `s0`, `s1` … of a select. */
export const sortColumns = (sorts: readonly Sort[]): RawBuilder<unknown> =>
  sql.join(
    sorts.map(({ expression }, index) => sql`, ${expression} as ${sql.ref(`s${index}`)}`),
    sql``,
  );

/** ORDER BY, with the ref as the last word; backwards when a page before a place is wanted. */
export function orderBy(sorts: readonly Sort[], ref: RawBuilder<unknown>, backwards: boolean): RawBuilder<unknown> {
  const parts = sorts.flatMap(({ expression, nullable, descending }) => {
    const direction = descending === backwards ? sql`asc` : sql`desc`;
    const missing = backwards ? sql`desc` : sql`asc`;
    return [...(nullable ? [sql`(${expression} is null) ${missing}`] : []), sql`${expression} ${direction}`];
  });
  return sql.join([...parts, sql`${ref} ${backwards ? sql`desc` : sql`asc`}`]);
}

/**
 * The entities behind (or, backwards, before) a place.
 *
 * @param values - of the place: one per sort, then the ref
 */
export function beyond(
  sorts: readonly Sort[],
  values: SortValues,
  ref: RawBuilder<unknown>,
  backwards: boolean,
): Condition {
  const [sort, ...more] = sorts;
  const [value, ...rest] = values;
  if (!sort) return backwards ? sql`${ref} < ${value}` : sql`${ref} > ${value}`;
  const { expression, nullable, descending } = sort;
  const next = beyond(more, rest, ref, backwards);
  if (value === null || value === undefined) {
    const tied: Condition = sql`(${expression} is null and ${next})`;
    return backwards ? join([sql`${expression} is not null`, tied], 'or') : tied;
  }
  const upwards = descending === backwards;
  const further: Condition = upwards ? sql`${expression} > ${value}` : sql`${expression} < ${value}`;
  const either = join([further, sql`(${expression} = ${value} and ${next})`], 'or');
  if (nullable && !backwards) return join([either, sql`${expression} is null`], 'or');
  // Says the same again in a way that an index can start from.
  return join([upwards ? sql`${expression} >= ${value}` : sql`${expression} <= ${value}`, either], 'and');
}
