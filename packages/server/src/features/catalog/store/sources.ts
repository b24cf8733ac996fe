import type { Database } from '../../../core/db/index.ts';
import type { Kysely, Transaction } from 'kysely';
import type { CatalogTables, SourceRow } from './tables.ts';

type Reader = Kysely<CatalogTables> | Transaction<CatalogTables>;

/** Every source in the order in which it was made. */
export function allSources(reader: Reader): Promise<SourceRow[]> {
  return reader.selectFrom('catalog_source').selectAll().orderBy('id').execute();
}

export function sourceById(reader: Reader, id: number): Promise<SourceRow | undefined> {
  return reader.selectFrom('catalog_source').selectAll().where('id', '=', id).executeTakeFirst();
}

export function sourceByKey(reader: Reader, key: string): Promise<SourceRow | undefined> {
  return reader.selectFrom('catalog_source').selectAll().where('key', '=', key).executeTakeFirst();
}

export function sourceByLocationId(reader: Reader, locationId: string): Promise<SourceRow | undefined> {
  return reader.selectFrom('catalog_source').selectAll().where('location_id', '=', locationId).executeTakeFirst();
}

/** Adds a source; the row is made with the id that it gets. */
export async function insertSource(
  db: Database,
  tx: Transaction<CatalogTables>,
  row: (id: number) => SourceRow,
): Promise<SourceRow> {
  const [id] = await db.allocateIds(tx, 'catalog_source', 1);
  const made = row(id as number);
  await tx.insertInto('catalog_source').values(made).execute();
  return made;
}

export async function updateSource(
  tx: Transaction<CatalogTables>,
  id: number,
  fields: Partial<SourceRow>,
): Promise<void> {
  await tx.updateTable('catalog_source').set(fields).where('id', '=', id).execute();
}

export async function deleteSource(tx: Transaction<CatalogTables>, id: number): Promise<void> {
  await tx.deleteFrom('catalog_problem').where('source_id', '=', id).execute();
  await tx.deleteFrom('catalog_source').where('id', '=', id).execute();
}

/** The sources with documents at addresses that begin so; a source of its own address counts before it was read as well. */
export async function sourcesOfAddresses(reader: Reader, urls: readonly string[]): Promise<Set<number>> {
  const found = new Set<number>();
  for (const url of urls) {
    const start = `url:${url}`;
    // Up to the last text that begins so, in the order of bytes.
    const documents = await reader
      .selectFrom('catalog_document')
      .select('source_id')
      .distinct()
      .where('location', '>=', start)
      .where('location', '<', `${start}\u{10ffff}`)
      .execute();
    for (const { source_id: id } of documents) found.add(id);
    const own = await reader
      .selectFrom('catalog_source')
      .select('id')
      .where('type', '=', 'url')
      .where('target', '>=', url)
      .where('target', '<', `${url}\u{10ffff}`)
      .execute();
    for (const { id } of own) found.add(id);
  }
  return found;
}

/** How many entities a source holds. */
export async function countEntities(reader: Reader, sourceId: number): Promise<number> {
  const row = await reader
    .selectFrom('catalog_entity')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('source_id', '=', sourceId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
