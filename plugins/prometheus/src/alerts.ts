import type { Host } from '@callboard/plugin-api';
import { askData, askJson, fault } from './ask.ts';
import {
  annotationOf,
  annotations,
  candidatesOf,
  declaredMatchers,
  type Entity,
  evidenceLabels,
  holds,
  namesOf,
} from './evidence.ts';
import { type Answer, serversFor, type Tools } from './find.ts';
import type { Place, Server } from './settings.ts';
import type { Known, Problem } from '@callboard/plugin-api/known';

export type AlertState = 'firing' | 'pending' | 'silenced' | 'inhibited' | 'inactive';
export type Alert = {
  name: string;
  state: AlertState;
  labels: Record<string, string>;
  summary: string;
  runbook?: string;
  /** ISO 8601 */
  since?: string;
  server: string;
  href?: string;
};
/** What a server knows of alerts: those that are active, and the rules that are not. */
export type AlertBook = { alerts: Alert[]; rules: number };

const freshMs = 15_000;
type Words = Record<string, unknown>;
const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Words[] => (Array.isArray(value) ? value.filter(isWords) : []);
const texts = (value: unknown): Record<string, string> =>
  isWords(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)])) : {};
const moment = (value: unknown): string | undefined => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

function alertOf(given: Words, state: AlertState, since: unknown, server: string, href: string | undefined): Alert {
  const [labels, notes] = [texts(given.labels), texts(given.annotations)];
  const runbook = notes.runbook_url ?? '';
  return {
    name: labels.alertname ?? 'unnamed',
    state,
    labels,
    summary: (notes.summary ?? notes.description ?? notes.message ?? '').slice(0, 1000),
    ...(/^https?:\/\/\S+$/.test(runbook) && runbook.length < 4000 && { runbook }),
    since: moment(since),
    server,
    ...(href !== undefined && { href }),
  };
}

const pageOf = (place: Place, name: string) =>
  `${place.url}/#/alerts?filter=${encodeURIComponent(`{alertname="${name}"}`)}`;

async function readRules(host: Host, server: Server): Promise<AlertBook> {
  const data = await askData(host, server.rules, '/api/v1/rules', { type: 'alert' });
  const rules = list(data.groups).flatMap(({ rules: own }) => list(own).filter(({ type }) => type === 'alerting'));
  const href = server.rules.url === server.metrics.url ? `${server.uiUrl}/alerts` : `${server.rules.url}/`;
  const alerts = rules.flatMap((rule): Alert[] => {
    const active = list(rule.alerts).filter(({ state }) => state === 'firing' || state === 'pending');
    if (active.length === 0) {
      const labels = { ...texts(rule.labels), alertname: String(rule.name) };
      return [alertOf({ labels, annotations: {} }, 'inactive', undefined, server.name, href)];
    }
    return active.map((each) => alertOf(each, each.state as AlertState, each.activeAt, server.name, href));
  });
  return { alerts, rules: rules.length };
}

const stateOf = (status: unknown): AlertState => {
  const { state, silencedBy } = isWords(status) ? status : {};
  if (state !== 'suppressed') return 'firing';
  return Array.isArray(silencedBy) && silencedBy.length > 0 ? 'silenced' : 'inhibited';
};

async function readAlertmanager(host: Host, server: Server, place: Place): Promise<Alert[]> {
  const answer = await askJson(host, place, '/api/v2/alerts');
  if (!Array.isArray(answer))
    throw fault(
      `${place.title} (${new URL(place.url).host}) answered, but not as an Alertmanager does`,
      'Check the address: it is the one that stands before /api/v2.',
    );
  return list(answer).map((each) =>
    alertOf(
      each,
      stateOf(each.status),
      each.startsAt,
      server.name,
      pageOf(place, String(texts(each.labels).alertname)),
    ),
  );
}

const contains = (labels: Record<string, string>, others: Record<string, string>) =>
  Object.entries(others).every(([key, value]) => labels[key] === value);

/** One list of what the rules and the Alertmanager say: the latter knows what is silenced, and since when something fires. */
export function merge(book: AlertBook, managed: readonly Alert[]): AlertBook {
  // Alertmanagers get external labels besides.
  const used = new Set<Alert>();
  const alerts = book.alerts.map((alert) => {
    const found =
      alert.state === 'firing'
        ? managed.find((each) => each.name === alert.name && !used.has(each) && contains(each.labels, alert.labels))
        : undefined;
    if (!found) return alert;
    used.add(found);
    const { state, since = alert.since, href } = found;
    return { ...found, ...alert, state, since, href, summary: alert.summary || found.summary };
  });
  return { ...book, alerts: [...alerts, ...managed.filter((each) => !used.has(each))] };
}

