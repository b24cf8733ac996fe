import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';

const labels = { 'app.kubernetes.io/name': 'payments', 'backstage.io/owner': 'crew' };
const spec = { containers: [{ name: 'main', image: 'ghcr.io/acme/payments:1.2.0' }] };
const lists: Record<string, object[]> = {
  deployments: [
    {
      metadata: { name: 'payments', namespace: 'shop', uid: 'd1', generation: 1, labels },
      spec: { replicas: 1, template: { metadata: { labels }, spec } },
      status: { observedGeneration: 1, readyReplicas: 0, updatedReplicas: 1 },
    },
  ],
  pods: [
    {
      metadata: {
        name: 'payments-5d9c7b-a',
        namespace: 'shop',
        uid: 'p1',
        labels: { ...labels, 'pod-template-hash': '5d9c7b' },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'payments-5d9c7b', controller: true }],
      },
      spec: { ...spec, nodeName: 'node-1' },
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'main',
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-01T00:00:00Z' } },
          },
        ],
      },
    },
  ],
};
const patched: string[] = [];

/** Lists, watches without an end, a log, and patches: what a portal asks of an API server. */
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url!, 'http://cluster');
  if (request.headers.authorization !== 'Bearer sesame') return void response.writeHead(401).end();
  response.setHeader('content-type', 'application/json');
  if (searchParams.has('watch')) return response.flushHeaders();
  if (request.method === 'PATCH') patched.push(pathname);
  if (pathname.endsWith('/log')) return void response.end('2026-01-01T00:00:01Z out of memory\n');
  const items = lists[pathname.split('/').at(-1)!] ?? [];
  response.end(
    JSON.stringify({ gitVersion: 'v1.34.1', status: { allowed: true }, metadata: { resourceVersion: '7' }, items }),
  );
});
let portal: TestPortal;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  portal = await testPortal({
    place: {},
    config: `
kubernetes:
  clusterLocatorMethods:
    - { type: config, clusters: [{ name: eu, url: '${url}', authProvider: serviceAccount, serviceAccountToken: sesame }] }
plugins: { settings: { kubernetes: { catalog: { workloads: app.kubernetes.io/name } } } }
`,
  });
});
afterAll(async () => {
  await portal.stop();
  server.closeAllConnections();
  server.close();
});

test('a cluster of Backstage’s key is followed, shown, operated and read for the catalog', async () => {
  expect((await portal.send('POST', '/api/admin/plugins/kubernetes/enable')).body).toMatchObject({ state: 'enabled' });
  const entity = 'component:default/payments';
  await eventually(async () => expect((await portal.entity(entity))?.spec.owner).toBe('crew'));
  const { items } = (await portal.send('POST', '/api/admin/plugins/kubernetes/test', {})).body;
  expect(items.map(({ title, state }: any) => `${title} ${state}`)).toEqual([
    'eu: network good',
    'eu: reading good',
    'eu: logs good',
    'eu: restart and scale good',
  ]);
  const { contributes } = (await portal.get('/api/plugins/web')).body.items.find(({ id }: any) => id === 'kubernetes');
  for (const { id } of contributes.views)
    expect((await portal.get(`/api/plugins/kubernetes/views/${id}?entity=${entity}`)).status, id).toBe(200);
  await eventually(async () => {
    const { view } = (await portal.get(`/api/plugins/kubernetes/views/problems?entity=${entity}&fresh=true`)).body;
    expect(view.rows.map(({ what }: any) => what.text)).toEqual([
      'The container main crashes again and again (4 restarts): out of memory',
    ]);
  });
  const { body: columns } = await portal.send('POST', '/api/plugins/columns', { entities: [entity] });
  expect(columns.items[0].cells[entity]).toMatchObject({ text: '0/1 ready', tone: 'bad' });
  const { body: checks } = await portal.get(`/api/plugins/checks?entity=${entity}`);
  expect(checks.items).toMatchObject([{ plugin: 'kubernetes', id: 'healthy', result: 'fails' }]);

  // What counts for all services is for those who see them all, as this administrator does.
  const { view: clusters } = (await portal.get('/api/plugins/kubernetes/views/clusters?fresh=true')).body;
  expect(clusters.rows).toMatchObject([{ entity: null, name: 'eu', workloads: 1, pods: 1 }]);

  const pod = `entity=${entity}&cluster=eu&namespace=shop&pod=payments-5d9c7b-a`;
  const lines = [{ at: '2026-01-01T00:00:01Z', text: 'out of memory' }];
  expect((await portal.get(`/api/plugins/kubernetes/log?${pod}`)).body).toEqual({ lines });
  expect((await portal.get(`/api/plugins/kubernetes/log/follow?${pod}`)).body).toContain(
    `data: ${JSON.stringify(lines[0])}\n\nevent: end\n`,
  );
  const address = '/api/plugins/kubernetes/workloads/eu/shop/Deployment/payments';
  expect((await portal.send('POST', `${address}/restart`, { entity })).status).toBe(200);
  expect((await portal.send('POST', `${address}/scale`, { entity, replicas: 3 })).status).toBe(200);
  expect((await portal.send('POST', `${address}/scale`, {})).status).toBe(404);
  expect(patched).toEqual([
    '/apis/apps/v1/namespaces/shop/deployments/payments',
    '/apis/apps/v1/namespaces/shop/deployments/payments/scale',
  ]);
  // The plugin that keeps deployments asks for what runs.
  await portal.send('POST', '/api/admin/plugins/deployments/enable');
  await eventually(async () => {
    const { view } = (await portal.get('/api/plugins/deployments/views/matrix?fresh=true')).body;
    expect(view.columns.map(({ title }: any) => title)).toEqual(['Service', 'eu / shop']);
    expect(view.rows).toMatchObject([{ service: entity, e0: { text: expect.stringMatching(/^1\.2\.0 · /) } }]);
  });
  const { body: audit } = await portal.get('/api/access/audit?limit=10');
  const titles = audit.items.map(({ detail }: any) => detail?.title);
  expect(titles).toEqual(expect.arrayContaining(['Scale a workload', 'Restart a workload']));
});
