import type { ChartView, StatView, TableView } from '@callboard/plugin-api';
import { type Alert, alertsOf, type AlertState, booksFor } from './alerts.ts';
import { annotationOf, annotations, type Entity, wordsOf } from './evidence.ts';
import {
  type Answer,
  figuresOf,
  findSeries,
  type Found,
  lookedFor,
  pointsOf,
  type Reading,
  readSignal,
  serversFor,
  type Tools,
} from './find.ts';
import { type Problem, problemWords } from '@callboard/plugin-api/known';
import type { Server } from './settings.ts';
import { type Signal, type SignalId, signalsOf } from './signals.ts';
import { burnTone, objectivesOf } from './slo.ts';

/** How long a view may take before it says that it could not be had. */
const patienceMs = 8_500;
const until = () => Date.now() + patienceMs;
const longestNote = 1_900;

/** What stands below a view: how things were found, and what is wrong since when. */
function head(sentences: readonly string[], { at, problems }: { at: number; problems: readonly Problem[] }) {
  const words = [...new Map(problems.map((problem) => [problem.message, problem])).values()];
  const told = words.map(problemWords);
  const note = [...told, ...sentences].filter((each) => each !== '').join(' ');
  return {
    ...(note !== '' && { note: note.slice(0, longestNote) }),
    ...(words.length > 0 && { asOf: new Date(at).toISOString() }),
  };
}

const notConfigured = 'No server is configured. An administrator can add one in Admin → Plugins → Prometheus.';

/** Why there is nothing to look at, when there is not. */
function reasonFor(tools: Tools, entity: Entity): string | undefined {
  if (tools.settings.servers.length === 0) return notConfigured;
  if (serversFor(tools, entity).length > 0) return undefined;
  const named = annotationOf(entity, annotations.server);
  return `No server has the name ${named}, which the annotation ${annotations.server} says. There are ${tools.settings.servers.map(({ name }) => name).join(', ')}.`;
}

const evidenceIn = ({ server, evidence, isDeclared }: Found): string =>
  `Found on ${server.name} by ${evidence.map((each) => `${wordsOf(each)} (${each.count} series)`).join('; ')}${isDeclared ? `, as the annotation ${annotations.labels} says` : ''}.`;

const mostNamed = 5;
const missing = (signal: Signal) => {
  const metrics = [...new Set(signal.ways.flatMap(({ metrics: own }) => own))];
  return metrics.length === 0
    ? `The query for ${signal.title.toLowerCase()} gives no series.`
    : `No series for ${signal.title.toLowerCase()}; looked for ${metrics.slice(0, mostNamed).join(', ')}${metrics.length > mostNamed ? ` and ${metrics.length - mostNamed} more` : ''}${signal.id === 'errors' ? ' with a label of the status' : ''}.`;
};

const linkTo = ({ uiUrl }: Server, query: string): { href?: string } => {
  const href = `${uiUrl}/graph?g0.expr=${encodeURIComponent(query)}&g0.tab=0&g0.range_input=3h`;
  return href.length < 4000 ? { href } : {};
};

const last = ({ series }: Reading): number | null => series[0]?.points.findLast(({ y }) => y !== null)?.y ?? null;
const rounded = (value: number): number => (Math.abs(value) < 1000 ? Number(value.toPrecision(4)) : Math.round(value));

function toneOf({ signal }: Reading, value: number | null) {
  const { warnAbove, badAbove } = signal;
  if (value === null || (warnAbove === undefined && badAbove === undefined)) return {};
  if (badAbove !== undefined && value > badAbove) return { tone: 'bad' as const };
  return { tone: warnAbove !== undefined && value > warnAbove ? ('warning' as const) : ('good' as const) };
}

const isNamed = ({ metadata }: Entity): boolean =>
  Object.keys(metadata.annotations ?? {}).some((key) => /^(prometheus\.io\/|backstage\.io\/kubernetes-)/.test(key));

