import { testPlugin, type TestedPlugin } from '@callboard/plugin-api/testing';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Raw } from './model.ts';
import { kubernetes } from './plugin.ts';
import { customKinds, defineCustomKinds, prepare } from './testing/prepare.ts';
import { component } from './testing/objects.ts';
import { type RealCluster, realCluster } from './testing/recording.ts';
import { eventually, pace } from './testing/start.ts';

let cluster: RealCluster;
const running: TestedPlugin[] = [];

/** The plugin with somebody's token, which follows the cluster. */
async function follow(token: string, more: Raw = {}): Promise<TestedPlugin & { view(id: string): Promise<Raw> }> {
  const { url, ca, fetch, stream } = cluster;
  const tested = await testPlugin(kubernetes(pace), {
    configuration: {
      clusters: [{ name: 'eu', url, caData: ca, token: cluster.tokens[token] ?? token }],
      ...more,
    },
    entities: [component('payments') as never],
    fetch,
    stream,
  });
  running.push(tested);
  void tested.call('tasks/watch');
  await eventually(async () => {
    const [row] = (await tested.call('views/clusters')).rows;
    expect(row.state.text).toMatch(/^(followed|not read)$/);
  });
  return { ...tested, view: (id) => tested.call(`views/${id}`, { entity: component('payments') as never }) };
}

const shop = '/namespaces/shop';
const labels = { 'app.kubernetes.io/name': 'payments' };
const template = {
  metadata: { labels },
  spec: { containers: [{ name: 'main', image: 'ghcr.io/acme/payments:1.2.0' }] },
};
const metadata = { name: 'payments', labels };
const rowsOf = ({ rows }: Raw) => rows.map(({ do: _do, since: _since, ...row }: Raw) => row);

/** How a container is, as a kubelet would write it. */
const containerStatus = (more: Raw): Raw => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: String(more.ready === true) === 'true' ? 'True' : 'False' }],
  containerStatuses: [
    { name: 'main', image: 'ghcr.io/acme/payments:1.2.0', imageID: 'sha256:1', restartCount: 0, ready: false, ...more },
  ],
});
const isUp = containerStatus({ ready: true, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } });

beforeAll(async () => {
  cluster = await realCluster();
  Object.assign(cluster.tokens, await cluster.step(prepare));
  vi.useFakeTimers({ toFake: ['Date'], now: cluster.at(), shouldAdvanceTime: true });
});
afterEach(() => {
  for (const tested of running.splice(0)) tested.stop();
});
afterAll(async () => {
  vi.useRealTimers();
  await cluster?.stop();
});

test('the roles of the README suffice, and whoever has less is told what is missing', async () => {
  const tested = await follow('callboard');
  const tried = async (token: string) => {
    const { url, ca, tokens } = cluster;
    const clusters = [{ name: 'eu', url, caData: ca, token: tokens[token] ?? token }];
    const { items } = await tested.call('connections/clusters', { configuration: { clusters } as never });
    return items.map(({ title, state, message }: Raw) => `${title} ${state}: ${message}`);
  };
  const network = `eu: network good: Kubernetes v1.20.2 answers at ${cluster.url}`;
  expect(await tried('operator')).toEqual([
    network,
    'eu: reading good: All of 10 kinds may be read.',
    'eu: logs good: Logs may be read.',
    'eu: restart and scale good: Workloads may be restarted and scaled.',
  ]);
  expect((await tried('callboard')).slice(1)).toEqual([
    'eu: reading good: All of 10 kinds may be read.',
    'eu: logs good: Logs may be read.',
    'eu: restart and scale warning: Reading only: patch deployments.apps, patch statefulsets.apps, patch daemonsets.apps, patch deployments/scale.apps, patch statefulsets/scale.apps missing.',
  ]);
  const partial = await tried('partial');
  expect(partial[1]).toMatch(/^eu: reading warning: Missing rights: list statefulsets\.apps, watch statefulsets\.apps/);
  expect(partial[2]).toBe('eu: logs warning: Logs may not be read: get pods/log is missing.');
  expect((await tried('stranger'))[1]).toMatch(/^eu: reading bad: Missing rights: list deployments\.apps/);
  expect(await tried('of-nobody')).toEqual(['eu: token bad: the API server does not accept the token']);
});

