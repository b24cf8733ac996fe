import type { CatalogContext } from '../context.ts';
import { documentsOf, entitiesOfDocuments } from '../store/held.ts';
import { deleteSource } from '../store/sources.ts';
import type { CatalogTables, SourceRow } from '../store/tables.ts';
import { deleteDropped, deleteGoneDocuments, refreshMissingTargets, transferClaims } from './finish.ts';

/**
 * Removes a source and the entities that nobody else describes.
 *
 * @returns ids of the sources that take entities over and have to be read again
 */
export async function removeSource(context: CatalogContext, source: SourceRow, actor: string): Promise<number[]> {
  const documents = [...(await documentsOf(context.db.reader(), source.id)).values()].map((document) => document.id);
  const entities = await entitiesOfDocuments(context.db, context.db.reader(), documents);
  const { left, heirs } = await transferClaims(context, entities, new Set(documents), actor);
  await deleteDropped(context, left, actor);
  await deleteGoneDocuments(context, documents);
  await refreshMissingTargets(context, { documentIds: [], created: [], deleted: left.map((entity) => entity.ref) });
  await context.db.transaction<CatalogTables, void>((tx) => deleteSource(tx, source.id));
  return [...new Set(heirs.map((heir) => heir.sourceId))];
}
