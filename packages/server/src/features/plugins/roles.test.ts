import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { type Answer, eventually, type TestPortal, testPortal } from '../../testing/portal.ts';
import { pluginTarball } from './testing/pack.ts';
import { installPlugin } from './testing/install.ts';

/** A plugin of many roles; what its source has stands in its store, so that a test can change it. */
const server = `
import { definePlugin } from '@callboard/plugin-api';
const component = (name) => ({ apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name }, spec: { type: 'service', lifecycle: 'production', owner: 'crew' } });
export default definePlugin({ setup: (host) => ({
  routes: { 
    async set({ params, body }) { await host.store.set(params.key, body.value); if (body.changed) await host.changed(body.changed); return { body: null }; },
    async get({ params }) { return { body: await host.store.get(params.key) }; },
  },
  sources: { async fleet({ cursor }) {
    if (await host.store.get('broken')) throw new Error('the harbour is closed');
    const all = (await host.store.get('fleet')) ?? ['ferry', 'tug', 'barge'];
    const at = Number(cursor ?? 0);
    return { entities: all.slice(at, at + 2).map((each) => typeof each === 'string' ? component(each) : each), ...(at + 2 < all.length && { cursor: String(at + 2) }) };
  } },
  searchSources: { async log() { return { documents: (await host.store.get('log')) ?? [{ id: '1', title: 'Fog at the pier', text: 'Nothing was to be seen', href: '/plugins/fleet/log' }] }; } },
  checks: {
    named: async ({ entity }) => (await host.store.get('named')) ? { result: 'fails', message: 'names are numbers now', fix: 'Take a number.' } : { result: 'holds', message: entity.metadata.name + ' is well named' },
    lies: () => ({ result: 'perhaps' }),
    floats: () => ({ result: 'not-applicable', message: 'nobody knows the sea', href: 'https://sea.example.com' }),
  },
  views: { none: () => ({ model: 'markdown', text: '' }) },
  notifiers: { horn: async (message) => { await host.store.set('heard', message); return { delivered: true }; } },
}) });`;
const contributes = {
  routes: [
    { id: 'set', title: 'Set', method: 'PUT', path: '/values/:key' },
    { id: 'get', title: 'Get', method: 'GET', path: '/values/:key' },
  ],
  views: [{ id: 'none', title: 'None', model: 'markdown' }],
  sources: [{ id: 'fleet', title: 'Fleet' }],
  searchSources: [{ id: 'log', title: 'Log' }],
  checks: [
    { id: 'named', title: 'It is well named', when: { kind: ['Component'] } },
    { id: 'lies', title: 'Says nonsense' },
    { id: 'floats', title: 'It floats', when: { kind: ['Component'] } },
  ],
  notifiers: [{ id: 'horn', title: 'Horn' }],
};
const config = `app: { baseUrl: https://portal.example.com/ }
catalog: { locations: [{ type: file, target: ./launch.yaml, rules: [{ allow: [Template] }] }] }
`;
const template = JSON.stringify({
  apiVersion: 'scaffolder.backstage.io/v1beta3',
  kind: 'Template',
  metadata: { name: 'launch', title: 'Launch' },
  spec: { type: 'service', owner: 'crew', steps: [{ action: 'debug:log', input: { message: 'splash' } }] },
});
const asks = { store: true, catalog: ['read', 'write'] };

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  let source: { id: string };
  const install = (tarball: Uint8Array, more?: object): Promise<Answer> => installPlugin(portal, tarball, more);
  const set = (key: string, value: unknown) => portal.send('PUT', `/api/plugins/fleet/values/${key}`, { value });
  const sources = async () => (await portal.get('/api/catalog/sources')).body.items;
  const own = async () => (await sources()).find((each: any) => each.target === 'fleet/fleet');
  const refresh = async () => portal.send('POST', `/api/catalog/sources/${source.id}/refresh`);
  const names = async () => {
    const { body } = await portal.get('/api/catalog/entities/by-query?filter=kind=component');
    return body.items.map((item: any) => item.metadata.name).toSorted();
  };
  const found = async (term: string) =>
    (await portal.get(`/api/search/query?term=${term}`)).body.results.map((result: any) => result.document.title);

  beforeAll(async () => {
    portal = await testPortal({ place: await place(), config, files: { 'launch.yaml': template } });
  });
  afterAll(() => portal.stop());

  test('a source needs the right to add entities, and its plugin fills the catalog page by page', async () => {
    const added = await install(pluginTarball(server, { id: 'fleet', asks, contributes }), { grants: { store: true } });
    expect(added.body.state).toBe('enabled');
    await eventually(async () => {
      source = await own();
      expect(source).toMatchObject({ type: 'plugin', origin: 'plugin', state: 'failing' });
      expect(JSON.stringify(source)).toContain("Plugin 'fleet' 1.0.0 may not use the catalog to add entities");
    });
    await portal.send('PUT', '/api/admin/plugins/fleet/grants', asks);
    await eventually(async () => expect(await names()).toEqual(['barge', 'ferry', 'tug']));
    await eventually(async () => expect((await own()).state).toBe('ok'));
    const { metadata } = await portal.entity('component:default/tug');
    expect(metadata.annotations['backstage.io/managed-by-origin-location']).toBe('plugin:fleet/fleet');
  });

  test('what fails keeps the last good entities; a wrong entity is a problem of its own', async () => {
    await set('broken', true);
    await refresh();
    await eventually(async () => expect(JSON.stringify(await own())).toContain('the harbour is closed'));
    expect(await names()).toEqual(['barge', 'ferry', 'tug']);
    await set('broken', false);
    const location = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Location',
      metadata: { name: 'way-out' },
      spec: { type: 'file', target: '/etc/passwd' },
    };
    await set('fleet', ['ferry', 'barge', { kind: 'Component', metadata: { name: 'tug' } }, 'ferry', location]);
    await refresh();
    await eventually(async () => {
      expect((await own()).state).toBe('ok');
      const { items } = (await portal.get('/api/catalog/problems')).body;
      const told = items.map((problem: any) => `${problem.location} ${problem.path}`);
      expect(told).toContain('plugin:fleet/fleet/component:default/tug /apiVersion');
      expect(JSON.stringify(items)).toContain('entities of plugins may point at addresses by http(s) only');
    });
    expect(await names()).toEqual(['barge', 'ferry', 'tug']);
  });

  test('a sudden loss is held until somebody confirms it', async () => {
    await set(
      'fleet',
      Array.from({ length: 30 }, (_, number) => `ship-${number}`),
    );
    await refresh();
    await eventually(async () => expect(await names()).toContain('ship-29'));
    await set('fleet', ['ship-1']);
    await refresh();
    await eventually(async () => expect((await own()).state).toBe('held'));
    expect(await names()).toContain('ship-29');
    await portal.send('POST', `/api/catalog/sources/${source.id}/confirm`);
    await eventually(async () => expect(await names()).toEqual(['ship-1']));
  });

  test('what a plugin knows is found, and no longer when it says so', async () => {
    await eventually(async () => expect(await found('fog')).toEqual(['Fog at the pier']));
    await set('log', [{ id: '2', title: 'Storm warning', text: 'Stay inside', href: 'https://weather.example.com' }]);
    await portal.send('PUT', '/api/admin/plugins/fleet/configuration', { configuration: {} });
    await eventually(async () => expect(await found('storm')).toEqual(['Storm warning']));
    expect(await found('fog')).toEqual([]);
  });

  test('checks say what they found; one that answers something else is unknown', async () => {
    const ship = 'component:default/ship-1';
    const { body } = await portal.get(`/api/plugins/checks?entity=${ship}`);
    const at = expect.stringMatching(/^\d{4}-/);
    expect(body.items).toEqual([
      { plugin: 'fleet', id: 'named', title: 'It is well named', result: 'holds', message: 'ship-1 is well named', at },
      {
        plugin: 'fleet',
        id: 'lies',
        title: 'Says nonsense',
        result: 'unknown',
        message: expect.stringContaining("Plugin 'fleet' 1.0.0 answered checks/lies with something else than it must"),
        fix: expect.any(String),
        at,
      },
      {
        plugin: 'fleet',
        id: 'floats',
        title: 'It floats',
        result: 'not-applicable',
        message: 'nobody knows the sea',
        href: 'https://sea.example.com',
        at,
      },
    ]);
    expect((await portal.get('/api/plugins/checks?entity=component:default/none')).status).toBe(404);
  });

  test('checks are columns too, and are looked at again when their plugin says so, which pages hear', async () => {
    const ship = 'component:default/ship-1';
    const ask = async (columns?: string[]) =>
      (await portal.send('POST', '/api/plugins/columns', { entities: [ship], columns })).body.items;
    const cell = { text: 'holds', tone: 'good', hint: 'ship-1 is well named' };
    expect(await ask(['fleet:named', 'fleet:floats'])).toMatchObject([
      { plugin: 'fleet', id: 'named', title: 'It is well named', cells: { [ship]: cell } },
      { id: 'floats', cells: { [ship]: { text: 'not applicable', tone: 'neutral', href: 'https://sea.example.com' } } },
    ]);
    const { body: before } = await portal.get('/api/events?after=0&limit=1000');
    const say = (changed: string) => portal.send('PUT', '/api/plugins/fleet/values/named', { value: true, changed });
    expect((await say('checks/none')).body.error.message).toContain('there is no checks/none that could change');
    for (let times = 0; times < 3; times += 1) expect((await say('checks/named')).status).toBe(200);
    expect((await ask(['fleet:named']))[0].cells[ship]).toEqual({
      text: 'fails',
      tone: 'bad',
      hint: 'names are numbers now Take a number.',
    });
    await eventually(async () => {
      const { body } = await portal.get(`/api/events?after=${before.cursor}&types=plugin-data.changed`);
      expect(body.events[0]).toMatchObject({ subject: 'plugin:fleet', data: { contribution: 'checks/named' } });
    });
  });

  test('whoever began a run hears of its end by the notifiers', async () => {
    await eventually(async () => expect(await portal.entity('template:default/launch')).toBeTruthy());
    const { body: run } = await portal.send('POST', '/api/scaffolder/v2/tasks', {
      templateRef: 'template:default/launch',
      values: {},
    });
    expect(run, JSON.stringify(run)).toMatchObject({ id: expect.any(String) });
    await eventually(async () => {
      const { body } = await portal.get('/api/plugins/fleet/values/heard');
      expect(body).toEqual({
        to: expect.stringMatching(/^user:/),
        title: 'Launch is done',
        text: '',
        href: `https://portal.example.com/create/tasks/${run.id}`,
      });
    });
  });

  test('kinds come with a plugin; one that is taken is refused and said', async () => {
    const kind = {
      kind: 'Ship',
      apiVersions: ['ships.example.com/v1'],
      schema: { type: 'object', required: ['spec'] },
    };
    const ship = { apiVersion: 'ships.example.com/v1', kind: 'Ship', metadata: { name: 'gull' }, spec: {} };
    const taken = { kind: 'Component', apiVersions: ['backstage.io/v1alpha1'], schema: { type: 'object' } };
    await set('fleet', [ship, 'ship-1']);
    await refresh();
    await eventually(async () =>
      expect(JSON.stringify((await portal.get('/api/catalog/problems')).body)).toContain(
        'CATALOG_DESCRIPTOR_KIND_UNKNOWN',
      ),
    );
    await install(pluginTarball('', { id: 'ships', server: undefined, contributes: { kinds: [kind, taken] } }));
    await eventually(async () => expect((await portal.entity('ship:default/gull'))?.kind).toBe('Ship'));
    const { body } = await portal.get('/api/admin/plugins/ships');
    expect(JSON.stringify(body.messages)).toContain('Component with backstage.io/v1alpha1 is defined already');
  });

  test('disabled, its entities stay and its documents go; removed, everything goes', async () => {
    await portal.send('POST', '/api/admin/plugins/fleet/disable');
    await eventually(async () => expect(await found('storm')).toEqual([]));
    expect(await names()).toEqual(['ship-1']);
    await portal.send('DELETE', '/api/admin/plugins/fleet');
    await eventually(async () => expect(await names()).toEqual([]));
    await eventually(async () => expect(await own()).toBeUndefined());
  });
});
