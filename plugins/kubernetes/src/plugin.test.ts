import { testPlugin } from '@callboard/plugin-api/testing';
import { afterEach, expect, test } from 'vitest';
import { kubernetes } from './plugin.ts';
import { startApiServer } from './testing/api-server.ts';
import { component, containerStatus, deployment, kinds, pod } from './testing/objects.ts';
import { entities, eventually, open, pace, start, stopAll } from './testing/start.ts';
import { wayOut } from './testing/way-out.ts';

afterEach(stopAll);

test('workloads, pods, versions and what leads to them are shown, and follow each change', async () => {
  const { api, tested, view } = await start({
    fill(server) {
      server.put('v1/services', {
        metadata: { name: 'pay', namespace: 'shop' },
        spec: { selector: { 'app.kubernetes.io/name': 'payments' }, ports: [{ port: 80 }] },
      });
      server.put('v1/services', {
        metadata: { name: 'other', namespace: 'shop' },
        spec: { selector: { app: 'other' }, ports: [{ port: 80 }] },
      });
      server.put('networking.k8s.io/v1/ingresses', {
        metadata: { name: 'web', namespace: 'shop' },
        spec: {
          tls: [{}],
          rules: [{ host: 'pay.example.com', http: { paths: [{ backend: { service: { name: 'pay' } } }] } }],
        },
      });
      server.put(
        'apps/v1/deployments',
        deployment('payments', { namespace: 'canary', image: 'ghcr.io/acme/payments:1.3.0', replicas: 1 }),
      );
    },
  });
  expect(await view('summary')).toMatchObject({
    note: 'Found by the label app.kubernetes.io/name=payments.',
    items: [
      { label: 'production', value: '3/3 ready · 1.3.0, 1.2.0', tone: 'good' },
      { label: 'Problems', value: 0, tone: 'good' },
    ],
  });
  const workloads = await view('workloads');
  expect(workloads.rows.map(({ do: _buttons, since: _since, ...row }: any) => row)).toEqual([
    {
      name: 'payments',
      kind: 'Deployment',
      cluster: 'Production',
      namespace: 'canary',
      state: { text: '1/1 ready', tone: 'good' },
      version: '1.3.0',
      restarts: 0,
    },
    {
      name: 'payments',
      kind: 'Deployment',
      cluster: 'Production',
      namespace: 'shop',
      state: { text: '2/2 ready', tone: 'good' },
      version: '1.2.0',
      restarts: 0,
    },
  ]);
  expect((await view('versions')).rows).toEqual([
    { image: 'acme/payments', p0: { text: '1.2.0, 1.3.0', tone: 'info' } },
  ]);
  expect((await view('pods')).rows.map(({ name, ready, node }: any) => [name, ready, node])).toEqual([
    ['payments-5d9c7b-a', '1/1', 'node-1'],
    ['payments-5d9c7b-b', '1/1', 'node-1'],
  ]);
  expect((await view('others')).rows.map(({ name, detail }: any) => [name, detail])).toEqual([
    ['pay', 'ClusterIP 80'],
    ['web', { text: 'pay.example.com → pay', href: 'https://pay.example.com' }],
  ]);

  tested.changed.length = 0;
  api.put(
    'v1/pods',
    pod('payments', 'payments-5d9c7b-a', {
      status: containerStatus({ waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } }),
    }),
  );
  api.put('v1/events', {
    metadata: { name: 'e1', namespace: 'shop' },
    type: 'Warning',
    reason: 'Failed',
    message: 'Failed to pull image "ghcr.io/acme/payments:1.2.0": manifest unknown',
    involvedObject: { kind: 'Pod', name: 'payments-5d9c7b-a' },
    lastTimestamp: '2026-01-01T00:01:00Z',
    count: 3,
  });
  api.put('v1/events', {
    metadata: { name: 'e2', namespace: 'shop' },
    type: 'Normal',
    reason: 'Pulling',
    involvedObject: { kind: 'Pod', name: 'payments-5d9c7b-a' },
  });
  await eventually(async () =>
    expect((await view('problems')).rows).toEqual([
      {
        what: { text: 'The image ghcr.io/acme/payments:1.2.0 cannot be pulled', tone: 'bad' },
        where: 'Deployment payments in Production / shop',
        cause:
          'There is no such image or tag in the registry. The cluster says: Failed to pull image "ghcr.io/acme/payments:1.2.0": manifest unknown',
        next: 'Check whether the build has pushed it, and the tag in the manifest.',
        since: '2026-01-01T00:00:00Z',
      },
    ]),
  );
  expect((await view('events')).items).toEqual([
    {
      at: '2026-01-01T00:01:00Z',
      title: 'Failed (3 times): Pod payments-5d9c7b-a',
      detail: 'Failed to pull image "ghcr.io/acme/payments:1.2.0": manifest unknown Production / shop',
      tone: 'warning',
    },
  ]);
  await eventually(async () => expect(tested.changed).toContain('views/problems'));
  expect(await tested.call('columns/state', { entities })).toEqual({
    cells: {
      'component:default/payments': {
        text: '3/3 ready',
        tone: 'bad',
        hint: 'The image ghcr.io/acme/payments:1.2.0 cannot be pulled',
      },
    },
  });
  expect(await tested.call('checks/healthy', { entity: entities[0]! })).toMatchObject({ result: 'fails' });

  api.remove('v1/pods', 'shop/payments-5d9c7b-a');
  await eventually(async () => expect((await view('problems')).rows).toEqual([]));
  // Everything was read once; all that came later came by watches.
  const lists = api.calls.filter((call) => call.startsWith('GET /') && !call.includes('watch=1'));
  expect(lists.filter((call) => call.includes('/pods'))).toHaveLength(1);
  expect(await view('summary', 'nothing')).toEqual({ model: 'stat', items: [] });
  expect((await view('workloads', 'nothing')).note).toBe(
    'Nothing that runs was found in Production; looked for the label backstage.io/kubernetes-id=nothing; the label app.kubernetes.io/name=nothing; an image named …/nothing. The annotation backstage.io/kubernetes-id names it.',
  );
});

