import { sql } from 'kysely';
import { isNothing } from '../../../core/predicate/index.ts';
import { keysOfOrder, orderBy, sortJoins, sortsFor } from './query-order.ts';
import { planFor } from './query-plan.ts';
import { conditionOf } from './query.ts';
import type { EntityQuery, EntityRecord } from './query.ts';
import type { Reading } from './reading.ts';
import type { CatalogTables } from './tables.ts';

/** The ids of all entities of a list, in its order. */
export async function readOrderedIds(reading: Reading, query: Omit<EntityQuery, 'limit' | 'from'>): Promise<number[]> {
  const condition = conditionOf({ ...query, limit: 0 });
  if (isNothing(condition)) return [];
  const version = await reading.version();
  const plan = await planFor(reading, condition, version, { count: true });
  await reading.keys.find(keysOfOrder(query.orderFields), version);
  const sorts = sortsFor(query.orderFields, plan);
  const { rows } = await sql<{
    id: number;
  }>`${plan.prefix} select e.id from ${plan.from}${sortJoins(sorts)} where ${plan.where}
    order by ${orderBy(sorts, sql.ref('e.ref'), false)}`.execute(reading.reader);
  return rows.map((row) => row.id);
}

/** Entities by id, in the order of the ids; those that are gone meanwhile are left out. */
export async function recordsByIds(reading: Reading, ids: readonly number[]): Promise<Omit<EntityRecord, 'sort'>[]> {
  const { db, reader } = reading;
  const [heads, bodies] = await Promise.all([
    db.selectByKeys<Omit<EntityRecord, 'sort' | 'body'>>(reader, {
      table: 'catalog_entity',
      column: 'id',
      type: 'integer',
      values: ids,
      select: ['id', 'ref', 'uid', 'hash'],
    }),
    db.selectByKeys<CatalogTables['catalog_body']>(reader, {
      table: 'catalog_body',
      column: 'entity_id',
      type: 'integer',
      values: ids,
      select: ['entity_id', 'body'],
    }),
  ]);
  const headOf = new Map(heads.map((head) => [head.id, head]));
  const bodyOf = new Map(bodies.map(({ entity_id: id, body }) => [id, body]));
  return ids.flatMap((id) => {
    const head = headOf.get(id);
    const body = bodyOf.get(id);
    return head && body !== undefined ? [{ ...head, body }] : [];
  });
}
