import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';
import { pluginTarball } from './testing/pack.ts';
import { installPlugin } from './testing/install.ts';

const dockyard = new URL('../../../../plugin-api/golden/1.1.0/dockyard-1.0.0.tgz', import.meta.url);

/** Watches, streams and holds on to what nobody else wants. */
const watcher = `
import { definePlugin } from '@callboard/plugin-api';
export default definePlugin({ setup: (host) => ({
  tasks: { async watch(_input, { signal }) {
    const starts = ((await host.store.get('starts')) ?? 0) + 1;
    await host.store.set('starts', starts);
    if (starts === 1) throw new Error('the first watch breaks off');
    const answer = await host.stream(host.configuration.address, { signal });
    for await (const text of answer) await host.store.set('seen', ((await host.store.get('seen')) ?? '') + text);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  } },
  routes: {
    async state() { return { body: { entries: await host.store.entries('s'), after: await host.store.entries('', 'seen'), settings: host.settings } }; },
    async *count({ query }, { signal }) {
      try {
        for (let number = 1; number <= Number(query.to); number += 1) yield { number };
        if (query.fail) throw new Error('lost count');
        if (query.wait) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      } finally { await host.store.set('s-over', query.to); }
    },
  },
}) });`;
const watching = {
  id: 'watcher',
  engine: '^1.1.0',
  asks: { hosts: ['*'], store: true, settings: ['integrations.gitea'] },
  configuration: { type: 'object', properties: { address: { type: 'string' } } },
  contributes: {
    tasks: [{ id: 'watch', title: 'Watch' }],
    routes: [
      { id: 'state', title: 'State', method: 'GET', path: '/state' },
      { id: 'count', title: 'Count', method: 'GET', path: '/count', stream: true },
    ],
  },
};

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  let address: string;
  const ships = [{ name: 'gull', owner: 'crew', afloat: true }];
  const yard = createServer(({ url, headers }, response) => {
    if (url === '/endless') return void response.write('a ship, ');
    if (headers.authorization !== 'Bearer hawser') return void response.writeHead(401).end();
    response.end(JSON.stringify(ships));
  });
  const upload = (tarball: Uint8Array, more: object) => installPlugin(portal, tarball, more);
  const hook = (id: number, signature?: string) => {
    const body = JSON.stringify({ id });
    const signed = `sha256=${createHmac('sha256', 'bowline').update(body).digest('hex')}`;
    return fetch(`${portal.url}/api/plugins/dockyard/hooks/launched`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-yard-signature': signature ?? signed },
      body,
    });
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => yard.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(yard.address() as AddressInfo).port}`;
    portal = await testPortal({
      place: await place(),
      config: 'integrations:\n  gitea: [{ host: code.example.com, password: tar }]\n',
    });
    const configuration = { yards: [{ address, token: 'hawser' }], hookSecret: 'bowline' };
    expect((await upload(await readFile(dockyard), { configuration })).status).toBe(200);
  });
  afterAll(async () => {
    await portal.stop();
    yard.closeAllConnections();
    yard.close();
  });

  test('secrets of a configuration are never shown, and stay what they are', async () => {
    const { body } = await portal.get('/api/admin/plugins/dockyard');
    expect(JSON.stringify(body)).not.toMatch(/hawser|bowline/);
    const [first] = body.configuration.yards;
    const { hookSecret } = body.configuration;
    // The list is in another order: each secret stays with its place.
    const configuration = { yards: [{ address: 'http://127.0.0.1:9' }, first], hookSecret };
    const saved = await portal.send('PUT', '/api/admin/plugins/dockyard/configuration', { configuration });
    expect(saved.status).toBe(200);
    const tested = await portal.send('POST', '/api/admin/plugins/dockyard/test', {});
    expect(tested.body.items, JSON.stringify(tested.body)).toEqual([
      {
        title: 'http://127.0.0.1:9',
        state: 'bad',
        message: expect.stringContaining('cannot be reached'),
        fix: 'Check address and token.',
      },
      { title: address, state: 'good', message: '1 ships' },
    ]);
    const late = await portal.send('PUT', '/api/admin/plugins/dockyard/configuration', { configuration });
    expect(late.body.error).toMatchObject({ code: 'PLUGIN_CONFIGURATION_CHANGED' });
    const { hookSecret: now } = saved.body.configuration;
    const only = { yards: [{ address, token: 'string' }], hookSecret: now };
    const wrong = await portal.send('POST', '/api/admin/plugins/dockyard/test', { configuration: only });
    expect(wrong.body.items[0]).toMatchObject({ state: 'bad', message: 'the yard does not take the token' });
    const right = { yards: [saved.body.configuration.yards[1]], hookSecret: now };
    await portal.send('PUT', '/api/admin/plugins/dockyard/configuration', { configuration: right });
  });

  test('a hook has the source read; what is not signed or came before is refused', async () => {
    await eventually(async () => expect(await portal.entity('component:default/gull')).toBeTruthy());
    ships.push({ name: 'tern', owner: 'crew', afloat: false });
    expect((await hook(1, 'sha256=00')).status).toBe(401);
    expect((await hook(1)).status).toBe(202);
    expect((await hook(1)).status).toBe(409);
    await eventually(async () => expect(await portal.entity('component:default/tern')).toBeTruthy());
    const unknown = await fetch(`${portal.url}/api/plugins/dockyard/hooks/none`, { method: 'POST' });
    expect(unknown.status).toBe(404);
  });

  test('a column says of each entity what a task has found', async () => {
    await portal.send('POST', '/api/admin/plugins/dockyard/disable');
    await portal.send('POST', '/api/admin/plugins/dockyard/enable');
    const entities = ['component:default/gull', 'component:default/tern', 'component:default/none'];
    await eventually(async () => {
      const { body } = await portal.send('POST', '/api/plugins/columns', { entities });
      expect(body.items).toEqual([
        {
          plugin: 'dockyard',
          id: 'afloat',
          title: 'Afloat',
          at: expect.any(String),
          cells: {
            'component:default/gull': { text: 'afloat', tone: 'good' },
            'component:default/tern': { text: 'sunk', tone: 'bad' },
          },
        },
      ]);
    });
    const among = async (columns: string[]) =>
      (await portal.send('POST', '/api/plugins/columns', { entities, columns })).body.items.map(({ id }: any) => id);
    expect(await among(['dockyard:afloat', 'none:afloat'])).toEqual(['afloat']);
    expect(await among(['dockyard:none'])).toEqual([]);
    const { body: web } = await portal.get('/api/plugins/web');
    expect(web.items.find(({ id }: any) => id === 'dockyard').contributes.columns).toMatchObject([{ id: 'afloat' }]);
  });

  test('a watch is begun again when it fails, reads what has no end, and gets the settings that are granted', async () => {
    await upload(pluginTarball(watcher, watching), { configuration: { address: `${address}/endless` } });
    await eventually(async () => {
      const { body } = await portal.get('/api/plugins/watcher/state');
      expect(body).toEqual({
        entries: [
          { key: 'seen', value: 'a ship, ' },
          { key: 'starts', value: 2 },
        ],
        after: [{ key: 'starts', value: 2 }],
        settings: { 'integrations.gitea': [{ host: 'code.example.com', password: 'tar' }] },
      });
    });
  });

  test('a route that streams sends everything, says its failure, and ends when nobody listens', async () => {
    const read = async (query: string) => {
      const answer = await fetch(`${portal.url}/api/plugins/watcher/count?${query}`);
      expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      return answer.text();
    };
    const all = await read('to=300');
    expect(all.match(/^data: \{"number"/gm)).toHaveLength(300);
    expect(all).toMatch(/event: end\ndata: \{\}\n\n$/);
    expect(await read('to=1&fail=1')).toMatch(/event: problem\ndata: .*PLUGINS_FAILED.*lost count/);
    const leaving = new AbortController();
    const open = await fetch(`${portal.url}/api/plugins/watcher/count?to=7&wait=1`, { signal: leaving.signal });
    await open.body!.getReader().read();
    leaving.abort();
    await eventually(async () => {
      const { body } = await portal.get('/api/plugins/watcher/state');
      expect(body.entries).toContainEqual({ key: 's-over', value: '7' });
    });
  });
});
