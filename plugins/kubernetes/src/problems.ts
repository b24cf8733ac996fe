import { type Cause, configurationCause, crashCause, imageCause, memoryCause, scheduleCause } from './causes.ts';
import type { Index } from './find.ts';
import { isRunner, type Item, keyOf } from './model.ts';
import { selects } from './selector.ts';

export type Problem = Cause & {
  tone: 'bad' | 'warning';
  /** What it is about: the workload where there is one */
  item: Item;
  since?: string;
  /** So many pods have it */
  pods: number;
};

const pullReasons =
  /^(ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)$/;
const configReasons = /^(CreateContainerConfigError|CreateContainerError|RunContainerError|StartError)$/;
/** Beginning, stopping and starting take a moment; nobody wants to hear of each. */
const patience = { startMs: 180_000, stopMs: 900_000, lastMemoryMs: 3_600_000 };

const ageOf = (at: string | undefined, now: number): number => (at === undefined ? 0 : now - Date.parse(at));

export const eventsOf = (index: Index, { cluster, namespace, kind, name }: Item): Item[] =>
  index.events.get(keyOf(cluster, namespace, kind, name)) ?? [];

const messageOf = (index: Index, item: Item, reason: RegExp, words = /./): string | undefined =>
  eventsOf(index, item)
    .filter(({ event }) => reason.test(event!.reason) && words.test(event!.message))
    .toSorted((a, b) => b.event!.at.localeCompare(a.event!.at))[0]?.event?.message;

type Finding = Cause & { tone: Problem['tone']; since?: string };
const bad = (cause: Cause, since?: string): Finding => ({ ...cause, tone: 'bad', since });
const warning = (cause: Cause, since?: string): Finding => ({ ...cause, tone: 'warning', since });

function ofContainers(index: Index, item: Item, now: number): Finding[] {
  const { containers, deletedAt } = item.pod!;
  return containers.flatMap((container): Finding[] => {
    const { state, last, name, isReady, isInit, readiness, restarts } = container;
    const reason = state?.reason ?? '';
    const message = state?.message ?? '';
    if (state?.kind === 'waiting') {
      if (pullReasons.test(reason)) {
        // The back-off says nothing of the cause; the event before it does.
        const told = /back-off/i.test(message) ? messageOf(index, item, /^Failed$/, /pull/i) : undefined;
        return [bad(imageCause(container, reason, told ?? message), item.createdAt)];
      }
      if (reason === 'CrashLoopBackOff')
        return [bad(crashCause(container, messageOf(index, item, /^Unhealthy$/, /^Liveness/)), last?.at)];
      if (configReasons.test(reason)) return [bad(configurationCause(container, message), item.createdAt)];
      const mount = messageOf(index, item, /^(FailedMount|FailedAttachVolume)$/);
      if (mount !== undefined && ageOf(item.createdAt, now) > patience.startMs / 3)
        return [
          bad(
            {
              what: `The container ${name} waits for a volume`,
              cause: mount.slice(0, 400),
              next: 'Check that the volume, ConfigMap or Secret exists and is not attached to another node.',
            },
            item.createdAt,
          ),
        ];
      return [];
    }
    if (state?.kind === 'terminated' && state.reason === 'OOMKilled') return [bad(memoryCause(container), state.at)];
    if (state?.kind === 'terminated' && isInit && state.exitCode !== 0)
      return [bad(crashCause(container, undefined), state.at)];
    if (state?.kind !== 'running' || isInit || deletedAt !== undefined) return [];
    const told = messageOf(index, item, /^Unhealthy$/, /^Readiness/);
    if (!isReady && (told !== undefined || ageOf(state.at, now) > patience.startMs))
      return [
        warning(
          {
            what: `The container ${name} runs and is not ready`,
            cause: `Its readiness probe does not succeed${readiness === undefined ? '' : ` (${readiness})`}${told === undefined ? '.' : `: ${told.slice(0, 300)}`}`,
            next: 'It gets no traffic until it is. Check the probe, and what the container waits for.',
          },
          state.at,
        ),
      ];
    if (last?.reason === 'OOMKilled' && ageOf(last.at, now) < patience.lastMemoryMs)
      return [
        warning(
          memoryCause(container, `The container ${name} ran out of memory and was restarted (${restarts} restarts)`),
          last.at,
        ),
      ];
    return [];
  });
}

function ofPod(index: Index, item: Item, now: number): Finding[] {
  const { phase, reason, message = '', deletedAt } = item.pod!;
  const unscheduled = item.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled) return [bad(scheduleCause(unscheduled.message ?? ''), unscheduled.at)];
  if (phase === 'Failed' && reason === 'Evicted')
    return [
      warning(
        {
          what: 'The node has evicted it',
          cause: message === '' ? 'The node was short of something.' : message,
          next: 'Set resources.requests to what it really needs, so that it is put on a node with room.',
        },
        item.createdAt,
      ),
    ];
  const found = ofContainers(index, item, now);
  if (deletedAt !== undefined && ageOf(deletedAt, now) > patience.stopMs)
    found.push(
      warning(
        {
          what: 'It should be gone, and is not',
          cause: 'Its node does not answer any more, or a finalizer holds it.',
          next: 'Look at the node; then at metadata.finalizers of the pod.',
        },
        deletedAt,
      ),
    );
  return found;
}

