import { mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually, testPortal, type TestPortal, type TestPortalOptions } from '../../../testing/portal.ts';

const component = (name: string, spec = 'type: service\n  lifecycle: production\n  owner: team-a', metadata = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n${metadata}spec:\n  ${spec}\n`;

const group = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\nspec:\n  type: team\n  children: []\n`;

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `svc-${String(index).padStart(2, '0')}`);

const open: TestPortal[] = [];
const start = async (options: TestPortalOptions) => {
  const portal = await testPortal(options);
  open.push(portal);
  return portal;
};
afterEach(async () => {
  for (const portal of open.splice(0)) await portal.stop();
});

const history = async (portal: TestPortal, name: string) => {
  const { body } = await portal.get(`/api/catalog/entities/by-name/component/default/${name}/history`);
  return body.items as {
    action: string;
    changes: { path: string; before?: unknown; after?: unknown }[];
    actor: string;
  }[];
};
const problems = async (portal: TestPortal): Promise<any[]> =>
  (await portal.get('/api/catalog/problems?limit=200')).body.items;
const names = async (portal: TestPortal): Promise<string[]> =>
  (await portal.get('/api/catalog/entities?filter=kind=component&order=asc:metadata.name')).body.map(
    (entity: any) => entity.metadata.name,
  );

