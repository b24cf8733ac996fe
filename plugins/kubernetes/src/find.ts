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
  /** Services, ingresses and autoscalers of a namespace */
  around: Map<string, Item[]>;
};

/** What was found for an entity, why, or what was looked for. */
export type Found = { items: Item[]; evidence: string[]; lookedFor: string[] };

export const idLabel = 'backstage.io/kubernetes-id';
export const nameLabel = 'app.kubernetes.io/name';
const annotation = (name: string) => `backstage.io/kubernetes-${name}`;

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

function add<Key>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const known = map.get(key);
  if (known) known.push(item);
  else map.set(key, [item]);
}

export function buildIndex(all: readonly Item[]): Index {
  const index: Index = {
    items: [],
    events: new Map(),
    byKey: new Map(),
    byOwner: new Map(),
    byLabel: new Map(),
    byImage: new Map(),
    around: new Map(),
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
    if (item.service ?? item.ingress ?? item.autoscaler) add(index.around, `${cluster}\n${namespace}`, item);
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
  const slug = annotations['github.com/project-slug'] ?? annotations['gitlab.com/project-slug'];
  if (slug !== undefined) return slug.toLowerCase();
  const location = annotations['backstage.io/source-location']?.replace(/^url:/, '');
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
  const places = new Set([...found.keys()].map(({ cluster, namespace }) => `${cluster}\n${namespace}`));
  for (const place of places) {
    const near = index.around.get(place) ?? [];
    const here = [...found.keys()].filter(({ cluster, namespace }) => `${cluster}\n${namespace}` === place);
    const labels = here.flatMap(({ workload, pod, labels: own }) =>
      workload ? [workload.podLabels] : pod ? [own] : [],
    );
    for (const item of near)
      if (item.service && labels.some((each) => selects(item.service!.selector, each))) found.set(item, true);
    const services = new Set([...found.keys()].filter(({ service }) => service).map(({ name }) => name));
    for (const item of near) {
      if (item.ingress?.services.some((name) => services.has(name))) found.set(item, true);
      const target = item.autoscaler?.target;
      if (target && here.some(({ kind, name }) => kind === target.kind && name === target.name)) found.set(item, true);
    }
  }
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