/** The golden signals as figures with their last hours; nothing of an entity without series that names none. */
export async function signalsView(tools: Tools, entity: Entity): Promise<StatView> {
  const reason = reasonFor(tools, entity);
  if (reason !== undefined) return { model: 'stat', items: [], note: reason };
  const end = until();
  const found = await findSeries(tools, entity, end);
  if (!found.value && found.problems.length === 0 && !isNamed(entity)) return { model: 'stat', items: [] };
  if (!found.value)
    return { model: 'stat', items: [], ...head([`No series found; ${lookedFor(tools, entity)}.`], found) };
  const { server } = found.value;
  const signals = signalsOf(tools.settings.signals);
  const read = await Promise.allSettled(signals.map((signal) => readSignal(tools, found.value!, signal, end)));
  const good = read.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const bad = read.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  if (good.length === 0) throw bad[0]!;
  const items = good.flatMap(({ value: reading }) => {
    if (!reading) return [];
    const value = last(reading);
    const trend = reading.series[0]!.points.flatMap(({ y }) => y ?? []);
    return [
      {
        label: reading.way.title,
        value: value === null ? null : rounded(value),
        unit: reading.way.unit,
        ...toneOf(reading, value),
        ...linkTo(server, reading.query),
        ...(trend.length > 1 && { trend: trend.slice(-200) }),
      },
    ];
  });
  const absent = signals.filter((_, index) => {
    const each = read[index]!;
    return each.status === 'fulfilled' && each.value.value === undefined;
  });
  return {
    model: 'stat',
    items,
    ...head([evidenceIn(found.value), ...absent.map(missing)], {
      at: Math.min(found.at, ...good.map(({ at }) => at)),
      problems: [
        ...found.problems,
        ...good.flatMap(({ problems }) => problems),
        ...bad.map(({ message }) => ({ message, since: Date.now() })),
      ],
    }),
  };
}

/** What stands above the charts already, in the manifest. */
const titles: Record<SignalId, string> = {
  rate: 'Requests',
  errors: 'Errors',
  latency: 'Latency',
  saturation: 'Saturation',
};

/** One golden signal over the last hours. */
export async function chartView(tools: Tools, entity: Entity, id: SignalId): Promise<ChartView> {
  const empty = { model: 'chart', kind: 'line', series: [] } as const;
  const reason = reasonFor(tools, entity);
  if (reason !== undefined) return { ...empty, series: [], note: reason };
  const end = until();
  const found = await findSeries(tools, entity, end);
  if (!found.value) return { ...empty, series: [], ...head([`No series found; ${lookedFor(tools, entity)}.`], found) };
  const signal = signalsOf(tools.settings.signals).find((each) => each.id === id)!;
  const answer = await readSignal(tools, found.value, signal, end);
  const problems = { at: answer.at, problems: [...found.problems, ...answer.problems] };
  if (!answer.value) return { ...empty, series: [], ...head([missing(signal)], problems) };
  const { way, series, query } = answer.value;
  return {
    model: 'chart',
    kind: 'line',
    ...(way.title !== titles[id] && { title: way.title }),
    unit: way.unit,
    series,
    ...head([query], problems),
  };
}

/** The queries that the annotation `prometheus.io/rule` lists, with the label that each is grouped by. */
export const rulesIn = (entity: Entity): { query: string; dimension?: string }[] =>
  (annotationOf(entity, annotations.rule) ?? '').split(',').flatMap((part) => {
    const [query = '', dimension] = part.split('|').map((each) => each.trim());
    return query === '' ? [] : [{ query, ...(dimension && { dimension }) }];
  });

/** The chart of one query of the annotation. */
export async function ruleView(tools: Tools, entity: Entity, index: number): Promise<ChartView> {
  const empty = { model: 'chart' as const, kind: 'line' as const };
  const rules = rulesIn(entity);
  const rule = rules[index];
  const reason = reasonFor(tools, entity);
  if (!rule) return { ...empty, series: [], note: `The annotation ${annotations.rule} has no query ${index + 1}.` };
  if (reason !== undefined) return { ...empty, series: [], note: reason };
  const [server] = serversFor(tools, entity);
  const { value, at, problem } = await figuresOf(tools, server!, rule.query, until());
  const grouped = value.map((each) => ({
    ...each,
    labels: { ...each.labels, part: each.labels[rule.dimension ?? ''] ?? '' },
  }));
  const series = pointsOf(
    rule.dimension === undefined ? value : grouped.filter(({ labels }) => labels.part !== ''),
    rule.query,
  );
  const none = series.length === 0 ? `No series found; looked for ${rule.query} on ${server!.name}.` : '';
  const more =
    value.length > series.length && series.length > 0 ? `${value.length} series; ${series.length} are drawn.` : '';
  return {
    ...empty,
    title: rule.query.slice(0, 500),
    series,
    ...head([none, more], { at, problems: problem ? [problem] : [] }),
  };
}

