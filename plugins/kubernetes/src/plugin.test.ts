import { readFile } from 'node:fs/promises';
import { testPlugin, type TestedPlugin } from '@callboard/plugin-api/testing';
import { afterEach, expect, test } from 'vitest';
import { kubernetes } from './plugin.ts';
import { type ApiServer, type Illness, startApiServer } from './testing/api-server.ts';
import { component, containerStatus, deployment, kinds, pod } from './testing/objects.ts';
import { wayOut } from './testing/way-out.ts';

const pace = { timing: { firstMs: 20, longestMs: 100, absentMs: 50, watchSeconds: 290 }, restMs: 10, rememberMs: 20 };
const entities = [component('payments'), component('billing'), component('nothing')] as never[];
const open: { api: ApiServer; tested?: TestedPlugin }[] = [];

afterEach(async () => {
  for (const { api, tested } of open.splice(0)) {
    tested?.stop();
    await api.stop().catch(() => undefined);
  }
});

/** Repeats a check until it passes; gives its last error after ten seconds. */
async function eventually(check: () => Promise<void>): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

async function start(more: { configuration?: object; settings?: object; fill?: (api: ApiServer) => void } = {}) {
  const api = await startApiServer({ token: 'sesame', kinds });
  api.put('apps/v1/deployments', deployment('payments'));
  for (const name of ['payments-5d9c7b-a', 'payments-5d9c7b-b']) api.put('v1/pods', pod('payments', name));
  more.fill?.(api);
  const clusters = [{ name: 'prod', title: 'Production', environment: 'production', url: api.url, token: 'sesame' }];
  const tested = await testPlugin(kubernetes(pace), {
    configuration: (more.configuration ?? { clusters }) as never,
    settings: more.settings as never,
    entities,
    fetch: wayOut.fetch,
    stream: wayOut.stream,
  });
  open.push({ api, tested });
  void tested.call('tasks/watch');
  const view = (id: string, name = 'payments') => tested.call(`views/${id}`, { entity: component(name) as never });
  await eventually(async () => expect(api.watching()).toBeGreaterThanOrEqual(kinds.length));
  return { api, tested, view };
}

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
  expect((await view('summary', 'nothing')).note).toBe(
    'Nothing that runs was found in Production; looked for the label backstage.io/kubernetes-id=nothing; the label app.kubernetes.io/name=nothing; an image named …/nothing. The annotation backstage.io/kubernetes-id names it.',
  );
});

test('a version that is too old is read anew, with what went meanwhile', async () => {
  const { api, view } = await start();
  api.be('error');
  await eventually(async () => expect((await view('workloads')).note).toContain('etcdserver: request timed out'));
  api.remove('v1/pods', 'shop/payments-5d9c7b-b');
  api.compact();
  api.be(undefined);
  await eventually(async () => {
    const { rows, note } = await view('pods');
    expect(rows.map(({ name }: any) => name)).toEqual(['payments-5d9c7b-a']);
    expect(note).toBeUndefined();
  });
});

test.each<[Illness | 'refused', string]>([
  ['refused', 'cannot be reached'],
  ['error', 'answers with status 500'],
  ['page', 'no Kubernetes API (text/html)'],
  ['half', 'broke off'],
  ['busy', 'wants fewer calls'],
  ['locked', 'does not accept the token'],
  ['forbidden', 'is forbidden'],
])(
  'while the API server is ill (%s), what was known stands with its age, and it recovers by itself',
  async (illness, words) => {
    const { api, view } = await start();
    const before = await view('workloads');
    if (illness === 'refused') await api.refuse();
    else api.be(illness);
    await eventually(async () => {
      const { note } = await view('workloads');
      // A watch that breaks off in the middle of a line is no error as long as nothing came of it.
      expect(note).toContain(illness === 'half' ? 'Production' : words);
      expect(note).toMatch(/, since \d{4}-\d\d-\d\d \d\d:\d\d UTC\. What is shown of it is as of \d{4}-/);
    });
    const { rows, asOf } = await view('workloads');
    expect(rows).toEqual(before.rows);
    expect(Date.parse(asOf)).toBeLessThanOrEqual(Date.now());
    if (illness === 'refused') await api.listenAgain();
    else api.be(undefined);
    api.put('apps/v1/deployments', deployment('payments', { replicas: 3 }));
    await eventually(async () => {
      const { rows: now, note } = await view('workloads');
      expect(now[0].state.text).toBe('3/3 ready');
      expect(note).toBe('Found by the label app.kubernetes.io/name=payments.');
    });
  },
);

