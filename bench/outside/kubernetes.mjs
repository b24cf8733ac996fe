/** API servers of five clusters: lists in pages, and watches that stay open with a bookmark each minute. Nothing changes. */
import {
  clusters,
  commitOf,
  day,
  hexOf,
  organization,
  podsPerService,
  runsIn,
  serviceNames,
  versionOf,
} from './words.mjs';

const version = '4711000';
const namespaceOf = (index) => `team-${index % 25}`;
const uidOf = (text) => hexOf(text, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const hashOf = (name) => hexOf(`hash ${name}`, 9);

/** As long as what API servers note of who wrote which field. */
const managedFields = (manager, size) => [
  {
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: day,
    fieldsType: 'FieldsV1',
    fieldsV1: Object.fromEntries(
      Array.from({ length: size }, (_, index) => [`f:field${index}`, { 'f:name': {}, 'f:value': {}, '.': {} }]),
    ),
  },
];

function metadata(kind, name, index, { labels = {}, owner, cluster }) {
  return {
    name,
    namespace: namespaceOf(index),
    uid: uidOf(`${cluster} ${kind} ${name}`),
    resourceVersion: String(4_000_000 + index),
    generation: 1,
    creationTimestamp: day,
    labels,
    annotations: { 'deployment.kubernetes.io/revision': '7', 'example.org/pipeline': `https://ci.example.org/${name}` },
    ...(owner && {
      ownerReferences: [
        { apiVersion: 'apps/v1', ...owner, uid: uidOf(`${cluster} ${owner.kind} ${owner.name}`), controller: true },
      ],
    }),
    managedFields: managedFields('kube-controller-manager', 20),
  };
}

const labelsOf = (name, index) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/version': versionOf(index),
  'app.kubernetes.io/part-of': 'shop',
  'backstage.io/kubernetes-id': name,
  team: namespaceOf(index),
});
const imageOf = (name, index) => `registry.example.org/${organization}/${name}:${versionOf(index)}`;

const podSpec = (name, index) => ({
  containers: [
    {
      name,
      image: imageOf(name, index),
      ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      env: Array.from({ length: 12 }, (_, number) => ({
        name: `SETTING_${number}`,
        valueFrom: { configMapKeyRef: { name: `${name}-settings`, key: `setting-${number}` } },
      })),
      resources: { limits: { cpu: '1', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
      volumeMounts: [{ name: 'token', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
      livenessProbe: { httpGet: { path: '/live', port: 8080, scheme: 'HTTP' }, periodSeconds: 10, failureThreshold: 3 },
      readinessProbe: {
        httpGet: { path: '/ready', port: 8080, scheme: 'HTTP' },
        periodSeconds: 5,
        failureThreshold: 3,
      },
      imagePullPolicy: 'IfNotPresent',
    },
    {
      name: 'proxy',
      image: 'registry.example.org/mesh/proxy:1.27.1',
      resources: { limits: { memory: '128Mi' } },
      readinessProbe: { httpGet: { path: '/healthz', port: 15021 } },
    },
  ],
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  serviceAccountName: name,
  tolerations: [
    { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
  ],
});

function pod(name, index, replica, cluster) {
  const hash = hashOf(name);
  const own = `${name}-${hash}-${hexOf(`${cluster}${replica}${name}`, 5)}`;
  return {
    metadata: {
      ...metadata('Pod', own, index, {
        labels: { ...labelsOf(name, index), 'pod-template-hash': hash, commit: commitOf(name) },
        owner: { kind: 'ReplicaSet', name: `${name}-${hash}` },
        cluster,
      }),
      managedFields: managedFields('kubelet', 60),
    },
    spec: { ...podSpec(name, index), nodeName: `node-${index % 40}`, volumes: [{ name: 'token', projected: {} }] },
    status: {
      phase: 'Running',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: day,
      })),
      hostIP: '10.0.0.7',
      podIP: `10.1.${index % 250}.${replica}`,
      startTime: day,
      containerStatuses: [name, 'proxy'].map((container) => ({
        name: container,
        state: { running: { startedAt: day } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: imageOf(name, index),
        imageID: `registry.example.org/${organization}/${name}@sha256:${hexOf(name, 64)}`,
        containerID: `containerd://${hexOf(own + container, 64)}`,
        started: true,
      })),
      qosClass: 'Burstable',
    },
  };
}

const deployment = (name, index, cluster) => ({
  metadata: metadata('Deployment', name, index, { labels: labelsOf(name, index), cluster }),
  spec: {
    replicas: podsPerService,
    selector: { matchLabels: { 'app.kubernetes.io/name': name } },
    template: {
      metadata: { labels: { ...labelsOf(name, index), commit: commitOf(name) } },
      spec: podSpec(name, index),
    },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
    revisionHistoryLimit: 10,
  },
  status: {
    observedGeneration: 1,
    replicas: podsPerService,
    updatedReplicas: podsPerService,
    readyReplicas: podsPerService,
    availableReplicas: podsPerService,
    conditions: ['Available', 'Progressing'].map((type) => ({ type, status: 'True', lastTransitionTime: day })),
  },
});

const service = (name, index, cluster) => ({
  metadata: metadata('Service', name, index, { labels: labelsOf(name, index), cluster }),
  spec: {
    type: 'ClusterIP',
    clusterIP: '10.2.0.1',
    selector: { 'app.kubernetes.io/name': name },
    ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
  },
  status: { loadBalancer: {} },
});

const ingress = (name, index, cluster) => ({
  metadata: metadata('Ingress', name, index, { labels: labelsOf(name, index), cluster }),
  spec: {
    rules: [
      {
        host: `${name}.${cluster}.example.org`,
        http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } }] },
      },
    ],
    tls: [{ hosts: [`${name}.${cluster}.example.org`] }],
  },
  status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
});

