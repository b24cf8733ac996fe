import type { Kysely, Transaction } from 'kysely';
import type { Database, Executor } from '../../../core/db/index.ts';
import type { CatalogTables, DocumentRow, EntityRow } from './tables.ts';

type Tx = Transaction<CatalogTables>;

const entityFields = [
  'id',
  'ref',
  'hash',
  'document_id',
  'source_id',
  'location',
  'line',
  'uid',
  'owner',
  'first_seen_at',
] as const;
export type HeldRow = Pick<EntityRow, (typeof entityFields)[number]>;

/** The documents of a source, by location. */
export async function documentsOf(reader: Executor, sourceId: number): Promise<Map<string, DocumentRow>> {
  const rows: DocumentRow[] = await (reader as Kysely<CatalogTables>)
    .selectFrom('catalog_document')
    .selectAll()
    .where('source_id', '=', sourceId)
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.location, row]));
}

/** Every entity held under one of these documents or one of these refs, each once. */
export async function heldEntities(db: Database, tx: Tx, documentIds: number[], refs: string[]): Promise<HeldRow[]> {
  const select = entityFields;
  const byDocument = await db.selectByKeys<HeldRow>(tx, {
    table: 'catalog_entity',
    column: 'document_id',
    type: 'integer',
    values: documentIds,
    select,
  });
  const found = new Map(byDocument.map((row) => [row.id, row]));
  const byRef = await db.selectByKeys<HeldRow>(tx, {
    table: 'catalog_entity',
    column: 'ref',
    type: 'text',
    values: refs,
    select,
  });
  for (const row of byRef) found.set(row.id, row);
  return [...found.values()];
}

/** The bodies of entities, by id. */
export async function bodiesOf(db: Database, tx: Tx, ids: number[]): Promise<Map<number, string>> {
  const rows = await db.selectByKeys<{ entity_id: number; body: string }>(tx, {
    table: 'catalog_body',
    column: 'entity_id',
    type: 'integer',
    values: ids,
    select: ['entity_id', 'body'],
  });
  return new Map(rows.map((row) => [row.entity_id, row.body]));
}

/** Who else wants refs that are about to be free, first come first. */
export async function claimsOf(
  db: Database,
  tx: Executor,
  refs: string[],
): Promise<{ ref: string; document: DocumentRow }[]> {
  const claims = await db.selectByKeys<{ ref: string; document_id: number }>(tx, {
    table: 'catalog_claim',
    column: 'ref',
    type: 'text',
    values: refs,
    select: ['ref', 'document_id'],
  });
  if (claims.length === 0) return [];
  const documents = await documentsById(
    db,
    tx,
    claims.map((claim) => claim.document_id),
  );
  return claims
    .flatMap((claim) => {
      const document = documents.get(claim.document_id);
      return document ? [{ ref: claim.ref, document }] : [];
    })
    .sort((a, b) => a.document.id - b.document.id);
}

export async function documentsById(
  db: Database,
  executor: Executor,
  ids: number[],
): Promise<Map<number, DocumentRow>> {
  const rows = await db.selectByKeys<DocumentRow>(executor, {
    table: 'catalog_document',
    column: 'id',
    type: 'integer',
    values: [...new Set(ids)],
    select: ['id', 'source_id', 'location', 'parent_ref', 'hash', 'version', 'dependencies', 'targets', 'read_at'],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

export type MissingTarget = {
  entity_ref: string;
  entity_id: number;
  document_id: number;
  source_id: number;
  location: string;
  line: number;
  owner: string | null;
  type: string;
  missing: string;
  forward: number;
};

/** Relations declared by the entities of these documents whose other end does not exist. */
export async function missingTargets(tx: Tx, documentIds: number[]): Promise<MissingTarget[]> {
  return missing(tx, (query) => query.where('declarer.document_id', 'in', documentIds));
}

/** Relations, declared by others, whose end was one of these refs, which are gone. */
export async function missingRefs(tx: Tx, refs: string[]): Promise<MissingTarget[]> {
  return missing(tx, (query) =>
    query.where((expression: any) =>
      expression.or([expression('relation.target', 'in', refs), expression('relation.source', 'in', refs)]),
    ),
  );
}

async function missing(tx: Tx, narrow: (query: any) => any): Promise<MissingTarget[]> {
  const ends = (other: 'source' | 'target', self: 'source' | 'target') =>
    narrow(
      tx
        .selectFrom('catalog_relation as relation')
        .innerJoin('catalog_entity as declarer', 'declarer.id', 'relation.entity_id')
        .leftJoin('catalog_entity as end', 'end.ref', `relation.${other}`)
        .whereRef(`relation.${self}`, '=', 'declarer.ref')
        .where('end.id', 'is', null),
    )
      .select([
        'declarer.ref as entity_ref',
        'declarer.id as entity_id',
        'declarer.document_id',
        'declarer.source_id',
        'declarer.location',
        'declarer.line',
        'declarer.owner',
        'relation.type',
        `relation.${other} as missing`,
      ])
      .execute();
  const forward = (await ends('target', 'source')) as Omit<MissingTarget, 'forward'>[];
  const backward = (await ends('source', 'target')) as Omit<MissingTarget, 'forward'>[];
  return [...forward.map((row) => ({ ...row, forward: 1 })), ...backward.map((row) => ({ ...row, forward: 0 }))];
}

/** How many entities a document has. */
export async function entityCount(reader: Executor, documentId: number): Promise<number> {
  const row = await reader
    .selectFrom('catalog_entity')
    .select((select) => select.fn.countAll().as('count'))
    .where('document_id', '=', documentId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** The entities of documents, as far as deleting them needs to know. */
export function entitiesOfDocuments(
  db: Database,
  executor: Executor,
  documentIds: number[],
): Promise<{ id: number; ref: string; location: string; hash: string }[]> {
  return db.selectByKeys(executor, {
    table: 'catalog_entity',
    column: 'document_id',
    type: 'integer',
    values: documentIds,
    select: ['id', 'ref', 'location', 'hash'],
  });
}

/** Where an entity comes from, found by its ref or uid. */
export type EntityPlace = Pick<EntityRow, 'id' | 'ref' | 'location' | 'hash' | 'document_id' | 'source_id'>;

export function entityPlace(reader: Executor, column: 'ref' | 'uid', value: string): Promise<EntityPlace | undefined> {
  return (reader as Kysely<CatalogTables>)
    .selectFrom('catalog_entity')
    .select(['id', 'ref', 'location', 'hash', 'document_id', 'source_id'])
    .where(column, '=', value)
    .executeTakeFirst();
}
