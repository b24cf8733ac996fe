import type { Host } from '@callboard/plugin-api';
import { instant, range, type Series } from './ask.ts';
import {
  annotationOf,
  annotations,
  type Candidate,
  candidatesOf,
  countQuery,
  type Entity,
  selectorOf,
  wordsOf,
} from './evidence.ts';
import type { Knowing, Known, Problem } from '@callboard/plugin-api/known';
import type { Server, Settings } from './settings.ts';
import { labelledMetrics, metricsOf, type Of, type Signal, signalsOf, statusLabels, type Way } from './signals.ts';

/** Where the series of an entity are, and by which labels they were found. */
export type Found = {
  server: Server;
  isDeclared: boolean;
  evidence: (Candidate & { count: number })[];
  /** For each metric, the first evidence that it has, and which labels of a status */
  metrics: Map<string, { by: Candidate; labels: Set<string> }>;
};
/** A signal as it was over the last hours. */
export type Reading = {
  signal: Signal;
  way: Way;
  series: { name: string; points: { x: number; y: number | null }[] }[];
  query: string;
};
/** What was found, with what stood in the way. */
export type Answer<T> = { value: T; at: number; problems: Problem[] };

export type Tools = { host: Host; settings: Settings; know: Knowing };

const fresh = { evidence: 5 * 60_000, figures: 15_000 };
const hours = 3;
export const step = 120;
export const window = '5m';
const mostSeries = 10;

/** The servers that may know an entity: the one that it names, else all. */
export const serversFor = ({ settings }: Tools, entity: Entity): Server[] => {
  const named = annotationOf(entity, annotations.server);
  return settings.servers.filter(({ name }) => named === undefined || name === named);
};

async function lookOn({ host, settings }: Tools, server: Server, entity: Entity): Promise<Found | undefined> {
  const { isDeclared, candidates } = candidatesOf(entity);
  const counted = await instant(host, server.metrics, countQuery(candidates));
  const all = candidates.flatMap((candidate) => {
    const count = counted.find(({ labels }) => labels.evidence === candidate.id)?.values[0]?.[1] ?? 0;
    return count > 0 ? [{ ...candidate, count }] : [];
  });
  const narrow = all.filter(({ isNarrow }) => isNarrow);
  const evidence = narrow.length > 0 ? narrow : all;
  if (evidence.length === 0) return undefined;
  const names = (metrics: readonly string[]) => `__name__=~"${metrics.join('|')}"`;
  const asked = metricsOf(signalsOf(settings.signals));
  const queries = [
    ...(asked.length === 0 ? [] : [countQuery(evidence, ' by (__name__)', names(asked))]),
    ...statusLabels.map(
      (label) =>
        `label_replace(${evidence.map(({ matchers }) => `count by (__name__) (${selectorOf(matchers, '', `${names(labelledMetrics)},${label}!=""`)})`).join(' or ')}, "status_label", "${label}", "", "")`,
    ),
  ];
  const metrics: Found['metrics'] = new Map();
  const counts = await instant(host, server.metrics, queries.join(' or '));
  // The evidence that comes first in our list says it most plainly.
  for (const by of evidence)
    for (const { metric, labels } of counts)
      if (labels.evidence === by.id && !metrics.has(metric)) metrics.set(metric, { by, labels: new Set() });
  for (const { metric, labels } of counts)
    if (labels.status_label !== undefined) metrics.get(metric)?.labels.add(labels.status_label);
  return { server, isDeclared, evidence, metrics };
}

/** Where the series of an entity are: the first server that has some. */
export async function findSeries(tools: Tools, entity: Entity, until: number): Promise<Answer<Found | undefined>> {
  const { candidates } = candidatesOf(entity);
  const key = countQuery(candidates);
  const tried = await Promise.allSettled(
    serversFor(tools, entity).map((server) =>
      tools.know(`evidence ${server.name} ${key}`, {
        freshMs: fresh.evidence,
        until,
        ask: () => lookOn(tools, server, entity),
      }),
    ),
  );
  const known = tried.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = tried.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  const hit = known.find(({ value }) => value !== undefined);
  // That there is nothing can only be said when everybody was asked.
  if (!hit && failed.length > 0) throw failed[0]!;
  const problems = [
    ...known.flatMap(({ problem }) => problem ?? []),
    ...failed.map(({ message }) => ({ message, since: Date.now() })),
  ];
  return { value: hit?.value, at: hit?.at ?? Date.now(), problems };
}

