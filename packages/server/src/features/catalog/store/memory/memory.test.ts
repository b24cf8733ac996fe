import type { Entity } from '@callboard/model';
import { stringifyEntityRef } from '@callboard/model';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createEvents } from '../../../../core/events/index.ts';
import { createLogger } from '../../../../core/log/index.ts';
import type { EntityPredicate } from '../../../../core/predicate/index.ts';
import { simplify, within } from '../../../../core/predicate/index.ts';
import { forEachDatabase } from '../../../../testing/databases.ts';
import { createKinds } from '../../kinds.ts';
import type { KindInput } from '../../kinds.ts';
import { company, thingKind } from '../../routes/testing/company.ts';
import { facetsOf } from '../facets.ts';
import { countEntities, readPage } from '../query.ts';
import type { Reading } from '../reading.ts';
import { openStore, storeEntities } from '../testing/store-entities.ts';
import type { CatalogTables } from '../tables.ts';
import { deleteEntities } from '../write.ts';

const facetKeys = [
  'kind',
  'metadata.uid',
  'metadata.name',
  'metadata.title',
  'spec.type',
  'spec.lifecycle',
  'spec.owner',
  'metadata.tags',
  'metadata.tags.java',
  'metadata.namespace',
  'spec.rank',
  'spec.nested.list',
  'spec.nothing',
  'relations.ownedby',
  'relations.ownerof',
  'relations.friendof',
];

const leaf: fc.Arbitrary<EntityPredicate> = fc.oneof(
  fc.constantFrom<EntityPredicate>(
    { key: 'kind', in: ['thing'] },
    { key: 'spec.type', in: ['service', 'library'] },
    { key: 'spec.type', exists: true },
    { key: 'spec.lifecycle', prefix: 'prod' },
    { key: 'metadata.namespace', in: ['shops'] },
    { key: 'metadata.tags', in: ['java', 'go'] },
    { key: 'metadata.tags', prefix: '' },
    { key: 'metadata.tags.java', in: ['true'] },
    { key: 'metadata.tags.go', exists: true },
    { key: 'metadata.labels', exists: true },
    { key: 'metadata.labels.tier', exists: true },
    { key: 'spec.nested.list', exists: true },
    { key: 'spec.nested.list.y', in: ['true', '1'] },
    { key: 'spec.rank', in: ['7', '\u0001'] },
    { key: 'spec.rank', prefix: '' },
    { key: 'metadata.labels.tier', in: ['1', '2'] },
    { key: 'relations.ownedby', in: ['group:default/team-a', 'group:default/team-b'] },
    { key: 'relations.ownedby', exists: true },
    { key: 'relations.watches', prefix: 'thing:default/alpha-1' },
    { key: 'relations.nothing', exists: true },
  ),
);
const predicate = fc.letrec<{ node: EntityPredicate }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('node'), { maxLength: 3 }).map((any) => ({ any })),
    tie('node').map((not) => ({ not })),
  ),
})).node;

forEachDatabase((_dialect, { open }) => {
  let reading: Reading;
  const all = company(7);
  const later = company(8).map((entity): Entity => ({
    ...entity,
    metadata: { ...entity.metadata, name: `later-${entity.metadata.name}` },
  }));

  beforeAll(async () => {
    reading = await openStore(await open(), createKinds([thingKind as KindInput]));
    await storeEntities(reading, all);
  });

  /** The same questions with and without memory, each worked out anew. */
  async function agree(runs: number) {
    const anew: Reading['cache'] = { get: async (_key, _version, work) => work() };
    const kept = { ...reading, cache: anew };
    const asked = { ...kept, ways: { ...reading.ways, memory: false } };
    await fc.assert(
      fc.asyncProperty(
        predicate,
        fc.option(predicate, { nil: undefined }),
        fc.boolean(),
        fc.nat({ max: 30 }),
        async (wanted, scope, byName, offset) => {
          const version = await reading.version();
          const condition = simplify(within(wanted, scope));
          const facets = async (at: Reading) => facetsOf(at, facetKeys, condition, version, scope);
          expect(await facets(kept)).toEqual(await facets(asked));
          const query = {
            predicate: wanted,
            orderFields: byName ? [{ field: 'metadata.name', order: 'desc' as const }] : [],
            limit: 7,
            offset,
            ...(scope && { scope }),
          };
          const list = async (at: Reading) => ({
            count: await countEntities(at, query, version),
            rows: (await readPage(at, query, version)).map(({ id, ref, hash, body, sort }) => ({
              id,
              ref,
              hash,
              body,
              sort,
            })),
          });
          expect(await list(kept)).toEqual(await list(asked));
        },
      ),
      { numRuns: runs },
    );
  }

  test('what is counted in memory is what the database counts, after every change', async () => {
    await agree(40);
    // One by one these are followed, all at once they are read anew.
    await storeEntities(reading, later.slice(0, 3));
    await agree(10);
    const events = createEvents({ db: reading.db, log: await createLogger({ level: 'silent', format: 'json' }) });
    const gone = all.slice(10, 30).map(stringifyEntityRef);
    const rows = await reading.reader
      .selectFrom('catalog_entity')
      .select(['id', 'ref'])
      .where('ref', 'in', gone)
      .execute();
    await reading.db.transaction<CatalogTables, void>(async (tx) => {
      await deleteEntities(reading.db, tx, rows);
      await events.append(
        tx,
        gone.map((subject) => ({ type: 'catalog.entity.deleted', subject })),
      );
    });
    await agree(10);
    await storeEntities(reading, [...all.slice(10, 20), ...later.slice(3)]);
    await agree(20);
    const state = await reading.memory.at(reading, await reading.version());
    expect(state?.columns.size).toBeGreaterThan(5);
  }, 60_000);
});
