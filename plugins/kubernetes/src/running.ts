import type { Host, RunningVersion } from '@callboard/plugin-api';
import type { ClusterState } from './clusters.ts';
import { find, type Index, repositoryOf, versionOf } from './find.ts';
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
    // Side-cars stand beside the image that has the entity's name.
    const image =
      item!.images.find((each) => repositoryOf(each).split('/').at(-1) === entity.metadata.name) ?? item!.images[0];
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

/**
 * What runs of all components, 500 of them on a page.
 *
 * @throws Error while a cluster is not known in full: what is not named would be taken to be gone
 */
export async function runningPage(
  host: Host,
  names: Map<string, ClusterState>,
  index: Index,
  cursor = 'component:',
): Promise<{ items: RunningVersion[]; cursor?: string }> {
  for (const { cluster, feeds } of names.values()) {
    const wrong = feeds.find(
      ({ state, resource }) =>
        (state === 'new' || state === 'broken') && !resource.isCustom && resource.kind !== 'Event',
    );
    if (wrong)
      throw new Error(
        `${wrong.resource.kind}s of ${cluster.title} are not known at present${wrong.fault ? `: ${wrong.fault.message}` : ''}`,
      );
  }
  const refs = await host.catalog.refs(cursor, 500);
  const own = refs.filter((ref) => ref.startsWith('component:'));
  const entities = own.length > 0 ? await host.catalog.get(own) : [];
  const items = entities.flatMap((entity) => runningOf(names, index, entity));
  const isLast = own.length < refs.length || refs.length < 500;
  return { items, ...(!isLast && { cursor: refs.at(-1)! }) };
}
