import { expect, test } from 'vitest';
import { scheduleCause } from './causes.ts';
import { buildIndex } from './find.ts';
import type { Item, Raw } from './model.ts';
import { problemsOf } from './problems.ts';
import { itemOf, resources } from './resources.ts';
import { containerStatus, deployment, pod } from './testing/objects.ts';

const kept = (kind: string, raw: Raw): Item =>
  itemOf(
    'eu',
    resources.find((each) => each.kind === kind)!,
    raw,
  );
const event = (reason: string, message: string): Item =>
  kept('Event', {
    metadata: { name: reason, namespace: 'shop', uid: reason },
    type: 'Warning',
    reason,
    message,
    involvedObject: { kind: 'Pod', name: 'p' },
    lastTimestamp: '2026-01-01T00:00:00Z',
  });
const now = Date.parse('2026-01-01T01:00:00Z');
const found = (items: Item[]) =>
  problemsOf(
    buildIndex(items),
    items.filter((item) => !item.event),
    now,
  );
const waiting = (reason: string, message = '') => ({ status: containerStatus({ waiting: { reason, message } }) });
const crashed = (terminated: Raw) => ({
  status: containerStatus({ waiting: { reason: 'CrashLoopBackOff' } }, { lastState: { terminated } }),
});

test.each<[string, { spec?: Raw; status?: Raw; container?: Raw }, string, string, Item?]>([
  ['a missing tag', waiting('ErrImagePull', 'manifest unknown'), 'cannot be pulled', 'no such image or tag'],
  ['a refusal', waiting('ErrImagePull', 'unauthorized: authentication required'), 'cannot be pulled', 'pull secret'],
  ['a limit', waiting('ErrImagePull', 'toomanyrequests: You have reached'), 'cannot be pulled', 'limits pulls'],
  ['no way', waiting('ErrImagePull', 'dial tcp: lookup ghcr.io: no such host'), 'cannot be pulled', 'do not reach'],
  ['a strange authority', waiting('ErrImagePull', 'x509: unknown authority'), 'cannot be pulled', 'do not trust'],
  ['a wrong name', waiting('InvalidImageName'), 'is no name of an image', 'typing error'],
  [
    'a back-off after a refusal',
    waiting('ImagePullBackOff', 'Back-off pulling image'),
    'cannot be pulled',
    'pull secret',
    event('Failed', 'Failed to pull image: denied'),
  ],
  [
    'memory',
    { ...crashed({ reason: 'OOMKilled', exitCode: 137 }), container: { resources: { limits: { memory: '64Mi' } } } },
    'out of memory',
    'limit of 64Mi',
  ],
  [
    'an error at the start',
    crashed({ exitCode: 1, message: 'no DATABASE_URL' }),
    'crashes again and again (7 restarts)',
    'no DATABASE_URL',
  ],
  ['no such command', crashed({ exitCode: 127 }), 'crashes again', 'does not exist in the image'],
  ['an end', crashed({ exitCode: 0 }), 'crashes again', 'ends without an error'],
  [
    'a liveness probe',
    { ...crashed({ exitCode: 137 }), container: { livenessProbe: { httpGet: { port: 8080, path: '/live' } } } },
    'crashes again',
    'liveness probe fails, and Kubernetes restarts it (GET :8080/live): Liveness probe failed: 500',
    event('Unhealthy', 'Liveness probe failed: 500'),
  ],
  [
    'a secret',
    waiting('CreateContainerConfigError', 'secret "db" not found'),
    'configuration is not complete',
    'The Secret db does not exist',
  ],
  [
    'a key',
    waiting('CreateContainerConfigError', "couldn't find key url in ConfigMap shop/db"),
    'configuration is not complete',
    'shop/db has no key url',
  ],
  [
    'root',
    waiting('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'),
    'not complete',
    'must not run as root',
  ],
  [
    'a volume',
    waiting('ContainerCreating'),
    'waits for a volume',
    'configmap "x" not found',
    event('FailedMount', 'configmap "x" not found'),
  ],
  [
    'a readiness probe',
    {
      status: containerStatus({ running: { startedAt: '2026-01-01T00:00:00Z' } }),
      container: { readinessProbe: { tcpSocket: { port: 80 } } },
    },
    'runs and is not ready',
    'a connection to port 80',
  ],
  [
    'memory a while ago',
    {
      status: containerStatus(
        { running: {} },
        { ready: true, lastState: { terminated: { reason: 'OOMKilled', finishedAt: '2026-01-01T00:30:00Z' } } },
      ),
    },
    'ran out of memory and was restarted',
    'no limit of its own',
  ],
  [
    'an eviction',
    { status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } },
    'evicted',
    'low on resource',
  ],
  [
    'no node',
    {
      status: {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', message: '0/3 nodes are available: 3 Insufficient cpu.' },
        ],
      },
    },
    'No node can take it',
    'not enough free cpu',
  ],
])('%s is said in words', (_name, more, what, cause, told) => {
  const [first, ...rest] = found([kept('Pod', pod('payments', 'p', more)), ...(told ? [told] : [])]);
  expect(rest).toEqual([]);
  expect(first?.what).toContain(what);
  expect(first?.cause).toContain(cause);
  expect(first?.next).not.toBe('');
});

