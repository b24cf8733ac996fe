import type { EntityStatusItem, Relation } from '@callboard/model';
import { sql } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { idsSeen, listOf } from './heads.ts';
import type { Reading } from './reading.ts';
import type { CatalogTables, ProblemRow } from './tables.ts';

type RelationRow = CatalogTables['catalog_relation'];

const mostAtOnce = 64;

const compare = (a: Relation, b: Relation) =>
  a.type < b.type ? -1 : a.type > b.type ? 1 : a.targetRef < b.targetRef ? -1 : a.targetRef > b.targetRef ? 1 : 0;

/** Each relation once, by type and target: two descriptors may declare the same. */
function distinct(relations: Relation[]): Relation[] {
  relations.sort(compare);
  return relations.filter((relation, index) => index === 0 || compare(relations[index - 1]!, relation) !== 0);
}

type Found = { all: [from: RelationRow[], to: RelationRow[]]; at?: number };

/** In one statement, with the cursor of the newest event when it was read. */
async function fewRelations(reading: Reading, refs: readonly string[]): Promise<Found> {
  if (refs.length === 0) return { all: [[], []] };
  const values = listOf(refs);
  const { rows } = await sql<RelationRow & { end: number; at: number }>`
    select 0 as "end", r.source, r.type, r.target, r.entity_id, ${reading.newest} as at from catalog_relation r where r.source in (${values})
    union all select 1 as "end", r.source, r.type, r.target, r.entity_id, 0 as at from catalog_relation r where r.target in (${values})`.execute(
    reading.reader,
  );
  const first = rows.find(({ end }) => Number(end) === 0);
  const of = (wanted: number) => rows.filter(({ end }) => Number(end) === wanted);
  return { all: [of(0), of(1)], ...(first && { at: Number(first.at) }) };
}

async function manyRelations(reading: Reading, refs: readonly string[]): Promise<Found> {
  const rows = (column: 'source' | 'target') =>
    reading.db.selectByKeys<RelationRow>(reading.reader, {
      table: 'catalog_relation',
      column,
      type: 'text',
      values: refs,
      select: ['source', 'type', 'target', 'entity_id'],
    });
  return { all: await Promise.all([rows('source'), rows('target')]) };
}

/**
 * The relations of entities as clients see them: those stored under their names, and those that others declare under the other name.
 *
 * @param scope - what the asker may see: relations that other entities declare stay hidden
 * @returns a list for every ref asked for
 */
export async function relationsOfEntities(
  reading: Reading,
  refs: readonly string[],
  scope?: EntityPredicate,
): Promise<Map<string, Relation[]>> {
  const inverses = new Map(reading.pairs.map(({ type, inverse }) => [type, inverse]));
  const { all, at } = await (refs.length > mostAtOnce ? manyRelations : fewRelations)(reading, refs);
  const seen = scope && (await idsSeen(reading, new Set(all.flat().map((row) => row.entity_id)), scope, at));
  const [outgoing, incoming] = seen
    ? (all.map((list) => list.filter((row) => seen.has(row.entity_id))) as typeof all)
    : all;
  const relations = new Map<string, Relation[]>(refs.map((ref) => [ref, []]));
  for (const { source, type, target } of outgoing) relations.get(source)!.push({ type, targetRef: target });
  for (const { source, type, target } of incoming)
    relations.get(target)!.push({ type: inverses.get(type) ?? type, targetRef: source });
  for (const [ref, list] of relations) relations.set(ref, distinct(list));
  return relations;
}

/** What is wrong with entities, as the `status` that clients know. */
export async function statusOfEntities(
  reading: Reading,
  refs: readonly string[],
): Promise<Map<string, EntityStatusItem[]>> {
  const rows = await reading.db.selectByKeys<Pick<ProblemRow, 'id' | 'entity_ref' | 'severity' | 'code' | 'message'>>(
    reading.reader,
    {
      table: 'catalog_problem',
      column: 'entity_ref',
      type: 'text',
      values: refs,
      select: ['id', 'entity_ref', 'severity', 'code', 'message'],
    },
  );
  const status = new Map<string, EntityStatusItem[]>();
  for (const { entity_ref: ref, severity, code, message } of rows.sort((a, b) => a.id - b.id)) {
    if (ref === null || severity !== 'error') continue;
    const item: EntityStatusItem = {
      type: 'backstage.io/catalog-processing',
      level: 'error',
      message: `InputError: ${message}`,
      error: { name: 'InputError', message, code },
    };
    status.set(ref, [...(status.get(ref) ?? []), item]);
  }
  return status;
}
