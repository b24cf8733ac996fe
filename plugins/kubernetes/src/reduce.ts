import type { Condition, Container, ContainerState, Item, Raw } from './model.ts';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const list = (value: unknown): Raw[] => (Array.isArray(value) ? value : []);
const clip = (value: unknown): string | undefined => text(value)?.slice(0, 1000);
const words = (value: unknown): Record<string, string> =>
  typeof value === 'object' && value !== null ? (value as Record<string, string>) : {};

/** The name of a deployment's generation ends with the hash that its pods carry: `payments-5d9c7b` belongs to `payments`. */
function ownerOf({ metadata = {} }: Raw): Item['owner'] {
  const owner = list(metadata.ownerReferences).find(({ controller }) => controller === true);
  if (!owner) return undefined;
  const labels = words(metadata.labels);
  const [kind, name] = [String(owner.kind), String(owner.name)];
  const hash = labels['pod-template-hash'] ?? labels['rollouts-pod-template-hash'];
  if (kind !== 'ReplicaSet' || hash === undefined || !name.endsWith(`-${hash}`)) return { kind, name };
  return {
    kind: 'rollouts-pod-template-hash' in labels ? 'Rollout' : 'Deployment',
    name: name.slice(0, -hash.length - 1),
  };
}

const conditionsOf = ({ status = {} }: Raw): Condition[] =>
  list(status.conditions).map((each) => ({
    type: String(each.type),
    status: String(each.status),
    reason: text(each.reason),
    message: clip(each.message),
    at: text(each.lastTransitionTime),
  }));

const imagesOf = (spec: Raw | undefined): string[] => [
  ...new Set([...list(spec?.containers), ...list(spec?.initContainers)].flatMap(({ image }) => text(image) ?? [])),
];

/** The part that every object has. */
export const commonOf = (cluster: string, kind: string, raw: Raw): Item => ({
  cluster,
  kind,
  namespace: text(raw.metadata?.namespace) ?? '',
  name: String(raw.metadata?.name),
  uid: String(raw.metadata?.uid),
  labels: words(raw.metadata?.labels),
  createdAt: text(raw.metadata?.creationTimestamp) ?? '',
  owner: ownerOf(raw),
  images: [],
  conditions: [],
});

