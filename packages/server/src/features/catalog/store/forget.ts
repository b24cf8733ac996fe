import type { Transaction } from 'kysely';
import type { CatalogTables, DocumentRow } from './tables.ts';

type Tx = Transaction<CatalogTables>;

/** Makes the next reading take these documents as new, whatever their sources say of their versions. */
export async function forgetDocuments(tx: Tx, which: { ids: number[] } | { sourceId: number }): Promise<void> {
  const forgotten = { hash: '', version: null };
  if ('sourceId' in which) {
    await tx.updateTable('catalog_document').set(forgotten).where('source_id', '=', which.sourceId).execute();
    await tx.updateTable('catalog_source').set({ version: null }).where('id', '=', which.sourceId).execute();
    return;
  }
  for (let start = 0; start < which.ids.length; start += 500) {
    const ids = which.ids.slice(start, start + 500);
    await tx.updateTable('catalog_document').set(forgotten).where('id', 'in', ids).execute();
    await tx
      .updateTable('catalog_source')
      .set({ version: null })
      .where('id', 'in', (select) =>
        select.selectFrom('catalog_document').select('source_id').where('catalog_document.id', 'in', ids),
      )
      .execute();
  }
}

/** Gives an entity to another document that claims it; its content follows when that document is read. */
export async function transferEntity(
  tx: Tx,
  entity: { id: number; ref: string },
  heir: DocumentRow,
  at: number,
): Promise<void> {
  await tx
    .updateTable('catalog_entity')
    .set({ document_id: heir.id, source_id: heir.source_id, location: heir.location, updated_at: at })
    .where('id', '=', entity.id)
    .execute();
  await tx.deleteFrom('catalog_claim').where('ref', '=', entity.ref).where('document_id', '=', heir.id).execute();
}
