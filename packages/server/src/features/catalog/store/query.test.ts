import type { Entity, JsonObject } from '@callboard/model';
import fc from 'fast-check';
import { CompiledQuery } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { createKinds } from '../kinds.ts';
import { parseFilters } from '../query/filter.ts';
import { parsePredicate } from '../query/parse-predicate.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { entityTextByRef, entityTexts, recordsByRefs } from './entities.ts';
import { facetsOf } from './facets.ts';
import type { EntityQuery } from './query.ts';
import { countEntities, readPage } from './query.ts';
import { neighbourhood } from './read-graph.ts';
import type { Reading } from './reading.ts';
import { openStore, storeEntities } from './testing/store-entities.ts';

const component = (
  name: string,
  { owner = 'team-0', tags = [] as string[], ...metadata }: JsonObject & { owner?: string; tags?: string[] } = {},
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, tags, ...metadata },
  spec: { type: name.endsWith('1') ? 'website' : 'service', lifecycle: 'production', owner },
});

const pad = (index: number) => String(index).padStart(4, '0');
const byName = [{ field: 'metadata.name', order: 'asc' as const }];

const bound = (target: object, key: string | symbol): unknown => {
  const value: unknown = Reflect.get(target, key);
  return typeof value === 'function' ? value.bind(target) : value;
};

/** Never uses the rows of a condition, and always does. */
const extremes = {
  walk: { page: -1, pageProduct: -1, text: -1, count: -1, memory: false },
  drive: { page: 1e9, pageProduct: 1e18, text: 1e9, count: 1e9, memory: false },
};

