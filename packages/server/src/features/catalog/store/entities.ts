import type { Entity } from '@callboard/model';
import { stringifyEntityRef } from '@callboard/model';
import { sql } from 'kysely';
import { entityObject, entityText } from '../query/entity-text.ts';
import type { EntityParts } from '../query/entity-text.ts';
import type { Projection } from '../query/fields.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { simplify } from '../../../core/predicate/index.ts';
import { compile, keysOf } from './query-predicate.ts';
import type { EntityRecord } from './query.ts';
import type { Reading } from './reading.ts';
import { relationsOfEntities, statusOfEntities } from './relations.ts';
import type { CatalogTables } from './tables.ts';

type Stored = Omit<EntityRecord, 'sort'>;

const chunk = 500;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Adds what stands in other tables; only what the fields need is read. */
async function complete(
  reading: Reading,
  records: readonly Stored[],
  scope: EntityPredicate | undefined,
  projection?: Projection,
): Promise<EntityParts[]> {
  const needs = (field: string) =>
    !projection || projection.fields.some((each) => each === field || each.startsWith(`${field}.`));
  const refs = records.map((record) => record.ref);
  const [relations, status] = await Promise.all([
    needs('relations') ? relationsOfEntities(reading, refs, scope) : undefined,
    needs('status') ? statusOfEntities(reading, refs) : undefined,
  ]);
  return records.map(({ uid, hash, body, ref }) => ({
    uid,
    etag: hash,
    body,
    relations: relations?.get(ref),
    status: status?.get(ref),
  }));
}

/**
 * Entities as JSON text, whole or by field. Long lists are worked on in pieces, so that nobody else waits.
 *
 * @param scope - what the asker may see of others that relate to them
 */
export async function entityTexts(
  reading: Reading,
  records: readonly Stored[],
  scope: EntityPredicate | undefined,
  projection?: Projection,
): Promise<string[]> {
  const texts: string[] = [];
  for (let start = 0; start < records.length; start += chunk) {
    if (start > 0) await nextTurn();
    for (const parts of await complete(reading, records.slice(start, start + chunk), scope, projection))
      texts.push(projection ? JSON.stringify(projection.apply(entityObject(parts))) : entityText(parts));
  }
  return texts;
}

/** The condition that an entity must fulfil to be found, with the names it needs. */
async function visible(reading: Reading, predicate: EntityPredicate | undefined) {
  if (!predicate) return sql<boolean>`1 = 1`;
  const simple = simplify(predicate);
  const ids = await reading.keys.find(keysOf(simple), await reading.version());
  return compile(simple, { ids, pairs: reading.pairs });
}

/** One entity by ref or uid, if the asker may see it. */
export async function recordBy(
  reading: Reading,
  column: 'ref' | 'uid',
  value: string,
  scope?: EntityPredicate,
): Promise<Stored | undefined> {
  const { rows } = await sql<Stored>`select e.id, e.ref, e.uid, e.hash, b.body from catalog_entity e
    join catalog_body b on b.entity_id = e.id where ${sql.ref(`e.${column}`)} = ${value} and ${await visible(reading, scope)}`.execute(
    reading.reader,
  );
  return rows[0];
}

/** The entity with a canonical ref, as JSON text. */
export async function entityTextByRef(
  reading: Reading,
  ref: string,
  scope?: EntityPredicate,
): Promise<string | undefined> {
  // The ref is known, so all four statements can run at once.
  const [record, relations, status] = await Promise.all([
    recordBy(reading, 'ref', ref, scope),
    relationsOfEntities(reading, [ref], scope),
    statusOfEntities(reading, [ref]),
  ]);
  if (!record) return undefined;
  return entityText({
    uid: record.uid,
    etag: record.hash,
    body: record.body,
    relations: relations.get(ref),
    status: status.get(ref),
  });
}

/** The entity with a uid: its ref and JSON text. */
export async function entityByUid(
  reading: Reading,
  uid: string,
  scope?: EntityPredicate,
): Promise<{ ref: string; text: string } | undefined> {
  const record = await recordBy(reading, 'uid', uid, scope);
  if (!record) return undefined;
  const [text] = await entityTexts(reading, [record], scope);
  return { ref: record.ref, text: text! };
}

/**
 * Entities by canonical ref.
 *
 * @param condition - what they must fulfil
 * @returns in no order; those that do not exist or do not fulfil it are missing
 */
