import {
  type Host,
  type Plugin,
  type RouteAnswer,
  type RouteRequest,
  type StatView,
  type View,
  type ViewModel,
} from '@callboard/plugin-api';
import { type Clusters, type ClusterState, createClusters, itemsOf } from './clusters.ts';
import { createComponents } from './components.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { testConnections } from './connection.ts';
import { buildIndex, find, type Found, type Index, ownImages, versionOf, workloadsOf } from './find.ts';
import type { Timing } from './follow.ts';
import { followLog, logWishOf, noLogOf, readLog } from './logs.ts';
import { type Entity, type Item, type JsonObject, keyOf } from './model.ts';
import { withNote } from './notes.ts';
import { failed, restart, scale } from './operate.ts';
import { type Problem, problemsOf } from './problems.ts';
import { runningPage } from './running.ts';
import { entitiesOf, refOfCluster } from './source.ts';
import {
  clusterTable,
  eventLine,
  otherTable,
  placeOf,
  podTable,
  problemTable,
  stateOf,
  versionTable,
  workloadTable,
} from './tables.ts';

const shownViews = ['summary', 'problems', 'workloads', 'versions', 'pods', 'others', 'events', 'clusters'];

const refOf = ({ kind, metadata: { name, namespace = 'default' } }: Entity) =>
  `${kind}:${namespace}/${name}`.toLowerCase();

/** What is known of all clusters, with ways to find it. They are made anew when changes are told, not at each of them. */
function createKnowledge(clusters: Clusters) {
  let index: Index | undefined;
  let changes = 0;
  return {
    names: new Map(clusters.all.map((state) => [state.cluster.name, state])),
    index: (): Index => (index ??= buildIndex(itemsOf(clusters.all))),
    /** A number that is another one after each change. */
    state: () => changes,
    forget(): void {
      index = undefined;
      changes += 1;
    },
  };
}
type Knowledge = ReturnType<typeof createKnowledge>;

type Subject = { found: Found; items: Item[]; problems: Problem[]; index: Index };

function subjectOf(knowledge: Knowledge, entity: Entity): Subject {
  const index = knowledge.index();
  const found = find(index, entity);
  return { found, items: found.items, problems: problemsOf(index, found.items), index };
}

/** One figure for each place where it runs. */
function summaryOf({ names }: Knowledge, { items, problems }: Subject, name: string): StatView {
  const places = Map.groupBy(workloadsOf(items), (item) => placeOf(names, item));
  const figures = [...places].slice(0, 22).map(([label, here]) => {
    const runners = here.flatMap(({ workload }) => workload ?? []);
    const [desired, ready] = [
      runners.reduce((sum, each) => sum + each.desired, 0),
      runners.reduce((sum, each) => sum + each.ready, 0),
    ];
    const tones = here.map((item) => stateOf(item, problems).tone);
    const tone = (['bad', 'warning', 'good'] as const).find((each) => tones.includes(each)) ?? ('neutral' as const);
    const versions = [...new Set(here.flatMap((item) => ownImages(item, name).map(versionOf)))];
    const counted = runners.length > 0 ? `${ready}/${desired} ready` : `${here.length} jobs`;
    return { label: label.slice(0, 500), value: `${counted} · ${versions.slice(0, 3).join(', ')}`.slice(0, 500), tone };
  });
  const worst = problems.some(({ tone }) => tone === 'bad') ? 'bad' : problems.length > 0 ? 'warning' : 'good';
  return {
    model: 'stat',
    items: items.length === 0 ? [] : [...figures, { label: 'Problems', value: problems.length, tone: worst }],
  };
}

/** What somebody means by a route: an object of an entity, and its cluster. Whatever belongs to no entity cannot be reached. */
async function meant(
  host: Host,
  knowledge: Knowledge,
  ref: unknown,
  at: { cluster?: string; namespace?: string; kind?: string; name?: string },
): Promise<{ state: ClusterState; item: Item; subject: Subject } | RouteAnswer> {
  const [entity] = typeof ref === 'string' && ref !== '' ? await host.catalog.get([ref]) : [];
  if (!entity)
    return { status: 404, body: { message: 'Say in entity of which entity it is; there is none of that name.' } };
  const subject = subjectOf(knowledge, entity);
  const key = keyOf(at.cluster ?? '', at.namespace ?? '', at.kind ?? '', at.name ?? '');
  const item = subject.items.find((each) => keyOf(each.cluster, each.namespace, each.kind, each.name) === key);
  const state = knowledge.names.get(at.cluster ?? '');
  if (!item || !state)
    return {
      status: 404,
      body: {
        message: `${at.kind} ${at.name} in ${at.cluster} / ${at.namespace} does not belong to ${refOf(entity)}, or is gone.`,
      },
    };
  return { state, item, subject };
}

