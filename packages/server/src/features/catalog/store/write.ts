import type { Transaction } from 'kysely';
import type { Database } from '../../../core/db/index.ts';
import { eachTerm, type TermText } from '../term-text.ts';
import type { CatalogTables, DocumentRow, EntityRow, HistoryRow } from './tables.ts';

type Tx = Transaction<CatalogTables>;

export type WrittenEntity = {
  row: EntityRow;
  body: string;
  terms: TermText;
  relations: [source: string, type: string, target: string][];
};

export type NewHistory = Omit<HistoryRow, 'id'>;

const entityColumns = {
  id: 'integer',
  ref: 'text',
  uid: 'text',
  kind: 'text',
  namespace: 'text',
  name: 'text',
  label: 'text',
  title: 'text',
  type: 'text',
  lifecycle: 'text',
  owner: 'text',
  system: 'text',
  document_id: 'integer',
  source_id: 'integer',
  location: 'text',
  line: 'integer',
  hash: 'text',
  first_seen_at: 'integer',
  updated_at: 'integer',
} as const;

const entityNames = Object.keys(entityColumns) as (keyof EntityRow)[];
const entityValues = (row: EntityRow) => entityNames.map((name) => row[name]);

/** Ids of term keys. They are only kept once their transaction is committed, since a transaction may be undone. */
export type KeyIds = Map<string, number>;

const entitiesAtOnce = 200;
const rowsAtOnce = 2_000;

