import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';
import { pluginTarball } from './testing/pack.ts';

const open = 'component:default/open';
const dark = 'component:default/dark';
const at = '2026-01-01T00:00:00Z';

/** Whatever a plugin can say of entities, in every place. */
const models: Record<string, object> = {
  rows: {
    model: 'table',
    note: 'For all.',
    remarks: [
      { text: 'Open is late.', entities: [open] },
      { text: 'Dark is late.', entities: [dark, open] },
      { text: 'Two are late.', entities: [] },
    ],
    columns: [
      { id: 'service', title: 'Service', type: 'entity' },
      { id: 'needs', title: 'Needs', type: 'entity' },
      { id: 'page', title: 'Page' },
      { id: 'paid', title: 'Paid', type: 'number' },
      { id: 'left', title: 'Left', type: 'number' },
      { id: 'lit', title: 'Lit', onlyWhenUsed: true },
      { id: 'unlit', title: 'Unlit', onlyWhenUsed: true },
    ],
    rows: [
      {
        service: open,
        needs: dark,
        page: { text: 'Dark', href: '/catalog/default/Component/dark' },
        paid: { shares: { [open]: 2, [dark]: 3 }, others: 5 },
        left: { shares: { [dark]: 3 }, others: 5 },
        lit: 'yes',
      },
      { service: { text: dark.toUpperCase() }, unlit: 'yes' },
      { service: 'component:default/never', unlit: 'yes' },
      { service: null, page: 'Of nobody' },
    ],
  },
  keyed: {
    model: 'table',
    about: 'whom',
    columns: [{ id: 'what', title: 'What' }],
    rows: [
      { what: 1, whom: open },
      { what: 2, whom: dark },
    ],
  },
  figures: {
    model: 'stat',
    items: [
      { label: 'both', value: { shares: { [open]: 1, [dark]: 1 } } },
      { label: 'open', value: 1, about: open },
      { label: 'dark', value: 1, about: dark },
    ],
  },
  happened: {
    model: 'timeline',
    items: [
      { at, title: 'open', about: open },
      { at, title: 'dark', about: dark },
      { at, title: 'its page', href: '/catalog/default/component/dark/docs' },
    ],
  },
  places: {
    model: 'links',
    items: [
      { title: 'open', href: 'https://example.com/open', about: open },
      { title: 'dark', href: 'https://example.com/dark', about: dark },
      { title: 'its documents', href: '/docs/default/component/d%61rk' },
    ],
  },
  drawn: {
    model: 'chart',
    kind: 'bar',
    series: [
      { name: 'open', points: [{ x: 1, y: 1 }], about: open },
      { name: 'dark', points: [{ x: 1, y: 1 }], about: dark },
    ],
  },
  said: {
    model: 'log',
    lines: [
      { text: 'open', about: open },
      { text: 'dark', about: dark },
    ],
  },
  admin: { model: 'markdown', text: 'For administrators.' },
};
const documents = [
  { id: 'nobody', title: 'Lantern', text: '', href: 'https://example.com/lantern' },
  { id: 'open', title: 'Lantern of open', text: '', href: 'https://example.com/open', about: open.toUpperCase() },
  { id: 'dark', title: 'Lantern of dark', text: '', href: 'https://example.com/dark', about: dark },
  { id: 'page', title: 'Lantern on its page', text: '', href: '/docs/default/component/dark/lantern' },
  {
    id: 'never',
    title: 'Lantern of never',
    text: '',
    href: 'https://example.com/never',
    about: 'component:default/never',
  },
];
const server = `
import { definePlugin } from '@callboard/plugin-api';
const models = ${JSON.stringify(models)};
export default definePlugin({ setup: (host) => ({
  views: Object.fromEntries(Object.keys(models).map((id) => [id, () => models[id]])),
  searchSources: { lanterns: () => ({ documents: ${JSON.stringify(documents)} }) },
  routes: {
    late: async (_input, { visible }) => ({ body: await visible(['${open}', '${dark.toUpperCase()}']) }),
    about: async ({ query, body }) => ({ body: await host.catalog.get([query.of ?? body.of]) }),
    change: async ({ query, body }) => ({ body: await host.catalog.get([query.of ?? body.of]) }),
  },
}) });`;
const lamps = {
  id: 'lamps',
  engine: '^1.2.0',
  asks: { catalog: ['read'] },
  contributes: {
    views: Object.entries(models).map(([id, { model }]: [string, any]) => ({ id, title: id, model })),
    searchSources: [{ id: 'lanterns', title: 'Lanterns' }],
    adminPages: [{ id: 'admin', title: 'Admin', view: 'admin' }],
    routes: [
      { id: 'late', title: 'Late', method: 'GET', path: '/late' },
      { id: 'about', title: 'About', method: 'GET', path: '/about', entity: 'of' },
      { id: 'change', title: 'Change', method: 'POST', path: '/change', entity: 'of' },
    ],
  },
};
const hookSecret = 'a-secret-of-the-hook';
const config = `
catalog: { locations: [{ type: file, target: ./entities }] }
access:
  defaultRole: none
  trustedProxies: [127.0.0.1, '::1']
  signIn:
    proxy: {}
    resolvers: [{ resolver: usernameMatchingUserEntityName }]
  roles:
    - name: some
      permissions: ['plugins.use', 'search.read', { permissions: [catalog.entity.read], when: { rule: HAS_TAG, params: { tag: lit } } }]
  bindings:
    - { role: administrator, to: ['user:default/dan'] }
    - { role: some, to: ['user:default/eve'] }
plugins: { settings: { deployments: { hookSecret: ${hookSecret} } } }
`;
const component = (name: string, tag: string) =>
  `{ apiVersion: backstage.io/v1alpha1, kind: Component, metadata: { name: ${name}, tags: [${tag}] }, spec: { type: service, lifecycle: live, owner: dan } }\n`;
