import { testPlugin } from '@callboard/plugin-api/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deployments as pluginOf } from './plugin.ts';

const plugin = pluginOf({ firstMs: 1 });

const pay = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'pay', namespace: 'default', annotations: { 'github.com/project-slug': 'acme/pay' } },
  spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
};
const entity = 'component:default/pay';
const hour = 3_600_000;
const patience = 10_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-01T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

test('what plugins know to run becomes deployments, and is gone when they do not name it any more', async () => {
  const cluster = { plugin: 'kubernetes', title: 'Kubernetes', items: [] as object[], problem: undefined as any };
  const deployments = await testPlugin(plugin, { entities: [pay], deployments: [cluster] as never });
  const seen = async (...items: object[]) => {
    cluster.items = items.map((each) => ({ entity, ...each }));
    await deployments.call('tasks/running');
    const { items: history } = await deployments.call('views/history', { entity: pay });
    return history.map(({ at, title }: any) => `${at.slice(0, 16)} ${title}`);
  };
  const first = { environment: 'production', version: '1.4.1', at: '2026-02-27T10:00:00Z' };
  expect(await seen(first)).toEqual(['2026-02-27T10:00 1.4.1 deployed to production']);
  expect(deployments.changed).toContain('views/matrix');
  deployments.changed.length = 0;
  // Pods come and go; the version stays.
  await seen({ ...first, at: '2026-03-01T11:00:00Z' });
  expect(deployments.changed).toEqual([]);
  vi.setSystemTime(Date.now() + hour);
  await seen({ ...first, version: '1.4.2', at: '2026-03-01T12:30:00Z' });
  vi.setSystemTime(Date.now() + hour);
  // Going back is a deployment too, also where nobody knows since when.
  expect(await seen({ ...first, at: undefined })).toEqual([
    '2026-03-01T14:00 1.4.1 deployed to production',
    '2026-03-01T12:30 1.4.2 deployed to production',
    '2026-02-27T10:00 1.4.1 deployed to production',
  ]);
  cluster.problem = 'Pods of eu are not known at present';
  expect(await seen()).toHaveLength(3);
  expect((await deployments.call('views/current', { entity: pay })).note).toBe(
    'Kubernetes does not know all that runs since 2026-03-01 14:00 UTC: Pods of eu are not known at present.',
  );
  cluster.problem = undefined;
  expect((await seen())[0]).toBe('2026-03-01T14:00 1.4.1 removed from production');
  const { rows, note } = await deployments.call('views/current', { entity: pay });
  expect([rows[0].version, rows[0].last.text, note]).toEqual([null, '1.4.1 removed', undefined]);
});

test('what was told of a deployment stays when it is the same that runs', async () => {
  const commit = 'acb5820ced9479c074f688cc328bf03f341a511d';
  const node = {
    databaseId: 1,
    environment: 'production',
    commitOid: commit,
    createdAt: '2026-02-27T10:00:00Z',
    ref: { name: 'main' },
    creator: { login: 'mona' },
    latestStatus: { state: 'SUCCESS' },
  };
  const items = [{ entity, environment: 'production', version: commit.slice(0, 12) }];
  const deployments = await testPlugin(plugin, {
    settings: { 'integrations.github': [{ token: 'sesame' }] },
    entities: [pay],
    deployments: [{ plugin: 'kubernetes', title: 'Kubernetes', items }],
    fetch: (url): { body: any } => {
      if (url.endsWith('/commits/HEAD')) return { body: { sha: commit } };
      if (url.includes('/compare/')) return { body: { ahead_by: 0, behind_by: 0 } };
      return { body: url.endsWith('/graphql') ? { data: { repository: { deployments: { nodes: [node] } } } } : [] };
    },
  });
  await deployments.call('tasks/github');
  await deployments.call('tasks/running');
  expect((await deployments.call('views/current', { entity: pay })).rows).toMatchObject([
    { version: { text: 'acb5820' }, by: 'mona', difference: 'up to date' },
  ]);
  expect((await deployments.call('views/history', { entity: pay })).items).toHaveLength(1);
});

test('while everything is read for the first time that is said, and what is known already is shown', async () => {
  let isComing = true;
  let count = 0;
  const clusters = {
    plugin: 'kubernetes',
    title: 'Kubernetes',
    items: [] as object[],
    get problem() {
      return isComing ? `${(count += 1)} kinds of EU were read` : undefined;
    },
  };
  const asked: string[] = [];
  const deployments = await testPlugin(pluginOf({ firstMs: 200 }), {
    settings: { 'integrations.github': [{ token: 'sesame' }] },
    entities: [pay],
    deployments: [clusters] as never,
    fetch(url): { body: any } {
      asked.push(url);
      return { body: url.endsWith('/graphql') ? { data: { repository: { deployments: { nodes: [] } } } } : [] };
    },
  });
  const matrix = () => deployments.call('views/matrix');
  expect(await matrix()).toMatchObject({ note: 'Reading what runs in clusters and deployments of GitHub …', rows: [] });
  const reading = deployments.call('tasks/running');
  await vi.waitFor(async () => expect((await matrix()).note).toContain('what runs in Kubernetes and'), patience);
  clusters.items = [{ entity, environment: 'production', version: '1.4.1' }];
  await vi.waitFor(async () => expect((await matrix()).rows).toHaveLength(1), patience);
  expect((await matrix()).remarks).toEqual([
    {
      text: expect.stringMatching(/^Kubernetes does not know all that runs since .*: \d+ kinds of EU were read\.$/),
      entities: [],
    },
  ]);
  const { note } = await deployments.call('views/current', { entity: pay });
  expect(note).toContain('Reading what runs in Kubernetes and deployments of GitHub …');
  isComing = false;
  await reading;
  expect((await matrix()).note).toBe('Reading deployments of GitHub … What is known already is shown.');
  deployments.changed.length = 0;
  await deployments.call('tasks/github');
  expect(deployments.changed).toContain('views/matrix');
  expect((await matrix()).note).toMatch(/^Green: /);
  // A repository that was read a moment ago is not asked again for those that come.
  expect(asked.filter((url) => url.endsWith('/graphql'))).toHaveLength(1);
});