test('clusters of Backstage’s key are followed, and custom resources appear when they are defined', async () => {
  const api = await startApiServer({ token: 'sesame', kinds });
  open.push({ api });
  api.put('apps/v1/deployments', deployment('payments'));
  const tested = await testPlugin(kubernetes(pace), {
    settings: {
      kubernetes: {
        customResources: [{ group: 'argoproj.io', apiVersion: 'v1alpha1', plural: 'applications' }],
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: [{ name: 'eu', url: api.url, authProvider: 'serviceAccount', serviceAccountToken: 'sesame' }],
          },
          { type: 'gke' },
        ],
      },
    },
    entities,
    fetch: wayOut.fetch,
    stream: wayOut.stream,
  });
  open.push({ api, tested });
  void tested.call('tasks/watch');
  const view = (id: string) => tested.call(`views/${id}`, { entity: component('payments') as never });
  await eventually(async () =>
    expect((await view('clusters')).rows).toMatchObject([
      { name: 'eu', state: { text: 'followed', tone: 'good' }, workloads: { others: 1 }, pods: { others: 0 } },
      { name: 'clusterLocatorMethods: gke', state: { tone: 'bad' } },
    ]),
  );
  api.define('argoproj.io/v1alpha1/applications');
  api.put('argoproj.io/v1alpha1/applications', {
    kind: 'Application',
    metadata: { name: 'payments', namespace: 'argocd', labels: { 'app.kubernetes.io/name': 'payments' } },
    status: { health: { status: 'Degraded', message: 'no pods' }, sync: { status: 'OutOfSync' } },
  });
  await eventually(async () =>
    expect((await view('others')).rows).toEqual([
      {
        name: 'payments',
        kind: 'Application',
        cluster: 'eu',
        namespace: 'argocd',
        state: { text: 'Degraded', tone: 'bad' },
        detail: 'OutOfSync, no pods',
      },
    ]),
  );
  expect((await view('problems')).rows[0]).toMatchObject({
    what: { text: 'It is Degraded', tone: 'bad' },
    cause: 'OutOfSync, no pods',
  });
});

test('workloads and clusters become entities as configured, and never half of them', async () => {
  const api = await startApiServer({ token: 'sesame', kinds });
  open.push({ api });
  api.denied.add('list jobs');
  api.put(
    'apps/v1/deployments',
    deployment('payments', { labels: { 'app.kubernetes.io/name': 'payments', 'backstage.io/owner': 'crew' } }),
  );
  api.put('apps/v1/deployments', deployment('payments', { namespace: 'canary' }));
  api.put('apps/v1/deployments', deployment('coredns', { namespace: 'kube-system', labels: { 'k8s-app': 'coredns' } }));
  const tested = await testPlugin(kubernetes(pace), {
    configuration: {
      clusters: [{ name: 'prod', url: api.url, token: 'sesame' }],
      catalog: { workloads: 'app.kubernetes.io/name', clusters: true, owner: 'platform' },
    },
    fetch: wayOut.fetch,
    stream: wayOut.stream,
  });
  open.push({ api, tested });
  void tested.call('tasks/watch');
  await eventually(async () =>
    expect(tested.call('sources/catalog')).rejects.toThrow(/^Jobs of prod have not been read yet: jobs is forbidden/),
  );
  api.denied.clear();
  await eventually(async () =>
    expect(await tested.call('sources/catalog')).toMatchObject({
      entities: [
        {
          kind: 'Resource',
          metadata: { name: 'prod', annotations: { 'kubernetes.io/api-server': api.url } },
          spec: { type: 'kubernetes-cluster', owner: 'platform' },
        },
        {
          kind: 'Component',
          metadata: {
            name: 'payments',
            annotations: { 'backstage.io/kubernetes-label-selector': 'app.kubernetes.io/name=payments' },
          },
          spec: { owner: 'crew' },
        },
      ],
    }),
  );
});