const podAt = ({ query }: RouteRequest) => ({
  cluster: query.cluster,
  namespace: query.namespace,
  kind: 'Pod',
  name: query.pod,
});

/** How often it asks again, and how long it waits until it tells of changes, and puts away what it knows. */
export type Pace = { timing: Timing; restMs: number; rememberMs: number };

/** Everything that the plugin does, on clusters that are configured. */
function createHandlers(host: Host, configuration: Configuration, { timing, restMs, rememberMs }: Pace) {
  const clusters = createClusters(host, configuration.clusters, {
    timing,
    restMs,
    rememberMs,
    changed() {
      knowledge.forget();
      const told = [
        ...shownViews.map((id) => `views/${id}`),
        'columns/state',
        ...(isCatalogChanged() ? ['sources/catalog'] : []),
      ];
      void Promise.all(told.map((each) => host.changed(each))).catch(() => undefined);
    },
  });
  const knowledge = createKnowledge(clusters);
  const components = createComponents(host);
  const { catalog } = configuration;
  let known = '';
  /** Most changes are of states, which entities do not have. */
  function isCatalogChanged(): boolean {
    if (!catalog.clusters && catalog.workloads === undefined) return false;
    try {
      const now = JSON.stringify(entitiesOf(clusters.all, knowledge.index(), configuration));
      const isOther = now !== known;
      known = now;
      return isOther;
    } catch {
      // Not everything has been read yet.
      return false;
    }
  }
  const { names } = knowledge;
  /** What is wrong, and what was found by what, is said once on a page. */
  const view =
    (make: (subject: Subject, entity: Entity) => ViewModel, isMain: boolean | 'card' = false): View =>
    ({ entity }) => {
      const subject = entity
        ? subjectOf(knowledge, entity)
        : {
            found: { items: [], evidence: [], lookedFor: [], isNamed: false },
            items: [],
            problems: [],
            index: knowledge.index(),
          };
      return withNote(make(subject, entity ?? nobody), clusters.all, configuration, subject.found, {
        isMain: isMain !== false,
        isCard: isMain === 'card',
      });
    };
  return {
    views: {
      summary: view((subject, { metadata }) => summaryOf(knowledge, subject, metadata.name), 'card'),
      workloads: view(({ items, problems }, entity) => workloadTable(names, items, problems, refOf(entity)), true),
      problems: view(({ problems }) => problemTable(names, problems)),
      versions: view(({ items }) => versionTable(names, items)),
      pods: view(({ items }) => podTable(names, items)),
      others: view(({ items }) => otherTable(names, items)),
      events: view(({ items, index }) => eventLine(names, index, items)),
      clusters: () => clusterTable(clusters.all, configuration.unusable, (name) => refOfCluster(name, configuration)),
    },
    columns: {
      state({ entities }: { entities: Entity[] }) {
        const cells = entities.flatMap((entity) => {
          const { items, problems } = subjectOf(knowledge, entity);
          const runners = workloadsOf(items).flatMap(({ workload }) => workload ?? []);
          if (runners.length === 0) return [];
          const [desired, ready] = [
            runners.reduce((sum, each) => sum + each.desired, 0),
            runners.reduce((sum, each) => sum + each.ready, 0),
          ];
          const tone: 'bad' | 'warning' | 'good' = problems.some((each) => each.tone === 'bad')
            ? 'bad'
            : problems.length > 0 || ready < desired
              ? 'warning'
              : 'good';
          const [first] = problems;
          return [
            [
              refOf(entity),
              { text: `${ready}/${desired} ready`, tone, ...(first && { hint: first.what.slice(0, 400) }) },
            ] as const,
          ];
        });
        return { cells: Object.fromEntries(cells) };
      },
    },
    checks: {
      healthy({ entity }: { entity: Entity }) {
        const { items, problems, found } = subjectOf(knowledge, entity);
        if (items.length === 0)
          return {
            result: 'unknown' as const,
            message: `Nothing that runs was found; looked for ${found.lookedFor.join('; ')}.`,
          };
        const [first] = problems;
        return first
          ? { result: 'fails' as const, message: `${first.what}. ${first.cause}`.slice(0, 1000) }
          : { result: 'holds' as const, message: 'All that runs of it is well.' };
      },
    },
    sources: {
      catalog: () => ({ entities: entitiesOf(clusters.all, knowledge.index(), configuration) }),
    },
    deployments: {
      running: ({ cursor }: { cursor?: string }, { signal }: { signal: AbortSignal }) =>
        runningPage(components, knowledge, cursor, signal),
    },
    tasks: {
      watch: (_input: JsonObject, { signal }: { signal: AbortSignal }) => clusters.run(signal),
    },
    connections: {
      async clusters({ configuration: given }: { configuration: JsonObject }, { signal }: { signal: AbortSignal }) {
        const tried = await readConfiguration(given, backstageOf(host));
        return { items: await testConnections(host, tried, signal) };
      },
    },
    routes: {
      async pods({ query }: RouteRequest): Promise<RouteAnswer> {
        const [entity] = await host.catalog.get([query.entity ?? '']);
        if (!entity) return { status: 404, body: { message: 'Say in entity of which entity.' } };
        const pods = subjectOf(knowledge, entity).items.filter(({ pod }) => pod);
        return {
          body: {
            items: pods.map(({ cluster, namespace, name, pod }) => ({
              cluster,
              namespace,
              name,
              phase: pod!.phase,
              containers: pod!.containers.map((each) => ({ name: each.name, restarts: each.restarts })),
            })),
          },
        };
      },
      async log(request: RouteRequest, { signal }: { signal: AbortSignal }): Promise<RouteAnswer> {
        const at = await meant(host, knowledge, request.query.entity, podAt(request));
        if (!('item' in at)) return at;
        const wish = logWishOf(request.query, at.item);
        if (typeof wish === 'string') return { status: 400, body: { message: wish } };
        const reason = noLogOf(at.item);
        if (reason !== undefined) return { status: 409, body: { message: reason } };
        try {
          return { body: { lines: await readLog(at.state, at.item, wish, signal) } };
        } catch (error) {
          return failed(error);
        }
      },
      async *follow(request: RouteRequest, { signal }: { signal: AbortSignal }) {
        const at = await meant(host, knowledge, request.query.entity, podAt(request));
        if (!('item' in at)) throw new Error((at.body as { message: string }).message);
        const wish = logWishOf(request.query, at.item);
        if (typeof wish === 'string') throw new Error(wish);
        const reason = noLogOf(at.item);
        if (reason !== undefined) throw new Error(reason);
        try {
          yield* followLog(at.state, at.item, wish, signal);
        } catch (error) {
          throw new Error((failed(error).body as { message: string }).message, { cause: error });
        }
      },
      async restart(
        { params, body }: RouteRequest,
        { user, signal }: { user?: string; signal: AbortSignal },
      ): Promise<RouteAnswer> {
        const at = await meant(host, knowledge, (body as JsonObject | null)?.entity, params);
        if (!('item' in at)) return at;
        host.log.info('restart', { user: user ?? null, ...params });
        return restart(at.state, at.item, signal);
      },
      async scale(
        { params, body }: RouteRequest,
        { user, signal }: { user?: string; signal: AbortSignal },
      ): Promise<RouteAnswer> {
        const { entity, replicas } = (body ?? {}) as JsonObject;
        const at = await meant(host, knowledge, entity, params);
        if (!('item' in at)) return at;
        host.log.info('scale', { user: user ?? null, replicas: replicas ?? null, ...params });
        return scale(at.state, at.item, at.subject.items, replicas, signal);
      },
    },
  };
}

const backstageOf = (host: Host) => (host.settings.kubernetes ?? undefined) as Record<string, unknown> | undefined;
/** What a view is about that is asked for without an entity. */
const nobody: Entity = { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name: 'nothing' } };

/** The plugin at a pace. */
export const kubernetes = (pace: Pace): Plugin => ({
  async setup(host) {
    return createHandlers(host, await readConfiguration(host.configuration, backstageOf(host)), pace);
  },
});