forEachDatabase((dialect, { open }) => {
  let reading: Reading;

  beforeAll(async () => {
    reading = await openStore(await open(), createKinds([]));
    const entities = Array.from({ length: 600 }, (_, index) =>
      component(`part-${pad(index)}`, {
        owner: `team-${index % 40}`,
        tags: [...(index % 2 ? ['odd'] : []), ...(index % 50 === 0 ? ['rare'] : [])],
        title: `Part ${index % 7}`,
        labels: { tier: String(index % 3) },
      }),
    );
    await storeEntities(reading, entities);
  });

  const list = async (query: Partial<EntityQuery>, ways = reading.ways) => {
    const asked = { orderFields: [], limit: 10, ...query };
    const at = { ...reading, ways };
    const version = await reading.version();
    const total = await countEntities({ ...at, cache: { get: (_key, _version, work) => work() } }, asked, version);
    const page = await readPage(at, asked, version, total);
    return { total, page, refs: page.map((record) => record.ref) };
  };

  test('all ways to a page lead to the same page', { timeout: 120_000 }, async () => {
    const key = fc.constantFrom(
      'metadata.tags',
      'metadata.labels.tier',
      'spec.owner',
      'relations.ownedby',
      'relations.ownerof',
      'metadata.title',
      'metadata.tags.rare',
      'spec.type',
    );
    const leaf = fc.oneof(
      fc
        .tuple(key, fc.constantFrom('odd', 'rare', '1', 'team-3', 'group:default/team-7', 'part 3', 'true', 'website'))
        .map(([name, value]) => ({ [name]: value })),
      key.map((name) => ({ [name]: { $exists: true } })),
      fc
        .tuple(key, fc.constantFrom('team-1', 'o', 'group:'))
        .map(([name, prefix]) => ({ [name]: { $hasPrefix: prefix } })),
    );
    const question = fc.record({
      parts: fc.array(
        fc.oneof(
          leaf,
          leaf.map(($not) => ({ $not })),
        ),
        { maxLength: 3 },
      ),
      order: fc.constantFrom(
        'metadata.name',
        'metadata.title',
        'spec.owner',
        'relations.ownedby',
        'metadata.tags',
        'metadata.tags.rare',
        'nothing',
      ),
      descending: fc.boolean(),
      text: fc.option(fc.constantFrom('part', '1', 'odd', 'zz'), { nil: undefined }),
      limit: fc.integer({ min: 1, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ parts, order, descending, text, limit }) => {
        const query = {
          predicate: parsePredicate({ $all: parts }),
          orderFields: [{ field: order, order: descending ? ('desc' as const) : ('asc' as const) }],
          ...(text && { fullTextFilter: { term: text, fields: ['metadata.title', 'metadata.tags', 'metadata.name'] } }),
          limit,
        };
        const [walked, driven, usual] = [
          await list(query, extremes.walk),
          await list(query, extremes.drive),
          await list(query),
        ];
        expect(driven).toEqual(walked);
        expect(usual).toEqual(walked);
        const from = { values: walked.page.at(-1)?.sort ?? ['', ''], backwards: true };
        const back = { ...query, from };
        expect((await list(back, extremes.drive)).page).toEqual((await list(back, extremes.walk)).page);
      }),
      { numRuns: 200 },
    );
  });

  test('entities that come and go between two pages shift nothing', async () => {
    const first = await list({ orderFields: byName, limit: 5 });
    const last = first.page[4]!;
    await storeEntities(reading, [component('part-0000-a'), component('part-0002-a')]);
    await reading.db.transaction((tx) =>
      tx.deleteFrom('catalog_entity').where('ref', '=', 'component:default/part-0001').execute(),
    );
    const from = { values: last.sort, backwards: false };
    const second = await list({ orderFields: byName, limit: 3, from });
    expect(second.refs.slice(0, 3)).toEqual([5, 6, 7].map((index) => `component:default/part-${pad(index)}`));
    const before = await list({ orderFields: byName, limit: 10, from: { ...from, backwards: true } });
    expect(before.refs).toEqual(
      ['part-0000', 'part-0000-a', 'part-0002', 'part-0002-a', 'part-0003'].map((name) => `component:default/${name}`),
    );
  });

  test('long values are found by the whole of them', async () => {
    const [two, twelve] = ['y'.repeat(200), `${'z'.repeat(2000)}!`];
    await storeEntities(reading, [
      component('long-a', { annotations: { note: two } }),
      component('long-b', { annotations: { note: twelve } }),
    ]);
    const find = (value: string) => list({ predicate: { key: 'metadata.annotations.note', in: [value] } });
    expect((await list({ predicate: parseFilters([`metadata.annotations.note=${two.toUpperCase()}`]) })).refs).toEqual([
      'component:default/long-a',
    ]);
    expect((await list({ predicate: parsePredicate({ 'metadata.annotations.note': twelve }) })).refs).toEqual([
      'component:default/long-b',
    ]);
    expect(
      (await list({ predicate: parsePredicate({ 'metadata.annotations.note': twelve.slice(0, -1) }) })).refs,
    ).toEqual([]);
    expect((await find('z')).refs).toEqual([]);
  });

  describe('what the asker may not see', () => {
    const scope: EntityPredicate = { key: 'relations.ownedby', in: ['group:default/team-3'] };
    const seen = 'component:default/part-0003';
    const hidden = 'component:default/part-0004';

    test('is in no list, count, facet or look-up', async () => {
      const version = await reading.version();
      const { total, refs } = await list({ scope, orderFields: byName, limit: 100 });
      expect([total, refs.length]).toEqual([15, 15]);
      expect(refs.every((ref) => Number(ref.slice(-4)) % 40 === 3)).toBe(true);
      expect(await facetsOf(reading, ['spec.owner'], scope, version)).toEqual(
        new Map([['spec.owner', [{ value: 'team-3', count: 15 }]]]),
      );
      expect((await recordsByRefs(reading, [seen, hidden], scope)).map((record) => record.ref)).toEqual([seen]);
      expect(await entityTextByRef(reading, hidden, scope)).toBeUndefined();
      expect(JSON.parse((await entityTextByRef(reading, seen, scope))!)).toMatchObject({
        metadata: { name: 'part-0003' },
      });
    });

    test('is in no neighbourhood', async () => {
      await storeEntities(reading, [
        {
          ...component('hub', { owner: 'team-3' }),
          spec: { type: 'service', lifecycle: 'production', owner: 'team-3', dependsOn: [seen, hidden, 'resource:x'] },
        },
      ]);
      const around = await neighbourhood(reading, {
        root: 'component:default/hub',
        depth: 2,
        direction: 'outgoing',
        limit: 100,
        scope,
      });
      expect(around!.nodes.map((node) => [node.entityRef, node.exists])).toEqual([
        ['component:default/hub', true],
        ['component:default/part-0003', true],
        // Like one that does not exist: whether it does is not told.
        ['component:default/part-0004', false],
        ['group:default/team-3', false],
        ['resource:default/x', false],
      ]);
      expect(
        await neighbourhood(reading, { root: hidden, depth: 1, direction: 'both', limit: 100, scope }),
      ).toBeUndefined();
    });
  });

  test('one page costs few statements', async () => {
    await list({ predicate: parseFilters(['kind=component,metadata.tags=odd']), orderFields: byName });
    const before = reading.db.statistics().statements;
    const version = await reading.version();
    const query = { predicate: parseFilters(['kind=component,metadata.tags=odd']), orderFields: byName, limit: 20 };
    const total = await countEntities(reading, query, version);
    await entityTexts(reading, await readPage(reading, query, version, total), undefined);
    // Version, count, page, relations both ways, problems.
    expect(reading.db.statistics().statements - before).toBeLessThanOrEqual(6);
  });

  describe('indexes', () => {
    /** How the database would run each statement of some work. */
    const plansOf = async (work: (at: Reading) => Promise<unknown>): Promise<string[]> => {
      const statements: CompiledQuery[] = [];
      const { reader } = reading;
      const executor = reader.getExecutor();
      const record = (query: CompiledQuery) => {
        statements.push(query);
        return executor.executeQuery(query);
      };
      const spied = new Proxy(executor, {
        get: (target, key) => (key === 'executeQuery' ? record : bound(target, key)),
      });
      const recording = new Proxy(reader, {
        get: (target, key) =>
          key === 'getExecutor' ? () => spied : key === 'executeQuery' ? record : bound(target, key),
      });
      await work({ ...reading, ways: { ...reading.ways, memory: false }, reader: recording });
      const plans: string[] = [];
      for (const { sql, parameters } of statements) {
        const prefix = dialect === 'sqlite' ? 'explain query plan ' : 'explain ';
        const { rows } = await executor.executeQuery<Record<string, string>>(
          CompiledQuery.raw(prefix + sql, [...parameters]),
        );
        plans.push(rows.map((row) => row['detail'] ?? row['QUERY PLAN']).join('\n'));
      }
      expect(plans.length).toBeGreaterThan(0);
      return plans;
    };

    beforeAll(async () => {
      if (dialect === 'postgres') await reading.db.reader().executeQuery(CompiledQuery.raw('analyze'));
    });

    const page =
      (filter: string, order = byName) =>
      async (at: Reading) => {
        await readPage(
          at,
          { predicate: parseFilters([filter]), orderFields: order, limit: 5 },
          await reading.version(),
        );
      };

    test.each([
      ['a kind by name', page('kind=component'), /catalog_entity_kind_name|catalog_entity_name/],
      ['a type by name', page('kind=component,spec.type=website'), /catalog_entity_kind_type_name|catalog_entity_name/],
      [
        'a rare tag',
        page('metadata.tags=rare'),
        dialect === 'sqlite'
          ? /catalog_term USING (COVERING )?PRIMARY KEY|SEARCH t USING PRIMARY KEY/
          : /catalog_term_pkey/,
      ],
      ['an owner', page('relations.ownedBy=group:default/team-3'), /catalog_relation_target/],
      [
        'a ref',
        (at: Reading) => entityTextByRef(at, 'component:default/part-0003'),
        dialect === 'sqlite' ? /sqlite_autoindex_catalog_entity/ : /catalog_entity_ref_key/,
      ],
      [
        'a count by kind and type',
        async (at: Reading) =>
          countEntities(
            { ...at, cache: { get: (_key, _version, work) => work() } },
            { predicate: parseFilters(['kind=component,spec.type=website']), orderFields: [], limit: 0 },
            await reading.version(),
          ),
        dialect === 'sqlite' ? /COVERING INDEX catalog_entity/ : /catalog_entity_(facets|kind_type_name)/,
      ],
    ] as const)('%s is found by an index', async (_, work, index) => {
      const plans = await plansOf(work);
      expect(plans.join('\n')).toMatch(index);
      // A page of names comes in the order of the index: nothing is sorted but the page itself.
      if (_ === 'a kind by name' && dialect === 'sqlite')
        expect(plans.join('\n').match(/USE TEMP B-TREE/g)?.length ?? 0).toBeLessThanOrEqual(1);
    });
  });
});
