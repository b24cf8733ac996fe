import { mkdtemp, realpath, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, putFiles, testPortal, type TestPortal, type TestPortalOptions } from '../../testing/portal.ts';

const component = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n  owner: team-a\n`;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const folder = async (files: Record<string, string>): Promise<string> => {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'callboard-disk-')));
  closing.push(() => rm(path, { recursive: true, force: true }));
  await putFiles(path, files);
  return path;
};

const start = async (options: TestPortalOptions): Promise<TestPortal> => {
  const portal = await testPortal(options);
  closing.push(() => portal.stop());
  return portal;
};

const register = (portal: TestPortal, target: string, query = '') =>
  portal.send('POST', `/api/catalog/locations${query}`, { type: 'file', target });
const outcome = ({ status, body }: Awaited<ReturnType<typeof register>>) => [status, body.error?.code];

/** Everybody who reaches such a portal has the role, and nobody is its local administrator. */
const openTo = (role: string, target: string) =>
  `access: { open: true, signIn: { guest: true }, guestRole: ${role} }\ncatalog: { locations: [{ type: file, target: ${target} }] }\n`;

forEachDatabase((_dialect, { place }) => {
  test('the local administrator registers a folder of the machine, and what is saved there shows', async () => {
    const services = await folder({ 'ledger/catalog-info.yaml': component('ledger') });
    const portal = await start({ place: await place(), config: '' });

    const tried = await register(portal, `${services}/ledger/..`, '?dryRun=true');
    expect(tried.body).toMatchObject({ location: { type: 'file', target: services }, exists: false, problems: [] });
    expect(tried.body.entities.map((entity: any) => entity.metadata.name)).toEqual(['ledger']);
    expect((await portal.get('/api/catalog/locations')).body).toEqual([]);

    expect((await register(portal, services)).body.location).toMatchObject({ type: 'file', target: services });
    await eventually(async () => expect(await portal.entity('component:default/ledger')).not.toBeNull());
    await putFiles(services, { 'shop/catalog-info.yaml': component('shop') });
    await eventually(async () => expect(await portal.entity('component:default/shop')).not.toBeNull());
    expect(outcome(await register(portal, `${services}/`))).toEqual([409, 'CATALOG_LOCATION_EXISTS']);
  });

  test('an administrator from elsewhere registers what lies below the configured folders, links considered', async () => {
    const secret = await folder({ 'catalog-info.yaml': component('secret') });
    const named = await folder({
      'catalog-info.yaml': component('root'),
      'tools/all.yaml': component('tool'),
      'next/all.yaml': component('next'),
    });
    await symlink(secret, join(named, 'way-out'));
    const portal = await start({
      place: await place(),
      config: openTo('administrator', join(named, 'catalog-info.yaml')),
    });
    const outside = [400, 'CATALOG_LOCATION_PATH_OUTSIDE'];
    for (const target of [
      secret,
      `${named}/../${secret.split('/').at(-1)}`,
      `${named}/way-out`,
      `${named}-beside`,
      '/',
    ])
      for (const query of ['', '?dryRun=true'])
        expect([target, outcome(await register(portal, target, query))]).toEqual([target, outside]);
    expect((await register(portal, secret)).body.error.fix).toContain(`It names ${named}.`);
    expect(outcome(await register(portal, `${named}/not-there`))).toEqual([404, 'CATALOG_SOURCE_NOT_FOUND']);

    const made = await register(portal, `${named}/tools/*.yaml`);
    expect(outcome(made)).toEqual([201, undefined]);
    await eventually(async () => expect(await portal.entity('component:default/tool')).not.toBeNull());
    const path = `/api/catalog/locations/${made.body.location.id}`;
    const moved = (target: string) => portal.send('PUT', path, { type: 'file', target });
    expect(outcome(await moved(secret))).toEqual(outside);
    expect(outcome(await moved(`${named}/next/*.yaml`))).toEqual([200, undefined]);
    await eventually(async () => expect(await portal.entity('component:default/next')).not.toBeNull());

    // A folder that becomes a link after it was registered leads nowhere either.
    await rename(join(named, 'next'), join(named, 'old'));
    await putFiles(secret, { 'all.yaml': component('secret') });
    await symlink(secret, join(named, 'next'));
    const { items } = (await portal.get('/api/catalog/sources')).body;
    const { id } = items.find((source: any) => source.origin === 'location');
    await portal.send('POST', `/api/catalog/sources/${id}/refresh`);
    await eventually(async () => {
      const source = (await portal.get('/api/catalog/sources')).body.items.find((each: any) => each.id === id);
      expect(source.error?.code).toBe('CATALOG_LOCATION_PATH_OUTSIDE');
    });
    expect(await portal.entity('component:default/secret')).toBeNull();
    expect(await portal.entity('component:default/next')).not.toBeNull();
  });

  test('nobody else names a path, neither to register nor to look at it', async () => {
    const named = await folder({ 'catalog-info.yaml': component('root') });
    const portal = await start({ place: await place(), config: openTo('developer', named) });
    for (const target of [named, '/etc/passwd']) {
      const refused = [403, 'CATALOG_LOCATION_PATH_REFUSED'];
      expect(outcome(await register(portal, target))).toEqual(refused);
      expect(outcome(await register(portal, target, '?dryRun=true'))).toEqual(refused);
      const location = { type: 'file', target };
      expect(outcome(await portal.send('POST', '/api/catalog/analyze-location', { location }))).toEqual(refused);
    }
  });
});
