import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { serveGit } from '../../testing/git-server.ts';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';
import { pluginTarball } from './testing/pack.ts';
import { installPlugin } from './testing/install.ts';

/** A host of code whose files lie in the store of its plugin: nothing but the plugin can read them. */
const server = `
import { definePlugin } from '@callboard/plugin-api';
const start = 'https://code.example.com/acme/pay/blob/main/';
export default definePlugin({ setup(host) {
  const files = async () => (await host.store.get('files')) ?? {};
  const count = async (what) => host.store.set(what, ((await host.store.get(what)) ?? 0) + 1);
  return {
    routes: {
      async put({ body }) { await host.store.set('files', body); await host.changed('codeHosts/main', { urls: ['https://code.example.com/acme/pay/'] }); return { body: null }; },
      async counts() { return { body: { asked: await host.store.get('asked'), unchanged: await host.store.get('unchanged'), trees: await host.store.get('trees') } }; },
    },
    codeHosts: { main: {
      owns: ({ url }) => ['code.example.com', host.configuration.git].includes(new URL(url).host),
      gitAccess: () => ({ username: 'crew', password: 'halyard' }),
      hosts: () => [{ host: 'code.example.com', type: 'gitlab', title: 'Our code' }],
      async readFile({ url, version }) {
        const path = url.replace('/tree/', '/blob/').slice(start.length);
        const text = (await files())[path];
        if (text === undefined) throw Object.assign(new Error('there is no ' + path), { code: 'NOT_FOUND' });
        await count(version === 'v' + text.length ? 'unchanged' : 'asked');
        return version === 'v' + text.length ? null : { text, version: 'v' + text.length };
      },
      async readTree({ url }) {
        await count('trees');
        // More than anybody wants to ask for one by one.
        if (url.includes(host.configuration.git)) return { version: 'b1b2b3b', entries: Array.from({ length: 501 }, (_, number) => ({ path: 'file-' + number, type: 'file', version: 'v1' })) };
        const folder = (url.replace('/tree/', '/blob/') + '/').replace(/\\/+$/, '/').slice(start.length);
        const entries = Object.entries(await files()).filter(([path]) => path.startsWith(folder));
        return { version: 'abcdef' + entries.length, entries: entries.map(([path, text]) => ({ path: path.slice(folder.length), type: 'file', version: 'v' + text.length, size: text.length })) };
      },
      listRepositories: () => ({ repositories: [] }),
      complete: ({ what, owner, repository, search = '' }) => ({ items: (what === 'branches' ? ['main', owner + '-' + repository] : ['acme', 'other']).filter((value) => value.includes(search)).map((value) => ({ value })) }),
      facts: ({ url }) => { if (url.includes('broken')) throw new Error('the host sleeps'); return { repository: { name: 'pay', owner: 'acme', url: 'https://code.example.com/acme/pay', defaultBranch: 'main' }, openChanges: 3, languages: [{ name: 'Go', share: 1 }] }; },
    } },
  };
} });`;
const manifest = {
  id: 'code',
  engine: '^1.1.0',
  asks: { store: true },
  contributes: {
    routes: [
      { id: 'put', title: 'Put', method: 'PUT', path: '/put' },
      { id: 'counts', title: 'Counts', method: 'GET', path: '/counts' },
    ],
    codeHosts: [{ id: 'main', title: 'Our code', does: ['hosts', 'complete', 'facts', 'gitAccess'] }],
  },
};
const component = (name: string, more = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n${more}spec: { type: service, lifecycle: production, owner: crew }\n`;

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  const base = 'https://code.example.com/acme/pay/blob/main';
  const put = (files: Record<string, string>) => portal.send('PUT', '/api/plugins/code/put', files);
  const files = {
    'one/catalog-info.yaml': component('one', '  description: { $text: ./about.txt }\n'),
    'one/about.txt': 'What one is about',
    'two/catalog-info.yaml': component('two', '  annotations: { backstage.io/techdocs-ref: dir:. }\n'),
    'two/mkdocs.yml': 'site_name: Two\n',
    'two/docs/index.md': '# Two\n\nRead by the plugin.\n',
  };

  let work: string;
  const git = createServer((request, response) => {
    const expected = `Basic ${Buffer.from('crew:halyard').toString('base64')}`;
    if (request.headers.authorization !== expected) return void response.writeHead(401).end();
    serveGit(work, request, response);
  });
  const gitHost = () => `127.0.0.1:${(git.address() as AddressInfo).port}`;

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'callboard-git-'));
    const run = (...args: string[]) => execFileSync('git', ['-C', work, ...args], { stdio: 'pipe' });
    run('init', '--quiet', '--initial-branch=main', 'tree');
    await writeFile(join(work, 'tree/file-7'), 'the seventh');
    run('-C', 'tree', 'add', '.');
    run('-C', 'tree', '-c', 'user.name=crew', '-c', 'user.email=crew@example.com', 'commit', '--quiet', '-m', 'All');
    run('clone', '--quiet', '--bare', 'tree', 'acme/big.git');
    await new Promise<void>((resolve) => git.listen(0, '127.0.0.1', resolve));
    portal = await testPortal({ place: await place() });
    const installed = await installPlugin(portal, pluginTarball(server, manifest), {
      configuration: { git: gitHost() },
    });
    expect(installed.status).toBe(200);
    expect((await put(files)).status).toBe(200);
  });
  afterAll(async () => {
    await portal.stop();
    git.close();
    await rm(work, { recursive: true, force: true });
  });

  test('descriptors are found by a pattern and read through the plugin, with what they refer to', async () => {
    const target = `${base}/*/catalog-info.yaml`;
    const { status } = await portal.send('POST', '/api/catalog/locations', { type: 'url', target });
    expect(status).toBe(201);
    await eventually(async () => {
      expect((await portal.entity('component:default/one'))?.metadata.description).toBe('What one is about');
      expect(await portal.entity('component:default/two')).toBeTruthy();
    });
  });

  test('a reading asks with the version that it has, and a change that is told is read at once', async () => {
    const counts = async () => (await portal.get('/api/plugins/code/counts')).body;
    const before = (await counts()).unchanged ?? 0;
    await put({ ...files, 'three/catalog-info.yaml': component('three') });
    await eventually(async () => expect(await portal.entity('component:default/three')).toBeTruthy());
    await eventually(async () => expect((await counts()).unchanged ?? 0).toBeGreaterThan(before));
    await put({
      ...files,
      'two/catalog-info.yaml': component(
        'two',
        '  title: The second\n  annotations: { backstage.io/techdocs-ref: dir:. }\n',
      ),
    });
    await eventually(async () =>
      expect((await portal.entity('component:default/two')).metadata.title).toBe('The second'),
    );
    await eventually(async () => expect(await portal.entity('component:default/three')).toBeNull());
  });

  test('a file that is not there is a problem in words', async () => {
    const target = `${base}/none/catalog-info.yaml`;
    const { body } = await portal.send('POST', '/api/catalog/locations?dryRun=true', { type: 'url', target });
    expect(body.error.message).toContain('there is no such file');
  });

  test('documents are read through the plugin', async () => {
    await eventually(async () => {
      const { status, body } = await portal.get('/api/techdocs/sites/default/component/two/page');
      expect(status, JSON.stringify(body)).toBe(200);
      expect(JSON.stringify(body)).toContain('Read by the plugin.');
    });
  });

  test('templates and their files are read through the plugin; many files by Git, with what the plugin signs in with', async () => {
    const template = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: hull }
spec:
  type: service
  steps:
    - { id: own, action: 'fetch:template', input: { url: ./skeleton, values: { name: gull } } }
    - { id: other, action: 'fetch:plain:file', input: { url: '${base}/one/about.txt', targetPath: about.txt } }
    - { id: many, action: 'fetch:plain', input: { url: 'http://${gitHost()}/acme/big/tree/main', targetPath: big } }
`;
    const skeleton = { 'hull/skeleton/hull.txt': 'The hull of ${{ values.name }}', 'hull/template.yaml': template };
    await put({ ...files, ...skeleton });
    await portal.send('POST', '/api/catalog/locations', { type: 'url', target: `${base}/hull/template.yaml` });
    const entity = await eventually(async () => {
      const found = await portal.entity('template:default/hull');
      expect(found).toBeTruthy();
      return found;
    });
    const { body } = await portal.send('POST', '/api/scaffolder/v2/tasks', {
      templateRef: 'template:default/hull',
      values: {},
    });
    await eventually(async () => {
      const task = await portal.get(`/api/scaffolder/v2/tasks/${body.id}`);
      const { body: events } = await portal.get(`/api/scaffolder/v2/tasks/${body.id}/events`);
      expect(task.body.status, JSON.stringify([entity.metadata.name, events])).toBe('completed');
    });
    const { body: made } = await portal.get(`/api/scaffolder/v2/tasks/${body.id}/files`);
    expect(JSON.stringify(made)).toContain('big/file-7');
  });

  test('pickers and cards get names and facts; a host that sleeps is told', async () => {
    expect((await portal.get('/api/plugins/code-hosts')).body.items).toEqual([
      { plugin: 'code', host: 'code.example.com', type: 'gitlab', title: 'Our code' },
    ]);
    const complete = (body: object) => portal.send('POST', '/api/plugins/code-hosts/complete', body);
    const asked = { host: 'code.example.com', what: 'branches', owner: 'acme', repository: 'pay', search: 'ma' };
    expect((await complete(asked)).body).toEqual({ items: [{ value: 'main' }], isComplete: true });
    const foreign = await complete({ host: 'elsewhere.example.com', what: 'owners' });
    expect(foreign.body.error).toMatchObject({ code: 'PLUGIN_CODE_HOST_UNKNOWN' });
    const { body } = await portal.get('/api/plugins/code-hosts/facts?entity=component:default/one');
    expect(body).toMatchObject({
      plugin: 'code',
      facts: { openChanges: 3, repository: { name: 'pay' } },
      at: expect.any(String),
    });
    const unknown = await portal.get('/api/plugins/code-hosts/facts?entity=group:default/all');
    expect([unknown.status, unknown.body.error]).toMatchObject([
      404,
      {
        code: 'PLUGIN_ENTITY_NOT_FOUND',
        message: "No entity 'group:default/all' found",
        fix: expect.stringContaining('GET /api/catalog/entities/by-query'),
      },
    ]);
  });
});
