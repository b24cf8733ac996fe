import type { Host } from '@callboard/plugin-api';
import { type Api, createApi } from './api.ts';
import type { Cluster } from './configuration.ts';
import { type Feed, follow, type Timing, turns } from './follow.ts';
import { recall, remember } from './memory.ts';
import type { Fault, Item } from './model.ts';
import { customResource, resources } from './resources.ts';

/** A cluster with what is known of it. */
export type ClusterState = { cluster: Cluster; api: Api; feeds: Feed[] };

export type Clusters = {
  readonly all: ClusterState[];
  /** Follows all clusters until the signal fires. */
  run(signal: AbortSignal): Promise<void>;
};

/** A slow cluster holds up only itself. */
const callsAtOnce = 4;

/** What is wrong with a cluster: the same fault of many kinds once, with the kinds that it is about. */
export type ClusterFault = Fault & { kinds: string[] };

/** Makes the feeds of all clusters. `changed` is called at most once in `restMs`, after something has changed. */
export function createClusters(
  host: Host,
  clusters: Cluster[],
  options: { timing: Timing; restMs: number; rememberMs: number; changed: () => void },
): Clusters {
  const all = clusters.map((cluster): ClusterState => {
    const places = cluster.namespaces.length > 0 ? cluster.namespaces : [undefined];
    return {
      cluster,
      api: createApi(host, cluster),
      feeds: [...resources, ...cluster.customResources.map(customResource)].flatMap((resource) =>
        places.map((namespace): Feed => ({
          cluster: cluster.name,
          resource,
          namespace,
          items: new Map(),
          state: 'new',
        })),
      ),
    };
  });
  return {
    all,
    async run(signal) {
      let timer: NodeJS.Timeout | undefined;
      const changed = () => {
        timer ??= setTimeout(() => {
          timer = undefined;
          options.changed();
        }, options.restMs);
      };
      const feeds = all.flatMap((state) => state.feeds);
      await recall(host, feeds).catch((error: Error) =>
        host.log.warning(`What was known before is lost: ${error.message}`),
      );
      changed();
      const remembering = remember(host, feeds, options.rememberMs, signal).catch((error: Error) =>
        host.log.warning(`What is known cannot be put away: ${error.message}`),
      );
      try {
        await Promise.all(
          all.flatMap(({ api, feeds: own }) => {
            const inTurn = turns(callsAtOnce);
            return own.map((feed) => follow({ api, feed, signal, timing: options.timing, inTurn, changed }));
          }),
        );
        await remembering;
      } finally {
        clearTimeout(timer);
      }
      // Without a cluster there is nothing to do, and nothing has failed.
      if (!signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
}

export const itemsOf = (states: readonly ClusterState[]): Item[] =>
  states.flatMap(({ feeds }) => feeds.flatMap(({ items }) => [...items.values()]));

/** Faults of a cluster, those that are the same together. */
export function faultsOf({ feeds }: ClusterState): ClusterFault[] {
  const found = new Map<string, ClusterFault>();
  for (const { fault, resource } of feeds) {
    if (!fault) continue;
    // Each refusal names its kind; what they have in common is the missing right.
    const key = fault.code === 'KUBERNETES_RIGHT' ? fault.code : `${fault.code} ${fault.message}`;
    const before = found.get(key);
    if (before) {
      if (!before.kinds.includes(resource.kind)) before.kinds.push(resource.kind);
      before.since = Math.min(before.since, fault.since);
    } else found.set(key, { ...fault, kinds: [resource.kind] });
  }
  return [...found.values()];
}

/** Since when what is shown of a cluster may be out of date; undefined where nothing has been read. */
export function asOfOf({ feeds }: ClusterState): number | undefined {
  const known = feeds.filter(({ state }) => state === 'live' || state === 'broken' || state === 'absent');
  if (known.length === 0) return undefined;
  return Math.min(...known.map(({ state, asOf }) => (state === 'broken' ? (asOf ?? 0) : Date.now())));
}
