import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually, testPortal, type TestPortal, type TestPortalOptions } from '../../../testing/portal.ts';

const component = (name: string, owner = 'team-a') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n  owner: ${owner}\n`;
const group = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\nspec:\n  type: team\n  children: []\n`;

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});
const start = async (options: TestPortalOptions): Promise<TestPortal> => {
  const portal = await testPortal(options);
  cleanUp.push(() => portal.stop());
  return portal;
};

const errors = async (portal: TestPortal): Promise<any[]> =>
  (await portal.get('/api/catalog/problems?severity=error')).body.items;
const sources = async (portal: TestPortal): Promise<any[]> => (await portal.get('/api/catalog/sources')).body.items;
const refresh = async (portal: TestPortal, target: RegExp) => {
  const source = (await sources(portal)).find((each) => target.test(each.target));
  expect((await portal.send('POST', `/api/catalog/sources/${source.id}/refresh`)).status).toBeLessThan(300);
};

/** A server that answers with what it is told. */
async function remote(): Promise<{ url: string; answer: { status: number; text: string } }> {
  const answer = { status: 500, text: '' };
  const server = createServer((_request, response) => response.writeHead(answer.status).end(answer.text));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanUp.push(() => new Promise((done) => server.close(done)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/catalog-info.yaml`, answer };
}

forEachDatabase((_dialect, { place }) => {
  test('a source that fails as a whole is a problem from its very first reading until it is well', async () => {
    const { url, answer } = await remote();
    const config = [
      'outbound:\n  allow: [127.0.0.1]\ncatalog:\n  locations:',
      '    - { type: file, target: missing }',
      '    - { type: git, target: gone.git }',
      `    - { type: url, target: '${url}' }\n`,
    ].join('\n');
    const portal = await start({ place: await place(), config });
    const found = await errors(portal);
    const failing = (await sources(portal)).filter((source) => source.state === 'failing');
    expect(failing).toHaveLength(3);
    expect(new Set(found.map((problem) => problem.sourceId))).toEqual(new Set(failing.map(({ id }) => id)));
    expect(found).toHaveLength(3);
    for (const problem of found) expect(problem).toMatchObject({ severity: 'error', fix: expect.stringMatching(/\w/) });
    expect(found.find((problem) => problem.location === `file:${join(portal.folder, 'missing')}`)).toMatchObject({
      code: 'CATALOG_SOURCE_NOT_FOUND',
    });
    expect((await portal.get('/api/catalog/problems')).body.counts).toEqual({ error: 3, warning: 0, information: 0 });
    expect((await portal.get('/api/catalog/entities/unprocessed/failed')).body.entities).toHaveLength(3);

    await portal.write({ 'missing/catalog-info.yaml': group('team-a') });
    Object.assign(answer, { status: 200, text: component('remote') });
    await refresh(portal, /missing/);
    await refresh(portal, /127/);
    await eventually(async () =>
      expect((await errors(portal)).map((problem) => problem.location)).toEqual([expect.stringMatching(/gone\.git$/)]),
    );
  });

  test('what a failing source held tells who owns the failure, and since when', async () => {
    const config = 'catalog:\n  locations:\n    - { type: file, target: files }\n';
    const files = {
      'files/a/catalog-info.yaml': component('a', 'team-a'),
      'files/b/catalog-info.yaml': component('b', 'team-b'),
      'files/c/catalog-info.yaml': component('c', 'team-b'),
    };
    const portal = await start({ place: await place(), config, files });
    await rename(join(portal.folder, 'files'), join(portal.folder, 'aside'));
    await refresh(portal, /files/);
    const [problem] = await eventually(async () => {
      const found = await errors(portal);
      expect(found).toHaveLength(1);
      return found;
    });
    const [source] = await sources(portal);
    expect(problem).toMatchObject({
      code: 'CATALOG_SOURCE_NOT_FOUND',
      owner: 'group:default/team-b',
      ownerEvidence: 'source',
      entityRef: source.entityRef,
      firstSeenAt: source.failingSince,
    });
    await refresh(portal, /files/);
    await eventually(async () => expect((await sources(portal))[0].lastAttemptAt).not.toBe(source.lastAttemptAt));
    expect(await errors(portal)).toEqual([problem]);
    await rename(join(portal.folder, 'aside'), join(portal.folder, 'files'));
    await refresh(portal, /files/);
    await eventually(async () => expect(await errors(portal)).toEqual([]));
  });

  test('a loss that is held back is a problem until it is confirmed, and small losses add up over a restart', async () => {
    const where = await place();
    const numbers = Array.from({ length: 25 }, (_, index) => index);
    const files = Object.fromEntries(numbers.map((n) => [`s${n}/catalog-info.yaml`, component(`s${n}`)]));
    const folder = await mkdtemp(join(tmpdir(), 'callboard-restart-'));
    cleanUp.push(() => rm(folder, { recursive: true, force: true }));
    const first = await testPortal({ place: where, folder, files });
    for (const n of numbers.slice(0, 8)) await first.remove(`s${n}`);
    await eventually(async () =>
      expect((await first.get('/api/catalog/entities?filter=kind=component')).body).toHaveLength(17),
    );
    await first.stop();

    for (const n of numbers.slice(8, 16)) await first.remove(`s${n}`);
    const portal = await start({ place: where, folder });
    const held = async () =>
      (await portal.get('/api/catalog/problems?code=CATALOG_SOURCE_HELD')).body.items as { message: string }[];
    expect(await held()).toMatchObject([
      {
        severity: 'warning',
        owner: 'group:default/team-a',
        ownerEvidence: 'source',
        location: `file:${portal.folder}`,
      },
    ]);
    expect((await portal.get('/api/catalog/entities?filter=kind=component')).body).toHaveLength(17);
    const [source] = await sources(portal);
    expect((await portal.send('POST', `/api/catalog/sources/${source.id}/confirm`)).status).toBeLessThan(300);
    await eventually(async () => expect(await held()).toEqual([]));
    expect((await portal.get('/api/catalog/entities?filter=kind=component')).body).toHaveLength(9);
  });

  test('problems of descriptors that were never taken have an owner where something tells one', async () => {
    const broken = 'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: "a b"\nspec:\n  type: x\n';
    const portal = await start({
      place: await place(),
      files: {
        'org.yaml': '',
        'catalog-info.yaml': [group('team-a'), group('team-b'), component('root', 'team-root')].join('---\n'),
        CODEOWNERS: '/by-file/ @unknown/nobody @org/Team-B\n/other/ @org/not-in-the-catalog\n',
        'named/catalog-info.yaml': `${broken}  owner: team-x\n`,
        'text/catalog-info.yaml': 'kind: Component\nspec:\n  owner: "group:team-y" # us\n  a: [\n',
        'by-file/catalog-info.yaml': broken,
        'near/catalog-info.yaml': component('near', 'team-near'),
        'near/deep/er/catalog-info.yaml': broken,
        'other/catalog-info.yaml': broken,
      },
    });
    const owners = async () =>
      Object.fromEntries(
        (await errors(portal)).map(({ location, owner, ownerEvidence }) => [
          location.slice(`file:${portal.folder}/`.length).replace('/catalog-info.yaml', ''),
          [owner, ownerEvidence],
        ]),
      );
    expect(await owners()).toEqual({
      named: ['group:default/team-x', 'entity'],
      text: ['group:default/team-y', 'entity'],
      'by-file': ['group:default/team-b', 'codeowners'],
      'near/deep/er': ['group:default/team-near', 'neighbour'],
      other: ['group:default/team-root', 'neighbour'],
    });
    const mine = (await portal.get('/api/catalog/problems?severity=error&owner=group:default/team-b')).body;
    const byFile = `file:${portal.folder}/by-file/catalog-info.yaml`;
    expect(new Set(mine.items.map((problem: any) => problem.location))).toEqual(new Set([byFile]));
  });
});
