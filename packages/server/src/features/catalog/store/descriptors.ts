import type { Kysely } from 'kysely';
import type { Database } from '../../../core/db/index.ts';
import { bodiesOf, documentsById, entityPlace, heldEntities, type HeldRow } from './held.ts';
import { sourceById } from './sources.ts';
import type { CatalogTables, DocumentRow, ProblemRow, SourceRow } from './tables.ts';

/** A descriptor file with the source that lists it. */
export type DescriptorFile = { document: DocumentRow; source: SourceRow };

type Readable = { db: Database; reader: Kysely<CatalogTables> };

export async function fileOfDocument({ db, reader }: Readable, id: number): Promise<DescriptorFile | undefined> {
  const document = (await documentsById(db, reader, [id])).get(id);
  const source = document && (await sourceById(reader, document.source_id));
  return document && source && { document, source };
}

export async function fileOfEntity(reading: Readable, ref: string): Promise<DescriptorFile | undefined> {
  const place = await entityPlace(reading.reader, 'ref', ref);
  return place && fileOfDocument(reading, place.document_id);
}

/** A problem as it is stored, with whatever file it stands in. */
export function problemById({ reader }: Readable, id: number): Promise<ProblemRow | undefined> {
  return reader.selectFrom('catalog_problem').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Entities that a file describes now, and those that hold the refs which a text describes. */
export async function heldByFile(
  { db, reader }: Readable,
  documentId: number,
  refs: string[],
): Promise<Map<string, HeldRow>> {
  const rows = await heldEntities(db, reader as never, [documentId], refs);
  return new Map(rows.map((row) => [row.ref, row]));
}

/** Bodies of entities, by id, as JSON text. */
export const bodies = ({ db, reader }: Readable, ids: number[]): Promise<Map<number, string>> =>
  bodiesOf(db, reader as never, ids);

/** Relations that entities declare, in their stored direction. */
export function relationsDeclaredBy(
  { db, reader }: Readable,
  entityIds: number[],
): Promise<{ source: string; type: string; target: string; entity_id: number }[]> {
  return db.selectByKeys(reader, {
    table: 'catalog_relation',
    column: 'entity_id',
    type: 'integer',
    values: entityIds,
    select: ['source', 'type', 'target', 'entity_id'],
  });
}

/** Which of these refs the catalog has. */
export async function existingRefs({ db, reader }: Readable, refs: string[]): Promise<Set<string>> {
  const rows = await db.selectByKeys<{ ref: string }>(reader, {
    table: 'catalog_entity',
    column: 'ref',
    type: 'text',
    values: [...new Set(refs)],
    select: ['ref'],
  });
  return new Set(rows.map((row) => row.ref));
}