test('workloads, pods and their states are shown and followed', async () => {
  const { view, call } = await follow('callboard');
  expect((await view('workloads')).note).toMatch(/^Nothing that runs was found in eu; looked for the label /);
  const pods = await cluster.step(async (admin) => {
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    await admin.make(`/apis/apps/v1${shop}/deployments`, { metadata, spec });
    const jobTemplate = { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } };
    await admin.make(`/apis/batch/v1beta1${shop}/cronjobs`, { metadata, spec: { schedule: '0 3 * * *', jobTemplate } });
    const ports = [{ port: 80 }];
    await admin.make(`/api/v1${shop}/services`, { metadata, spec: { selector: labels, ports } });
    const backend = { service: { name: 'payments', port: { number: 80 } } };
    const http = { paths: [{ path: '/', pathType: 'Prefix', backend }] };
    await admin.make(`/apis/networking.k8s.io/v1${shop}/ingresses`, {
      metadata,
      spec: { rules: [{ host: 'pay.example.com', http }] },
    });
    const { items } = await admin.until(`/api/v1${shop}/pods`, (list) => list.items.length === 2);
    return items.map((pod: Raw) => pod.metadata.name as string).toSorted();
  });
  const workload = { name: 'payments', cluster: 'eu', namespace: 'shop', version: '1.2.0', restarts: 0 };
  const cron = { ...workload, kind: 'CronJob', state: { text: '0 3 * * *', tone: 'good' } };
  await eventually(async () => {
    expect((await view('workloads')).note).toBe('Found by the label app.kubernetes.io/name=payments.');
    expect(rowsOf(await view('workloads'))).toEqual([
      { ...workload, kind: 'Deployment', state: { text: '0/2 ready', tone: 'warning' } },
      cron,
    ]);
    expect(rowsOf(await view('pods')).map(({ name, state }: Raw) => [name, state.text])).toEqual(
      pods.map((name: string) => [name, 'Pending']),
    );
    expect(rowsOf(await view('others')).map(({ kind, detail }: Raw) => [kind, detail.text ?? detail])).toEqual([
      ['Service', 'ClusterIP 80'],
      ['Ingress', 'pay.example.com → payments'],
    ]);
  });

  await cluster.step(async (admin) => {
    for (const pod of pods) await admin.patch(`/api/v1${shop}/pods/${pod}/status`, { status: isUp });
    await admin.until(`/apis/apps/v1${shop}/deployments/payments`, ({ status }) => status.readyReplicas === 2);
  });
  await eventually(async () => {
    expect(rowsOf(await view('workloads'))).toEqual([
      { ...workload, kind: 'Deployment', state: { text: '2/2 ready', tone: 'good' } },
      cron,
    ]);
    expect((await view('problems')).rows).toEqual([]);
  });
  // What runs is told to plugins that keep deployments.
  expect(await call('deployments/running')).toEqual({
    items: [
      {
        entity: 'component:default/payments',
        environment: 'eu / shop',
        version: '1.2.0',
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
    ],
  });

  await cluster.step(async (admin) => {
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' };
    const ended = { reason: 'OOMKilled', exitCode: 137, startedAt: null, finishedAt: '2026-01-01T00:01:00Z' };
    await admin.patch(`/api/v1${shop}/pods/${pods[0]}/status`, {
      status: containerStatus({ restartCount: 7, state: { waiting }, lastState: { terminated: ended } }),
    });
    await admin.patch(`/api/v1${shop}/pods/${pods[1]}/status`, {
      status: containerStatus({
        state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
      }),
    });
    const about = { kind: 'Pod', name: pods[1], namespace: 'shop' };
    const message = 'Failed to pull image "ghcr.io/acme/payments:1.2.0": manifest unknown';
    for (const type of ['Warning', 'Normal'])
      await admin.make(`/api/v1${shop}/events`, {
        metadata: { name: `${pods[1]}.${type.toLowerCase()}` },
        ...{ type, reason: 'Failed', message, involvedObject: about, lastTimestamp: '2026-01-01T00:02:00Z', count: 3 },
      });
  });
  await eventually(async () => {
    expect(rowsOf(await view('problems'))).toEqual([
      {
        what: { text: 'The image ghcr.io/acme/payments:1.2.0 cannot be pulled', tone: 'bad' },
        where: 'Deployment payments in eu / shop',
        cause: expect.stringMatching(/^There is no such image or tag in the registry\. .*manifest unknown$/),
        next: 'Check whether the build has pushed it, and the tag in the manifest.',
      },
      expect.objectContaining({
        what: { text: 'The container main crashes again and again (7 restarts): out of memory', tone: 'bad' },
      }),
    ]);
    expect((await view('events')).items).toEqual([
      expect.objectContaining({ at: '2026-01-01T00:02:00Z', title: `Failed (3 times): Pod ${pods[1]}` }),
    ]);
    expect(rowsOf(await view('workloads'))[0]).toMatchObject({ restarts: 7, state: { tone: 'bad' } });
  });
});

test('whoever may read a part sees that part, and what is missing', async () => {
  const { view } = await follow('partial');
  await eventually(async () => {
    const { rows, note } = await view('workloads');
    expect(rows).toHaveLength(1);
    expect(note).toContain('User "system:serviceaccount:callboard:partial" cannot list resource');
    expect(note).toContain('Bind the role of the plugin’s README to the account.');
    expect((await view('clusters')).rows[0].state).toEqual({ text: 'not read', tone: 'bad' });
  });
});

