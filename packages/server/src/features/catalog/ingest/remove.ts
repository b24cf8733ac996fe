import { setTimeout } from 'node:timers/promises';
import type { CatalogContext } from '../context.ts';
import { documentsOf, entitiesOfDocuments } from '../store/held.ts';
import { deleteSource, sourceById } from '../store/sources.ts';
import type { CatalogTables, SourceRow } from '../store/tables.ts';
import { deleteDropped, deleteGoneDocuments, refreshMissingTargets, transferClaims } from './finish.ts';

const leaseMs = 30_000;
const askAgainMs = 100;

/**
 * Removes a source and the entities that nobody else describes. Others that want the same at that time wait until it is done, so that
 * everything is told once.
 *
 * @returns ids of the sources that take entities over and have to be read again
 */
export async function removeSource(context: CatalogContext, source: SourceRow, actor: string): Promise<number[]> {
  for (;;) {
    const heirs = await context.db.withLease(`catalog/remove/${source.id}`, { ttlMs: leaseMs }, async () =>
      (await sourceById(context.db.reader<CatalogTables>(), source.id)) ? remove(context, source, actor) : [],
    );
    if (heirs) return heirs;
    await setTimeout(askAgainMs);
  }
}

async function remove(context: CatalogContext, source: SourceRow, actor: string): Promise<number[]> {
  const documents = [...(await documentsOf(context.db.reader(), source.id)).values()].map((document) => document.id);
  const entities = await entitiesOfDocuments(context.db, context.db.reader(), documents);
  const { left, heirs } = await transferClaims(context, entities, new Set(documents), actor);
  await deleteDropped(context, left, actor);
  await deleteGoneDocuments(context, documents);
  await refreshMissingTargets(context, { documentIds: [], created: [], deleted: left.map((entity) => entity.ref) });
  await context.db.transaction<CatalogTables, void>((tx) => deleteSource(tx, source.id));
  return [...new Set(heirs.map((heir) => heir.sourceId))];
}
