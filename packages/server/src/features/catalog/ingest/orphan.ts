import { createHash } from 'node:crypto';
import { entityTerms, type Entity } from '@callboard/model';
import type { CatalogContext } from '../context.ts';
import { bodiesOf } from '../store/held.ts';
import type { CatalogTables } from '../store/tables.ts';
import { termText } from '../term-text.ts';
import { entityRows, keyIds, type KeyIds, rewriteEntities, writeHistory } from '../store/write.ts';
import type { DroppedEntity } from './finish.ts';

const annotation = 'backstage.io/orphan';
const batchSize = 500;

/** The entity with the mark of an orphan, or undefined when it has it already. */
function marked(body: string): Entity | undefined {
  const entity = JSON.parse(body) as Entity;
  if (entity.metadata.annotations?.[annotation] === 'true') return undefined;
  return {
    ...entity,
    metadata: { ...entity.metadata, annotations: { ...entity.metadata.annotations, [annotation]: 'true' } },
  };
}

/**
 * Keeps entities that nothing describes any more, marked as orphans (`catalog.orphanStrategy: keep`). A descriptor that describes one
 * again takes the mark away by replacing the entity.
 *
 * @returns how many were marked now
 */
export async function keepOrphans(
  context: CatalogContext,
  keys: { ids: KeyIds },
  drops: DroppedEntity[],
  actor: string,
): Promise<number> {
  const { db, events } = context;
  let count = 0;
  for (let start = 0; start < drops.length; start += batchSize) {
    const slice = drops.slice(start, start + batchSize);
    let newKeys = keys.ids;
    count += await db.transaction<CatalogTables, number>(async (tx) => {
      const at = context.now();
      const ids = slice.map((drop) => drop.id);
      const bodies = await bodiesOf(db, tx, ids);
      const rows = await entityRows(db, tx, ids);
      const orphans = rows.flatMap((row) => {
        const entity = marked(bodies.get(row.id) ?? '{"metadata":{}}');
        if (!entity) return [];
        const body = JSON.stringify(entity);
        const hash = createHash('sha1').update(body).digest('hex');
        return [{ row: { ...row, hash, updated_at: at }, body, terms: termText(entityTerms(entity)) }];
      });
      newKeys = await keyIds(
        db,
        tx,
        keys.ids,
        orphans.map(({ terms }) => terms),
      );
      await rewriteEntities(db, tx, orphans, newKeys);
      const path = `metadata.annotations.${annotation}`;
      const entries = orphans.map(({ row }) => ({
        ref: row.ref,
        at,
        actor,
        action: 'updated',
        changes: JSON.stringify([{ path, after: 'true' }]),
        location: row.location,
        hash: row.hash,
      }));
      await writeHistory(db, tx, entries);
      await events.append(
        tx,
        orphans.map(({ row }) => ({
          type: 'catalog.entity.updated',
          subject: row.ref,
          actor,
          data: { hash: row.hash, location: row.location },
        })),
      );
      return orphans.length;
    });
    keys.ids = newKeys;
  }
  return count;
}
