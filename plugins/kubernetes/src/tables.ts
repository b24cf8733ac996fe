import type { TableView, TimelineView } from '@callboard/plugin-api';
import type { ClusterState } from './clusters.ts';
import { asOfOf, faultsOf, itemsOf } from './clusters.ts';
import type { Unusable } from './configuration.ts';
import { type Index, repositoryOf, versionOf, workloadsOf } from './find.ts';
import { isRunner, type Item, keyOf } from './model.ts';
import { eventsOf, type Problem } from './problems.ts';

type Row = TableView['rows'][number];
type Tone = 'good' | 'warning' | 'bad' | 'neutral';
type Names = Map<string, ClusterState>;
const most = 1000;

/** Under which heading versions stand: an environment where somebody has named it. */
export const placeOf = (names: Names, item: Item): string => {
  const cluster = names.get(item.cluster)?.cluster;
  return cluster?.environment ?? `${cluster?.title ?? item.cluster} / ${item.namespace}`;
};
const titleOf = (names: Names, item: Item) => names.get(item.cluster)?.cluster.title ?? item.cluster;

/** How a workload is, in a word and a colour. */
export function stateOf(item: Item, problems: readonly Problem[]): { text: string; tone: Tone } {
  const own = problems.filter((problem) => problem.item === item);
  const isBad = own.some(({ tone }) => tone === 'bad');
  const worst: Tone | undefined = isBad ? 'bad' : own.length > 0 ? 'warning' : undefined;
  const { workload, cron, job } = item;
  if (workload) {
    const { desired, ready, updated, isPaused } = workload;
    if (desired === 0) return { text: 'stopped', tone: worst ?? 'neutral' };
    const counted = `${ready}/${desired} ready`;
    if (isPaused) return { text: `${counted}, paused`, tone: worst ?? 'warning' };
    if (updated < desired) return { text: `${counted}, rolling out`, tone: worst ?? 'neutral' };
    return { text: counted, tone: worst ?? (ready < desired ? 'warning' : 'good') };
  }
  if (cron)
    return cron.isSuspended
      ? { text: 'suspended', tone: worst ?? 'neutral' }
      : { text: cron.schedule, tone: worst ?? 'good' };
  if (job && job.finishedAt !== undefined) return { text: 'done', tone: 'good' };
  if (job)
    return { text: job.active > 0 ? 'running' : job.failed > 0 ? 'failed' : 'waiting', tone: worst ?? 'neutral' };
  return { text: '', tone: 'neutral' };
}

const podsOf = (item: Item, items: readonly Item[]) =>
  items.filter(
    ({ pod, owner, cluster, namespace }) =>
      pod &&
      owner?.kind === item.kind &&
      owner.name === item.name &&
      cluster === item.cluster &&
      namespace === item.namespace,
  );

const restartsOf = ({ pod }: Item) => (pod?.containers ?? []).reduce((sum, { restarts }) => sum + restarts, 0);

/** The buttons of a workload. What an autoscaler counts is not counted by hand. */
function buttonsOf(item: Item, items: readonly Item[], entity: string): Row[string] {
  if (!isRunner(item.kind)) return null;
  const params = { cluster: item.cluster, namespace: item.namespace, kind: item.kind, name: item.name };
  const { desired } = item.workload!;
  const scaler = items.find(
    ({ autoscaler, cluster, namespace }) =>
      autoscaler?.target.kind === item.kind &&
      autoscaler.target.name === item.name &&
      cluster === item.cluster &&
      namespace === item.namespace,
  );
  const scale = (to: number) => ({
    title: `Scale to ${to}`,
    route: 'scale',
    params,
    body: { entity, replicas: to },
    confirm: `${item.kind} ${item.name} in ${item.cluster} / ${item.namespace} has ${desired} replicas. It will have ${to}.`,
    ...(to === 0 && { tone: 'bad' as const }),
  });
  return {
    actions: [
      {
        title: 'Restart',
        route: 'restart',
        params,
        body: { entity },
        confirm: `All pods of ${item.kind} ${item.name} in ${item.cluster} / ${item.namespace} are replaced, a few at a time.`,
      },
      ...(item.kind === 'DaemonSet' || scaler
        ? []
        : [scale(desired + 1), ...(desired > 0 ? [scale(desired - 1)] : [])]),
    ],
  };
}

