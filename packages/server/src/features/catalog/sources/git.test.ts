import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import {
  eventually,
  type Files,
  testPortal,
  type TestPortal,
  type TestPortalOptions,
  putFiles,
} from '../../../testing/portal.ts';

const run = promisify(execFile);
const component = (name: string, title = name) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n  title: ${title}\nspec:\n  type: service\n  lifecycle: production\n  owner: team-a\n`;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A bare repository and a working copy that pushes to it. */
async function repository(): Promise<{
  bare: string;
  commit(files: Files, remove?: string[]): Promise<void>;
  git(...args: string[]): Promise<string>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-git-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const bare = join(folder, 'bare.git');
  const work = join(folder, 'work');
  await run('git', ['init', '--quiet', '--bare', '-b', 'main', bare]);
  await run('git', ['clone', '--quiet', bare, work]);
  const git = async (...args: string[]) =>
    (await run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-C', work, ...args])).stdout;
  await git('checkout', '--quiet', '-B', 'main');
  return {
    bare,
    git,
    async commit(files, remove = []) {
      await putFiles(work, files);
      for (const path of remove) await rm(join(work, path));
      await git('add', '--all');
      await git('commit', '--quiet', '-m', 'change');
      await git('push', '--quiet', 'origin', 'HEAD');
    },
  };
}

const start = async (options: TestPortalOptions): Promise<TestPortal> => {
  const portal = await testPortal(options);
  closing.push(() => portal.stop());
  return portal;
};
const names = async (portal: TestPortal): Promise<string[]> =>
  (await portal.get('/api/catalog/entities?filter=kind=component&order=asc:metadata.name')).body.map(
    (entity: any) => entity.metadata.name,
  );
const source = async (portal: TestPortal) => (await portal.get('/api/catalog/sources')).body.items[0];
const refresh = async (portal: TestPortal) =>
  portal.send('POST', `/api/catalog/sources/${(await source(portal)).id}/refresh`);

forEachDatabase((_dialect, { place }) => {
  test('reads a local bare repository and follows its commits', async () => {
    const { bare, commit } = await repository();
    await commit({
      'catalog-info.yaml': component('alpha'),
      'deep/down/catalog-info.yaml': component('beta'),
      'README.md': '# no',
    });
    const portal = await start({ place: await place(), flags: { targets: [bare] } });
    expect(await names(portal)).toEqual(['alpha', 'beta']);
    const alpha = await portal.entity('component:default/alpha');
    expect(alpha.metadata.annotations['backstage.io/managed-by-location']).toBe(
      `git:${bare}/blob/main/catalog-info.yaml`,
    );

    await commit({ 'catalog-info.yaml': component('alpha', 'Changed'), 'new/catalog-info.yaml': component('gamma') }, [
      'deep/down/catalog-info.yaml',
    ]);
    await refresh(portal);
    await eventually(async () => expect(await names(portal)).toEqual(['alpha', 'gamma']));
    expect((await portal.entity('component:default/alpha')).metadata.title).toBe('Changed');
    const { body } = await portal.get('/api/catalog/entities/by-name/component/default/alpha/history');
    expect(body.items.map((entry: any) => [entry.action, entry.actor])).toEqual([
      ['updated', 'Ada <ada@example.com>'],
      ['created', `source:git:${bare}`],
    ]);
  });

  test('clones by address, keeps the clone, and fetches what is new', async () => {
    const { bare, commit } = await repository();
    await commit({ 'services/a/info.yaml': component('alpha'), 'catalog-info.yaml': component('ignored') });
    const where = await place();
    const config = (address: string) =>
      `catalog:\n  locations:\n    - type: git\n      target: ${address}\n      pattern: services/*/info.yaml\n`;
    const portal = await start({ place: where, config: config(`file://${bare}`) });
    expect(await names(portal)).toEqual(['alpha']);
    await commit({ 'services/b/info.yaml': component('beta') });
    await refresh(portal);
    await eventually(async () => expect(await names(portal)).toEqual(['alpha', 'beta']));
  });

  test('follows placeholders and Location targets inside the repository', async () => {
    const { bare, commit } = await repository();
    await commit({
      'catalog-info.yaml':
        'apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: all\nspec:\n  targets: ["./apis/*.yaml"]\n',
      'apis/orders.yaml':
        'apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: orders\nspec:\n  type: openapi\n  lifecycle: production\n  owner: team-a\n  definition:\n    $text: ./orders.txt\n',
      'apis/orders.txt': 'first',
    });
    const portal = await start({ place: await place(), flags: { targets: [bare] } });
    expect((await portal.entity('api:default/orders')).spec.definition).toBe('first');
    await commit({ 'apis/orders.txt': 'second' });
    await refresh(portal);
    await eventually(async () => expect((await portal.entity('api:default/orders')).spec.definition).toBe('second'));
  });

  test('says what is wrong with a repository or a branch, and keeps what it had', async () => {
    const { bare, commit } = await repository();
    await commit({ 'catalog-info.yaml': component('alpha') });
    const where = await place();
    const portal = await start({ place: where, flags: { targets: [bare] } });
    await rm(bare, { recursive: true });
    await refresh(portal);
    const failing = await eventually(async () => {
      const row = await source(portal);
      expect(row.state).toBe('failing');
      return row;
    });
    expect(failing.error.message).toContain(bare);
    expect(failing.error.fix).not.toBe('');
    expect(await names(portal)).toEqual(['alpha']);
  });

  test('names a branch that does not exist', async () => {
    const { bare, commit } = await repository();
    await commit({ 'catalog-info.yaml': component('alpha') });
    const portal = await start({
      place: await place(),
      config: `catalog:\n  locations:\n    - { type: git, target: '${bare}', branch: nowhere }\n`,
    });
    expect((await source(portal)).error).toMatchObject({
      code: 'CATALOG_BRANCH_NOT_FOUND',
      message: `${bare} has no branch 'nowhere'`,
    });
  });

  test('does not run what a hostile address asks for', async () => {
    const portal = await start({
      place: await place(),
      config: `catalog:\n  locations:\n    - { type: git, target: 'ext::sh -c touch% /tmp/callboard-owned' }\n`,
    });
    expect((await source(portal)).state).toBe('failing');
    expect(await readdir(tmpdir())).not.toContain('callboard-owned');
  });
});