const autoscaler = (name, index, cluster) => ({
  metadata: metadata('HorizontalPodAutoscaler', name, index, { labels: labelsOf(name, index), cluster }),
  spec: { scaleTargetRef: { kind: 'Deployment', name, apiVersion: 'apps/v1' }, minReplicas: 2, maxReplicas: 6 },
  status: {
    currentReplicas: podsPerService,
    desiredReplicas: podsPerService,
    conditions: ['AbleToScale', 'ScalingActive'].map((type) => ({ type, status: 'True', lastTransitionTime: day })),
  },
});

const warning = (name, index, cluster) => ({
  metadata: metadata('Event', `${name}.17c0ffee`, index, { cluster }),
  involvedObject: { kind: 'Deployment', name, namespace: namespaceOf(index) },
  reason: 'FailedGetResourceMetric',
  message: 'failed to get cpu utilization: no metrics were returned from the resource metrics API',
  type: 'Warning',
  count: 3,
  lastTimestamp: day,
});

const makers = {
  pods: (name, index, cluster) =>
    Array.from({ length: podsPerService }, (_, replica) => pod(name, index, replica, cluster)),
  deployments: (name, index, cluster) => [deployment(name, index, cluster)],
  services: (name, index, cluster) => [service(name, index, cluster)],
  ingresses: (name, index, cluster) => (index % 2 === 0 ? [ingress(name, index, cluster)] : []),
  horizontalpodautoscalers: (name, index, cluster) => (index % 3 === 0 ? [autoscaler(name, index, cluster)] : []),
  events: (name, index, cluster) => (index % 10 === 0 ? [warning(name, index, cluster)] : []),
  statefulsets: () => [],
  daemonsets: () => [],
  jobs: () => [],
  cronjobs: () => [],
};

const everything = new Map();
function itemsOf(cluster, plural) {
  const key = `${cluster}/${plural}`;
  const known = everything.get(key);
  if (known) return known;
  const number = clusters.indexOf(cluster);
  const made = serviceNames.flatMap((name, index) =>
    runsIn(index, number) ? makers[plural](name, index, cluster) : [],
  );
  everything.set(key, made);
  return made;
}

const bookmarkMs = 60_000;

function watch(plural, url, response) {
  const seconds = Number(url.searchParams.get('timeoutSeconds') ?? 300);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const bookmark = JSON.stringify({
    type: 'BOOKMARK',
    object: { kind: plural, apiVersion: 'v1', metadata: { resourceVersion: version, creationTimestamp: null } },
  });
  const marks = setInterval(() => response.write(`${bookmark}\n`), bookmarkMs);
  const end = setTimeout(() => response.end(), seconds * 1000);
  response.on('close', () => {
    clearInterval(marks);
    clearTimeout(end);
  });
}

/** Answers what is asked of a cluster; `path` is what stands behind its address. */
export function answerKubernetes(cluster, path, url, response) {
  const plural = path.split('/').at(-1);
  const known = clusters.includes(cluster) && Object.hasOwn(makers, plural);
  if (!known) {
    response.writeHead(404, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ kind: 'Status', status: 'Failure', code: 404, message: 'not found' }));
  }
  if (url.searchParams.get('watch') === '1') return watch(plural, url, response);
  const all = itemsOf(cluster, plural);
  const first = Number(url.searchParams.get('continue') ?? 0);
  const last = first + Number(url.searchParams.get('limit') ?? all.length);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      kind: 'List',
      apiVersion: 'v1',
      metadata: { resourceVersion: version, ...(last < all.length && { continue: String(last) }) },
      items: all.slice(first, last),
    }),
  );
}
