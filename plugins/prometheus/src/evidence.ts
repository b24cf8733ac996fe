import type { Host } from '@callboard/plugin-api';

export type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
/** A condition on a label: its operator is `=` or `=~`. */
export type Matcher = { label: string; operator: '=' | '=~'; value: string; pattern?: RegExp };
/** Label conditions that may stand for an entity. Narrow ones say the namespace as well, and count before the others. */
export type Candidate = { id: string; matchers: Matcher[]; isNarrow?: boolean };

export const annotations = {
  rule: 'prometheus.io/rule',
  alert: 'prometheus.io/alert',
  labels: 'prometheus.io/labels',
  server: 'prometheus.io/service-name',
} as const;

/** Labels that usually name a service, those that say it most plainly first. */
export const evidenceLabels = [
  'service',
  'service_name',
  'job',
  'app',
  'app_kubernetes_io_name',
  'deployment',
  'container',
] as const;

export const annotationOf = (entity: Entity, key: string): string | undefined =>
  entity.metadata.annotations?.[key]?.trim() || undefined;

/** A text as a regular expression that matches it alone. */
export const literalOf = (value: string) => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
const quoted = (value: string) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** A selector of PromQL, with or without the name of a metric. */
export const selectorOf = (matchers: readonly Matcher[], metric = '', more = ''): string => {
  const conditions = matchers.map(({ label, operator, value }) => `${label}${operator}${quoted(value)}`);
  return `${metric}{${[...conditions, ...(more === '' ? [] : [more])].join(',')}}`;
};

/** `job=payments,namespace=shop` of an annotation; what is no pair is left out. */
export function declaredMatchers(text: string): Matcher[] {
  return text.split(',').flatMap((pair): Matcher[] => {
    const [, label, value] = /^\s*([a-zA-Z_]\w*)\s*=\s*"?([^"]*?)"?\s*$/.exec(pair) ?? [];
    return label === undefined || value === undefined ? [] : [{ label, operator: '=', value }];
  });
}

/** Names that monitoring may know the entity by. */
export function namesOf(entity: Entity): string[] {
  const { name, labels = {} } = entity.metadata;
  const names = [annotationOf(entity, 'backstage.io/kubernetes-id'), labels['app.kubernetes.io/name'], name];
  return [...new Set(names.filter((each) => each !== undefined && each !== ''))] as string[];
}

const matching = (label: string, value: string): Matcher => ({
  label,
  operator: '=~',
  value,
  pattern: new RegExp(`^(?:${value})$`),
});

const narrowed = ({ id, matchers }: Candidate, namespace: string): Candidate => ({
  id: `${id} and namespace`,
  matchers: [...matchers, { label: 'namespace', operator: '=', value: namespace }],
  isNarrow: true,
});

/** What may stand for an entity: what its annotation says and nothing else, or each of the usual labels with its names. */
export function candidatesOf(entity: Entity): { isDeclared: boolean; candidates: Candidate[] } {
  const declared = declaredMatchers(annotationOf(entity, annotations.labels) ?? '');
  if (declared.length > 0) return { isDeclared: true, candidates: [{ id: 'declared', matchers: declared }] };
  const names = namesOf(entity);
  const namespace = annotationOf(entity, 'backstage.io/kubernetes-namespace');
  const any = names.map(literalOf).join('|');
  const wide = evidenceLabels.map((label): Candidate => {
    // OpenTelemetry writes the namespace of a service before its name into `job`.
    if (label === 'job') return { id: label, matchers: [matching(label, `(.+/)?(${any})`)] };
    return {
      id: label,
      matchers: [names.length === 1 ? { label, operator: '=', value: names[0]! } : matching(label, any)],
    };
  });
  const candidates = namespace === undefined ? wide : [...wide.map((each) => narrowed(each, namespace)), ...wide];
  return { isDeclared: false, candidates };
}

/** Whether labels satisfy all conditions; in alerts a namespace that is not said contradicts nothing. */
export const holds = (matchers: readonly Matcher[], labels: Record<string, string>, isLoose = false): boolean =>
  matchers.every(({ label, value, pattern }) => {
    const found = labels[label];
    if (found === undefined) return isLoose && label === 'namespace';
    return pattern ? pattern.test(found) : found === value;
  });

/** An alert has series of its own, which say nothing of a service. */
const noAlerts = '__name__!~"ALERTS|ALERTS_FOR_STATE"';

/** One query that counts the series of each candidate, by what `by` says and with what `more` wants. */
export const countQuery = (candidates: readonly Candidate[], by = '', more = noAlerts): string =>
  candidates
    .map(
      ({ id, matchers }) =>
        `label_replace(count${by} (${selectorOf(matchers, '', more)}), "evidence", "${id}", "", "")`,
    )
    .join(' or ');

/** Conditions for people: `job="payments", namespace="shop"`. */
export const wordsOf = ({ matchers }: Candidate): string => selectorOf(matchers).slice(1, -1);