export function workloadTable(
  names: Names,
  items: readonly Item[],
  problems: readonly Problem[],
  entity: string,
): TableView {
  return {
    model: 'table',
    columns: [
      { id: 'name', title: 'Workload' },
      { id: 'kind', title: 'Kind' },
      { id: 'cluster', title: 'Cluster' },
      { id: 'namespace', title: 'Namespace' },
      { id: 'state', title: 'State', type: 'status' },
      { id: 'version', title: 'Version' },
      { id: 'restarts', title: 'Restarts', type: 'number' },
      { id: 'since', title: 'Since', type: 'time' },
      { id: 'do', title: '' },
    ],
    rows: workloadsOf(items)
      .slice(0, most)
      .map((item) => ({
        name: item.name,
        kind: item.kind,
        cluster: titleOf(names, item),
        namespace: item.namespace,
        state: stateOf(item, problems),
        version: item.images.map(versionOf).join(', '),
        restarts: podsOf(item, items).reduce((sum, pod) => sum + restartsOf(pod), 0),
        since: item.workload?.restartedAt ?? item.cron?.lastAt ?? item.createdAt,
        do: buttonsOf(item, items, entity),
      })),
  };
}

/** One line for each image, one column for each environment; what differs between them is marked. */
export function versionTable(names: Names, items: readonly Item[]): TableView {
  const images = new Map<string, Map<string, Set<string>>>();
  for (const item of workloadsOf(items))
    for (const image of item.images) {
      const places = images.get(repositoryOf(image)) ?? new Map<string, Set<string>>();
      images.set(repositoryOf(image), places);
      const place = placeOf(names, item);
      places.set(place, (places.get(place) ?? new Set()).add(versionOf(image)));
    }
  const places = [...new Set([...images.values()].flatMap((each) => [...each.keys()]))].toSorted().slice(0, 28);
  return {
    model: 'table',
    columns: [{ id: 'image', title: 'Image' }, ...places.map((title, index) => ({ id: `p${index}`, title }))],
    rows: [...images].map(([image, found]) => {
      const versions = new Set([...found.values()].flatMap((each) => [...each]));
      const cells = places.map((place, index): [string, Row[string]] => {
        const text = [...(found.get(place) ?? [])].toSorted().join(', ');
        return [`p${index}`, text === '' ? null : versions.size > 1 ? { text, tone: 'info' } : text];
      });
      return { image, ...Object.fromEntries(cells) };
    }),
  };
}

export function podTable(names: Names, items: readonly Item[]): TableView {
  const row = (item: Item): Row => {
    const { phase, reason, node, deletedAt, containers } = item.pod!;
    const main = containers.filter(({ isInit }) => !isInit);
    const ready = main.filter(({ isReady }) => isReady).length;
    const stuck = containers.find(
      ({ state }) => state?.kind === 'waiting' && state.reason !== undefined && state.reason !== 'PodInitializing',
    );
    const text = deletedAt !== undefined ? 'stopping' : (stuck?.state?.reason ?? reason ?? phase);
    const isFine = phase === 'Succeeded' || (phase === 'Running' && ready === main.length);
    const tone: Tone = isFine
      ? 'good'
      : phase === 'Failed' || (stuck && stuck.state?.reason !== 'ContainerCreating')
        ? 'bad'
        : 'neutral';
    return {
      name: item.name,
      cluster: titleOf(names, item),
      namespace: item.namespace,
      state: { text, tone },
      ready: `${ready}/${main.length}`,
      restarts: restartsOf(item),
      node: node ?? null,
      since: item.createdAt,
    };
  };
  return {
    model: 'table',
    columns: [
      { id: 'name', title: 'Pod' },
      { id: 'cluster', title: 'Cluster' },
      { id: 'namespace', title: 'Namespace' },
      { id: 'state', title: 'State', type: 'status' },
      { id: 'ready', title: 'Ready' },
      { id: 'restarts', title: 'Restarts', type: 'number' },
      { id: 'node', title: 'Node' },
      { id: 'since', title: 'Since', type: 'time' },
    ],
    rows: items
      .filter(({ pod }) => pod)
      .toSorted(
        (a, b) =>
          a.cluster.localeCompare(b.cluster) || a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name),
      )
      .slice(0, most)
      .map(row),
  };
}

function detailOf({ service, ingress, autoscaler, custom }: Item): {
  text: string;
  state?: Row[string];
  href?: string;
} {
  if (service)
    return {
      text: `${service.type} ${service.ports.join(', ')}${service.address === undefined ? '' : ` at ${service.address}`}`,
    };
  if (ingress) {
    const [host] = ingress.hosts;
    const href = host === undefined || host.includes('*') ? undefined : `${ingress.isTls ? 'https' : 'http'}://${host}`;
    return { text: `${ingress.hosts.join(', ') || 'every host'} → ${ingress.services.join(', ')}`, href };
  }
  if (autoscaler)
    return {
      text: `${autoscaler.least} to ${autoscaler.most} for ${autoscaler.target.kind} ${autoscaler.target.name}`,
      state: `${autoscaler.current} now`,
    };
  const tone = custom?.isGood === true ? 'good' : custom?.isGood === false ? 'bad' : 'neutral';
  return { text: custom?.detail ?? '', state: custom?.state === undefined ? null : { text: custom.state, tone } };
}

