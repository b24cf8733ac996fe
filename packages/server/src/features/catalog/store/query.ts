import { sql } from 'kysely';
import type { EntityCursor } from '../query/cursor.ts';
import { limits } from '../query/limits.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { allOf, isNothing, simplify, within } from '../../../core/predicate/index.ts';
import { findInMemory } from './memory/select.ts';
import { planFor } from './query-plan.ts';
import type { Plan } from './query-plan.ts';
import { readRows } from './query-rows.ts';
import type { EntityRecord, Stretch } from './query-rows.ts';
import { readSifted } from './query-sift.ts';
import type { Reading } from './reading.ts';

export type { EntityRecord } from './query-rows.ts';

/** What makes a list of entities, and which part of it is wanted. */
export type EntityQuery = Pick<EntityCursor, 'orderFields' | 'predicate' | 'fullTextFilter'> &
  Omit<Stretch, 'condition' | 'orderFields'> & {
    /** what the asker may see */
    scope?: EntityPredicate;
  };

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
  const stretch = { ...query, condition, limit: Math.min(query.limit, limits.page) + 1 };
  const records =
    (await readSifted(reading, stretch, version)) ??
    (await readRows(reading, stretch, version, { texts: true, ...(expected !== undefined && { expected }) }));
  return query.from?.backwards ? records.reverse() : records;
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
  return reading.cache.get(`count ${JSON.stringify(condition)}`, version, async () => {
    const found = await findInMemory(reading, condition, version, false);
    if (found) return found.size;
    return countPlan(reading, await planFor(reading, condition, version, { count: true }));
  });
}
