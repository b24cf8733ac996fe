import type { RunningVersion } from '@callboard/plugin-api';
import type { ClusterState } from './clusters.ts';
import type { Components } from './components.ts';
import { sleep } from './follow.ts';
import { find, type Index, ownImages, versionOf } from './find.ts';
import { type Entity, type Item } from './model.ts';
import { placeOf } from './tables.ts';

const versionLabel = 'app.kubernetes.io/version';
/** Where people write the commit that an image was made of. */
const commitLabels = [
  'org.opencontainers.image.revision',
  'app.kubernetes.io/commit',
  'git-commit',
  'commit',
  'revision',
];
const isCommit = (text: string | undefined): text is string => text !== undefined && /^[0-9a-f]{7,64}$/.test(text);

const refOf = ({ kind, metadata: { name, namespace = 'default' } }: Entity) =>
  `${kind}:${namespace}/${name}`.toLowerCase();

/** Since when pods of a workload run an image: the first of those that are there was made by the roll-out. */
const sinceOf = (item: Item, image: string | undefined, items: readonly Item[]): string | undefined =>
  items
    .filter(
      ({ pod, owner, cluster, namespace, images }) =>
        pod &&
        owner?.kind === item.kind &&
        owner.name === item.name &&
        cluster === item.cluster &&
        namespace === item.namespace &&
        (image === undefined || images.includes(image)),
    )
    .map(({ createdAt }) => createdAt)
    .toSorted()[0];

/** What of an entity runs, one version for each place: that of its largest workload. */
export function runningOf(names: Map<string, ClusterState>, index: Index, entity: Entity): RunningVersion[] {
  const { items } = find(index, entity);
  const places = Map.groupBy(
    items.filter(({ workload }) => workload !== undefined && workload.desired > 0),
    (item) => placeOf(names, item),
  );
  return [...places].flatMap(([environment, here]): RunningVersion[] => {
    const [item] = here.toSorted((a, b) => b.workload!.desired - a.workload!.desired || (a.name < b.name ? -1 : 1));
    const labels = { ...item!.labels, ...item!.workload!.podLabels };
    const [image] = ownImages(item!, entity.metadata.name);
    const tag = image?.includes('@') || image === undefined ? undefined : versionOf(image);
    const version = tag ?? labels[versionLabel] ?? (image === undefined ? undefined : versionOf(image));
    if (version === undefined) return [];
    const commit = commitLabels.map((label) => labels[label]).find(isCommit);
    const at = sinceOf(item!, image, items);
    return [
      {
        entity: refOf(entity),
        environment: environment.slice(0, 60),
        version: version.slice(0, 100),
        ...(commit !== undefined && { commit }),
        ...(at !== undefined && at !== '' && { at }),
      },
    ];
  });
}

/** Kinds that run pods for as long as somebody wants. */
const isWorkload = (kind: string) => kind === 'Deployment' || kind === 'StatefulSet' || kind === 'DaemonSet';

/**
 * Which workloads have never been read, in words. While a cluster is away what was known of it is still named; what an account may not read was
 * never named.
 */
function unreadOf(names: Map<string, ClusterState>): { words: string; isComing: boolean } | undefined {
  const found = [...names.values()].flatMap(({ cluster, feeds }) => {
    const unread = feeds.find(
      ({ state, resource, fault }) =>
        state === 'new' && isWorkload(resource.kind) && fault?.code !== 'KUBERNETES_RIGHT',
    );
    return unread ? [{ cluster, unread }] : [];
  });
  if (found.length === 0) return undefined;
  const words = found
    .map(({ cluster, unread }) =>
      unread.fault ? `${cluster.title}: ${unread.fault.message}` : `${cluster.title} is being read`,
    )
    .join('; ');
  return { words: words.slice(0, 1000), isComing: found.some(({ unread }) => !unread.fault) };
}

const patienceMs = 10_000;
const lookMs = 100;

/** What runs of all components, 500 of them on a page. It waits a moment for clusters that are being read. */
export async function runningPage(
  components: Components,
  knowledge: { names: Map<string, ClusterState>; index(): Index; state(): number },
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<{ items: RunningVersion[]; missing?: string; cursor?: string }> {
  const { names } = knowledge;
  for (let waited = 0; waited < patienceMs && unreadOf(names)?.isComing && !signal.aborted; waited += lookMs)
    await sleep(lookMs, signal);
  const missing = unreadOf(names)?.words;
  const { components: page, ...next } = await components.page(cursor);
  const as = knowledge.state();
  const items = page.flatMap((component) => {
    if (component.found?.as !== as)
      component.found = { as, versions: runningOf(names, knowledge.index(), component.entity) };
    return component.found.versions;
  });
  return { items, ...(missing !== undefined && { missing }), ...next };
}