/** Everything that the servers of an entity know of alerts, of whichever entity. */
export async function readBooks(tools: Tools, servers: readonly Server[], until: number): Promise<Answer<AlertBook>> {
  const { host, know } = tools;
  const asked = servers.map(async (server): Promise<{ book: AlertBook; at: number; problems: Problem[] }> => {
    const places = [server.rules, ...(server.alertmanager ? [server.alertmanager] : [])];
    const [rules, managed] = await Promise.allSettled([
      know(`rules ${server.name}`, { freshMs, until, ask: () => readRules(host, server) }),
      server.alertmanager
        ? know(`alertmanager ${server.name}`, {
            freshMs,
            until,
            ask: () => readAlertmanager(host, server, server.alertmanager!),
          })
        : Promise.resolve({ value: [], at: Number.MAX_SAFE_INTEGER } as Known<Alert[]>),
    ] as const);
    const failures = [rules, managed].flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
    if (failures.length === places.length) throw failures[0]!;
    const known = [rules, managed].flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    return {
      book: merge(
        rules.status === 'fulfilled' ? rules.value.value : { alerts: [], rules: 0 },
        managed.status === 'fulfilled' ? managed.value.value : [],
      ),
      at: Math.min(...known.map(({ at }) => at)),
      problems: [
        ...known.flatMap(({ problem }) => problem ?? []),
        ...failures.map(({ message }) => ({ message, since: Date.now() })),
      ],
    };
  });
  const done = await Promise.allSettled(asked);
  const good = done.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const bad = done.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  if (good.length === 0 && bad.length > 0) throw bad[0]!;
  return {
    value: {
      alerts: good.flatMap(({ book }) => book.alerts),
      rules: good.reduce((sum, { book }) => sum + book.rules, 0),
    },
    at: Math.min(Date.now(), ...good.map(({ at }) => at)),
    problems: [
      ...good.flatMap(({ problems }) => problems),
      ...bad.map(({ message }) => ({ message, since: Date.now() })),
    ],
  };
}

/** Reads the alerts of all servers that may know an entity. */
export const booksFor = (tools: Tools, entity: Entity, until: number) =>
  readBooks(tools, serversFor(tools, entity), until);

const order: AlertState[] = ['firing', 'pending', 'silenced', 'inhibited', 'inactive'];

/** The alerts of an entity: those that its annotations name, else those whose labels name it. How they were chosen comes with them. */
export function alertsOf(entity: Entity, { alerts }: AlertBook): { alerts: Alert[]; how: string } {
  const named = annotationOf(entity, annotations.alert);
  const labels = annotationOf(entity, annotations.labels);
  const declared = declaredMatchers(labels ?? '');
  const names = named?.split(',').map((name) => name.trim());
  const sort = (chosen: Alert[]) =>
    chosen.toSorted(
      (one, other) => order.indexOf(one.state) - order.indexOf(other.state) || (one.name < other.name ? -1 : 1),
    );
  if (names !== undefined) {
    const isMeant = ({ name, state, labels: own }: Alert) =>
      (names.includes('all') || names.includes(name)) && (state === 'inactive' || holds(declared, own));
    const by = labels === undefined ? '' : ` with the labels ${labels}`;
    return {
      alerts: sort(alerts.filter(isMeant)),
      how: `${names.includes('all') ? 'all alerts' : `alerts named ${names.join(', ')}`}${by} (annotation ${annotations.alert})`,
    };
  }
  const { candidates: all } = candidatesOf(entity);
  const narrow = all.filter(({ isNarrow }) => isNarrow);
  const candidates = narrow.length > 0 ? narrow : all;
  // What says no namespace contradicts none.
  const isMeant = ({ state, labels: own }: Alert) =>
    state !== 'inactive' && candidates.some(({ matchers }) => holds(matchers, own, true));
  const how =
    declared.length > 0
      ? `alerts with the labels ${labels} (annotation ${annotations.labels})`
      : `alerts whose ${evidenceLabels.join(', ')} is ${namesOf(entity).join(' or ')}`;
  return { alerts: sort(alerts.filter(isMeant)), how };
}