/** Lets what waits on the main thread run between two pieces of work. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Looks the ids of the keys of terms up, adding the keys that are new. */
export async function keyIds(db: Database, tx: Tx, known: KeyIds, terms: TermText[]): Promise<KeyIds> {
  const unknown = new Set<string>();
  for (const [index, text] of terms.entries()) {
    if (index % entitiesAtOnce === entitiesAtOnce - 1) await breathe();
    eachTerm(text, (key) => known.has(key) || unknown.add(key));
  }
  if (unknown.size === 0) return known;
  const missing = [...unknown];
  const ids = await db.allocateIds(tx, 'catalog_key', missing.length);
  await db.insertMany(tx, {
    table: 'catalog_key',
    columns: { id: 'integer', key: 'text' },
    rows: missing.map((key, index) => [ids[index], key]),
    conflict: { columns: ['key'], action: 'ignore' },
  });
  const rows = await db.selectByKeys<{ id: number; key: string }>(tx, {
    table: 'catalog_key',
    column: 'key',
    type: 'text',
    values: missing,
    select: ['id', 'key'],
  });
  const all = new Map(known);
  for (const row of rows) all.set(row.key, row.id);
  return all;
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

type TermRow = readonly [keyId: number, value: string, entityId: number, original: string | null, item: number];

/** In the order of the primary key neighbouring rows land on the same pages, which is most of what writing them costs. */
async function termRows(entities: Pick<WrittenEntity, 'row' | 'terms'>[], keys: KeyIds): Promise<TermRow[]> {
  const byKey = new Map<number, TermRow[]>();
  for (const [index, { row, terms }] of entities.entries()) {
    if (index % entitiesAtOnce === entitiesAtOnce - 1) await breathe();
    eachTerm(terms, (key, value, original, item) => {
      const keyId = keys.get(key) as number;
      const rows = byKey.get(keyId);
      const term: TermRow = [keyId, value, row.id, original, item];
      if (rows) rows.push(term);
      else byKey.set(keyId, [term]);
    });
  }
  let sorted = 0;
  for (const rows of byKey.values()) {
    rows.sort((a, b) => byText(a[1], b[1]) || a[2] - b[2] || a[4] - b[4]);
    sorted += rows.length;
    if (sorted < rowsAtOnce) continue;
    sorted = 0;
    await breathe();
  }
  return [...byKey.keys()].sort((a, b) => a - b).flatMap((keyId) => byKey.get(keyId) as TermRow[]);
}

const insertTerms = (db: Database, tx: Tx, rows: TermRow[]): Promise<void> =>
  db.insertMany(tx, {
    table: 'catalog_term',
    columns: { key_id: 'integer', value: 'text', entity_id: 'integer', original: 'text', item: 'integer' },
    rows,
  });

async function insertRelations(db: Database, tx: Tx, entities: WrittenEntity[]): Promise<void> {
  const rows = entities
    .flatMap(({ row, relations }) => relations.map((relation) => [...relation, row.id] as const))
    .sort((a, b) => byText(a[0], b[0]) || byText(a[1], b[1]) || byText(a[2], b[2]) || a[3] - b[3]);
  await db.insertMany(tx, {
    table: 'catalog_relation',
    columns: { source: 'text', type: 'text', target: 'text', entity_id: 'integer' },
    rows: rows.filter((row, index) => row.some((value, column) => value !== rows[index - 1]?.[column])),
  });
}

/** Ids for rows that refer to each other before they are written. */
export const newIds = (
  db: Database,
  tx: Tx,
  table: 'catalog_entity' | 'catalog_document',
  count: number,
): Promise<number[]> => db.allocateIds(tx, table, count);

/** Replaces what documents claim although another document holds it. */
export async function replaceClaims(
  db: Database,
  tx: Tx,
  documentIds: number[],
  claims: { ref: string; documentId: number }[],
): Promise<void> {
  await db.deleteByKeys(tx, { table: 'catalog_claim', column: 'document_id', type: 'integer', values: documentIds });
  await db.insertMany(tx, {
    table: 'catalog_claim',
    columns: { ref: 'text', document_id: 'integer' },
    rows: claims.map((claim) => [claim.ref, claim.documentId]),
    conflict: { columns: ['ref', 'document_id'], action: 'ignore' },
  });
}

export async function insertEntities(db: Database, tx: Tx, entities: WrittenEntity[], keys: KeyIds): Promise<void> {
  if (entities.length === 0) return;
  const rowsAndBodies = async () => {
    await db.insertMany(tx, {
      table: 'catalog_entity',
      columns: entityColumns,
      rows: entities.map(({ row }) => entityValues(row)),
    });
    await db.insertMany(tx, {
      table: 'catalog_body',
      columns: { entity_id: 'integer', body: 'text' },
      rows: entities.map(({ row, body }) => [row.id, body]),
    });
  };
  // The terms are put in order while the database writes the rows.
  const [, terms] = await Promise.all([rowsAndBodies(), termRows(entities, keys)]);
  await insertTerms(db, tx, terms);
  await insertRelations(db, tx, entities);
}

/** Replaces rows, bodies and terms of entities that exist; their id and relations stay. */
export async function rewriteEntities(
  db: Database,
  tx: Tx,
  entities: Omit<WrittenEntity, 'relations'>[],
  keys: KeyIds,
): Promise<void> {
  if (entities.length === 0) return;
  await placeEntities(
    db,
    tx,
    entities.map(({ row }) => row),
  );
  await db.insertMany(tx, {
    table: 'catalog_body',
    columns: { entity_id: 'integer', body: 'text' },
    rows: entities.map(({ row, body }) => [row.id, body]),
    conflict: { columns: ['entity_id'], action: { update: ['body'] } },
  });
  await db.deleteByKeys(tx, {
    table: 'catalog_term',
    column: 'entity_id',
    type: 'integer',
    values: entities.map(({ row }) => row.id),
  });
  await insertTerms(db, tx, await termRows(entities, keys));
}

/** Replaces what is stored of entities that exist; their id stays. */
export async function updateEntities(db: Database, tx: Tx, entities: WrittenEntity[], keys: KeyIds): Promise<void> {
  if (entities.length === 0) return;
  await rewriteEntities(db, tx, entities, keys);
  await db.deleteByKeys(tx, {
    table: 'catalog_relation',
    column: 'entity_id',
    type: 'integer',
    values: entities.map(({ row }) => row.id),
  });
  await insertRelations(db, tx, entities);
}

/** Writes the rows of entities that exist, without their bodies, terms and relations. */
export async function placeEntities(db: Database, tx: Tx, rows: EntityRow[]): Promise<void> {
  if (rows.length === 0) return;
  const update = entityNames.filter((name) => !['id', 'ref', 'uid', 'first_seen_at'].includes(name));
  await db.insertMany(tx, {
    table: 'catalog_entity',
    columns: entityColumns,
    rows: rows.map(entityValues),
    conflict: { columns: ['id'], action: { update } },
  });
}

export async function deleteEntities(db: Database, tx: Tx, entities: { id: number; ref: string }[]): Promise<void> {
  const values = entities.map((entity) => entity.id);
  for (const table of ['catalog_term', 'catalog_relation', 'catalog_body'])
    await db.deleteByKeys(tx, { table, column: 'entity_id', type: 'integer', values });
  await db.deleteByKeys(tx, { table: 'catalog_entity', column: 'id', type: 'integer', values });
  await db.deleteByKeys(tx, {
    table: 'catalog_problem',
    column: 'entity_ref',
    type: 'text',
    values: entities.map((entity) => entity.ref),
  });
}

export async function writeDocuments(db: Database, tx: Tx, rows: DocumentRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.insertMany(tx, {
    table: 'catalog_document',
    columns: {
      id: 'integer',
      source_id: 'integer',
      location: 'text',
      parent_ref: 'text',
      hash: 'text',
      version: 'text',
      dependencies: 'text',
      targets: 'text',
      read_at: 'integer',
    },
    rows: rows.map((row) => [
      row.id,
      row.source_id,
      row.location,
      row.parent_ref,
      row.hash,
      row.version,
      row.dependencies,
      row.targets,
      row.read_at,
    ]),
    conflict: {
      columns: ['source_id', 'location'],
      action: { update: ['parent_ref', 'hash', 'version', 'dependencies', 'targets', 'read_at'] },
    },
  });
}

export async function deleteDocuments(db: Database, tx: Tx, ids: number[]): Promise<void> {
  await db.deleteByKeys(tx, { table: 'catalog_claim', column: 'document_id', type: 'integer', values: ids });
  await db.deleteByKeys(tx, { table: 'catalog_problem', column: 'document_id', type: 'integer', values: ids });
  await db.deleteByKeys(tx, { table: 'catalog_document', column: 'id', type: 'integer', values: ids });
}

export async function writeHistory(db: Database, tx: Tx, entries: NewHistory[]): Promise<void> {
  if (entries.length === 0) return;
  const ids = await db.allocateIds(tx, 'catalog_history', entries.length);
  await db.insertMany(tx, {
    table: 'catalog_history',
    columns: {
      id: 'integer',
      ref: 'text',
      at: 'integer',
      actor: 'text',
      action: 'text',
      changes: 'text',
      location: 'text',
      hash: 'text',
    },
    rows: entries.map((entry, index) => [
      ids[index],
      entry.ref,
      entry.at,
      entry.actor,
      entry.action,
      entry.changes,
      entry.location,
      entry.hash,
    ]),
  });
}

/** Whole rows of entities, by id. */
export function entityRows(db: Database, tx: Tx, ids: number[]): Promise<EntityRow[]> {
  return db.selectByKeys<EntityRow>(tx, {
    table: 'catalog_entity',
    column: 'id',
    type: 'integer',
    values: ids,
    select: entityNames,
  });
}