/** Services, ingresses, autoscalers and custom resources. */
export const otherTable = (names: Names, items: readonly Item[]): TableView => ({
  model: 'table',
  columns: [
    { id: 'name', title: 'Name' },
    { id: 'kind', title: 'Kind' },
    { id: 'cluster', title: 'Cluster' },
    { id: 'namespace', title: 'Namespace' },
    { id: 'state', title: 'State', type: 'status' },
    { id: 'detail', title: '' },
  ],
  rows: items
    .filter(({ service, ingress, autoscaler, custom }) => service ?? ingress ?? autoscaler ?? custom)
    .slice(0, most)
    .map((item) => {
      const { text, state = null, href } = detailOf(item);
      return {
        name: item.name,
        kind: item.kind,
        cluster: titleOf(names, item),
        namespace: item.namespace,
        state,
        detail: href === undefined ? text : { text, href },
      };
    }),
});

export const problemTable = (names: Names, problems: readonly Problem[]): TableView => ({
  model: 'table',
  columns: [
    { id: 'what', title: 'What', type: 'status' },
    { id: 'where', title: 'Where' },
    { id: 'cause', title: 'Likely cause' },
    { id: 'next', title: 'Next step' },
    { id: 'since', title: 'Since', type: 'time' },
  ],
  rows: problems.slice(0, 200).map(({ what, cause, next, since, tone, item, pods }) => ({
    what: { text: pods > 1 ? `${what} (${pods} pods)` : what, tone },
    where: `${item.kind} ${item.name} in ${titleOf(names, item)} / ${item.namespace}`,
    cause,
    next,
    since: since ?? null,
  })),
});

export const eventLine = (names: Names, index: Index, items: readonly Item[]): TimelineView => ({
  model: 'timeline',
  items: [...new Map(items.map((item) => [keyOf(item.cluster, item.namespace, item.kind, item.name), item])).values()]
    .flatMap((item) => eventsOf(index, item))
    .filter(({ event }) => !Number.isNaN(Date.parse(event!.at)))
    .toSorted((a, b) => b.event!.at.localeCompare(a.event!.at))
    .slice(0, 200)
    .map((item) => {
      const { about, reason, message, at, count } = item.event!;
      return {
        at,
        title: `${reason}${count > 1 ? ` (${count} times)` : ''}: ${about.kind} ${about.name}`.slice(0, 500),
        detail: `${message} ${titleOf(names, item)} / ${item.namespace}`.trim(),
        tone: 'warning',
      };
    }),
});

/**
 * All clusters: what is known of each, how old that is, and what is missing. Their figures count what services have that not everybody may see.
 *
 * @param refOf - the entity that stands for a cluster, where one does
 */
export function clusterTable(
  states: readonly ClusterState[],
  unusable: readonly Unusable[],
  refOf: (cluster: string) => string | undefined,
): TableView {
  const rows = states.map((state): Row => {
    const { cluster, feeds } = state;
    const faults = faultsOf(state);
    const items = itemsOf([state]);
    const isNew = feeds.some((feed) => feed.state === 'new');
    const asOf = asOfOf(state);
    const isOut = feeds.some((feed) => feed.resource.kind === 'Pod' && feed.fault);
    return {
      entity: refOf(cluster.name) ?? null,
      name: cluster.dashboardUrl === undefined ? cluster.title : { text: cluster.title, href: cluster.dashboardUrl },
      environment: cluster.environment ?? null,
      state:
        faults.length > 0
          ? { text: isOut ? 'not read' : 'not all is read', tone: isOut ? 'bad' : 'warning' }
          : { text: isNew ? 'being read' : 'followed', tone: isNew ? 'neutral' : 'good' },
      workloads: { shares: {}, others: workloadsOf(items).length },
      pods: { shares: {}, others: items.filter(({ pod }) => pod).length },
      asOf: asOf === undefined ? null : new Date(asOf).toISOString(),
      problem:
        faults
          .map(
            ({ message, fix, kinds }) =>
              `${message}${kinds.length === feeds.length ? '' : ` (${kinds.join(', ')})`}. ${fix}`,
          )
          .join(' ') || null,
    };
  });
  return {
    model: 'table',
    about: 'entity',
    columns: [
      { id: 'name', title: 'Cluster' },
      { id: 'environment', title: 'Environment' },
      { id: 'state', title: 'State', type: 'status' },
      { id: 'workloads', title: 'Workloads', type: 'number' },
      { id: 'pods', title: 'Pods', type: 'number' },
      { id: 'asOf', title: 'As of', type: 'time' },
      { id: 'problem', title: 'What is wrong' },
    ],
    rows: [
      ...rows,
      ...unusable.map(({ name, message, fix }) => ({
        name,
        state: { text: 'not configured', tone: 'bad' as const },
        problem: `${message}. ${fix}`,
      })),
    ],
  };
}
