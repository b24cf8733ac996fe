import { testPlugin } from '@callboard/plugin-api/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deployments as pluginOf } from './plugin.ts';

const plugin = pluginOf({ firstMs: 1 });

const tug = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'tug',
    namespace: 'default',
    annotations: { 'backstage.io/source-location': 'url:https://code.example.com/acme/fleet/tug/-/tree/main/' },
  },
  spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
};
const [head, deployed] = ['d'.repeat(40), 'a91957a858320c0e17f3a0eca7cfacbff50ea29a'];
/** As GitLab's documentation of `GET /projects/:id/deployments` has it. */
const deployment = (id: number, environment: string, status: string, more: object = {}) => ({
  id,
  iid: id,
  ref: 'main',
  sha: deployed,
  created_at: `2026-02-0${id}T10:00:00.000Z`,
  updated_at: `2026-02-0${id}T10:05:00.000Z`,
  status,
  user: { id: 1, name: 'Administrator', username: 'root', state: 'active', web_url: 'https://code.example.com/root' },
  environment: { id: 9, name: environment, external_url: `https://${environment}.example.com` },
  deployable: { id: 664, name: 'deploy', pipeline: { id: 37, web_url: 'https://code.example.com/-/pipelines/37' } },
  ...more,
});
const list = [
  deployment(4, 'production', 'success', { ref: 'v1.4.2' }),
  deployment(3, 'staging', 'failed'),
  deployment(2, 'staging', 'success'),
  deployment(1, 'review', 'created'),
];
const configuration = { gitlab: [{ address: 'https://code.example.com', token: 'sesame' }] };
const project = 'https://code.example.com/api/v4/projects/acme%2Ffleet%2Ftug';
type Answer = { status?: number; headers?: Record<string, string>; body: any };

function gitlab(more: Record<string, Answer> = {}) {
  const answers: Record<string, Answer> = {
    [`${project}/deployments?order_by=updated_at&sort=desc&per_page=50`]: { headers: { etag: 'W/"1"' }, body: list },
    [`${project}/repository/commits?per_page=1`]: { headers: { etag: 'W/"2"' }, body: [{ id: head }] },
    [`${project}/repository/commits?ref_name=${deployed}..${head}&per_page=100`]: {
      body: Array.from({ length: 100 }, () => ({ id: head })),
    },
    [`${project}/repository/commits?ref_name=${head}..${deployed}&per_page=100`]: { body: [] },
    ...more,
  };
  const asked: string[] = [];
  return {
    asked,
    fetch: (url: string, { headers = {} }: { headers?: Record<string, string> }): Answer => {
      asked.push(url);
      if (headers['private-token'] !== 'sesame') return { status: 401, body: {} };
      const found = answers[url] ?? { status: 404, body: {} };
      const mark = headers['if-none-match'];
      return mark !== undefined && mark === found.headers?.['etag'] ? { status: 304, body: '' } : found;
    },
  };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-01T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

test('deployments of GitLab are read, compared with the default branch, and asked for again at little cost', async () => {
  const far = gitlab();
  const deployments = await testPlugin(plugin, { configuration, entities: [tug], fetch: far.fetch });
  await deployments.call('tasks/gitlab');
  const { rows } = await deployments.call('views/current', { entity: tug });
  expect(rows.map(({ at: _at, ...row }: any) => row)).toEqual([
    {
      environment: 'staging',
      version: { text: 'a91957a', href: 'https://staging.example.com' },
      commit: 'a91957a85832',
      difference: '100 or more behind',
      by: 'root',
      last: { text: 'a91957a failed', tone: 'bad' },
    },
    {
      environment: 'production',
      version: { text: 'v1.4.2', href: 'https://production.example.com' },
      commit: 'a91957a85832',
      difference: '100 or more behind',
      by: 'root',
      last: { text: 'succeeded', tone: 'good' },
    },
  ]);
  expect(far.asked).toHaveLength(4);
  await deployments.call('tasks/gitlab');
  expect(far.asked.slice(4)).toEqual([
    `${project}/deployments?order_by=updated_at&sort=desc&per_page=50`,
    `${project}/repository/commits?per_page=1`,
  ]);
  expect((await deployments.call('views/history', { entity: tug })).items[0]).toMatchObject({
    title: 'v1.4.2 deployed to production',
    detail: 'by root · commit a91957a85832 · told by GitLab deployments of acme/fleet/tug at code.example.com',
  });
});

test.each([
  ['401', { status: 401, body: {} }, 'code.example.com does not take the token'],
  ['403', { status: 403, body: {} }, 'the token may not read the deployments of acme/fleet/tug at code.example.com'],
  ['404', { status: 404, body: {} }, 'code.example.com has no acme/fleet/tug, or the token may not see it'],
  ['500', { status: 500, body: 'oops' }, 'code.example.com answered 500'],
  ['a sign-in page', { body: '<html>' }, 'code.example.com answered something that is not JSON'],
  ['another shape', { body: {} }, 'code.example.com answered in a shape that is not known'],
] as [string, Answer, string][])(
  'GitLab in trouble (%s) is told, and so by the test',
  async (_name, trouble, words) => {
    const far = gitlab({ [`${project}/deployments?order_by=updated_at&sort=desc&per_page=50`]: trouble });
    const deployments = await testPlugin(plugin, { configuration, entities: [tug], fetch: far.fetch });
    await deployments.call('tasks/gitlab');
    const { note } = await deployments.call('views/current', { entity: tug });
    expect(note).toContain(`GitLab cannot be read since 2026-03-01 12:00 UTC: ${words}.`);
    const { items } = await deployments.call('connections/sources', { configuration });
    expect(items[1]).toMatchObject({ title: 'code.example.com', state: 'bad', message: words });
  },
);
