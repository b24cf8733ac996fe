import type { Raw } from '../model.ts';

const labels = (name: string) => ({ 'app.kubernetes.io/name': name });

/** A deployment with the parts that an API server fills in. */
export const deployment = (
  name: string,
  more: {
    namespace?: string;
    image?: string;
    replicas?: number;
    ready?: number;
    labels?: Raw;
    createdAt?: string;
  } = {},
): Raw => {
  const { namespace = 'shop', image = `ghcr.io/acme/${name}:1.2.0`, replicas = 2, ready = replicas } = more;
  return {
    metadata: {
      name,
      namespace,
      generation: 1,
      labels: more.labels ?? labels(name),
      creationTimestamp: more.createdAt ?? '2026-01-01T00:00:00Z',
    },
    spec: {
      replicas,
      selector: { matchLabels: labels(name) },
      template: { metadata: { labels: labels(name) }, spec: { containers: [{ name: 'main', image }] } },
    },
    status: {
      observedGeneration: 1,
      replicas,
      readyReplicas: ready,
      updatedReplicas: replicas,
      conditions: [{ type: 'Available', status: 'True' }],
    },
  };
};

/** A pod of a deployment, as its replica set makes it. */
export const pod = (
  of: string,
  name: string,
  more: { namespace?: string; spec?: Raw; status?: Raw; container?: Raw } = {},
): Raw => ({
  metadata: {
    name,
    namespace: more.namespace ?? 'shop',
    labels: { ...labels(of), 'pod-template-hash': '5d9c7b' },
    creationTimestamp: '2026-01-01T00:00:00Z',
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${of}-5d9c7b`, uid: `rs-${of}`, controller: true },
    ],
  },
  spec: {
    nodeName: 'node-1',
    containers: [{ name: 'main', image: `ghcr.io/acme/${of}:1.2.0`, ...more.container }],
    ...more.spec,
  },
  status: more.status ?? {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      { name: 'main', ready: true, restartCount: 0, state: { running: { startedAt: '2026-01-01T00:00:05Z' } } },
    ],
  },
});

/** The status of a pod with one container in a state. */
export const containerStatus = (state: Raw, more: Raw = {}): Raw => ({
  phase: 'Running',
  containerStatuses: [{ name: 'main', ready: false, restartCount: 7, state, ...more }],
});

export const component = (name: string, annotations: Record<string, string> = {}): Raw => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', annotations },
  spec: { type: 'service' },
});

export const kinds = [
  'apps/v1/deployments',
  'apps/v1/statefulsets',
  'apps/v1/daemonsets',
  'batch/v1/jobs',
  'batch/v1beta1/cronjobs',
  'v1/pods',
  'v1/services',
  'networking.k8s.io/v1/ingresses',
  'autoscaling/v2/horizontalpodautoscalers',
  'v1/events',
];
