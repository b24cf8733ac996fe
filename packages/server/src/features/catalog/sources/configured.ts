import { createHash } from 'node:crypto';
import type { CatalogContext } from '../context.ts';
import type { ConfiguredLocation } from '../config.ts';
import { forgetDocuments } from '../store/forget.ts';
import { allSources, insertSource, updateSource } from '../store/sources.ts';
import type { CatalogTables, SourceRow } from '../store/tables.ts';

/** The ref of the Location entity that stands for a location, named as Backstage names it. */
export function locationEntityRef(type: string, target: string): string {
  return `location:default/generated-${createHash('sha1').update(`${type}:${target}`).digest('hex')}`;
}

type NewSource = Pick<SourceRow, 'key' | 'origin' | 'type' | 'target' | 'options' | 'location_id'>;

/** A row for a source that has not been read yet. */
export const newSourceRow = (id: number, source: NewSource, now: number): SourceRow => ({
  ...source,
  id,
  entity_ref: locationEntityRef(source.type, source.target),
  state: 'new',
  version: null,
  created_at: now,
  last_attempt_at: null,
  last_success_at: null,
  failing_since: null,
  error: null,
  held: null,
  losses: null,
});

const optionsOf = ({ branch, pattern, rules }: ConfiguredLocation) => JSON.stringify({ branch, pattern, rules });

/**
 * Brings the rows of configured sources in line with the configuration.
 *
 * @returns the rows that are configured no more, for their entities to be removed
 */
export async function syncConfiguredSources(context: CatalogContext): Promise<SourceRow[]> {
  const { db, config } = context;
  return db.transaction<CatalogTables, SourceRow[]>(async (tx) => {
    // Replicas that start together would add the same sources.
    await db.exclusive(tx, 'catalog.sources');
    const rows = await allSources(tx);
    const wanted = new Map(
      config.locations.map((location) => [`config:${location.type}:${location.target}`, location]),
    );
    for (const [key, { type, target, ...rest }] of wanted) {
      const options = optionsOf({ type, target, ...rest });
      const row = rows.find((candidate) => candidate.key === key);
      if (!row) {
        await insertSource(db, tx, (id) =>
          newSourceRow(id, { key, origin: 'config', type, target, options, location_id: null }, context.now()),
        );
      } else if (row.options !== options) {
        await updateSource(tx, row.id, { options });
        // Other rules may let other entities in: everything is looked at again.
        await forgetDocuments(tx, { sourceId: row.id });
      }
    }
    return rows.filter((row) => row.origin === 'config' && !wanted.has(row.key));
  });
}
