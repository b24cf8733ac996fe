import { once } from 'node:events';
import { get as httpGet } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually, testPortal } from '../../../testing/portal.ts';
import type { TestPortal } from '../../../testing/portal.ts';

const base = '/api/catalog';
const component = (name: string, spec: string, metadata = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n${metadata}spec:\n  type: service\n  lifecycle: production\n${spec}`;

const files = {
  'web/catalog-info.yaml': component(
    'Shop',
    '  owner: team-a\n  dependsOn: [component:ledger, resource:gone]\n',
    '  title: The Shop\n',
  ),
  'ledger/catalog-info.yaml': component('ledger', '  owner: team-a\n  dependsOn: [component:books]\n'),
  'books/catalog-info.yaml': component('books', '  owner: team-b\n'),
  'teams/catalog-info.yaml': ['team-a', 'team-b']
    .map(
      (name) =>
        `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\nspec:\n  type: team\n  children: []\n`,
    )
    .join('---\n'),
  'broken/catalog-info.yaml':
    component('broken', '  owner: team-b\n  dependsOn: nothing\n') +
    '---\n' +
    component('broken too', '  owner: team-b\n'),
  'second/catalog-info.yaml': component('books', '  owner: team-a\n'),
};

type Stream = { status: number; next(count: number): Promise<{ id: string; data: any }[]> };

/** Opens a stream of server-sent events on a connection of its own. */
async function openStream(url: string, headers: Record<string, string> = {}): Promise<Stream> {
  const request = httpGet(url, { agent: false, headers: { accept: 'text/event-stream', ...headers } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.setEncoding('utf8');
  let text = '';
  response.on('data', (chunk: string) => (text += chunk));
  const messages = () =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((message) => message.includes('data: '));
  return {
    status: response.statusCode!,
    async next(count) {
      await eventually(async () => expect(messages().length).toBeGreaterThanOrEqual(count));
      request.destroy();
      return messages().map((message) => ({
        id: /^id: (.*)$/m.exec(message)![1]!,
        data: JSON.parse(/^data: (.*)$/m.exec(message)![1]!),
      }));
    },
  };
}

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await testPortal({ place: await place(), files });
  });
  afterAll(async () => portal.stop());

  const get = async (path: string) => {
    const { status, body } = await portal.get(path);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  const nodes = (answer: any) => answer.nodes.map((node: any) => [node.entityRef, node.distance]);

  test('the neighbourhood of an entity, step by step', async () => {
    const path = `${base}/entities/by-name/component/default/shop/relations`;
    const one = await get(path);
    expect(one).toEqual({
      rootEntityRef: 'component:default/shop',
      nodes: [
        {
          entityRef: 'component:default/shop',
          distance: 0,
          exists: true,
          kind: 'Component',
          name: 'shop',
          label: 'The Shop',
          type: 'service',
          lifecycle: 'production',
          owner: 'group:default/team-a',
        },
        {
          entityRef: 'component:default/ledger',
          distance: 1,
          exists: true,
          kind: 'Component',
          name: 'ledger',
          label: 'ledger',
          type: 'service',
          lifecycle: 'production',
          owner: 'group:default/team-a',
        },
        {
          entityRef: 'group:default/team-a',
          distance: 1,
          exists: true,
          kind: 'Group',
          name: 'team-a',
          label: 'team-a',
          type: 'team',
        },
        {
          entityRef: 'resource:default/gone',
          distance: 1,
          exists: false,
          kind: 'Resource',
          name: 'gone',
          label: 'gone',
        },
      ],
      edges: expect.arrayContaining([
        {
          source: 'component:default/shop',
          type: 'dependsOn',
          inverse: 'dependencyOf',
          target: 'component:default/ledger',
        },
        {
          source: 'component:default/shop',
          type: 'dependsOn',
          inverse: 'dependencyOf',
          target: 'resource:default/gone',
        },
        { source: 'component:default/shop', type: 'ownedBy', inverse: 'ownerOf', target: 'group:default/team-a' },
      ]),
      truncated: false,
    });
    expect(one.edges).toHaveLength(3);
    const two = await get(`${path}?depth=2`);
    expect(nodes(two)).toEqual([...nodes(one), ['component:default/books', 2]]);
    expect(two.edges).toHaveLength(5);
    expect(nodes(await get(`${path}?depth=3&relation=dependsOn&kind=component`))).toEqual([
      ['component:default/shop', 0],
      ['component:default/ledger', 1],
      ['component:default/books', 2],
    ]);
    expect(
      nodes(await get(`${base}/entities/by-name/component/default/books/relations?depth=2&direction=incoming`)),
    ).toEqual([
      ['component:default/books', 0],
      ['component:default/ledger', 1],
      ['component:default/shop', 2],
    ]);
    expect(nodes(await get(`${path}?relation=dependencyOf,ownedby&direction=outgoing&depth=1`))).toEqual(nodes(one));
    expect(nodes(await get(`${path}?relation=unknown`))).toEqual([['component:default/shop', 0]]);
    const bounded = await get(`${path}?depth=2&limit=2`);
    expect([nodes(bounded).length, bounded.truncated]).toEqual([2, true]);
  });

  test('provenance: document, line, source and who else claims the entity', async () => {
    const provenance = await get(`${base}/entities/by-name/group/default/team-b/provenance`);
    expect(provenance).toMatchObject({
      entityRef: 'group:default/team-b',
      location: `file:${join(portal.folder, 'teams/catalog-info.yaml')}`,
      line: 9,
      claims: [],
      source: { type: 'file', target: portal.folder, state: 'ok', origin: 'config' },
    });
    for (const time of [
      provenance.readAt,
      provenance.firstSeenAt,
      provenance.updatedAt,
      provenance.source.lastSuccessAt,
    ])
      expect(Math.abs(Date.now() - Date.parse(time))).toBeLessThan(120_000);
    const contested = await get(`${base}/entities/by-name/component/default/books/provenance`);
    const places = ['books', 'second'].map((folder) => `file:${join(portal.folder, folder, 'catalog-info.yaml')}`);
    expect(new Set([contested.location, ...contested.claims])).toEqual(new Set(places));
  });

  test('problems by filter and page, the worst first', async () => {
    const all = await get(`${base}/problems`);
    expect(all.totalItems).toBe(all.items.length);
    expect(all.counts.error).toBeGreaterThanOrEqual(3);
    expect(all.items.map((problem: any) => problem.severity)).toEqual(
      all.items.map((problem: any) => problem.severity).toSorted(),
    );
    const pages = [];
    for (let cursor: string | undefined, round = 0; round < 20; round += 1) {
      const page: any = await get(`${base}/problems?limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      pages.push(...page.items);
      cursor = page.pageInfo.nextCursor;
      if (!cursor) break;
    }
    expect(pages).toEqual(all.items);
    const ofBroken = await get(`${base}/problems?entityRef=Component:default/Broken&severity=error`);
    expect(ofBroken.items).toMatchObject([{ entityRef: 'component:default/broken', path: '/spec/dependsOn', line: 9 }]);
    expect((await get(`${base}/problems?owner=group:default/nobody`)).items).toEqual([]);
    expect((await get(`${base}/problems?source=1&severity=warning`)).items.length).toBe(all.counts.warning);
    expect((await get(`${base}/problems?source=77`)).totalItems).toBe(0);
    const owners = new Set(all.items.map((problem: any) => problem.owner ?? ''));
    for (const owner of owners) {
      const { items } = await get(`${base}/problems?owner=${encodeURIComponent(String(owner))}`);
      expect(items).toEqual(all.items.filter((problem: any) => (problem.owner ?? '') === owner));
    }
  });

  test('an entity whose descriptor is broken shows it in its status', async () => {
    await portal.write({ 'ledger/catalog-info.yaml': component('ledger', '  owner: team-a\n  dependsOn: nothing\n') });
    await eventually(async () => {
      const entity = await get(`${base}/entities/by-name/component/default/ledger`);
      expect(entity.status).toEqual({
        items: [
          {
            type: 'backstage.io/catalog-processing',
            level: 'error',
            message: expect.stringMatching(/^InputError: .*dependsOn/),
            error: {
              name: 'InputError',
              message: expect.stringContaining('dependsOn'),
              code: expect.stringMatching(/^CATALOG_/),
            },
          },
        ],
      });
      expect(entity.spec.dependsOn).toEqual(['component:books']);
    });
    await portal.write({ 'ledger/catalog-info.yaml': files['ledger/catalog-info.yaml'] });
    await eventually(async () =>
      expect((await get(`${base}/entities/by-name/component/default/ledger`)).status).toBeUndefined(),
    );
  });

  test('failed entities in the shape that the older page knows; they can be forgotten', async () => {
    const { type, entities } = await get(`${base}/entities/unprocessed/failed`);
    expect(type).toBe('failed');
    const broken = entities.find((entity: any) => entity.entity_ref === 'component:default/broken');
    expect(broken).toMatchObject({
      unprocessed_entity: { kind: 'component', metadata: { name: 'broken', namespace: 'default' } },
      location_key: `file:${join(portal.folder, 'broken/catalog-info.yaml')}`,
      errors: [{ name: 'InputError', message: expect.stringContaining('dependsOn') }],
    });
    expect((await portal.send('DELETE', `${base}/entities/unprocessed/delete/${broken.entity_id}`)).status).toBe(204);
    const left = (await get(`${base}/entities/unprocessed/failed`)).entities;
    expect(left).toHaveLength(entities.length - 1);
    expect(await get(`${base}/entities/unprocessed/pending`)).toEqual({ type: 'pending', entities: [] });
  });

  test('history goes page by page, newest first', async () => {
    for (const lifecycle of ['beta', 'gamma']) {
      await portal.write({ 'web/catalog-info.yaml': files['web/catalog-info.yaml'].replace('production', lifecycle) });
      await eventually(async () =>
        expect((await get(`${base}/entities/by-name/component/default/shop`)).spec.lifecycle).toBe(lifecycle),
      );
    }
    const path = `${base}/entities/by-name/component/default/shop/history`;
    const all = await get(path);
    expect(all.items.map((entry: any) => [entry.action, entry.changes])).toEqual([
      ['updated', [{ path: 'spec.lifecycle', before: 'beta', after: 'gamma' }]],
      ['updated', [{ path: 'spec.lifecycle', before: 'production', after: 'beta' }]],
      ['created', []],
    ]);
    expect(all.pageInfo).toEqual({});
    const first = await get(`${path}?limit=2`);
    const second = await get(`${path}?limit=2&cursor=${encodeURIComponent(first.pageInfo.nextCursor)}`);
    expect([...first.items, ...second.items]).toEqual(all.items);
    expect(second.pageInfo).toEqual({});
  });

  test('kinds with their counts, and sources with theirs', async () => {
    const { items } = await get(`${base}/kinds`);
    const kind = (word: string) => items.find((each: any) => each.kind === word);
    expect(kind('Component')).toMatchObject({
      count: 3,
      apiVersions: ['backstage.io/v1alpha1', 'backstage.io/v1beta1'],
      icon: expect.any(String),
      columns: expect.arrayContaining(['metadata.name']),
      relations: expect.arrayContaining([{ type: 'dependsOn', inverse: 'dependencyOf' }]),
    });
    expect([kind('Group').count, kind('API').count]).toEqual([2, 0]);
    expect(new Set(items.map((each: any) => each.kind)).size).toBe(items.length);
    const sources = (await get(`${base}/sources`)).items;
    expect(sources).toMatchObject([{ id: 1, type: 'file', target: portal.folder, state: 'ok', entities: 6 }]);
    expect((await portal.send('POST', `${base}/sources/1/refresh`)).status).toBe(202);
  });

  test('the change feed, page by page', async () => {
    const everything = await get('/api/events?after=0&limit=1000');
    expect(everything.events.length).toBeGreaterThanOrEqual(7);
    // Who has no cursor yet begins with now.
    expect(await get('/api/events')).toEqual({ events: [], cursor: everything.cursor });
    const ids = everything.events.map((event: any) => event.id);
    expect(ids).toEqual(ids.toSorted((a: number, b: number) => a - b));
    const pages = [];
    let cursor = 0;
    for (let round = 0; round < 100 && cursor < everything.cursor; round += 1) {
      const page = await get(`/api/events?after=${cursor}&limit=3`);
      pages.push(...page.events);
      cursor = page.cursor;
    }
    expect(pages).toEqual(everything.events);
    expect(await get(`/api/events?after=${cursor}`)).toEqual({ events: [], cursor });
    expect(await get('/api/events')).toEqual({ events: [], cursor });
    const wanted = (types: string, refs: string) =>
      everything.events.filter((event: any) => new RegExp(types).test(event.type) && (!refs || event.subject === refs));
    for (const [query, types, refs] of [
      ['types=catalog.entity.updated', '^catalog\\.entity\\.updated$', ''],
      ['types=catalog.entity.*,nothing', '^catalog\\.entity\\.', ''],
      ['refs=Component:default/Shop', '', 'component:default/shop'],
      ['types=catalog.entity.created&refs=component:default/shop', 'created$', 'component:default/shop'],
    ] as const) {
      const page = await get(`/api/events?after=0&limit=1000&${query}`);
      expect(page).toEqual({ events: wanted(types, refs), cursor: everything.cursor });
      const two = await get(`/api/events?after=0&limit=2&${query}`);
      expect(two.events).toEqual(wanted(types, refs).slice(0, 2));
    }
  });

  test('the change feed as a stream, which goes on where it was left', { timeout: 30_000 }, async () => {
    const past = await (await openStream(`${portal.url}/api/events?after=0&types=catalog.entity.created`)).next(3);
    const stored = (await get('/api/events?after=0&limit=3&types=catalog.entity.created')).events;
    expect(past.slice(0, 3).map((event) => event.data)).toEqual(stored);
    expect(past.slice(0, 3).map((event) => Number(event.id))).toEqual(stored.map((event: any) => event.id));

    const feed = `${portal.url}/api/events?refs=component:default/fresh`;
    const live = await openStream(feed);
    await portal.write({ 'fresh/catalog-info.yaml': component('fresh', '  owner: team-a\n') });
    const [created] = await live.next(1);
    expect(created!.data).toMatchObject({ type: 'catalog.entity.created', subject: 'component:default/fresh' });
    await portal.write({ 'fresh/catalog-info.yaml': component('fresh', '  owner: team-b\n') });
    const [updated] = await (await openStream(feed, { 'last-event-id': created!.id })).next(1);
    expect(updated!.data).toMatchObject({ type: 'catalog.entity.updated', subject: 'component:default/fresh' });
    const refused = await fetch(`${portal.url}/api/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': 'yesterday' },
    });
    expect([refused.status, ((await refused.json()) as any).error.message]).toEqual([
      400,
      'Malformed cursor: Last-Event-ID is not the id of an event',
    ]);
  });
});
