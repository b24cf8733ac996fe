import type { Reading } from './reading.ts';
import type { SourceRow } from './tables.ts';

/** Where entities are described: the location of their document and the source that has it. */
export async function placeOf(
  { reader }: Reading,
  ref: string,
): Promise<{ location: string; source: SourceRow } | undefined> {
  const entity = await reader
    .selectFrom('catalog_entity')
    .select(['location', 'source_id'])
    .where('ref', '=', ref)
    .executeTakeFirst();
  if (!entity) return undefined;
  const source = await reader
    .selectFrom('catalog_source')
    .selectAll()
    .where('id', '=', entity.source_id)
    .executeTakeFirst();
  return source && { location: entity.location, source };
}