test('custom kinds come when they are defined, in the words of Argo CD, Argo Rollouts and Flux', async () => {
  const { view } = await follow('callboard', {
    customResources: customKinds.map(({ group, version, plural }) => ({ group, version, plural })),
  });
  await cluster.step(async (admin) => {
    await defineCustomKinds(admin);
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    for (const [index, status] of [
      { health: { status: 'Degraded', message: 'no pods' }, sync: { status: 'OutOfSync' } },
      { phase: 'Paused', message: 'CanaryPauseStep', observedGeneration: '1', readyReplicas: 1, updatedReplicas: 1 },
      {
        conditions: [{ type: 'Ready', status: 'False', reason: 'BuildFailed', message: 'kustomization.yaml missing' }],
      },
    ].entries()) {
      const { group, version, plural, kind } = customKinds[index]!;
      const at = `/apis/${group}/${version}${shop}/${plural}`;
      await admin.make(at, { apiVersion: `${group}/${version}`, kind, metadata, ...(kind === 'Rollout' && { spec }) });
      await admin.patch(`${at}/payments/status`, { status });
    }
  });
  await eventually(async () =>
    expect(
      rowsOf(await view('others'))
        .filter(({ kind }: Raw) => customKinds.some((each) => each.kind === kind))
        .map(({ kind, state, detail }: Raw) => [kind, state, detail]),
    ).toEqual([
      ['Application', { text: 'Degraded', tone: 'bad' }, 'OutOfSync, no pods'],
      ['Rollout', { text: 'Paused', tone: 'neutral' }, 'CanaryPauseStep'],
      ['Kustomization', { text: 'BuildFailed', tone: 'bad' }, 'kustomization.yaml missing'],
    ]),
  );
  // A rollout runs pods as a deployment does.
  expect(rowsOf(await view('workloads')).find(({ kind }: Raw) => kind === 'Rollout')).toMatchObject({
    state: { text: '1/2 ready, rolling out' },
    version: '1.2.0',
  });
});

test('a workload is restarted and scaled with the second role only, and logs say why there are none', async () => {
  const [reader, operator] = [await follow('callboard'), await follow('operator')];
  const params = { cluster: 'eu', namespace: 'shop', kind: 'Deployment', name: 'payments' };
  const entity = 'component:default/payments';
  const call = (tested: TestedPlugin, route: string, body: Raw) =>
    tested.call(`routes/${route}`, { params, body: { entity, ...body } as never });
  for (const tested of [reader, operator])
    await eventually(async () => expect((await tested.view('pods')).rows).toHaveLength(2));
  expect(await call(reader, 'restart', {})).toEqual({
    status: 403,
    body: {
      message: expect.stringMatching(
        /User "system:serviceaccount:callboard:callboard" cannot patch resource "deployments".* Bind the role/,
      ),
    },
  });
  const before = await cluster.step(async (admin) => {
    const { metadata: found } = await admin.get(`/apis/apps/v1${shop}/deployments/payments`);
    return found.generation as number;
  });
  expect(await call(operator, 'scale', { replicas: 3 })).toEqual({
    body: { message: 'Deployment payments is scaled to 3.' },
  });
  expect(await call(operator, 'restart', {})).toEqual({ body: { message: 'Deployment payments is restarted.' } });
  const { generation, replicas } = await cluster.step(async (admin) => {
    const { metadata: found, spec } = await admin.get(`/apis/apps/v1${shop}/deployments/payments`);
    const { items } = await admin.until(`/api/v1${shop}/pods`, (list) => list.items.length > 2);
    return { generation: found.generation as number, replicas: spec.replicas as number, pods: items.length as number };
  });
  expect([generation - before, replicas]).toEqual([2, 3]);
  await eventually(async () =>
    expect((await operator.view('workloads')).rows[0].state.text).toMatch(/\/3 ready, rolling out$/),
  );
  const pods = (await operator.view('pods')).rows.map(({ name }: Raw) => name as string);
  const [first, second] = await cluster.step(async (admin) => {
    const node = { metadata: { name: 'node-1' } };
    await admin.make('/api/v1/nodes', node);
    const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
    const daemonEndpoints = { kubeletEndpoint: { Port: 1 } };
    await admin.patch('/api/v1/nodes/node-1/status', { status: { addresses, daemonEndpoints } });
    const [one, other] = pods.toSorted();
    await admin.make(`/api/v1${shop}/pods/${one}/binding`, { metadata: { name: one }, target: { name: 'node-1' } });
    return [one, other];
  });
  const log = (pod: string) =>
    operator.call('routes/log', { query: { entity, cluster: 'eu', namespace: 'shop', pod } });
  await eventually(async () => {
    const { rows } = await operator.view('pods');
    expect(rows.find(({ name }: Raw) => name === first)).toMatchObject({ node: 'node-1' });
  });
  expect(await log(first)).toEqual({
    status: 502,
    body: {
      message:
        'the node that the pod is on does not answer the API server: dial tcp 127.0.0.1:1: connect: connection refused. Look at the node, and at what stands between it and the control plane. Until it answers there are no logs of its pods.',
    },
  });
  expect(await log(second)).toEqual({
    status: 409,
    body: { message: `The pod ${second} is on no node yet, so there is no log of it.` },
  });
});