test('an autoscaler is a problem when it has no figures, and none when it has some', () => {
  const scaler = (status: string, reason: string): Item =>
    kept('HorizontalPodAutoscaler', {
      metadata: { name: 'x', namespace: 'shop' },
      spec: { maxReplicas: 6, scaleTargetRef: {} },
      status: {
        currentReplicas: 2,
        desiredReplicas: 2,
        conditions: [
          { type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale' },
          { type: 'ScalingActive', status, reason, message: 'no metrics returned from resource metrics API' },
          { type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange' },
        ],
      },
    });
  expect(found([scaler('True', 'ValidMetricFound')])).toEqual([]);
  expect(found([scaler('False', 'ScalingDisabled')])).toEqual([]);
  expect(found([scaler('False', 'FailedGetResourceMetric')])).toMatchObject([
    { what: 'The autoscaler knows no figures', cause: 'no metrics returned from resource metrics API' },
  ]);
});

test('what begins, stops or has just begun is no problem', () => {
  const fresh = { metadata: { name: 'p', namespace: 'shop', creationTimestamp: '2026-01-01T00:59:50Z' } };
  const young = (raw: Raw): Item => kept('Pod', { ...raw, metadata: { ...raw.metadata, ...fresh.metadata } });
  expect(found([young(pod('payments', 'p', waiting('ContainerCreating')))])).toEqual([]);
  expect(
    found([
      young(pod('payments', 'p', { status: containerStatus({ running: { startedAt: '2026-01-01T00:59:55Z' } }) })),
    ]),
  ).toEqual([]);
  expect(found([kept('Deployment', deployment('payments', { ready: 0, createdAt: '2026-01-01T00:59:00Z' }))])).toEqual(
    [],
  );
});

test('one fault of several pods is told once, at their workload, in place of their number', () => {
  const pods = ['a', 'b', 'c'].map((name) =>
    kept('Pod', pod('payments', name, waiting('ErrImagePull', 'manifest unknown'))),
  );
  const all = found([kept('Deployment', deployment('payments', { replicas: 3, ready: 0 })), ...pods]);
  expect(all).toHaveLength(1);
  expect(all[0]).toMatchObject({ pods: 3, tone: 'bad', item: { kind: 'Deployment', name: 'payments' } });
});

test.each<[string, string, Raw, string]>([
  [
    'Deployment',
    'a roll-out',
    {
      ...deployment('x'),
      status: { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] },
    },
    'The new version does not come up',
  ],
  [
    'Deployment',
    'a quota',
    {
      ...deployment('x'),
      status: { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: team' }] },
    },
    'No more pods may be made',
  ],
  [
    'Job',
    'a job',
    {
      metadata: { name: 'x', namespace: 'shop' },
      status: { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] },
    },
    'The job has failed',
  ],
  [
    'Service',
    'a service',
    { metadata: { name: 'x', namespace: 'shop' }, spec: { selector: { app: 'y' } } },
    'The service leads nowhere',
  ],
  [
    'Ingress',
    'an ingress',
    { metadata: { name: 'x', namespace: 'shop' }, spec: { defaultBackend: { service: { name: 'gone' } } } },
    'leads to the service gone, which is not there',
  ],
  [
    'HorizontalPodAutoscaler',
    'an autoscaler',
    {
      metadata: { name: 'x', namespace: 'shop' },
      spec: { maxReplicas: 4, scaleTargetRef: {} },
      status: { currentReplicas: 4, desiredReplicas: 4 },
    },
    'has reached its most, 4',
  ],
])('%s: %s has a word for it', (kind, _name, raw, what) => {
  expect(found([kept(kind, raw)]).map((each) => each.what)).toEqual([expect.stringContaining(what)]);
});

test('the scheduler’s reasons are told together', () => {
  const { cause, next } = scheduleCause(
    "0/5 nodes are available: 2 Insufficient memory, 2 node(s) had untolerated taint {gpu: true}, 1 node(s) didn't match Pod's node affinity/selector.",
  );
  expect(cause).toContain('not enough free memory. Nodes are reserved (taints)');
  expect(cause).toContain('No node has the labels that it wants.');
  expect(next).toBe('Lower resources.requests, or add nodes.');
});
