import type { ClusterState } from './clusters.ts';
import type { Configuration } from './configuration.ts';
import { type Index, nameLabel, workloadsOf } from './find.ts';
import type { Item, JsonObject } from './model.ts';
import { readSelector } from './selector.ts';

const ownerLabel = 'backstage.io/owner';
const nameOf = (item: Item) => item.labels[nameLabel] ?? item.name;
const isName = (name: string) => /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(name);

/** One component for all workloads of a name, wherever they run. */
function componentOf(name: string, items: Item[], owner: string): JsonObject {
  const labelled = items.every(({ labels }) => labels[nameLabel] !== undefined);
  const namespaces = [...new Set(items.map(({ namespace }) => namespace))];
  const [first] = namespaces;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      description:
        `Runs as ${[...new Set(items.map(({ kind, cluster, namespace }) => `${kind} in ${cluster} / ${namespace}`))].join(', ')}`.slice(
          0,
          500,
        ),
      annotations: {
        ...(labelled && { 'backstage.io/kubernetes-label-selector': `${nameLabel}=${name}` }),
        ...(labelled && namespaces.length === 1 && first && { 'backstage.io/kubernetes-namespace': first }),
      },
    },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: items.flatMap(({ labels }) => labels[ownerLabel] ?? [])[0] ?? owner,
    },
  };
}

const clusterEntity = ({ cluster }: ClusterState, owner: string): JsonObject => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name: cluster.name,
    title: cluster.title,
    annotations: { 'kubernetes.io/api-server': cluster.url },
    ...(cluster.dashboardUrl !== undefined && { links: [{ url: cluster.dashboardUrl, title: 'Dashboard' }] }),
  },
  spec: { type: 'kubernetes-cluster', owner },
});

/** The entity that stands for a cluster, where clusters are put into the catalog. */
export const refOfCluster = (name: string, { catalog }: Pick<Configuration, 'catalog'>): string | undefined =>
  catalog.clusters && isName(name) ? `resource:default/${name}`.toLowerCase() : undefined;

/**
 * Clusters and workloads as entities, as far as that is configured.
 *
 * @throws Error while a cluster has not been read: half of the workloads would look like a loss of the others
 */
export function entitiesOf(states: readonly ClusterState[], index: Index, { catalog }: Configuration): JsonObject[] {
  const entities = catalog.clusters
    ? states.filter(({ cluster }) => isName(cluster.name)).map((state) => clusterEntity(state, catalog.owner))
    : [];
  if (catalog.workloads === undefined) return entities;
  const wants = readSelector(catalog.workloads);
  if (!wants) throw new Error(`catalog.workloads is no label selector: ${catalog.workloads}`);
  for (const { cluster, feeds } of states) {
    const unread = feeds.find(
      ({ state, resource }) => state === 'new' && !resource.isCustom && resource.kind !== 'Event',
    );
    if (unread) {
      const reason = unread.fault ? `: ${unread.fault.message}` : '';
      throw new Error(`${unread.resource.kind}s of ${cluster.title} have not been read yet${reason}`);
    }
  }
  const named = new Map<string, Item[]>();
  for (const item of workloadsOf(index.items))
    if (!item.owner && wants(item.labels) && isName(nameOf(item)))
      named.set(nameOf(item), [...(named.get(nameOf(item)) ?? []), item]);
  return [...entities, ...[...named].map(([name, items]) => componentOf(name, items, catalog.owner))];
}