/** Deployments, stateful sets and daemon sets. Rollouts write the generation that they have seen as a text. */
export function workloadOf({ spec = {}, status = {}, metadata = {} }: Raw): Partial<Item> {
  const isDaemon = spec.replicas === undefined && status.desiredNumberScheduled !== undefined;
  const template = spec.template ?? {};
  return {
    images: imagesOf(template.spec),
    conditions: conditionsOf({ status }).filter(({ type, status: state }) =>
      type === 'ReplicaFailure' ? state === 'True' : state !== 'True',
    ),
    workload: {
      // The API server fills in 1 where nothing is said.
      desired: isDaemon ? number(status.desiredNumberScheduled) : number(spec.replicas ?? 1),
      ready: number(isDaemon ? status.numberReady : status.readyReplicas),
      updated:
        // Until the controller has seen a change, what it says is about the one before.
        Number(status.observedGeneration ?? 0) < number(metadata.generation)
          ? 0
          : number(isDaemon ? status.updatedNumberScheduled : status.updatedReplicas),
      isPaused: spec.paused === true,
      podLabels: words(template.metadata?.labels),
      restartedAt: text(template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt']),
    },
  };
}

function stateOf(raw: Raw | undefined): ContainerState | undefined {
  const { waiting, running, terminated } = raw ?? {};
  if (waiting) return { kind: 'waiting', reason: text(waiting.reason), message: clip(waiting.message) };
  if (running) return { kind: 'running', at: text(running.startedAt) };
  if (!terminated) return undefined;
  return {
    kind: 'terminated',
    reason: text(terminated.reason),
    message: clip(terminated.message),
    exitCode: number(terminated.exitCode),
    at: text(terminated.finishedAt),
  };
}

function probeOf(probe: Raw | undefined): string | undefined {
  if (!probe) return undefined;
  if (probe.httpGet) return `GET :${probe.httpGet.port}${probe.httpGet.path ?? '/'}`;
  if (probe.tcpSocket) return `a connection to port ${probe.tcpSocket.port}`;
  if (probe.grpc) return `gRPC on port ${probe.grpc.port}`;
  return probe.exec ? `the command ${list(probe.exec.command).map(String).join(' ')}`.slice(0, 200) : undefined;
}

function containersOf({ spec = {}, status = {} }: Raw): Container[] {
  const one = (isInit: boolean, states: Raw[]) => (given: Raw) => {
    const state = states.find(({ name }) => name === given.name) ?? {};
    return {
      name: String(given.name),
      image: String(given.image ?? ''),
      isInit,
      isReady: state.ready === true,
      restarts: number(state.restartCount),
      state: stateOf(state.state),
      last: stateOf(state.lastState),
      memoryLimit: text(given.resources?.limits?.memory),
      liveness: probeOf(given.livenessProbe),
      readiness: probeOf(given.readinessProbe),
    };
  };
  return [
    ...list(spec.initContainers).map(one(true, list(status.initContainerStatuses))),
    ...list(spec.containers).map(one(false, list(status.containerStatuses))),
  ];
}

export const podOf = (raw: Raw): Partial<Item> => ({
  images: imagesOf(raw.spec),
  conditions: conditionsOf(raw).filter(({ status }) => status !== 'True'),
  pod: {
    phase: text(raw.status?.phase) ?? 'Unknown',
    reason: text(raw.status?.reason),
    message: clip(raw.status?.message),
    node: text(raw.spec?.nodeName),
    deletedAt: text(raw.metadata?.deletionTimestamp),
    containers: containersOf(raw),
  },
});

export const jobOf = (raw: Raw): Partial<Item> => ({
  images: imagesOf(raw.spec?.template?.spec),
  conditions: conditionsOf(raw).filter(({ type, status }) => type === 'Failed' && status === 'True'),
  job: {
    active: number(raw.status?.active),
    succeeded: number(raw.status?.succeeded),
    failed: number(raw.status?.failed),
    wanted: number(raw.spec?.completions ?? 1),
    finishedAt: text(raw.status?.completionTime),
  },
});

export const cronJobOf = ({ spec = {}, status = {} }: Raw): Partial<Item> => ({
  images: imagesOf(spec.jobTemplate?.spec?.template?.spec),
  cron: {
    schedule: String(spec.schedule),
    isSuspended: spec.suspend === true,
    lastAt: text(status.lastScheduleTime),
    lastGoodAt: text(status.lastSuccessfulTime),
  },
});

export const serviceOf = ({ spec = {}, status = {} }: Raw): Partial<Item> => {
  const [entry] = list(status.loadBalancer?.ingress);
  return {
    service: {
      type: text(spec.type) ?? 'ClusterIP',
      selector: words(spec.selector),
      ports: list(spec.ports).map(({ port, protocol }) => (protocol === 'UDP' ? `${port}/UDP` : String(port))),
      address: text(entry?.hostname) ?? text(entry?.ip) ?? text(spec.externalName),
    },
  };
};

export const ingressOf = ({ spec = {}, status = {} }: Raw): Partial<Item> => {
  const rules = list(spec.rules);
  const backends = [
    spec.defaultBackend,
    ...rules.flatMap(({ http }) => list(http?.paths).map(({ backend }) => backend)),
  ];
  return {
    ingress: {
      hosts: [...new Set(rules.flatMap(({ host }) => text(host) ?? []))],
      services: [...new Set(backends.flatMap((backend?: Raw) => text(backend?.service?.name) ?? []))],
      isTls: list(spec.tls).length > 0,
      addresses: list(status.loadBalancer?.ingress).flatMap(({ hostname, ip }) => text(hostname) ?? text(ip) ?? []),
    },
  };
};

export const autoscalerOf = (raw: Raw): Partial<Item> => ({
  conditions: conditionsOf(raw).filter(({ status }) => status === 'False'),
  autoscaler: {
    target: { kind: String(raw.spec?.scaleTargetRef?.kind), name: String(raw.spec?.scaleTargetRef?.name) },
    least: number(raw.spec?.minReplicas ?? 1),
    most: number(raw.spec?.maxReplicas),
    current: number(raw.status?.currentReplicas),
    desired: number(raw.status?.desiredReplicas),
  },
});

export const eventOf = (raw: Raw): Partial<Item> => ({
  labels: {},
  event: {
    about: { kind: String(raw.involvedObject?.kind), name: String(raw.involvedObject?.name) },
    reason: text(raw.reason) ?? 'Event',
    message: clip(raw.message) ?? '',
    at:
      text(raw.lastTimestamp) ??
      text(raw.series?.lastObservedTime) ??
      text(raw.eventTime) ??
      text(raw.metadata?.creationTimestamp) ??
      '',
    count: number(raw.series?.count ?? raw.count ?? 1),
  },
});

const good = new Set(['healthy', 'ready', 'running', 'succeeded', 'true', 'synced', 'bound', 'active']);
const bad = new Set(['degraded', 'failed', 'error', 'missing', 'false', 'invalid', 'unhealthy']);

/** What a custom resource says of itself: Argo CD and Argo Rollouts in their words, Flux and most others by the condition Ready. */
export function customOf(raw: Raw): Partial<Item> {
  const { spec = {}, status = {} } = raw;
  const conditions = conditionsOf(raw);
  // Rollouts of Argo are what deployments are.
  const runner = typeof spec.replicas === 'number' && spec.template?.spec?.containers ? workloadOf(raw) : undefined;
  const ready = ['Ready', 'Available', 'Healthy'].flatMap((name) => conditions.filter(({ type }) => type === name))[0];
  const condition = ready && (ready.status === 'True' ? ready.type : (ready.reason ?? `not ${ready.type}`));
  const state = text(status.health?.status) ?? text(status.phase) ?? text(condition);
  const sync = text(status.sync?.status);
  const verdict = (ready?.status ?? state ?? '').toLowerCase();
  const judged =
    status.health?.status === undefined && status.phase === undefined ? verdict : (state ?? '').toLowerCase();
  return {
    images: [...list(status.summary?.images).map(String), ...(runner?.images ?? [])],
    ...(runner && { workload: runner.workload }),
    custom: {
      state,
      detail:
        [
          sync,
          clip(status.health?.message),
          clip(status.message),
          ready?.status === 'True' ? undefined : ready?.message,
        ]
          .filter((each) => each !== undefined)
          .join(', ') || undefined,
      ...(good.has(judged) ? { isGood: true } : bad.has(judged) ? { isGood: false } : {}),
    },
  };
}