const user = (name: string) =>
  `{ apiVersion: backstage.io/v1alpha1, kind: User, metadata: { name: ${name} }, spec: { memberOf: [] } }\n`;

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  const ask = async (asker: string, path: string, method = 'GET', body?: unknown) => {
    const answer = await fetch(portal.url + path, {
      method,
      headers: {
        'x-forwarded-user': asker,
        ...(body !== undefined && {
          'content-type': body instanceof Uint8Array ? 'application/gzip' : 'application/json',
          origin: portal.url,
        }),
      },
      ...(body !== undefined && { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as any };
  };
  const view = async (asker: string, path: string) => (await ask(asker, `/api/plugins/${path}`)).body.view;

  beforeAll(async () => {
    portal = await testPortal({
      place: await place(),
      config,
      files: {
        'entities/catalog-info.yaml': [
          component('open', 'lit'),
          component('dark', 'unlit'),
          user('dan'),
          user('eve'),
        ].join('---\n'),
      },
    });
    const staged = await ask('dan', '/api/admin/plugins/staged/upload', 'POST', pluginTarball(server, lamps));
    const sent = { sha256: staged.body.sha256, grants: { catalog: ['read'] }, enable: true };
    const installed = await ask('dan', '/api/admin/plugins', 'POST', sent);
    expect(installed.status, JSON.stringify(installed.body)).toBe(200);
  });
  afterAll(() => portal.stop());

  test('documents for search are found by who may see what they are about', async () => {
    const ends: Record<string, string[]> = {
      dan: ['', ' of dark', ' of never', ' of open', ' on its page'],
      eve: ['', ' of open'],
    };
    for (const [asker, found] of Object.entries(ends))
      await eventually(async () => {
        const { body } = await ask(asker, '/api/search/query?term=lantern&facets=true');
        const titles = body.results.map(({ document }: any) => document.title).toSorted();
        expect(titles).toEqual(found.map((end) => `Lantern${end}`));
        expect([body.numberOfResults, body.facets.types]).toEqual([
          found.length,
          [{ value: 'plugins', count: found.length }],
        ]);
      });
  });

  test('views show everybody what they may see, from one answer of the plugin', async () => {
    const seen = async (asker: string, id: string) => view(asker, `lamps/views/${id}`);
    const all = await seen('dan', 'rows');
    const some = await seen('eve', 'rows');
    expect(all.note).toBe('For all. Open is late. Dark is late. Two are late.');
    expect(some.note).toBe('For all. Open is late.');
    expect(all.columns.map(({ id }: any) => id)).toEqual(['service', 'needs', 'page', 'paid', 'left', 'lit', 'unlit']);
    expect(some.columns.map(({ id }: any) => id)).toEqual(['service', 'needs', 'page', 'paid', 'left', 'lit']);
    expect(all.rows).toHaveLength(4);
    expect(all.rows[0]).toMatchObject({ needs: dark, paid: 10, left: 8 });
    expect(some.rows).toEqual([
      { service: open, needs: null, page: null, paid: 2, left: null, lit: 'yes' },
      { service: null, page: 'Of nobody' },
    ]);
    expect((await seen('eve', 'keyed')).rows).toEqual([{ what: 1, whom: open }]);
    expect((await seen('eve', 'figures')).items).toEqual([
      { label: 'both', value: 1 },
      { label: 'open', value: 1 },
    ]);
    expect((await seen('dan', 'figures')).items.map(({ value }: any) => value)).toEqual([2, 1, 1]);
    expect((await seen('eve', 'happened')).items).toEqual([{ at, title: 'open' }]);
    expect((await seen('eve', 'places')).items).toEqual([{ title: 'open', href: 'https://example.com/open' }]);
    expect((await seen('eve', 'drawn')).series.map(({ name }: any) => name)).toEqual(['open']);
    expect((await seen('eve', 'said')).lines).toEqual([{ text: 'open' }]);
    for (const id of ['happened', 'places']) expect((await seen('dan', id)).items).toHaveLength(3);
    for (const id of Object.keys(models))
      expect(JSON.stringify((await ask('eve', `/api/plugins/lamps/views/${id}`)).body), id).not.toMatch(/dark/i);
  });

  test('a view of an entity that is hidden, and one of the administration, are refused', async () => {
    expect((await ask('eve', `/api/plugins/lamps/views/rows?entity=${dark}`)).status).toBe(404);
    expect((await ask('eve', '/api/plugins/lamps/views/admin')).status).toBe(403);
    expect((await ask('dan', '/api/plugins/lamps/views/admin')).status).toBe(200);
  });

  test('routes learn from the portal what may be seen, and are not asked about what is hidden', async () => {
    expect((await ask('dan', '/api/plugins/lamps/late')).body).toEqual([open, dark]);
    expect((await ask('eve', '/api/plugins/lamps/late')).body).toEqual([open]);
    const about = async (asker: string, query: string) => (await ask(asker, `/api/plugins/lamps/about${query}`)).status;
    expect(await about('eve', `?of=${open}`)).toBe(200);
    expect(await about('dan', `?of=${dark}`)).toBe(200);
    const hidden = await ask('eve', `/api/plugins/lamps/about?of=${dark}`);
    const missing = await ask('eve', '/api/plugins/lamps/about?of=component:default/never');
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(hidden.body.error.message.replace('dark', 'never')).toBe(missing.body.error.message);
    expect(await about('eve', '?of=COMPONENT:default/dark')).toBe(404);
    expect(await about('dan', '')).toBe(404);
    // What the query says and what the body says must not differ.
    const change = '/api/plugins/lamps/change';
    const send = async (query: string, of: unknown) => (await ask('eve', change + query, 'POST', { of })).status;
    expect(await send('', open)).toBe(200);
    expect(await send('', dark)).toBe(404);
    expect(await send(`?of=${open}`, dark)).toBe(404);
    expect(await send(`?of=${dark}`, open)).toBe(404);
    expect(await send('', [dark])).toBe(404);
  });

  test('the matrix of deployments has the services and environments that somebody may see', async () => {
    const tell = async (id: string, service: string, environment: string) => {
      const text = JSON.stringify({ service, environment, version: '1.4.2' });
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', hookSecret).update(`${id}.${time}.${text}`).digest('base64');
      const answer = await fetch(`${portal.url}/api/plugins/deployments/hooks/deployments`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': time,
          'webhook-signature': `v1,${signature}`,
        },
        body: text,
      });
      expect(answer.status, await answer.text()).toBe(202);
    };
    await ask('dan', '/api/admin/plugins/deployments/enable', 'POST', {});
    await tell('m1', 'open', 'production');
    await tell('m2', 'dark', 'production');
    await tell('m3', 'dark', 'basement');
    const matrix = async (asker: string) => {
      const { rows, columns } = await view(asker, 'deployments/views/matrix');
      return [rows.map(({ service }: any) => service), columns.map(({ title }: any) => title)];
    };
    expect(await matrix('dan')).toEqual([
      [dark, open],
      ['Service', 'basement', 'production'],
    ]);
    expect(await matrix('eve')).toEqual([[open], ['Service', 'production']]);
  });
});
