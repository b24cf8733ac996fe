import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { testPortal } from '../../../testing/portal.ts';
import type { TestPortal } from '../../../testing/portal.ts';

const base = '/api/catalog';
const entity = (kind: string, name: string, spec: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;
const component = (name: string, owner: string, more = '') =>
  entity('Component', name, `type: service, lifecycle: production, owner: ${owner}${more && `, ${more}`}`);

const descriptors = [
  entity('Group', 'all', 'type: organization, children: [], profile: { displayName: Everybody }'),
  entity('Group', 'trade', 'type: department, parent: all, children: []'),
  entity('Group', 'shop', 'type: team, parent: trade, children: []'),
  entity('Group', 'bank', 'type: team, parent: trade, children: []'),
  entity('Group', 'alone', 'type: team, parent: gone, children: []'),
  entity('Group', 'ring-a', 'type: team, parent: ring-b, children: []'),
  entity('Group', 'ring-b', 'type: team, parent: ring-a, children: []'),
  entity('User', 'ada', 'memberOf: [shop, bank], profile: { displayName: Ada }'),
  entity('User', 'bob', 'memberOf: [trade]'),
  entity('User', 'cy', 'memberOf: [ring-a]'),
  entity('User', 'none', 'memberOf: []'),
  entity('Domain', 'commerce', 'owner: trade'),
  entity('System', 'checkout', 'owner: shop, domain: commerce'),
  entity('System', 'spare', 'owner: nobody'),
  component('cart', 'shop', 'system: checkout, providesApis: [cart-api], dependsOn: [component:ledger]'),
  component('cart-worker', 'shop', 'subcomponentOf: cart'),
  component('ledger', 'bank', 'dependsOn: ["resource:ledger-db", "component:clock"]'),
  component('clock', 'alone', 'dependsOn: [component:ledger]'),
  component('app', 'trade', 'consumesApis: [cart-api]'),
  component('mine', 'user:ada'),
  entity('API', 'cart-api', 'type: openapi, lifecycle: production, owner: shop, definition: "{}"'),
  entity('Resource', 'ledger-db', 'type: database, owner: bank'),
].join('---\n');

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await testPortal({ place: await place(), files: { 'catalog-info.yaml': descriptors } });
  });
  afterAll(async () => portal.stop());

  const get = async (path: string) => {
    const { status, body } = await portal.get(`${base}${path}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };

  describe('what breaks if something goes', () => {
    const impact = (path: string, query = '') => get(`/entities/by-name/${path}/impact${query}`);
    const short = (answer: any) =>
      answer.items.map((item: any) => `${item.distance} ${item.entityRef.replace('default/', '')} ${item.effect}`);

    test('follows needs and APIs to the end, through circles, and stops at what contains them', async () => {
      const answer = await impact('resource/default/ledger-db');
      expect(short(answer)).toEqual([
        '1 component:ledger broken',
        '2 component:cart broken',
        '2 component:clock broken',
        '3 api:cart-api broken',
        '3 system:checkout incomplete',
        '4 component:app broken',
      ]);
      expect(answer.items.at(-1)).toEqual({
        entityRef: 'component:default/app',
        effect: 'broken',
        distance: 4,
        path: [
          { entityRef: 'component:default/ledger', relation: 'dependsOn' },
          { entityRef: 'component:default/cart', relation: 'dependsOn' },
          { entityRef: 'api:default/cart-api', relation: 'apiProvidedBy' },
          { entityRef: 'component:default/app', relation: 'consumesApi' },
        ],
        exists: true,
        kind: 'Component',
        name: 'app',
        label: 'app',
        type: 'service',
        lifecycle: 'production',
        owner: 'group:default/trade',
      });
      expect(answer.owners).toEqual([
        { entityRef: 'group:default/bank', count: 1, nearest: 1 },
        { entityRef: 'group:default/shop', count: 3, nearest: 2 },
        { entityRef: 'group:default/alone', count: 1, nearest: 2 },
        { entityRef: 'group:default/trade', count: 1, nearest: 4 },
      ]);
      expect(answer.truncated).toBe(false);
    });

    test('takes the parts of what goes along, but not the parts of what merely breaks', async () => {
      expect(short(await impact('system/default/checkout'))).toEqual([
        '1 component:cart gone',
        '1 domain:commerce incomplete',
        '2 api:cart-api broken',
        '2 component:cart-worker gone',
        '3 component:app broken',
      ]);
      expect(short(await impact('component/default/app'))).toEqual([]);
    });

    test('says when it is cut short, and of what does not exist', async () => {
      const answer = await impact('resource/default/ledger-db', '?limit=2');
      expect(short(answer)).toEqual(['1 component:ledger broken', '2 component:cart broken']);
      expect(answer.truncated).toBe(true);
      const { status, body } = await portal.get(`${base}/entities/by-name/component/default/nope/impact`);
      expect([status, body.error.code]).toEqual([404, 'CATALOG_ENTITY_NOT_FOUND']);
      const refused = await portal.get(`${base}/entities/by-name/component/default/app/impact?limit=0`);
      expect([refused.status, refused.body.error.message]).toEqual([
        400,
        "Query parameter 'limit' must be a number of at least 1, found 0",
      ]);
    });
  });

  describe('who owns what', () => {
    const ownership = (path: string) => get(`/entities/by-name/${path}/ownership`);

    test('a group, itself and with all groups below', async () => {
      const answer = await ownership('group/default/trade');
      expect(answer.owners).toEqual([
        { entityRef: 'group:default/trade', label: 'trade', exists: true, count: 2 },
        { entityRef: 'group:default/bank', label: 'bank', exists: true, count: 2 },
        { entityRef: 'group:default/shop', label: 'shop', exists: true, count: 4 },
      ]);
      expect(answer.counts).toEqual([
        { kind: 'API', type: 'openapi', direct: 0, total: 1 },
        { kind: 'Component', type: 'service', direct: 1, total: 4 },
        { kind: 'Domain', direct: 1, total: 1 },
        { kind: 'Resource', type: 'database', direct: 0, total: 1 },
        { kind: 'System', direct: 0, total: 1 },
      ]);
      expect(answer.people).toEqual({ direct: 1, total: 2 });
    });

    test('a user, through the groups they are in; groups in a circle; no such entity', async () => {
      const ada = await ownership('user/default/ada');
      expect(ada.owners.map(({ label, count }: any) => [label, count])).toEqual([
        ['Ada', 1],
        ['bank', 2],
        ['shop', 4],
      ]);
      const ring = await ownership('group/default/ring-a');
      expect(ring.owners.map(({ label }: any) => label)).toEqual(['ring-a', 'ring-b']);
      expect(ring.people).toEqual({ direct: 1, total: 1 });
      expect((await portal.get(`${base}/entities/by-name/group/default/nope/ownership`)).status).toBe(404);
    });

    test('lists and facets take the whole tree of a group', async () => {
      const names = async (query: unknown) => {
        const { body } = await portal.send('POST', `${base}/entities/by-query`, {
          query,
          fields: ['metadata.name'],
          orderBy: [{ field: 'metadata.name', order: 'asc' }],
        });
        return body.items.map((item: any) => item.metadata.name);
      };
      expect(await names({ 'relations.ownedBy.within': 'group:default/trade', kind: 'component' })).toEqual([
        'app',
        'cart',
        'cart-worker',
        'ledger',
      ]);
      expect(await names({ 'relations.ownedBy.within': { $in: ['User:default/Ada'] }, kind: 'component' })).toEqual([
        'cart',
        'cart-worker',
        'ledger',
        'mine',
      ]);
      expect(await names({ 'relations.memberOf.within': 'group:default/all' })).toEqual(['ada', 'bob']);
      // Groups and owners that nothing describes are asked for by their refs as well.
      expect(await names({ 'relations.childOf.within': 'group:default/gone' })).toEqual(['alone']);
      expect(await names({ 'relations.ownedBy.within': 'group:default/nobody' })).toEqual(['spare']);
      expect(
        await names({ $all: [{ kind: 'system' }, { $not: { 'relations.ownedBy.within': 'group:default/all' } }] }),
      ).toEqual(['spare']);
      const filtered = await get('/entities/by-query?filter=relations.ownedBy.within=group:default/trade&limit=0');
      expect(filtered.totalItems).toBe(8);
      const { facets } = await get(
        '/entity-facets?facet=kind&filter=relations.ownedBy.within=group:default/trade,kind=resource',
      );
      expect(facets).toEqual({ kind: [{ value: 'Resource', count: 1 }] });
    });
  });

  test('the organization: groups with people and what they own', async () => {
    const { groups, people, withoutGroup } = await get('/organization');
    expect(
      groups.map(({ label, parents, people: { direct, total }, owned }: any) => [
        label,
        parents.join().replaceAll('group:default/', ''),
        `${direct}/${total}`,
        `${owned.direct}/${owned.total}`,
      ]),
    ).toEqual([
      ['alone', 'gone', '0/0', '1/1'],
      ['bank', 'trade', '1/1', '2/2'],
      ['Everybody', '', '0/2', '0/8'],
      ['ring-a', 'ring-b', '1/1', '0/0'],
      ['ring-b', 'ring-a', '0/1', '0/0'],
      ['shop', 'trade', '1/1', '4/4'],
      ['trade', 'all', '1/2', '2/8'],
    ]);
    expect([people, withoutGroup]).toEqual([4, 1]);
  });

  test('the landscape: domains, systems, and their parts where there are not too many', async () => {
    const answer = await get('/landscape');
    expect(answer).toEqual({
      domains: [{ entityRef: 'domain:default/commerce', label: 'commerce', owner: 'group:default/trade' }],
      systems: [
        {
          entityRef: 'system:default/checkout',
          label: 'checkout',
          owner: 'group:default/shop',
          parent: 'domain:default/commerce',
          counts: [{ kind: 'Component', count: 1 }],
        },
        { entityRef: 'system:default/spare', label: 'spare', owner: 'group:default/nobody', counts: [] },
      ],
      parts: [
        {
          entityRef: 'component:default/cart',
          label: 'cart',
          kind: 'Component',
          type: 'service',
          system: 'system:default/checkout',
        },
      ],
      withoutSystem: 6,
    });
    expect((await get('/landscape?parts=0')).parts).toBeUndefined();
  });
});
