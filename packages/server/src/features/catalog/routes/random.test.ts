import type { JsonObject } from '@callboard/model';
import { CATALOG_FILTER_EXISTS, CatalogClient } from '@backstage/catalog-client';
import type { EntityFilterQuery, QueryEntitiesRequest, QueryEntitiesResponse } from '@backstage/catalog-client';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { testPortal } from '../../../testing/portal.ts';
import type { TestPortal } from '../../../testing/portal.ts';
import { company, keys, thingKind, values } from './testing/company.ts';
import { containsText, exists, facet, fulfils, known, passes, sorted } from './testing/naive.ts';
import type { Filter, Known, Order } from './testing/naive.ts';

type FilterPredicate = NonNullable<Extract<QueryEntitiesRequest, { query?: unknown }>['query']>;

const longEnough = 240_000;

const key = fc.constantFrom(...keys);
const value = fc.constantFrom(...values);
/** The client's URI library writes characters beyond U+FFFF in a way that nobody can read. */
const isWritable = (text: string) => !/[\uD800-\uDFFF]/.test(text);
/** A filter has no way to write commas. */
const plainValue = fc.constantFrom(...values.filter((each) => isWritable(each) && !each.includes(',')));

const filter: fc.Arbitrary<Filter> = fc
  .array(
    fc.tuple(key, fc.oneof(plainValue, fc.array(plainValue, { minLength: 1, maxLength: 4 }), fc.constant(exists))),
    { minLength: 1, maxLength: 3 },
  )
  .map((entries): Filter => Object.fromEntries(entries));

const condition: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .tuple(key, fc.oneof(value, fc.integer({ min: 0, max: 12 }), fc.boolean()))
    .map(([name, wanted]) => ({ [name]: wanted })),
  fc.tuple(key, fc.boolean()).map(([name, wanted]) => ({ [name]: { $exists: wanted } })),
  fc
    .tuple(key, fc.array(fc.oneof(value, fc.integer({ min: 0, max: 12 })), { maxLength: 5 }))
    .map(([name, wanted]) => ({ [name]: { $in: wanted } })),
  fc
    .tuple(key, value, fc.nat({ max: 190 }))
    .map(([name, wanted, length]) => ({ [name]: { $hasPrefix: wanted.slice(0, length) } })),
  fc.tuple(key, value).map(([name, wanted]) => ({ [name]: { $contains: wanted } })),
  fc
    .tuple(
      fc.constantFrom('ownedBy', 'ownerof', 'watches', 'watchedBy', 'friendOf', 'none'),
      fc.option(fc.oneof(value, fc.record({ $in: fc.array(value, { minLength: 1, maxLength: 3 }) })), {
        nil: undefined,
      }),
    )
    .map(([type, targetRef]): JsonObject => ({
      relations: { $contains: { type, ...(targetRef !== undefined && { targetRef }) } },
    })),
  fc.tuple(key, value, key).map(([one, wanted, other]) => ({ [one]: wanted, [other]: { $exists: true } })),
);

const predicate: fc.Arbitrary<JsonObject> = fc.letrec<{ node: JsonObject }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    condition,
    fc.array(tie('node'), { maxLength: 3 }).map(($all) => ({ $all })),
    fc.array(tie('node'), { maxLength: 3 }).map(($any) => ({ $any })),
    tie('node').map(($not) => ({ $not })),
  ),
})).node;

const order = fc.uniqueArray(fc.record({ field: key, order: fc.constantFrom('asc' as const, 'desc' as const) }), {
  maxLength: 3,
  selector: (each) => each.field.toLowerCase(),
});
const text = fc.option(
  fc.record({
    term: fc.oneof(
      value.map((each) => each.slice(0, 20)).filter(isWritable),
      fc.constantFrom('a', '%', '_', '\\', 'PAY', ' ü ', 'e', '2d'),
    ),
    fields: fc.array(key, { maxLength: 3 }),
  }),
  { nil: undefined, freq: 2 },
);

const question = fc.record({
  filters: fc.array(filter, { maxLength: 2 }),
  query: fc.option(predicate, { nil: undefined }),
  orders: order,
  text,
  limit: fc.integer({ min: 1, max: 90 }),
  count: fc.boolean(),
});

