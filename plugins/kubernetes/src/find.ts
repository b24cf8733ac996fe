import { type Entity, type Item, keyOf } from './model.ts';
import { readSelector, selects } from './selector.ts';

/** All objects, and the ways to find some of them without looking at all. */
export type Index = {
  items: Item[];
  events: Map<string, Item[]>;
  byKey: Map<string, Item>;
  byOwner: Map<string, Item[]>;
  byLabel: Map<string, Item[]>;
  byImage: Map<string, Item[]>;
  /** Services by one label that they select by, ingresses by their services, autoscalers by what they scale */
  leading: Map<string, Item[]>;
};

/** What was found for an entity, why, or what was looked for. */
/** What was found, by what, and what was looked for; `isNamed` when annotations of the entity say what to look for. */
export type Found = { items: Item[]; evidence: string[]; lookedFor: string[]; isNamed: boolean };

export const idLabel = 'backstage.io/kubernetes-id';
export const nameLabel = 'app.kubernetes.io/name';
const annotation = (name: string) => `backstage.io/kubernetes-${name}`;
const slugs = ['github.com/project-slug', 'gitlab.com/project-slug'];
const sourceLocation = 'backstage.io/source-location';
/** Annotations by which objects of an entity are found. */
export const identifying: ReadonlySet<string> = new Set([
  ...['id', 'label-selector', 'cluster', 'namespace'].map(annotation),
  ...slugs,
  sourceLocation,
]);

/** `ghcr.io/acme/payments:1.2@sha256:…` → `acme/payments`. The first word is a registry when it looks like a host. */
export function repositoryOf(image: string): string {
  const [path = ''] = image.split('@');
  const plain = path.replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = plain.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? rest.join('/') : plain;
}

/** `…/payments:1.2` → `1.2`; a digest is cut short. */
export function versionOf(image: string): string {
  const [path = '', digest] = image.split('@');
  const [, tag] = /:([^/:]+)$/.exec(path) ?? [];
  return tag ?? (digest === undefined ? 'latest' : digest.slice(0, 19));
}

/** The images of an entity's own: those with its name, else all. Side-cars stand beside them. */
export function ownImages({ images }: Item, entityName: string): string[] {
  const own = images.filter((each) => repositoryOf(each).split('/').at(-1) === entityName);
  return own.length > 0 ? own : images;
}

function add<Key>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const known = map.get(key);
  if (known) known.push(item);
  else map.set(key, [item]);
}

const pairKey = (cluster: string, namespace: string, label: string, value: string) =>
  keyOf(cluster, namespace, 'label', `${label}=${value}`);

/** What leads to pods is found by these. Of the labels of a selector, the longest says most. */
function leadsBy({ cluster, namespace, service, ingress, autoscaler }: Item): string[] {
  if (autoscaler) return [keyOf(cluster, namespace, `autoscaler ${autoscaler.target.kind}`, autoscaler.target.name)];
  if (ingress) return ingress.services.map((name) => keyOf(cluster, namespace, 'ingress', name));
  const [first] = Object.entries(service?.selector ?? {}).toSorted(([, one], [, other]) => other.length - one.length);
  return first ? [pairKey(cluster, namespace, ...first)] : [];
}

export function buildIndex(all: readonly Item[]): Index {
  const index: Index = {
    items: [],
    events: new Map(),
    byKey: new Map(),
    byOwner: new Map(),
    byLabel: new Map(),
    byImage: new Map(),
    leading: new Map(),
  };
  for (const item of all) {
    const { cluster, namespace, event, labels } = item;
    if (event) {
      add(index.events, keyOf(cluster, namespace, event.about.kind, event.about.name), item);
      continue;
    }
    index.items.push(item);
    index.byKey.set(keyOf(cluster, namespace, item.kind, item.name), item);
    if (item.owner) add(index.byOwner, keyOf(cluster, namespace, item.owner.kind, item.owner.name), item);
    for (const label of [idLabel, nameLabel])
      if (labels[label] !== undefined) add(index.byLabel, `${label}=${labels[label]}`, item);
    for (const key of leadsBy(item)) add(index.leading, key, item);
    // What an object owns is found by its owner.
    if (!item.owner)
      for (const repository of new Set(item.images.map(repositoryOf))) {
        add(index.byImage, repository.toLowerCase(), item);
        const last = repository.split('/').at(-1)!.toLowerCase();
        if (last !== repository.toLowerCase()) add(index.byImage, `…/${last}`, item);
      }
  }
  return index;
}

/** The repository of an entity as `owner/name`, from what tools write into it. */
function slugOf(annotations: Record<string, string>): string | undefined {
  const slug = slugs.map((key) => annotations[key]).find((each) => each !== undefined);
  if (slug !== undefined) return slug.toLowerCase();
  const location = annotations[sourceLocation]?.replace(/^url:/, '');
  if (location === undefined || !URL.canParse(location)) return undefined;
  const [owner, name] = new URL(location).pathname.split('/').filter((word) => word !== '');
  return owner !== undefined && name !== undefined ? `${owner}/${name.replace(/\.git$/, '')}`.toLowerCase() : undefined;
}