export async function recordsByRefs(
  reading: Reading,
  refs: readonly string[],
  condition?: EntityPredicate,
): Promise<Stored[]> {
  const heads = await reading.db.selectByKeys<Pick<CatalogTables['catalog_entity'], 'id' | 'ref' | 'uid' | 'hash'>>(
    reading.reader,
    {
      table: 'catalog_entity',
      column: 'ref',
      type: 'text',
      values: refs,
      select: ['id', 'ref', 'uid', 'hash'],
    },
  );
  const kept = condition ? await fulfilling(reading, heads, condition) : heads;
  const bodies = await reading.db.selectByKeys<CatalogTables['catalog_body']>(reading.reader, {
    table: 'catalog_body',
    column: 'entity_id',
    type: 'integer',
    values: kept.map((head) => head.id),
    select: ['entity_id', 'body'],
  });
  const byId = new Map(bodies.map(({ entity_id: id, body }) => [id, body]));
  return kept.flatMap((head) => {
    const body = byId.get(head.id);
    return body === undefined ? [] : [{ ...head, body }];
  });
}

/** Those of the refs whose entities exist and fulfil a condition. */
export async function refsFulfilling(
  reading: Reading,
  refs: readonly string[],
  condition: EntityPredicate,
): Promise<string[]> {
  const heads = await reading.db.selectByKeys<{ id: number; ref: string }>(reading.reader, {
    table: 'catalog_entity',
    column: 'ref',
    type: 'text',
    values: refs,
    select: ['id', 'ref'],
  });
  return (await fulfilling(reading, heads, condition)).map((head) => head.ref);
}

async function fulfilling<Head extends { id: number }>(
  reading: Reading,
  heads: Head[],
  condition: EntityPredicate,
): Promise<Head[]> {
  const where = await visible(reading, condition);
  const kept = new Set<number>();
  for (let start = 0; start < heads.length; start += chunk) {
    const ids = heads.slice(start, start + chunk).map((head) => head.id);
    const { rows } = await sql<{
      id: number;
    }>`select e.id from catalog_entity e where e.id in (${sql.join(ids)}) and ${where}`.execute(reading.reader);
    for (const { id } of rows) kept.add(id);
  }
  return heads.filter((head) => kept.has(head.id));
}

/** Entities as objects with the refs of the entities that brought them in, the entity itself first. */
export async function ancestry(
  reading: Reading,
  rootRef: string,
  scope?: EntityPredicate,
): Promise<{ entity: Entity; parentEntityRefs: string[] }[]> {
  const items: { entity: Entity; parentEntityRefs: string[] }[] = [];
  const seen = new Set([rootRef]);
  for (let refs = [rootRef]; refs.length > 0;) {
    const records = await recordsByRefs(reading, refs, scope);
    const parents = await parentRefs(
      reading,
      records.map((record) => record.id),
    );
    const known = new Set(
      (await recordsByRefs(reading, [...new Set([...parents.values()].flat())], scope)).map((record) => record.ref),
    );
    const texts = await entityTexts(reading, records, scope);
    const next = new Set<string>();
    for (const [index, record] of records.entries()) {
      const parentEntityRefs = (parents.get(record.id) ?? []).filter((ref) => known.has(ref));
      items.push({ entity: JSON.parse(texts[index]!) as Entity, parentEntityRefs });
      for (const ref of parentEntityRefs) if (!seen.has(ref)) next.add(ref);
    }
    for (const ref of next) seen.add(ref);
    refs = [...next];
  }
  return items.sort(
    (a, b) => Number(stringifyEntityRef(b.entity) === rootRef) - Number(stringifyEntityRef(a.entity) === rootRef),
  );
}

/** The Location entities that made the catalog read the documents of entities. */
async function parentRefs(reading: Reading, ids: readonly number[]): Promise<Map<number, string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await reading.reader
    .selectFrom('catalog_entity as e')
    .leftJoin('catalog_document as d', 'd.id', 'e.document_id')
    .leftJoin('catalog_source as s', 's.id', 'e.source_id')
    .select(['e.id', 'e.ref', 'd.parent_ref', 's.entity_ref'])
    .where('e.id', 'in', [...ids])
    .execute();
  return new Map(
    rows.map(({ id, ref, parent_ref: parent, entity_ref: source }) => {
      const found = parent ?? source;
      return [id, found === null || found === ref ? [] : [found]];
    }),
  );
}