function ofConditions(item: Item): Finding[] {
  return item.conditions.flatMap(({ type, reason, message = '', at }): Finding[] => {
    if (type === 'ReplicaFailure')
      return [
        bad(
          /exceeded quota/i.test(message)
            ? {
                what: 'No more pods may be made',
                cause: `The quota of the namespace is used up: ${message}`,
                next: 'Ask for a larger quota, or lower resources.requests.',
              }
            : {
                what: 'Its pods cannot be made',
                cause: message || (reason ?? ''),
                next: 'Check the manifest against the policies of the cluster.',
              },
          at,
        ),
      ];
    if (type === 'Progressing' && reason === 'ProgressDeadlineExceeded')
      return [
        bad(
          {
            what: 'The new version does not come up',
            cause: 'Its pods were not ready in time; the version before still runs.',
            next: 'Look at the problems of its pods, or roll back.',
          },
          at,
        ),
      ];
    if (item.job && type === 'Failed')
      return [
        bad(
          {
            what: 'The job has failed',
            cause:
              reason === 'BackoffLimitExceeded'
                ? 'It failed as often as it may.'
                : reason === 'DeadlineExceeded'
                  ? 'It took longer than it may.'
                  : message,
            next: 'Read the log of its last pod.',
          },
          at,
        ),
      ];
    if (item.autoscaler && type === 'ScalingActive' && reason !== 'ScalingDisabled')
      return [
        warning(
          {
            what: 'The autoscaler knows no figures',
            cause: message,
            next: 'Check that metrics-server runs, and that all containers have resources.requests.',
          },
          at,
        ),
      ];
    return [];
  });
}

function ofItem(index: Index, item: Item, all: readonly Item[], now: number): Finding[] {
  if (item.pod) return ofPod(index, item, now);
  const { workload, service, ingress, autoscaler, custom } = item;
  const found = ofConditions(item);
  if (
    workload &&
    workload.ready < workload.desired &&
    found.length === 0 &&
    ageOf(item.createdAt, now) > patience.startMs
  )
    found.push(
      (workload.ready === 0 ? bad : warning)({
        what: `${workload.ready} of ${workload.desired} pods are ready`,
        cause: messageOf(index, item, /^Failed/) ?? 'Its pods have not come up yet, or are not there.',
        next: 'Look at its pods and their events.',
      }),
    );
  if (
    autoscaler &&
    autoscaler.most > 1 &&
    autoscaler.current >= autoscaler.most &&
    autoscaler.desired >= autoscaler.most
  )
    found.push(
      warning({
        what: `The autoscaler has reached its most, ${autoscaler.most}`,
        cause: 'There is more load than it may answer with pods.',
        next: 'Raise maxReplicas, or find out where the load comes from.',
      }),
    );
  if (service && Object.keys(service.selector).length > 0) {
    const pods = all.filter(
      ({ pod, cluster, namespace, labels }) =>
        pod && cluster === item.cluster && namespace === item.namespace && selects(service.selector, labels),
    );
    const wants = all.some(
      ({ workload: each, cluster, namespace }) =>
        each &&
        each.desired > 0 &&
        cluster === item.cluster &&
        namespace === item.namespace &&
        selects(service.selector, each.podLabels),
    );
    if (pods.length === 0 && !wants)
      found.push(
        warning({
          what: 'The service leads nowhere',
          cause: `No pod has its labels (${Object.entries(service.selector)
            .map((pair) => pair.join('='))
            .join(', ')}).`,
          next: 'Compare spec.selector with the labels of the pods.',
        }),
      );
  }
  if (ingress)
    for (const name of ingress.services)
      if (!index.byKey.has(keyOf(item.cluster, item.namespace, 'Service', name)))
        found.push(
          bad({
            what: `The ingress leads to the service ${name}, which is not there`,
            cause: 'It was renamed or removed.',
            next: 'Correct the backend of the ingress.',
          }),
        );
  if (custom?.isGood === false)
    found.push(
      bad({
        what: `It is ${custom.state ?? 'not healthy'}`,
        cause: custom.detail ?? 'It says no more.',
        next: `Look at the ${item.kind}.`,
      }),
    );
  return found;
}

/** The workload of a pod, for several pods with the same fault to be told together. */
function topOf(index: Index, item: Item): Item {
  const { cluster, namespace, owner } = item;
  const parent = owner && index.byKey.get(keyOf(cluster, namespace, owner.kind, owner.name));
  return parent ? (isRunner(parent.kind) || parent.job === undefined ? parent : topOf(index, parent)) : item;
}

/** What is wrong with objects, the worst first; the same fault of several pods of one workload once. */
export function problemsOf(index: Index, items: readonly Item[], now = Date.now()): Problem[] {
  const found = new Map<string, Problem>();
  for (const item of items)
    for (const finding of ofItem(index, item, items, now)) {
      const top = item.pod ? topOf(index, item) : item;
      const key = `${keyOf(top.cluster, top.namespace, top.kind, top.name)}\n${finding.what.replace(/\(\d+ restarts\)/, '')}`;
      const before = found.get(key);
      if (before) {
        before.pods += 1;
        if (finding.since !== undefined && (before.since ?? '9') > finding.since) before.since = finding.since;
      } else found.set(key, { ...finding, item: top, pods: item.pod ? 1 : 0 });
    }
  const all = [...found.values()];
  // That too few are ready is said better by what their pods have.
  const told = new Set(all.filter(({ pods }) => pods > 0).map(({ item }) => item));
  return all
    .filter(({ pods, item, what }) => pods > 0 || !told.has(item) || !what.endsWith('pods are ready'))
    .toSorted((a, b) => a.tone.localeCompare(b.tone) || (b.since ?? '').localeCompare(a.since ?? ''));
}
