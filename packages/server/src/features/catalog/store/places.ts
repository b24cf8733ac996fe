import type { Reading } from './reading.ts';
import type { SourceRow } from './tables.ts';

/** Where entities are described: the location of their document and the source that has it. */
export async function placeOf(
  { reader }: Reading,
  ref: string,
): Promise<{ location: string; source: SourceRow } | undefined> {
  const row = await reader
    .selectFrom('catalog_entity')
    .innerJoin('catalog_source', 'catalog_source.id', 'catalog_entity.source_id')
    .selectAll('catalog_source')
    .select('catalog_entity.location as place')
    .where('catalog_entity.ref', '=', ref)
    .executeTakeFirst();
  if (!row) return undefined;
  const { place, ...source } = row;
  return { location: place, source };
}
