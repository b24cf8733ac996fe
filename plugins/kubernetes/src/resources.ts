import type { Item, Raw } from './model.ts';
import {
  autoscalerOf,
  commonOf,
  cronJobOf,
  customOf,
  eventOf,
  ingressOf,
  jobOf,
  podOf,
  serviceOf,
  workloadOf,
} from './reduce.ts';

/** A kind of objects that is followed. */
export type Resource = {
  kind: string;
  plural: string;
  /** Of the API, newest first: clusters have different ones */
  versions: { group: string; version: string }[];
  reduce(raw: Raw): Partial<Item>;
  /** What else is asked for with lists and watches */
  query?: string;
  isCustom?: boolean;
};

export type CustomResource = { group: string; version: string; plural: string };

const apps = [{ group: 'apps', version: 'v1' }];
const core = [{ group: '', version: 'v1' }];
const batch = (...versions: string[]) => versions.map((version) => ({ group: 'batch', version }));

export const resources: readonly Resource[] = [
  { kind: 'Deployment', plural: 'deployments', versions: apps, reduce: workloadOf },
  { kind: 'StatefulSet', plural: 'statefulsets', versions: apps, reduce: workloadOf },
  { kind: 'DaemonSet', plural: 'daemonsets', versions: apps, reduce: workloadOf },
  { kind: 'Job', plural: 'jobs', versions: batch('v1'), reduce: jobOf },
  { kind: 'CronJob', plural: 'cronjobs', versions: batch('v1', 'v1beta1'), reduce: cronJobOf },
  { kind: 'Pod', plural: 'pods', versions: core, reduce: podOf },
  { kind: 'Service', plural: 'services', versions: core, reduce: serviceOf },
  {
    kind: 'Ingress',
    plural: 'ingresses',
    versions: [{ group: 'networking.k8s.io', version: 'v1' }],
    reduce: ingressOf,
  },
  {
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    versions: ['v2', 'v1'].map((version) => ({ group: 'autoscaling', version })),
    reduce: autoscalerOf,
  },
  // What goes as it should makes most of the events, and no difference here.
  { kind: 'Event', plural: 'events', versions: core, reduce: eventOf, query: 'fieldSelector=type%21%3DNormal' },
];

/** A kind that somebody has configured. Its objects say themselves what they are called. */
export const customResource = ({ group, version, plural }: CustomResource): Resource => ({
  kind: `${plural}.${group}`,
  plural,
  versions: [{ group, version }],
  reduce: customOf,
  isCustom: true,
});

/** What is kept of an object. */
export const itemOf = (cluster: string, resource: Resource, raw: Raw): Item => ({
  ...commonOf(cluster, resource.isCustom ? String(raw.kind ?? resource.kind) : resource.kind, raw),
  ...resource.reduce(raw),
});

/** Where objects of a kind are: in one namespace, or in all. */
export const pathOf = (
  { group, version }: { group: string; version: string },
  plural: string,
  namespace?: string,
): string =>
  `${group === '' ? '/api' : `/apis/${group}`}/${version}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`;
