import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CATALOG_FILTER_EXISTS, CatalogClient } from '@backstage/catalog-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually, testPortal } from '../../../testing/portal.ts';
import type { TestPortal } from '../../../testing/portal.ts';

const component = (name: string, { owner = 'team-a', type = 'service', more = '', spec = '' } = {}) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n${more}spec:\n  type: ${type}\n  lifecycle: production\n  owner: ${owner}\n${spec}`;

const group = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\n  title: The ${name}\nspec:\n  type: team\n  children: []\n`;

const files = {
  'apps/catalog-info.yaml': [
    component('shop', {
      more: '  title: Shop\n  tags: [java, web]\n  annotations:\n    example.com/dots.in.key: "yes"\n',
      spec: '  dependsOn: [component:ledger]\n',
    }),
    component('Ledger', { type: 'library' }),
    component('other', { owner: 'team-b', more: '  tags: [go]\n' }),
    group('team-a'),
    group('team-b'),
  ].join('---\n'),
};

/** Descriptors by address, as a code host would serve them; what is put in changes what is served. */
async function descriptorHost(): Promise<{ url: string; content: Map<string, string>; server: Server }> {
  const content = new Map<string, string>();
  const server = createServer((request, response) => {
    const text = content.get(request.url ?? '');
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text ?? 'not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, content, server };
}

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  let client: CatalogClient;
  let host: Awaited<ReturnType<typeof descriptorHost>>;

  beforeAll(async () => {
    host = await descriptorHost();
    portal = await testPortal({ place: await place(), files });
    client = new CatalogClient({
      discoveryApi: { getBaseUrl: async (id) => `${portal.url}/api/${id}` },
      fetchApi: { fetch },
    });
  });
  afterAll(async () => {
    await portal.stop();
    host.server.close();
  });

  const refused = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => expect.fail('the call was accepted'),
      (thrown: { response: { status: number }; body: { error: { name: string; message: string } } }) => thrown,
    );
    return { status: error.response.status, name: error.body.error.name, message: error.body.error.message };
  };

  describe('reading', () => {
    const names = (items: { metadata: { name: string } }[]) => items.map((entity) => entity.metadata.name);

    test('getEntityByRef, getEntityByName: the whole entity, in any case; undefined for none', async () => {
      const entity = await client.getEntityByRef('Component:Default/SHOP');
      expect(entity).toMatchObject({
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'shop', namespace: 'default', title: 'Shop', tags: ['java', 'web'] },
        spec: { type: 'service', lifecycle: 'production', owner: 'team-a', dependsOn: ['component:ledger'] },
        relations: [
          { type: 'dependsOn', targetRef: 'component:default/ledger' },
          { type: 'ownedBy', targetRef: 'group:default/team-a' },
        ],
      });
      expect(entity?.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(entity?.metadata.etag).toMatch(/^[0-9a-f]{40}$/);
      expect(await client.getEntityByName({ kind: 'component', namespace: 'default', name: 'shop' })).toEqual(entity);
      expect(await client.getEntityByRef('component:default/nothing')).toBeUndefined();
    });

    test('getEntities: filters, fields, order, pages', async () => {
      const all = await client.getEntities({
        filter: { kind: ['component', 'group'] },
        order: { field: 'metadata.name', order: 'desc' },
      });
      expect(names(all.items)).toEqual(['team-b', 'team-a', 'shop', 'other', 'Ledger']);
      const order = [
        { field: 'spec.type', order: 'asc' as const },
        { field: 'metadata.name', order: 'desc' as const },
      ];
      expect(names((await client.getEntities({ filter: { kind: 'component' }, order })).items)).toEqual([
        'Ledger',
        'shop',
        'other',
      ]);
      const { items } = await client.getEntities({
        filter: [{ kind: 'component', 'metadata.tags': 'go' }, { 'metadata.tags.java': CATALOG_FILTER_EXISTS }],
        fields: ['kind', 'metadata.name', 'metadata.annotations.example.com/dots.in.key', 'relations'],
      });
      expect(items).toEqual([
        {
          kind: 'Component',
          metadata: { name: 'other' },
          relations: [{ type: 'ownedBy', targetRef: 'group:default/team-b' }],
        },
        {
          kind: 'Component',
          metadata: { name: 'shop', annotations: { 'example.com/dots.in.key': 'yes' } },
          relations: [
            { type: 'dependsOn', targetRef: 'component:default/ledger' },
            { type: 'ownedBy', targetRef: 'group:default/team-a' },
          ],
        },
      ]);
      expect(names((await client.getEntities({ filter: { kind: 'component' }, offset: 1, limit: 1 })).items)).toEqual([
        'other',
      ]);
    });

    test('getEntities pages go on where the Link header says', async () => {
      const first = await portal.get(
        '/api/catalog/entities?filter=kind=component&limit=2&order=asc:metadata.name&fields=metadata.name',
      );
      const link = /^<(\/api\/catalog\/entities\?[^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '');
      const second = await portal.get(link![1]!);
      expect([first.body, second.body]).toEqual([
        [{ metadata: { name: 'Ledger' } }, { metadata: { name: 'other' } }],
        [{ metadata: { name: 'shop' } }],
      ]);
      expect(second.headers.get('link')).toBeNull();
    });

    test('queryEntities by filter: counts, pages forwards and back, text', async () => {
      const first = await client.queryEntities({
        filter: { kind: 'component' },
        orderFields: { field: 'metadata.name', order: 'asc' },
        fields: ['metadata.name'],
        limit: 2,
      });
      expect(first.items).toEqual([{ metadata: { name: 'Ledger' } }, { metadata: { name: 'other' } }]);
      expect(first.totalItems).toBe(3);
      expect(first.pageInfo.prevCursor).toBeUndefined();
      const second = await client.queryEntities({ cursor: first.pageInfo.nextCursor!, limit: 2 });
      expect(names(second.items)).toEqual(['shop']);
      expect(second.totalItems).toBe(3);
      expect(second.pageInfo.nextCursor).toBeUndefined();
      const back = await client.queryEntities({
        cursor: second.pageInfo.prevCursor!,
        limit: 2,
        fields: ['metadata.name'],
      });
      expect(back.items).toEqual(first.items);
      expect(back.pageInfo.prevCursor).toBeUndefined();
      const found = await client.queryEntities({
        fullTextFilter: { term: ' HOP', fields: ['metadata.title', 'metadata.name'] },
      });
      expect(names(found.items)).toEqual(['shop']);
      expect((await client.queryEntities({ filter: { kind: 'component' }, limit: 0 })).totalItems).toBe(3);
      expect((await client.queryEntities({ filter: { kind: 'component' }, totalItems: 'exclude' })).totalItems).toBe(0);
    });

    test('queryEntities by predicate', async () => {
      const found = await client.queryEntities({
        query: {
          $all: [
            { kind: 'component', 'spec.type': { $in: ['service', 'website'] } },
            { $not: { 'metadata.tags': { $contains: 'go' } } },
            { relations: { $contains: { type: 'ownedBy', targetRef: 'group:default/team-a' } } },
          ],
        },
        limit: 1,
      });
      expect(names(found.items)).toEqual(['shop']);
      expect(found.pageInfo).toEqual({});
      expect(await refused(client.queryEntities({ query: { kind: { $like: 'x' } } as never }))).toEqual({
        status: 400,
        name: 'InputError',
        message: 'Invalid query at /kind/$like: unknown operator "$like"',
      });
    });

    test('streamEntities', async () => {
      const pages: string[][] = [];
      for await (const page of client.streamEntities({ filter: { kind: 'component' }, pageSize: 2 }))
        pages.push(names(page));
      expect(pages).toEqual([['Ledger', 'other'], ['shop']]);
    });

    test('getEntitiesByRefs keeps the order and leaves holes, also for thousands of refs', async () => {
      const entityRefs = ['component:default/other', 'component:default/none', 'Component:default/Shop', 'not a ref'];
      const { items } = await client.getEntitiesByRefs({ entityRefs, fields: ['metadata.name'] });
      expect(items).toEqual([{ metadata: { name: 'other' } }, undefined, { metadata: { name: 'shop' } }, undefined]);
      const filtered = await client.getEntitiesByRefs({ entityRefs, filter: { 'metadata.tags': 'go' } });
      expect(filtered.items.map((entity) => entity?.metadata.name)).toEqual(['other', undefined, undefined, undefined]);
      const queried = await client.getEntitiesByRefs({ entityRefs, query: { 'metadata.tags': 'java' } });
      expect(queried.items.map((entity) => entity?.metadata.name)).toEqual([undefined, undefined, 'shop', undefined]);
      const many = [
        ...Array.from({ length: 2_500 }, (_, index) => `component:default/none-${index}`),
        'component:default/shop',
      ];
      const found = await client.getEntitiesByRefs({ entityRefs: many });
      expect(found.items).toHaveLength(2_501);
      expect(found.items.filter(Boolean).map((entity) => entity?.metadata.name)).toEqual(['shop']);
    });

    test('getEntityFacets, by filter and by predicate', async () => {
      const facets = ['kind', 'spec.type', 'metadata.tags', 'relations.ownedBy', 'nothing'];
      const expected = {
        kind: [{ value: 'Component', count: 3 }],
        'spec.type': [
          { value: 'library', count: 1 },
          { value: 'service', count: 2 },
        ],
        'metadata.tags': [
          { value: 'go', count: 1 },
          { value: 'java', count: 1 },
          { value: 'web', count: 1 },
        ],
        'relations.ownedBy': [
          { value: 'group:default/team-a', count: 2 },
          { value: 'group:default/team-b', count: 1 },
        ],
        nothing: [],
      };
      expect(await client.getEntityFacets({ facets, filter: { kind: 'component' } })).toEqual({ facets: expected });
      expect(await client.getEntityFacets({ facets, query: { kind: 'component' } })).toEqual({ facets: expected });
    });

    test('getEntityAncestors leads to the Location that stands for the source', async () => {
      const { rootEntityRef, items } = await client.getEntityAncestors({ entityRef: 'component:default/shop' });
      expect(rootEntityRef).toBe('component:default/shop');
      expect(items.map(({ entity, parentEntityRefs }) => [entity.kind, parentEntityRefs.length])).toEqual([
        ['Component', 1],
        ['Location', 0],
      ]);
      expect(await refused(client.getEntityAncestors({ entityRef: 'component:default/none' }))).toEqual({
        status: 404,
        name: 'NotFoundError',
        message: "No entity named 'none' found, with kind 'component' in namespace 'default'",
      });
    });
  });

  describe('locations', () => {
    test(
      'addLocation, getLocation*, queryLocations, updateLocation, removeLocationById',
      { timeout: 60_000 },
      async () => {
        host.content.set('/one.yaml', component('from-one'));
        host.content.set('/two.yaml', component('from-two'));
        const target = `${host.url}/one.yaml`;
        const dry = await client.addLocation({ target, dryRun: true });
        expect(dry.exists).toBe(false);
        expect(dry.entities.map((entity) => entity.metadata.name)).toContain('from-one');
        expect((await client.getLocations()).items).toEqual([]);

        const { location } = await client.addLocation({ target });
        expect(location).toEqual({
          id: location.id,
          type: 'url',
          target,
          entityRef: expect.stringMatching(/^location:default\/generated-[0-9a-f]{40}$/),
        });
        await eventually(async () => expect(await client.getEntityByRef('component:default/from-one')).toBeDefined());
        expect(await client.getLocationByEntity('component:default/from-one')).toEqual(location);
        expect(await client.getLocationByEntity('component:default/shop')).toBeUndefined();
        expect(await client.getLocationById(location.id)).toEqual(location);
        expect(await client.getLocationById('none')).toBeUndefined();
        expect(await client.getLocationByRef(`url:${target}`)).toEqual(location);
        expect(await refused(client.addLocation({ target }))).toEqual({
          status: 409,
          name: 'ConflictError',
          message: `Location url:${target} already exists`,
        });
        expect(await client.addLocation({ target, onConflict: 'refresh' })).toMatchObject({ location, exists: true });

        const other = (await client.addLocation({ target: `${host.url}/two.yaml` })).location;
        const inOrder = [location, other].sort((a, b) => (a.id < b.id ? -1 : 1));
        const first = await client.queryLocations({ limit: 1 });
        expect(first).toMatchObject({ items: [inOrder[0]], totalItems: 2 });
        expect(await client.queryLocations({ cursor: first.pageInfo.nextCursor! })).toEqual({
          items: [inOrder[1]],
          totalItems: 2,
          pageInfo: {},
        });
        expect(
          (await client.queryLocations({ query: { type: 'URL', target: { $hasPrefix: target.toUpperCase() } } })).items,
        ).toEqual([location]);
        expect((await client.queryLocations({ query: { $not: { id: { $in: [location.id] } } } })).items).toEqual([
          other,
        ]);
        const streamed = [];
        for await (const page of client.streamLocations({ query: { type: 'url' } })) streamed.push(...page);
        expect(streamed).toEqual(inOrder);

        host.content.set('/three.yaml', component('from-three'));
        const moved = await client.updateLocation(other.id, { target: `${host.url}/three.yaml` });
        expect(moved).toMatchObject({ id: other.id, target: `${host.url}/three.yaml` });
        await eventually(async () => {
          expect(await client.getEntityByRef('component:default/from-three')).toBeDefined();
          expect(await client.getEntityByRef('component:default/from-two')).toBeUndefined();
        });

        for (const { id } of [location, other]) await client.removeLocationById(id);
        expect((await client.getLocations()).items).toEqual([]);
        await eventually(async () => expect(await client.getEntityByRef('component:default/from-one')).toBeUndefined());
        expect(await refused(client.removeLocationById(location.id))).toMatchObject({
          status: 404,
          name: 'NotFoundError',
        });
      },
    );

    test('analyzeLocation tells what is there and what could be written', { timeout: 60_000 }, async () => {
      host.content.set('/known/catalog-info.yaml', component('analyzed'));
      const { existingEntityFiles, generateEntities } = await client.analyzeLocation({
        location: { type: 'url', target: `${host.url}/known/catalog-info.yaml` },
      });
      expect(generateEntities).toEqual([]);
      expect(existingEntityFiles.map(({ entity, isRegistered }) => [entity.metadata.name, isRegistered])).toEqual([
        ['analyzed', false],
      ]);
    });
  });

  describe('changing', () => {
    test('refreshEntity has the source read again', { timeout: 60_000 }, async () => {
      host.content.set('/refresh.yaml', component('refreshed'));
      const { location } = await client.addLocation({ target: `${host.url}/refresh.yaml` });
      await eventually(async () => expect(await client.getEntityByRef('component:default/refreshed')).toBeDefined());
      host.content.set('/refresh.yaml', component('refreshed', { type: 'website' }));
      await client.refreshEntity('component:default/refreshed');
      await eventually(async () =>
        expect((await client.getEntityByRef('component:default/refreshed'))?.spec?.type).toBe('website'),
      );
      await client.removeLocationById(location.id);
      expect(await refused(client.refreshEntity('no kind'))).toMatchObject({ status: 400, name: 'InputError' });
      expect(await refused(client.refreshEntity('component:default/none'))).toMatchObject({
        status: 404,
        name: 'NotFoundError',
      });
    });

    test('validateEntity', async () => {
      const entity = {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'valid' },
        spec: { type: 'service', lifecycle: 'production', owner: 'team-a' },
      };
      expect(await client.validateEntity(entity, 'url:https://example.com/a.yaml')).toEqual({ valid: true });
      const invalid = await client.validateEntity(
        { ...entity, metadata: { name: 'not valid' } },
        'url:https://example.com/a.yaml',
      );
      expect(invalid.valid).toBe(false);
      expect(invalid).toMatchObject({ errors: [{ name: 'InputError', path: '/metadata/name' }] });
      expect(await client.validateEntity(entity, 'file:/etc/passwd')).toMatchObject({
        valid: false,
        errors: [
          {
            message:
              "Invalid location ref file:/etc/passwd, only 'url:<target>' is supported, e.g. url:https://host/path",
          },
        ],
      });
    });

    test('removeEntityByUid', async () => {
      const entity = await client.getEntityByRef('component:default/other');
      await client.removeEntityByUid(entity!.metadata.uid!);
      expect(await client.getEntityByRef('component:default/other')).toBeUndefined();
      expect(await refused(client.removeEntityByUid(entity!.metadata.uid!))).toMatchObject({
        status: 404,
        name: 'NotFoundError',
      });
    });
  });
});
