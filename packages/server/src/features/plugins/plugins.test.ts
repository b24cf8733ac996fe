import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, testPortal, type TestPortal } from '../../testing/portal.ts';
import { pluginTarball } from './testing/pack.ts';
import { installPlugin } from './testing/install.ts';

const component = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: pier, annotations: { acme/pier: "7" } }
spec: { type: service, lifecycle: production, owner: quay }
`;

const server = (word: string) => `
import { definePlugin } from '@callboard/plugin-api';
export default definePlugin({
  setup(host) {
    return {
      views: {
        facts: async ({ entity }) => ({ model: 'stat', items: [
          { label: '${word}', value: entity ? entity.metadata.name : 'none' },
          { label: 'greeting', value: host.configuration.greeting ?? 'unset' } ] }),
        kept: async () => ({ model: 'stat', items: [{ label: 'kept', value: (await host.store.get('word'))?.word ?? 'none' }] }),
        wrong: () => ({ model: 'stat', items: [{ label: 7 }] }),
      },
      routes: {
        note: async ({ params, body, method }, { user }) => {
          if (method === 'PUT') { await host.store.set(params.key, body); await host.changed('views/kept'); return { status: 201, body: { user } }; }
          return { body: await host.store.get(params.key) };
        },
        readnote: async ({ params }) => ({ body: { value: await host.store.get(params.key), keys: await host.store.list() } }),
        ask: async ({ query }) => { const answer = await host.fetch(query.url, { headers: { 'x-token': await host.secrets.get('TOKEN') } }); return { body: { status: answer.status, json: answer.json() } }; },
        refs: async () => ({ body: { refs: (await host.catalog.refs()).filter((ref) => ref.startsWith('component:')), entities: (await host.catalog.get(['component:default/pier'])).map((e) => e.metadata.name) } }),
      },
      actions: { 'acme:shout': ({ input }) => ({ output: { text: String(input.text).toUpperCase() } }) },
    };
  },
});`;

const contributes = {
  views: [
    { id: 'facts', title: 'Facts', model: 'stat' },
    { id: 'kept', title: 'Kept', model: 'stat', cacheSeconds: 3600 },
    { id: 'wrong', title: 'Wrong', model: 'stat' },
  ],
  cards: [{ id: 'facts', title: 'Facts', view: 'facts', when: { kind: ['Component'] } }],
  routes: [
    { id: 'note', title: 'Keep', method: 'PUT', path: '/notes/:key' },
    { id: 'readnote', title: 'Read', method: 'GET', path: '/notes/:key' },
    { id: 'ask', title: 'Ask', method: 'GET', path: '/ask' },
    { id: 'refs', title: 'Refs', method: 'GET', path: '/refs' },
  ],
  actions: [{ id: 'acme:shout', title: 'Shout' }],
};

forEachDatabase((dialect, { place }) => {
  let portal: TestPortal;
  let far: ReturnType<typeof createServer>;
  let farHost: string;
  const upload = async (bytes: Uint8Array) => {
    const response = await fetch(`${portal.url}/api/admin/plugins/staged/upload`, {
      method: 'POST',
      headers: { 'content-type': 'application/gzip' },
      body: new Uint8Array(bytes),
    });
    return { status: response.status, body: (await response.json()) as any };
  };
  const asks = () => ({
    hosts: [farHost],
    secrets: [{ name: 'TOKEN', description: 'To ask.' }],
    catalog: ['read'],
    store: true,
  });
  const install = async (word: string, version: string, more: Record<string, unknown> = {}) => {
    const { body } = await upload(
      pluginTarball(
        server(word),
        {
          asks: asks(),
          contributes,
          configuration: { type: 'object', properties: { greeting: { type: 'string' } }, additionalProperties: false },
        },
        version,
      ),
    );
    return portal.send('POST', '/api/admin/plugins', { sha256: body.sha256, ...more });
  };

  beforeAll(async () => {
    far = createServer((request, response) => {
      if (request.url === '/away') response.writeHead(302, { location: 'http://localhost:1/' }).end();
      else
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ token: request.headers['x-token'] }));
    });
    await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
    farHost = `127.0.0.1:${(far.address() as AddressInfo).port}`;
    portal = await testPortal({
      place: await place(),
      files: { 'catalog-info.yaml': component },
      config:
        'catalog: { locations: [{ type: file, target: ./catalog-info.yaml }] }\nplugins: { secrets: { hello: { TOKEN: sesame } }, idleSeconds: 600 }\n',
    });
  });
  afterAll(async () => {
    await portal?.stop();
    far.close();
  });

  test('a package is looked at, installed, called, updated and rolled back without a restart', async () => {
    const staged = await upload(pluginTarball(server('one'), { asks: asks(), contributes }));
    expect(staged).toMatchObject({
      status: 200,
      body: { origin: 'upload', faults: [], manifest: { id: 'hello', version: '1.0.0' } },
    });
    expect(staged.body.asks.hosts).toEqual([farHost]);
    expect((await portal.get('/api/admin/plugins/hello')).body.error.code).toBe('PLUGIN_NOT_FOUND');

    const made = await install('one', '1.0.1', { configuration: { greeting: 'ahoy' } });
    expect(made).toMatchObject({
      status: 200,
      body: { state: 'enabled', runsIn: 'child', running: false, firstParty: false },
    });
    const view = async () => (await portal.get('/api/plugins/hello/views/facts?entity=component:default/pier')).body;
    expect((await view()).view.items).toEqual([
      { label: 'one', value: 'pier' },
      { label: 'greeting', value: 'ahoy' },
    ]);
    expect((await portal.get('/api/admin/plugins/hello')).body).toMatchObject({
      running: true,
      metrics: { calls: 1, errors: 0, starts: 1, crashes: 0 },
    });
    expect((await install('two', '2.0.0')).body).toMatchObject({ version: '2.0.0', grants: { hosts: [farHost] } });
    expect((await view()).view.items[0].label).toBe('two');
    const back = await portal.send('PUT', '/api/admin/plugins/hello/version', { version: '1.0.1' });
    expect(back.body).toMatchObject({ version: '1.0.1', state: 'enabled' });
    expect(back.body.versions.map((entry: any) => entry.version).toSorted()).toEqual(['1.0.1', '2.0.0']);
    expect((await view()).view.items[0].label).toBe('one');
    expect((await install('other', '2.0.0')).body.error.code).toBe('PLUGIN_VERSION_TAKEN');
  });

  test('its routes have a store, secrets, granted hosts and the catalog; nothing more', async () => {
    await install('one', '3.0.0');
    expect(await portal.send('PUT', '/api/plugins/hello/notes/first', { a: [1] })).toMatchObject({
      status: 201,
      body: { user: 'user:default/local-administrator' },
    });
    expect((await portal.get('/api/plugins/hello/notes/first')).body).toEqual({ value: { a: [1] }, keys: ['first'] });
    expect((await portal.get(`/api/plugins/hello/ask?url=http://${farHost}/x`)).body).toEqual({
      status: 200,
      json: { token: 'sesame' },
    });
    const foreign = await portal.get('/api/plugins/hello/ask?url=http://127.0.0.1:1/');
    expect(foreign.body.error).toMatchObject({ code: 'PLUGINS_FAILED' });
    expect(foreign.body.error.message).toContain("Plugin 'hello' 3.0.0 may not use the host 127.0.0.1:1");
    const away = await portal.get(`/api/plugins/hello/ask?url=http://${farHost}/away`);
    expect(away.body.error.message).toContain('may not use the host localhost:1');
    expect((await portal.get('/api/plugins/hello/refs')).body).toEqual({
      refs: ['component:default/pier'],
      entities: ['pier'],
    });
    const narrowed = await portal.send('PUT', '/api/admin/plugins/hello/grants', { hosts: [], catalog: [] });
    expect(narrowed.body.grants).toEqual({
      hosts: [],
      secrets: [],
      catalog: [],
      store: false,
      files: false,
      settings: [],
    });
    for (const [path, what] of [
      ['notes/first', 'the store'],
      ['refs', 'the catalog'],
      [`ask?url=http://${farHost}/`, 'the secret TOKEN'],
    ])
      expect((await portal.get(`/api/plugins/hello/${path}`)).body.error.message).toContain(`may not use ${what}`);
    const wide = await portal.send('PUT', '/api/admin/plugins/hello/grants', { hosts: ['evil.example'] });
    expect(wide).toMatchObject({ status: 400, body: { error: { code: 'PLUGIN_GRANTS_TOO_WIDE' } } });
  });

  test('wrong answers, unknown names and bad configuration are told with plugin and version', async () => {
    await install('one', '4.0.0');
    const wrong = await portal.get('/api/plugins/hello/views/wrong');
    expect(wrong.status).toBe(503);
    expect(wrong.body.error.code).toBe('PLUGINS_ANSWER_INVALID');
    expect(wrong.body.error.message).toContain("Plugin 'hello' 4.0.0 answered views/wrong");
    expect((await portal.get('/api/plugins/hello/views/none')).status).toBe(404);
    expect((await portal.get('/api/plugins/hello/nowhere')).body.error.code).toBe('PLUGIN_CONTRIBUTION_NOT_FOUND');
    expect((await portal.get('/api/plugins/nobody/x')).body.error.code).toBe('PLUGIN_NOT_FOUND');
    const bad = await portal.send('PUT', '/api/admin/plugins/hello/configuration', {
      configuration: { greeting: 7, x: 1 },
    });
    expect(bad.body.error).toMatchObject({ code: 'PLUGIN_CONFIGURATION_INVALID' });
    expect(bad.body.error.details.faults).toHaveLength(2);
    const { body: web } = await portal.get('/api/plugins/web');
    expect(web.items.find((item: any) => item.id === 'hello').contributes.cards).toEqual(contributes.cards);
    const state = await portal.send('POST', '/api/admin/plugins/hello/disable');
    expect(state.body.state).toBe('disabled');
    expect((await portal.get('/api/plugins/web')).body.items.map((item: any) => item.id)).not.toContain('hello');
    expect((await portal.get('/api/plugins/hello/refs')).body.error.code).toBe('PLUGIN_NOT_ENABLED');
    expect((await portal.send('POST', '/api/admin/plugins/hello/enable')).body.state).toBe('enabled');
    expect((await portal.get('/api/plugins/hello/views/facts')).status).toBe(200);
    const told = (await portal.get('/api/events?after=0&types=plugins.plugin.disabled')).body;
    expect(JSON.stringify(told)).toContain('plugin:hello');
    expect((await portal.send('DELETE', '/api/admin/plugins/hello')).status).toBe(204);
    expect((await portal.get('/api/admin/plugins')).body.items.map((item: any) => item.id)).not.toContain('hello');
  });

  if (dialect === 'postgres')
    test('two replicas follow what one of them is told', async () => {
      const where = await place();
      const [one, other] = [await testPortal({ place: where }), await testPortal({ place: where })];
      try {
        await installPlugin(one, pluginTarball(server('one'), { contributes, asks: { store: true } }));
        const answer = await eventually(async () => {
          const found = await other.get('/api/plugins/hello/views/facts');
          expect(found.status).toBe(200);
          return found;
        });
        expect(answer.body.view.items[0]).toEqual({ label: 'one', value: 'none' });
        // What one keeps, the other keeps too, until the plugin says on either that it is no longer so.
        const kept = async () => (await other.get('/api/plugins/hello/views/kept')).body.view.items[0].value;
        expect(await kept()).toBe('none');
        await one.send('PUT', '/api/plugins/hello/notes/word', { word: 'ahoy' });
        await eventually(async () => expect(await kept()).toBe('ahoy'));
        await other.send('DELETE', '/api/admin/plugins/hello');
        await eventually(async () => expect((await one.get('/api/plugins/hello/views/facts')).status).toBe(404));
      } finally {
        await Promise.all([one.stop(), other.stop()]);
      }
    });
});