const refsOf = (list: Known[]) => list.map((each) => each.ref);

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  let client: CatalogClient;
  let all: Known[];

  beforeAll(async () => {
    const entities = company(7);
    portal = await testPortal({
      place: await place(),
      files: { 'company/catalog-info.yaml': entities.map((entity) => JSON.stringify(entity)).join('\n---\n') },
      config: JSON.stringify({
        catalog: { kinds: [thingKind], locations: [{ type: 'file', target: './company' }], limits: { shrinkShare: 1 } },
      }),
    });
    client = new CatalogClient({
      discoveryApi: { getBaseUrl: async (id) => `${portal.url}/api/${id}` },
      fetchApi: { fetch },
    });
    const { items } = await client.getEntities();
    all = items.map((entity) => known(entity as never));
    // The company and the Location that stands for its folder.
    expect(all).toHaveLength(entities.length + 1);
  }, 60_000);

  afterAll(async () => portal.stop());

  const matching = (given: {
    filters: Filter[];
    query?: JsonObject;
    text?: { term: string; fields: string[] };
    orders: Order[];
  }) => {
    const searched = given.text?.term.trim() ? given.text : undefined;
    const fields = searched?.fields.length ? searched.fields : [given.orders[0]?.field ?? 'metadata.uid'];
    const found = all.filter(
      (each) =>
        passes(each, given.filters) &&
        (!given.query || fulfils(each, given.query)) &&
        (!searched || containsText(each, searched.term, fields)),
    );
    return sorted(found, given.orders);
  };

  const clientFilter = (filters: Filter[]) =>
    filters.map((each) =>
      Object.fromEntries(
        Object.entries(each).map(([name, wanted]) => [name, wanted === exists ? CATALOG_FILTER_EXISTS : wanted]),
      ),
    ) as EntityFilterQuery;

  const refs = ({ items }: Pick<QueryEntitiesResponse, 'items'>) => items.map((entity) => known(entity as never).ref);

  test(
    '1,000 random questions give the pages of a naive evaluation, forwards and back',
    { timeout: longEnough },
    async () => {
      await fc.assert(
        fc.asyncProperty(question, async (asked) => {
          const expected = refsOf(matching(asked));
          const limit = Math.max(asked.limit, Math.ceil(expected.length / 6));
          const total = asked.count ? expected.length : 0;
          let page = await client.queryEntities({
            ...(asked.filters.length > 0 && { filter: clientFilter(asked.filters) }),
            ...(asked.query && { query: asked.query as FilterPredicate }),
            ...(asked.orders.length > 0 && { orderFields: asked.orders }),
            ...(asked.text && { fullTextFilter: asked.text }),
            ...(!asked.count && { totalItems: 'exclude' as const }),
            limit,
          });
          const seen: string[][] = [];
          for (let start = 0; ; start += limit) {
            seen.push(refs(page));
            expect(refs(page)).toEqual(expected.slice(start, start + limit));
            expect(page.totalItems).toBe(total);
            expect(page.pageInfo.prevCursor !== undefined).toBe(start > 0);
            if (start + limit >= expected.length) break;
            page = await client.queryEntities({ cursor: page.pageInfo.nextCursor!, limit });
          }
          expect(page.pageInfo.nextCursor).toBeUndefined();
          for (const earlier of seen.slice(0, -1).reverse()) {
            page = await client.queryEntities({ cursor: page.pageInfo.prevCursor!, limit });
            expect(refs(page)).toEqual(earlier);
            expect(page.pageInfo.nextCursor).toBeDefined();
          }
          expect(page.pageInfo.prevCursor).toBeUndefined();
        }),
        { numRuns: 1_000 },
      );
    },
  );

  test('random facets give the counts of a naive evaluation', { timeout: longEnough }, async () => {
    const facets = fc.uniqueArray(key, { minLength: 1, maxLength: 4 });
    const asked = fc.record({
      filters: fc.array(filter, { maxLength: 2 }),
      query: fc.option(predicate, { nil: undefined }),
      facets,
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ filters, query, facets: names }) => {
        const found = await client.getEntityFacets({
          facets: names,
          ...(filters.length > 0 && { filter: clientFilter(filters) }),
          ...(query && { query: query as FilterPredicate }),
        });
        const expected = matching({ filters, query, orders: [] });
        expect(found.facets).toEqual(Object.fromEntries(names.map((name) => [name, facet(expected, name)])));
      }),
      { numRuns: 300 },
    );
  });

  test(
    'random whole lists, lists by offset and look-ups by ref agree with a naive evaluation',
    { timeout: longEnough },
    async () => {
      const asked = fc.record({
        filters: fc.array(filter, { maxLength: 2 }),
        orders: order,
        offset: fc.nat({ max: 60 }),
        limit: fc.integer({ min: 1, max: 60 }),
        picked: fc.array(fc.oneof(fc.nat({ max: 229 }), fc.constant('thing:default/not-there')), { maxLength: 12 }),
      });
      await fc.assert(
        fc.asyncProperty(asked, async ({ filters, orders, offset, limit, picked }) => {
          const expected = refsOf(matching({ filters, orders }));
          const given = { filter: clientFilter(filters), order: orders };
          expect(refs(await client.getEntities(given))).toEqual(expected);
          expect(refs(await client.getEntities({ ...given, offset, limit }))).toEqual(
            expected.slice(offset, offset + limit),
          );
          const entityRefs = picked.map((each) =>
            typeof each === 'number' ? (all[each]?.ref.toUpperCase() ?? 'thing:default/no') : each,
          );
          const { items } = await client.getEntitiesByRefs({ entityRefs, filter: clientFilter(filters) });
          const visible = new Set(expected);
          expect(items.map((entity) => entity && known(entity as never).ref)).toEqual(
            entityRefs.map((ref) => (visible.has(ref.toLowerCase()) ? ref.toLowerCase() : undefined)),
          );
        }),
        { numRuns: 300 },
      );
    },
  );
});