test('a workload is restarted and scaled for its entity only, and not against an autoscaler', async () => {
  const { api, tested, view } = await start({
    fill: (server) => server.put('apps/v1/deployments', deployment('billing')),
  });
  const params = { cluster: 'prod', namespace: 'shop', kind: 'Deployment', name: 'payments' };
  const call = (route: string, body: object, more = {}) =>
    tested.call(
      `routes/${route}`,
      { params: { ...params, ...more }, body: { entity: 'component:default/payments', ...body } as never },
      { user: 'user:default/anna' },
    );
  const { rows } = await view('workloads');
  expect(rows[0].do.actions.map(({ title }: any) => title)).toEqual(['Restart', 'Scale to 3', 'Scale to 1']);
  expect(await call('restart', {})).toEqual({ body: { message: 'Deployment payments is restarted.' } });
  expect(await call('scale', { replicas: 3 })).toEqual({ body: { message: 'Deployment payments is scaled to 3.' } });
  expect(api.calls.filter((line) => line.startsWith('PATCH'))).toEqual([
    'PATCH /apis/apps/v1/namespaces/shop/deployments/payments?fieldManager=callboard',
    'PATCH /apis/apps/v1/namespaces/shop/deployments/payments/scale?fieldManager=callboard',
  ]);
  await eventually(async () => expect((await view('workloads')).rows[0].state.text).toBe('2/3 ready, rolling out'));
  expect(tested.log[0]!.text).toContain('restart {"user":"user:default/anna"');
  expect((await call('restart', {}, { name: 'billing' })).body.message).toBe(
    'Deployment billing in prod / shop does not belong to component:default/payments, or is gone.',
  );
  expect((await call('scale', { replicas: -1 })).status).toBe(400);
  expect((await call('scale', { replicas: 2, entity: 'component:default/none' })).status).toBe(404);
  api.denied.add('patch deployments');
  expect(await call('restart', {})).toEqual({
    status: 403,
    body: { message: expect.stringMatching(/cannot patch resource "deployments".* Bind the role/) },
  });
  api.put('autoscaling/v2/horizontalpodautoscalers', {
    metadata: { name: 'payments', namespace: 'shop' },
    spec: { minReplicas: 2, maxReplicas: 10, scaleTargetRef: { kind: 'Deployment', name: 'payments' } },
  });
  await eventually(async () => expect((await view('workloads')).rows[0].do.actions).toHaveLength(1));
  expect(await call('scale', { replicas: 4 })).toMatchObject({
    status: 409,
    body: { message: expect.stringContaining('from 2 to 10') },
  });
});

test('logs are read and followed', async () => {
  const { api, tested } = await start();
  api.logs.set('shop/payments-5d9c7b-a/main', [
    '2026-01-01T00:00:01.5Z up',
    '2026-01-01T00:00:02.25Z ERROR no database',
  ]);
  const query = { entity: 'component:default/payments', cluster: 'prod', namespace: 'shop', pod: 'payments-5d9c7b-a' };
  const lines = [
    { at: '2026-01-01T00:00:01Z', text: 'up' },
    { at: '2026-01-01T00:00:02Z', text: 'ERROR no database', level: 'error' },
  ];
  expect(await tested.call('routes/log', { query })).toEqual({ body: { lines } });
  expect(await tested.call('routes/log', { query: { ...query, tail: '1' } })).toEqual({
    body: { lines: lines.slice(1) },
  });
  expect(await tested.call('routes/follow', { query })).toEqual(lines);
  expect(await tested.call('routes/log', { query: { ...query, container: 'none' } })).toEqual({
    status: 400,
    body: { message: 'container must be one of main.' },
  });
  expect((await tested.call('routes/log', { query: { ...query, entity: 'component:default/billing' } })).status).toBe(
    404,
  );
  expect(
    (await tested.call('routes/pods', { query: { entity: 'component:default/payments' } })).body.items.map(
      ({ name }: any) => name,
    ),
  ).toEqual(['payments-5d9c7b-a', 'payments-5d9c7b-b']);
});