forEachDatabase((_dialect, { place }) => {
  test('reads every descriptor of a folder with its relations and where it stands', async () => {
    const portal = await start({
      place: await place(),
      files: {
        'a/catalog-info.yaml': component('alpha'),
        'b/catalog-info.yml': group('team-a'),
        'c/other.yaml': component('unread'),
      },
    });
    const alpha = await portal.entity('component:default/alpha');
    expect(alpha.relations).toEqual([{ type: 'ownedBy', targetRef: 'group:default/team-a' }]);
    expect(alpha.metadata.annotations['backstage.io/managed-by-location']).toBe(
      `file:${join(portal.folder, 'a/catalog-info.yaml')}`,
    );
    expect((await portal.entity('group:default/team-a')).relations).toEqual([
      { type: 'ownerOf', targetRef: 'component:default/alpha' },
    ]);
    expect(await names(portal)).toEqual(['alpha']);
  });

  test('names the origin of a relative path in full, and holds rules to it', async () => {
    const config =
      'catalog:\n  locations:\n    - { type: file, target: ./files }\n  rules:\n    - { allow: [Component], locations: [{ type: file, exact: files }] }\n';
    const files = { 'files/catalog-info.yaml': component('alpha') + '---\n' + group('team-a') };
    const portal = await start({ place: await place(), config, files });
    const { annotations } = (await portal.entity('component:default/alpha')).metadata;
    expect(annotations['backstage.io/managed-by-origin-location']).toBe(`file:${join(portal.folder, 'files')}`);
    expect((await problems(portal)).map((each) => [each.code, each.entityRef])).toContainEqual([
      'CATALOG_DESCRIPTOR_NOT_ALLOWED',
      'group:default/team-a',
    ]);
  });

  test('shows a saved file, with the difference in the history and an event', async () => {
    const portal = await start({
      place: await place(),
      files: { 'catalog-info.yaml': component('alpha') + '---\n' + component('beta') },
    });
    const before = (await portal.get('/api/events?limit=1000')).body.cursor;
    await portal.write({
      'catalog-info.yaml':
        component('alpha', 'type: website\n  lifecycle: production\n  owner: team-a') + '---\n' + component('beta'),
    });
    await eventually(async () => expect((await portal.entity('component:default/alpha')).spec.type).toBe('website'));
    expect(await history(portal, 'alpha')).toMatchObject([
      { action: 'updated', changes: [{ path: 'spec.type', before: 'service', after: 'website' }] },
      { action: 'created' },
    ]);
    expect(await history(portal, 'beta')).toHaveLength(1);
    const { body } = await portal.get(`/api/events?limit=1000&after=${before}`);
    expect(body.events.map((event: any) => [event.type, event.subject])).toEqual([
      ['catalog.entity.updated', 'component:default/alpha'],
    ]);
  });

  test('does not read again and again for a file beside the descriptors, such as a log that tells of each reading', async () => {
    const portal = await start({ place: await place(), files: { 'catalog-info.yaml': component('alpha') } });
    const lastReading = async () => (await portal.get('/api/catalog/sources')).body.items[0].lastAttemptAt;
    const lastRun = async (): Promise<string> =>
      (await portal.get('/api/admin/jobs')).body.items.find((job: any) => job.name === 'catalog.refresh')
        .lastFinishedAt;
    const begun = await lastReading();
    await portal.write({ 'portal.log': 'listening' });
    await eventually(async () => expect(await lastReading()).not.toBe(begun));
    const known = await lastReading();
    await eventually(async () => expect((await lastRun()) >= known).toBe(true));
    const before = await lastRun();
    await portal.write({ 'portal.log': 'listening\nread a catalog source' });
    await eventually(async () => expect(await lastRun()).not.toBe(before));
    expect(await lastReading()).toBe(known);
    await portal.write({ 'portal.log': 'more', 'catalog-info.yaml': component('beta') });
    await eventually(async () => expect(await names(portal)).toEqual(['beta']));
  });

  test('takes in new files and lets go of removed ones', async () => {
    const portal = await start({
      place: await place(),
      files: { 'a/catalog-info.yaml': component('alpha'), 'b/catalog-info.yaml': component('beta') },
    });
    await portal.write({ 'new/folder/catalog-info.yaml': component('gamma') });
    await portal.remove('b');
    await eventually(async () => expect(await names(portal)).toEqual(['alpha', 'gamma']));
    expect((await history(portal, 'beta')).map((entry) => entry.action)).toEqual(['deleted', 'created']);
  });

  test('keeps the last good state of a broken file and says where it is broken', async () => {
    const portal = await start({
      place: await place(),
      files: { 'catalog-info.yaml': component('alpha') + '---\n' + component('beta') },
    });
    await portal.write({
      'catalog-info.yaml': component('alpha') + '---\n' + component('beta', 'type: service\n  owner: team-a'),
    });
    const [problem] = await eventually(async () => {
      const found = (await problems(portal)).filter((each) => each.severity === 'error');
      expect(found).toHaveLength(1);
      return found;
    });
    expect(problem).toMatchObject({
      path: '/spec/lifecycle',
      entityRef: 'component:default/beta',
      line: 14,
      owner: 'group:default/team-a',
    });
    expect(await names(portal)).toEqual(['alpha', 'beta']);
    expect((await portal.entity('component:default/beta')).status.items[0].level).toBe('error');

    await portal.write({ 'catalog-info.yaml': 'a: [' });
    await eventually(async () =>
      expect((await problems(portal)).some((each) => each.code.startsWith('CATALOG_YAML'))).toBe(true),
    );
    expect(await names(portal)).toEqual(['alpha', 'beta']);

    await portal.write({ 'catalog-info.yaml': component('alpha') });
    await eventually(async () => expect(await names(portal)).toEqual(['alpha']));
    expect((await problems(portal)).filter((each) => each.severity === 'error')).toEqual([]);
  });

  test('keeps what an emptied file had', async () => {
    const portal = await start({ place: await place(), files: { 'catalog-info.yaml': component('alpha') } });
    await portal.write({ 'catalog-info.yaml': '' });
    await eventually(async () =>
      expect((await problems(portal)).map((each) => each.code)).toContain('CATALOG_TARGET_EMPTY'),
    );
    expect(await names(portal)).toEqual(['alpha']);
  });

  test('lets the first of two descriptors keep a ref, and the second take over when the first goes', async () => {
    const portal = await start({
      place: await place(),
      files: {
        'a/catalog-info.yaml': component('alpha', undefined, '  title: first\n'),
        'b/catalog-info.yaml': component('alpha', undefined, '  title: second\n'),
      },
    });
    const first = await portal.entity('component:default/alpha');
    expect(first.metadata.title).toBe('first');
    const [conflict] = (await problems(portal)).filter((each) => each.code === 'CATALOG_ENTITY_CONFLICT');
    expect(conflict).toMatchObject({
      location: `file:${join(portal.folder, 'b/catalog-info.yaml')}`,
      entityRef: 'component:default/alpha',
    });
    await portal.remove('a');
    await eventually(async () =>
      expect((await portal.entity('component:default/alpha')).metadata.title).toBe('second'),
    );
    expect((await portal.entity('component:default/alpha')).metadata.uid).toBe(first.metadata.uid);
    expect((await history(portal, 'alpha')).map((entry) => entry.action)).toEqual(['updated', 'moved', 'created']);
    await eventually(async () =>
      expect((await problems(portal)).filter((each) => each.code === 'CATALOG_ENTITY_CONFLICT')).toEqual([]),
    );
  });

  test('sees a moved file as a move', async () => {
    const portal = await start({ place: await place(), files: { 'old/catalog-info.yaml': component('alpha') } });
    await rename(join(portal.folder, 'old'), join(portal.folder, 'new'));
    const location = `file:${join(portal.folder, 'new/catalog-info.yaml')}`;
    await eventually(async () =>
      expect(
        (await portal.entity('component:default/alpha')).metadata.annotations['backstage.io/managed-by-location'],
      ).toBe(location),
    );
    const actions = (await history(portal, 'alpha')).map((entry) => entry.action);
    expect(actions).not.toContain('deleted');
    expect(actions).toContain('moved');
    await eventually(async () =>
      expect((await problems(portal)).filter((each) => each.severity === 'error')).toEqual([]),
    );
  });

  test('holds a sudden loss back until someone confirms it', async () => {
    const portal = await start({
      place: await place(),
      files: Object.fromEntries(
        numbered(25).map((name, index) => [
          `${index < 20 ? 'lost' : 'kept'}/${name}/catalog-info.yaml`,
          component(name),
        ]),
      ),
    });
    await portal.remove('lost');
    const source = await eventually(async () => {
      const found = (await portal.get('/api/catalog/sources')).body.items[0];
      expect(found.state).toBe('held');
      return found;
    });
    expect(source.held).toMatchObject({ lost: 20, total: 26 });
    expect(await names(portal)).toHaveLength(25);
    expect((await portal.send('POST', `/api/catalog/sources/${source.id}/confirm`)).status).toBeLessThan(300);
    await eventually(async () => expect(await names(portal)).toEqual(numbered(25).slice(20)));
    await eventually(async () => expect((await portal.get('/api/catalog/sources')).body.items[0].state).toBe('ok'));
    expect((await portal.send('POST', `/api/catalog/sources/${source.id}/confirm`)).status).toBe(409);
  });

  test('adds losses up that come one after the other', async () => {
    const portal = await start({
      place: await place(),
      files: Object.fromEntries(numbered(25).map((name) => [`${name}/catalog-info.yaml`, component(name)])),
    });
    for (const name of numbered(16)) {
      await portal.remove(name);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await eventually(async () => expect((await portal.get('/api/catalog/sources')).body.items[0].state).toBe('held'));
    expect((await names(portal)).length).toBeGreaterThanOrEqual(12);
  });

  test('recovers by itself when what was lost comes back', async () => {
    const files = Object.fromEntries(numbered(25).map((name) => [`all/${name}/catalog-info.yaml`, component(name)]));
    const portal = await start({ place: await place(), files });
    const aside = `${portal.folder}-aside`;
    onTestFinished(() => rm(aside, { recursive: true, force: true }));
    await rename(join(portal.folder, 'all'), aside);
    await eventually(async () => expect((await portal.get('/api/catalog/sources')).body.items[0].state).toBe('held'));
    await portal.write(files);
    await eventually(async () => expect((await portal.get('/api/catalog/sources')).body.items[0].state).toBe('ok'));
    expect(await names(portal)).toHaveLength(25);
    expect((await history(portal, 'svc-00')).map((entry) => entry.action)).toEqual(['created']);
  });

  test('keeps what nothing describes any more as orphans where the configuration says so', async () => {
    const config = 'catalog:\n  orphanStrategy: keep\n  locations:\n    - { type: file, target: files }\n';
    const files = { 'files/a/catalog-info.yaml': component('alpha'), 'files/b/catalog-info.yaml': component('beta') };
    const portal = await start({ place: await place(), config, files });
    await portal.remove('files/b');
    const orphan = async () =>
      (await portal.entity('component:default/beta')).metadata.annotations['backstage.io/orphan'];
    await eventually(async () => expect(await orphan()).toBe('true'));
    const filter = encodeURIComponent('metadata.annotations.backstage.io/orphan=true');
    expect(
      (await portal.get(`/api/catalog/entities?filter=${filter}`)).body.map((entity: any) => entity.metadata.name),
    ).toEqual(['beta']);
    expect((await portal.entity('component:default/beta')).relations).toHaveLength(1);
    await portal.write({ 'files/b/catalog-info.yaml': component('beta') });
    await eventually(async () => expect(await orphan()).toBeUndefined());
    expect((await history(portal, 'beta')).map((entry) => entry.action)).toEqual(['updated', 'updated', 'created']);
  });

  test('writes nothing when a restart finds the same files', async () => {
    const where = await place();
    const folder = await mkdtemp(join(tmpdir(), 'callboard-restart-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const first = await testPortal({
      place: where,
      folder,
      files: { 'catalog-info.yaml': component('alpha') + '---\n' + group('team-a') },
    });
    const cursor = (await first.get('/api/events?limit=1000')).body.cursor;
    await first.stop();
    const second = await start({ place: where, folder });
    expect((await second.get(`/api/events?limit=1000&after=${cursor}`)).body.events).toEqual([]);
    expect(await names(second)).toEqual(['alpha']);
  });

  test('warns of relations to nothing for as long as there is nothing', async () => {
    const portal = await start({ place: await place(), files: { 'catalog-info.yaml': component('alpha') } });
    const missing = async () =>
      (await problems(portal)).filter((each) => each.code === 'CATALOG_RELATION_TARGET_MISSING');
    expect(await missing()).toMatchObject([
      { severity: 'warning', entityRef: 'component:default/alpha', found: 'group:default/team-a', path: '/spec/owner' },
    ]);
    await portal.write({ 'org/catalog-info.yaml': group('team-a') });
    await eventually(async () => expect(await missing()).toEqual([]));
    await portal.remove('org');
    await eventually(async () => expect(await missing()).toHaveLength(1));
  });

  test('follows Location targets, and refuses those that lead out of the root', async () => {
    const location = (targets: string[]) =>
      `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: all\nspec:\n  targets: ${JSON.stringify(targets)}\n`;
    const portal = await start({
      place: await place(),
      files: {
        'catalog-info.yaml': location(['./parts/*.yaml', '../../etc/passwd', './gone.yaml']),
        'parts/one.yaml': component('one'),
        'parts/two.yaml': component('two'),
      },
    });
    expect(await names(portal)).toEqual(['one', 'two']);
    const errors = (await problems(portal)).filter((each) => each.severity === 'error');
    expect(errors[0]).toMatchObject({ line: 6, entityRef: 'location:default/all' });
    const codes = errors.map((each) => each.code);
    expect(new Set(codes)).toEqual(new Set(['CATALOG_TARGET_NOT_FOUND', 'CATALOG_TARGET_OUTSIDE']));
    expect(codes).toHaveLength(2);
    await portal.write({ 'parts/one.yaml': component('uno') });
    await eventually(async () => expect(await names(portal)).toEqual(['two', 'uno']));
    await portal.write({ 'catalog-info.yaml': location(['./parts/two.yaml']) });
    await eventually(async () => expect(await names(portal)).toEqual(['two']));
  });

  test('does not read through a link out of the root', async () => {
    const portal = await start({ place: await place(), files: { 'a/catalog-info.yaml': component('alpha') } });
    await symlink('/etc/hostname', join(portal.folder, 'a', 'catalog-info.yml'));
    const found = await eventually(async () => {
      const all = (await problems(portal)).filter((each) => each.severity === 'error');
      expect(all).toHaveLength(1);
      return all[0];
    });
    expect(found.location).toBe(`file:${join(portal.folder, 'a/catalog-info.yml')}`);
    expect(JSON.stringify(found)).not.toContain((await import('node:os')).hostname());
  });
});