const ofFound =
  ({ metrics, evidence }: Found): Of =>
  (metric, more) =>
    selectorOf((metrics.get(metric)?.by ?? evidence[0]!).matchers, metric, more);

/** The first way to know a signal whose metrics are there. */
export function wayFor({ metrics }: Found, { ways }: Signal): Way | undefined {
  return ways.find(
    (way) =>
      way.metrics.every((metric) => metrics.has(metric)) &&
      (way.label === undefined || metrics.get(way.metrics[0]!)!.labels.has(way.label)),
  );
}

/** The queries of a way, by the name of each series. */
export const queriesOf = (found: Found, way: Way, over: string): [string, string][] => way.series(ofFound(found), over);

/** Several queries as one whose series say which they are. */
export const asOne = (queries: readonly [name: string, query: string][], label = 'part'): string =>
  queries.length === 1
    ? queries[0]![1]
    : queries.map(([name, query]) => `label_replace(${query}, "${label}", "${name}", "", "")`).join(' or ');

/** When the hours that are shown begin and end: on whole steps, so that two looks see the same points. */
export function hoursNow(now = Date.now()): { start: number; end: number; step: number } {
  const end = Math.floor(now / 1000 / step) * step;
  return { start: end - hours * 3600, end, step };
}

const nameOf = (labels: Record<string, string>, fallback: string): string => {
  const words = Object.entries(labels)
    .filter(([label]) => label !== 'part')
    .map(([label, value]) => `${label}=${value}`);
  return (labels.part ?? (words.join(', ') || fallback)).slice(0, 200);
};

/** Points of series as charts want them; what is no number is a gap. */
export const pointsOf = (all: Series[], fallback: string): Reading['series'] =>
  all.slice(0, mostSeries).map(({ labels, values }) => ({
    name: nameOf(labels, fallback),
    points: values.map(([at, value]) => ({ x: Math.round(at * 1000), y: Number.isFinite(value) ? value : null })),
  }));

/** Asks for the figures of a query over the last hours. */
export const figuresOf = (tools: Tools, server: Server, query: string, until: number): Promise<Known<Series[]>> =>
  tools.know(`figures ${server.name} ${query}`, {
    freshMs: fresh.figures,
    until,
    ask: () => range(tools.host, server.metrics, query, hoursNow()),
  });

/** What a query gives now. */
export const nowOf = (tools: Tools, server: Server, query: string, until: number): Promise<Known<Series[]>> =>
  tools.know(`now ${server.name} ${query}`, {
    freshMs: fresh.figures,
    until,
    ask: () => instant(tools.host, server.metrics, query),
  });

/** What one way gives; `value` is missing where it gives no series. */
async function readWay(
  tools: Tools,
  found: Found,
  { signal, way, until }: { signal: Signal; way: Way; until: number },
): Promise<Answer<Reading | undefined>> {
  const queries = queriesOf(found, way, window);
  const { value, at, problem } = await figuresOf(tools, found.server, asOne(queries), until);
  const order = (name: string) => queries.findIndex(([each]) => each === name);
  const series = pointsOf(value, queries[0]![0] || way.title).toSorted(
    (one, other) => order(one.name) - order(other.name),
  );
  return {
    value: series.length === 0 ? undefined : { signal, way, series, query: queries[0]![1] },
    at,
    problems: problem ? [problem] : [],
  };
}

/** Reads a signal of an entity; `value` is missing where there is no way to know it. Of queries of one's own, the first that gives series counts. */
export async function readSignal(
  tools: Tools,
  found: Found,
  signal: Signal,
  until: number,
): Promise<Answer<Reading | undefined>> {
  const own = signal.ways.filter(({ metrics }) => metrics.length === 0);
  const first = wayFor(found, signal);
  let answer: Answer<Reading | undefined> = { value: undefined, at: Date.now(), problems: [] };
  for (const way of own.length > 0 ? own : first ? [first] : []) {
    answer = await readWay(tools, found, { signal, way, until });
    if (answer.value) break;
  }
  return answer;
}

/** What was looked for, in words. */
export function lookedFor(tools: Tools, entity: Entity): string {
  const { isDeclared, candidates } = candidatesOf(entity);
  const servers = serversFor(tools, entity).map(({ name }) => name);
  const where = servers.length === 0 ? 'no server' : servers.join(', ');
  const by = isDeclared ? ` (annotation ${annotations.labels})` : '';
  return `looked for ${candidates.map(wordsOf).join('; ')}${by} on ${where}`;
}