test('the test of connections says what is missing', async () => {
  const { api, tested } = await start();
  const cluster = { name: 'prod', url: api.url, token: 'sesame' };
  const tried = async (clusters: object[], customResources: object[] = []) =>
    (await tested.call('connections/clusters', { configuration: { clusters, customResources } as never })).items;
  expect(await tried([cluster])).toEqual([
    { title: 'prod: network', state: 'good', message: `Kubernetes v1.34.1 answers at ${api.url}` },
    { title: 'prod: reading', state: 'good', message: 'All of 10 kinds may be read.' },
    { title: 'prod: logs', state: 'good', message: 'Logs may be read.' },
    { title: 'prod: restart and scale', state: 'good', message: 'Workloads may be restarted and scaled.' },
  ]);
  for (const right of ['list jobs', 'watch jobs', 'get pods/log', 'patch deployments/scale']) api.denied.add(right);
  const [, reading, custom, logs, operating] = await tried(
    [cluster],
    [{ group: 'argoproj.io', version: 'v1alpha1', plural: 'applications' }],
  );
  expect(reading).toMatchObject({ state: 'warning', message: 'Missing rights: list jobs.batch, watch jobs.batch.' });
  expect(custom).toMatchObject({
    title: 'prod: applications.argoproj.io',
    state: 'warning',
    message: 'The cluster has no applications.argoproj.io in version v1alpha1.',
  });
  expect(logs).toMatchObject({ state: 'warning', message: 'Logs may not be read: get pods/log is missing.' });
  expect(operating).toMatchObject({ state: 'warning', message: 'Reading only: patch deployments/scale.apps missing.' });
  const [wrongToken, silent, empty] = await tried([
    { ...cluster, token: 'wrong' },
    { ...cluster, name: 'away', url: 'http://127.0.0.1:9' },
    { name: 'bare' },
  ]).then((items) => [
    items.find(({ title }: any) => title === 'prod: rights' || title === 'prod: token'),
    items.find(({ title }: any) => title === 'away: network'),
    items.find(({ title }: any) => title === 'bare: configuration'),
  ]);
  expect(wrongToken).toMatchObject({
    title: 'prod: token',
    state: 'bad',
    message: 'the API server does not accept the token',
  });
  expect(silent).toMatchObject({ state: 'bad', message: expect.stringContaining('cannot be reached') });
  expect(empty).toEqual({
    title: 'bare: configuration',
    state: 'bad',
    message: 'it has no address',
    fix: 'Give the address of the API server, or a kubeconfig, or set inCluster.',
  });
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
      { name: 'eu', state: { text: 'followed', tone: 'good' }, workloads: 1, pods: 0 },
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

test('a portal that is started while the cluster is away shows what was known before', async () => {
  const { api, tested } = await start();
  await eventually(async () => expect([...tested.store.keys()]).toContain('prod/deployments.apps/'));
  tested.stop();
  await api.refuse();
  const clusters = [{ name: 'prod', title: 'Production', url: api.url, token: 'sesame' }];
  const next = await testPlugin(kubernetes(pace), {
    configuration: { clusters },
    store: Object.fromEntries(tested.store),
    fetch: wayOut.fetch,
    stream: wayOut.stream,
  });
  open.push({ api, tested: next });
  void next.call('tasks/watch');
  await eventually(async () => {
    const { rows, note } = await next.call('views/workloads', { entity: component('payments') as never });
    expect(rows.map(({ state }: any) => state.text)).toEqual(['2/2 ready']);
    expect(note).toMatch(/cannot be reached.* since .*What is shown of it is as of /s);
  });
});

test('a cluster that does not answer holds up nothing, and large answers are read in smaller pages', async () => {
  const silent = await startApiServer({ token: 'sesame', kinds });
  const large = await startApiServer({ token: 'sesame', kinds });
  open.push({ api: silent }, { api: large });
  silent.be('silent');
  for (let index = 0; index < 45; index += 1)
    large.put('apps/v1/deployments', deployment('payments', { namespace: `shop-${index}` }));
  const tested = await testPlugin(kubernetes(pace), {
    configuration: { clusters: [silent, large].map(({ url }, index) => ({ name: `c${index}`, url, token: 'sesame' })) },
    async fetch(url, sent) {
      if (Number(new URL(url).searchParams.get('limit')) > 20)
        throw Object.assign(new Error('the answer is larger than 16 MiB'), { code: 'OUTBOUND_TOO_LARGE' });
      return wayOut.fetch(url, sent);
    },
    stream: wayOut.stream,
  });
  open.push({ api: large, tested });
  void tested.call('tasks/watch');
  await eventually(async () => {
    const { rows, note } = await tested.call('views/workloads', { entity: component('payments') as never });
    expect(rows).toHaveLength(45);
    expect(note).toBe('Found by the label app.kubernetes.io/name=payments.\nc0 is being read.');
  });
  expect(large.calls.filter((call) => call.startsWith('GET /apis/apps/v1/deployments?limit'))).toEqual(
    ['', '&continue=20', '&continue=40'].map((more) => `GET /apis/apps/v1/deployments?limit=20${more}`),
  );
});

test('every route needs a permission: they are not told whether somebody may see the entity', async () => {
  const { callboard } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  expect(callboard.contributes.routes.map(({ id, permission }: any) => `${id} ${permission}`)).toEqual([
    'pods logs',
    'log logs',
    'follow logs',
    'restart operate',
    'scale operate',
  ]);
});
