import { createHash, randomUUID } from 'node:crypto';
import type { Entity } from '@callboard/model';
import { entityTerms, relationsOf, stringifyEntityRef, termValue } from '@callboard/model';
import type { Database } from '../../../../core/db/index.ts';
import { createEvents } from '../../../../core/events/index.ts';
import { createLogger } from '../../../../core/log/index.ts';
import type { KindRegistry } from '../../kinds.ts';
import { catalogTables } from '../../migrations/0001-catalog.ts';
import { createReading } from '../reading.ts';
import type { Reading } from '../reading.ts';
import type { CatalogTables } from '../tables.ts';
import { termText } from '../../term-text.ts';
import { insertEntities, keyIds } from '../write.ts';

const stored = (value: unknown) => (typeof value === 'string' ? termValue(value) : null);

/** Opens the reading side of a store on an empty database. */
export async function openStore(db: Database, kinds: KindRegistry): Promise<Reading> {
  await db.migrate([catalogTables]);
  const events = createEvents({ db, log: await createLogger({ level: 'silent', format: 'json' }) });
  return createReading({ db, events, kinds });
}

/** Writes entities into the tables as they are, without sources and documents. */
export async function storeEntities({ db, kinds }: Reading, entities: Entity[]): Promise<void> {
  const events = createEvents({ db, log: await createLogger({ level: 'silent', format: 'json' }) });
  await db.transaction<CatalogTables, void>(async (tx) => {
    const ids = await db.allocateIds(tx, 'catalog_entity', entities.length);
    const written = entities.map((entity, index) => {
      const { relations } = relationsOf(entity, kinds);
      const body = JSON.stringify(entity);
      const { name, namespace = 'default', title } = entity.metadata;
      const row = {
        id: ids[index]!,
        ref: stringifyEntityRef(entity),
        uid: randomUUID(),
        kind: termValue(entity.kind),
        namespace: termValue(namespace),
        name: termValue(name),
        label: title ?? name,
        title: stored(title),
        type: stored(entity.spec?.type),
        lifecycle: stored(entity.spec?.lifecycle),
        owner: relations.find(([, type]) => type === 'ownedBy')?.[2] ?? null,
        system: null,
        document_id: 1,
        source_id: 1,
        location: 'file:/test.yaml',
        line: 1,
        hash: createHash('sha1').update(body).digest('hex'),
        first_seen_at: 1,
        updated_at: 1,
      };
      return { row, body, terms: termText(entityTerms(entity)), relations };
    });
    const keys = await keyIds(
      db,
      tx,
      new Map(),
      written.map(({ terms }) => terms),
    );
    await insertEntities(db, tx, written, keys);
    await events.append(
      tx,
      written.map(({ row }) => ({ type: 'catalog.entity.created', subject: row.ref })),
    );
  });
}