const tones: Record<AlertState, 'bad' | 'warning' | 'neutral' | 'good'> = {
  firing: 'bad',
  pending: 'warning',
  silenced: 'neutral',
  inhibited: 'neutral',
  inactive: 'good',
};
const mostAlerts = 500;

const rowOf = ({ name, state, labels, summary, since, server, href, runbook }: Alert) => ({
  alert: href === undefined || href.length > 4000 ? name : { text: name, href },
  state: { text: state, tone: tones[state] },
  severity: labels.severity ?? null,
  since: since ?? null,
  summary: runbook === undefined ? summary : { text: summary || 'Runbook', href: runbook },
  server,
});

/** The alerts of an entity with their state and since when. */
export async function alertsView(tools: Tools, entity: Entity): Promise<TableView> {
  const columns: TableView['columns'] = [
    { id: 'alert', title: 'Alert' },
    { id: 'state', title: 'State', type: 'status' },
    { id: 'severity', title: 'Severity' },
    { id: 'since', title: 'Since', type: 'time' },
    { id: 'summary', title: 'Summary' },
    { id: 'server', title: 'Server' },
  ];
  const reason = reasonFor(tools, entity);
  if (reason !== undefined) return { model: 'table', columns, rows: [], note: reason };
  const books = await booksFor(tools, entity, until());
  const { alerts, how } = alertsOf(entity, books.value);
  const servers = serversFor(tools, entity).map(({ name }) => name);
  const none = `No alert is active; looked for ${how} among ${books.value.rules} rules on ${servers.join(', ')}.`;
  return {
    model: 'table',
    columns,
    rows: alerts.slice(0, mostAlerts).map(rowOf),
    ...head([alerts.length === 0 ? none : `Shown: ${how}.`], books),
  };
}

/** How fast the error budgets of an entity burn. */
export async function burnView(tools: Tools, entity: Entity): Promise<StatView> {
  const reason = reasonFor(tools, entity);
  if (reason !== undefined) return { model: 'stat', items: [], note: reason };
  const end = until();
  const found = await findSeries(tools, entity, end);
  if (!found.value)
    return { model: 'stat', items: [], ...head([`No series found; ${lookedFor(tools, entity)}.`], found) };
  const answer: Answer<Awaited<ReturnType<typeof objectivesOf>>['value']> = await objectivesOf(
    tools,
    found.value,
    entity,
    end,
  );
  const items = answer.value.flatMap((objective) => [
    ...objective.burns
      .filter(({ over }) => objective.burns.length === 1 || over.endsWith('h') || over.endsWith('d'))
      .map(({ over, rate }) => ({
        label: `${objective.name}: burn over ${over}`,
        value: rounded(rate),
        unit: '×',
        tone: burnTone(objective, over),
      })),
    ...(objective.left === undefined
      ? []
      : [
          {
            label: `${objective.name}: budget left`,
            value: rounded(objective.left),
            unit: '%',
            tone:
              objective.left <= 0 ? ('bad' as const) : objective.left < 20 ? ('warning' as const) : ('good' as const),
          },
        ]),
  ]);
  const targets = answer.value.flatMap(({ name, target }) =>
    target === undefined ? [] : [`${name} ${rounded(target)} %`],
  );
  const none =
    tools.settings.objective === undefined
      ? 'No objective is known: looked for rules by Sloth (slo:objective:ratio with this sloth_service), and the configuration gives none for all.'
      : 'No objective can be looked at: there are no rules by Sloth for it, and no series of errors.';
  return {
    model: 'stat',
    items,
    ...head(
      [
        items.length === 0
          ? none
          : `Objectives: ${targets.join(', ')}. At 1 × a budget is used up exactly at the end of its period.`,
      ],
      { at: Math.min(found.at, answer.at), problems: [...found.problems, ...answer.problems] },
    ),
  };
}