/** Where objects come from that were named by an annotation, and in words what that was. */
function byAnnotation(index: Index, annotations: Record<string, string>): { items: Item[]; words: string } | undefined {
  const selector = annotations[annotation('label-selector')];
  const id = annotations[annotation('id')];
  const cluster = annotations[annotation('cluster')];
  const namespace = annotations[annotation('namespace')];
  const isThere = (item: Item) =>
    (cluster === undefined || item.cluster === cluster) && (namespace === undefined || item.namespace === namespace);
  const where = [cluster && ` in the cluster ${cluster}`, namespace && ` in the namespace ${namespace}`].join('');
  // As in Backstage, a selector counts before an id.
  if (selector !== undefined) {
    const wants = readSelector(selector);
    if (!wants) return { items: [], words: `labels ${selector} (which is no selector)` };
    return {
      items: index.items.filter((item) => isThere(item) && wants(item.labels)),
      words: `labels ${selector}${where}`,
    };
  }
  if (id === undefined) return undefined;
  return {
    items: (index.byLabel.get(`${idLabel}=${id}`) ?? []).filter(isThere),
    words: `the label ${idLabel}=${id}${where}`,
  };
}

/** What belongs to objects: what they own, who owns them, and what leads to their pods. */
function around(index: Index, roots: readonly Item[]): Item[] {
  const found = new Map<Item, true>();
  const take = (item: Item) => {
    if (found.has(item)) return;
    found.set(item, true);
    const { cluster, namespace, owner } = item;
    // A label that stands on the pods only means their workload as well.
    const parent = owner && index.byKey.get(keyOf(cluster, namespace, owner.kind, owner.name));
    if (parent) take(parent);
    for (const child of index.byOwner.get(keyOf(cluster, namespace, item.kind, item.name)) ?? []) take(child);
  };
  for (const root of roots) take(root);
  const led = (key: string) => index.leading.get(key) ?? [];
  for (const { cluster, namespace, kind, name, workload, pod, labels } of found.keys()) {
    const own = workload ? workload.podLabels : pod ? labels : {};
    for (const [label, value] of Object.entries(own)) {
      const key = pairKey(cluster, namespace, label, value);
      for (const item of led(key)) if (item.service && selects(item.service.selector, own)) found.set(item, true);
    }
    for (const item of led(keyOf(cluster, namespace, `autoscaler ${kind}`, name))) found.set(item, true);
  }
  for (const { cluster, namespace, name, service } of found.keys())
    if (service) for (const item of led(keyOf(cluster, namespace, 'ingress', name))) found.set(item, true);
  return [...found.keys()];
}

/** What runs of an entity: by its annotations, else by evidence, the strongest that there is. */
export function find(index: Index, entity: Entity): Found {
  const annotations = entity.metadata.annotations ?? {};
  const named = byAnnotation(index, annotations);
  if (named)
    return {
      items: around(index, named.items),
      evidence: named.items.length > 0 ? [`${named.words}, as the entity says`] : [],
      lookedFor: [named.words],
      isNamed: true,
    };
  const { name } = entity.metadata;
  const slug = slugOf(annotations);
  const tries: { items: Item[]; words: string }[] = [
    { items: index.byLabel.get(`${idLabel}=${name}`) ?? [], words: `the label ${idLabel}=${name}` },
    { items: index.byLabel.get(`${nameLabel}=${name}`) ?? [], words: `the label ${nameLabel}=${name}` },
    ...(slug === undefined
      ? []
      : [{ items: index.byImage.get(slug) ?? [], words: `an image named like its repository, ${slug}` }]),
    {
      items: [...(index.byImage.get(`…/${name}`) ?? []), ...(index.byImage.get(name) ?? [])],
      words: `an image named …/${name}`,
    },
  ];
  const hit = tries.find(({ items }) => items.length > 0);
  return {
    items: hit ? around(index, hit.items) : [],
    evidence: hit ? [hit.words] : [],
    lookedFor: tries.map(({ words }) => words),
    isNamed: false,
  };
}

const order = ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout', 'CronJob', 'Job'];

/** What runs pods and is owned by nothing that is known. */
export const workloadsOf = (items: readonly Item[]): Item[] =>
  items
    .filter((item) => item.workload !== undefined || item.cron !== undefined || (item.job !== undefined && !item.owner))
    .toSorted(
      (a, b) =>
        a.cluster.localeCompare(b.cluster) ||
        a.namespace.localeCompare(b.namespace) ||
        order.indexOf(a.kind) - order.indexOf(b.kind) ||
        a.name.localeCompare(b.name),
    );
