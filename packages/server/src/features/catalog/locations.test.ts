import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, testPortal, type TestPortal, type TestPortalOptions } from '../../testing/portal.ts';

const component = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n  owner: team-a\n`;

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const start = async (options: TestPortalOptions): Promise<TestPortal> => {
  const portal = await testPortal(options);
  closing.push(() => portal.stop());
  return portal;
};

/** A web server with these pages. */
async function website(pages: Record<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ''];
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

forEachDatabase((dialect, { place }) => {
  test('registers, tries out, refuses a second time, changes and forgets a location', async () => {
    const site = await website({ '/one.yaml': component('one'), '/two.yaml': component('two') });
    const portal = await start({ place: await place() });
    const one = { type: 'url', target: `${site}/one.yaml` };

    const tried = await portal.send('POST', '/api/catalog/locations?dryRun=true', one);
    expect(tried.status).toBe(201);
    expect(tried.body.entities.map((entity: any) => entity.metadata.name)).toEqual(['one']);
    expect(tried.body.exists).toBe(false);
    expect((await portal.get('/api/catalog/locations')).body).toEqual([]);

    const made = await portal.send('POST', '/api/catalog/locations', one);
    expect(made).toMatchObject({ status: 201, body: { location: one, entities: [] } });
    await eventually(async () => expect(await portal.entity('component:default/one')).not.toBeNull());
    expect(await portal.entity(made.body.location.entityRef)).toMatchObject({ kind: 'Location', spec: one });
    const again = await portal.send('POST', '/api/catalog/locations', one);
    expect(again).toMatchObject({
      status: 409,
      body: { error: { name: 'ConflictError', code: 'CATALOG_LOCATION_EXISTS' } },
    });
    expect((await portal.send('POST', '/api/catalog/locations?onConflict=refresh', one)).body.exists).toBe(true);

    const path = `/api/catalog/locations/${made.body.location.id}`;
    const two = { type: 'url', target: `${site}/two.yaml` };
    expect((await portal.send('PUT', path, two)).status).toBe(200);
    await eventually(async () => expect(await portal.entity('component:default/two')).not.toBeNull());
    await eventually(async () => expect(await portal.entity('component:default/one')).toBeNull());

    expect((await portal.send('DELETE', path)).status).toBe(204);
    await eventually(async () => expect(await portal.entity('component:default/two')).toBeNull());
    expect((await portal.send('DELETE', path)).body.error.code).toBe('CATALOG_LOCATION_NOT_FOUND');
  });

  const many = Array.from({ length: 30 }, (_, index) => component(`part-${index}`)).join('---\n');
  const deletions = async (portal: TestPortal): Promise<string[]> =>
    (await portal.get('/api/events?after=0&limit=1000&types=catalog.entity.deleted')).body.events.map(
      (event: any) => event.subject,
    );

  test('forgets a location once, however many ask for it at the same time', async () => {
    const site = await website({ '/many.yaml': many });
    const portal = await start({ place: await place() });
    const made = await portal.send('POST', '/api/catalog/locations', { type: 'url', target: `${site}/many.yaml` });
    await eventually(async () => expect(await portal.entity('component:default/part-29')).not.toBeNull());
    const path = `/api/catalog/locations/${made.body.location.id}`;
    await Promise.all([1, 2, 3, 4].map(() => portal.send('DELETE', path)));
    const told = await deletions(portal);
    expect(told).toHaveLength(31);
    expect(new Set(told).size).toBe(31);
  });

  const replicasTest = dialect === 'postgres' ? test : undefined;
  replicasTest?.('replicas that start together drop once what is configured no more', async () => {
    const here = await place();
    const site = await website({ '/many.yaml': many, '/one.yaml': component('one') });
    const locations = (...pages: string[]) =>
      `catalog:\n  locations:\n${pages.map((page) => `    - { type: url, target: '${site}/${page}.yaml' }\n`).join('')}`;
    const before = await testPortal({ place: here, config: locations('one', 'many') });
    await before.stop();
    const config = locations('one');
    const replicas = await Promise.all([1, 2, 3].map(() => start({ place: here, config })));
    for (const replica of replicas) {
      expect(await replica.entity('component:default/part-0')).toBeNull();
      expect(await replica.entity('component:default/one')).not.toBeNull();
    }
    const told = await deletions(replicas[0]!);
    expect(told).toHaveLength(31);
    expect(new Set(told).size).toBe(31);
  });

  test('says in a dry run what is wrong, and refuses what nothing can be read from', async () => {
    const site = await website({
      '/half.yaml': `${component('good')}---\n${component('bad name')}`,
      '/bad.yaml': component('bad name'),
    });
    const portal = await start({ place: await place() });
    const half = await portal.send('POST', '/api/catalog/locations?dryRun=true', {
      type: 'url',
      target: `${site}/half.yaml`,
    });
    expect(half.body.entities).toHaveLength(1);
    expect(half.body.problems).toMatchObject([{ path: '/metadata/name', line: 13, found: '"bad name"' }]);
    for (const page of ['bad', 'gone']) {
      const refused = await portal.send('POST', '/api/catalog/locations?dryRun=true', {
        type: 'url',
        target: `${site}/${page}.yaml`,
      });
      expect(refused).toMatchObject({
        status: 400,
        body: { error: { name: 'InputError', code: 'CATALOG_NOTHING_TO_REGISTER' } },
      });
      expect(refused.body.error.details.problems).toHaveLength(1);
    }
  });

  test.each([
    [{ type: 'file', target: '/' }, 'CATALOG_LOCATION_PATH_WHOLE_DISK'],
    [{ type: 'file', target: '/**/*.yaml' }, 'CATALOG_LOCATION_PATH_WHOLE_DISK'],
    [{ type: 'plugin', target: 'acme/services' }, 'CATALOG_LOCATION_TYPE_REFUSED'],
    [{ type: 'url', target: 'file:///etc/passwd' }, 'CATALOG_LOCATION_TARGET_INVALID'],
    [{ type: 'git', target: '/srv/repository.git' }, 'CATALOG_LOCATION_TARGET_INVALID'],
    [{ type: 'git', target: 'ext::sh -c id' }, 'CATALOG_LOCATION_TARGET_INVALID'],
    [{ type: 'git', target: '--upload-pack=id' }, 'CATALOG_LOCATION_TARGET_INVALID'],
  ])('refuses to register %o', async (input, code) => {
    const portal = await start({ place: await place() });
    const answer = await portal.send('POST', '/api/catalog/locations', input);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    expect(answer.body.error.fix).not.toBe('');
  });

  test('changes nothing in a read-only catalog', async () => {
    const portal = await start({ place: await place(), config: 'catalog:\n  readonly: true\n' });
    const answer = await portal.send('POST', '/api/catalog/locations', {
      type: 'url',
      target: 'https://example.com/x.yaml',
    });
    expect([answer.status, answer.body.error.code]).toEqual([403, 'CATALOG_READONLY']);
  });

  test('lets a registered location bring software, and people only where the rules say so', async () => {
    const user = 'apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata:\n  name: eve\nspec:\n  memberOf: []\n';
    const site = await website({ '/all.yaml': `${component('one')}---\n${user}` });
    const location = { type: 'url', target: `${site}/all.yaml` };
    const strict = await start({ place: await place() });
    await strict.send('POST', '/api/catalog/locations', location);
    await eventually(async () => expect(await strict.entity('component:default/one')).not.toBeNull());
    expect(await strict.entity('user:default/eve')).toBeNull();
    const { body } = await strict.get('/api/catalog/problems');
    expect(body.items.map((problem: any) => problem.code)).toContain('CATALOG_DESCRIPTOR_NOT_ALLOWED');

    const open = await start({ place: await place(), config: 'catalog:\n  rules:\n    - allow: [Component, User]\n' });
    await open.send('POST', '/api/catalog/locations', location);
    await eventually(async () => expect(await open.entity('user:default/eve')).not.toBeNull());
  });
});
