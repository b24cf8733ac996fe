import type { Host, LinksView, TableView } from '@callboard/plugin-api';
import { type Dashboard, readDashboards, readRules, type Rule, type RuleState } from './grafana.ts';
import { type Known, type Knowing, type Problem, problemWords } from '@callboard/plugin-api/known';
import { type Selector, selectorOf } from './selector.ts';
import type { Instance } from './settings.ts';

export type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
export type Tools = { host: Host; instances: Instance[]; know: Knowing };

const annotations = {
  dashboards: 'grafana/dashboard-selector',
  tag: 'grafana/tag-selector',
  alerts: 'grafana/alert-label-selector',
  overview: 'grafana/overview-dashboard',
} as const;
const patienceMs = 8_500;
const fresh = { dashboards: 60_000, rules: 15_000 };
const mostLinks = 100;
const longestNote = 1_900;

const annotationOf = ({ metadata }: Entity, key: string): string | undefined =>
  metadata.annotations?.[key]?.trim() || undefined;

type Gathered<T> = { found: { instance: Instance; value: T }[]; at: number; problems: Problem[] };

/** What stands below a view: how things were found, and what is wrong since when. */
function head(sentences: readonly string[], { at, problems }: { at: number; problems: readonly Problem[] }) {
  const told = problems.map(problemWords);
  const note = [...told, ...sentences].filter((each) => each !== '').join(' ');
  return {
    ...(note !== '' && { note: note.slice(0, longestNote) }),
    ...(problems.length > 0 && { asOf: new Date(at).toISOString() }),
  };
}

/** Asks every instance; those that fail are told of as long as one answers or is remembered. */
async function gather<T>(
  { instances, know }: Tools,
  what: keyof typeof fresh,
  read: (instance: Instance) => Promise<T>,
): Promise<Gathered<T>> {
  const until = Date.now() + patienceMs;
  const done = await Promise.allSettled(
    instances.map((instance) =>
      know(`${what} ${instance.id}`, { freshMs: fresh[what], until, ask: () => read(instance) }),
    ),
  );
  const known = done.flatMap((each, index): { instance: Instance; answer: Known<T> }[] =>
    each.status === 'fulfilled' ? [{ instance: instances[index]!, answer: each.value }] : [],
  );
  const failed = done.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  if (known.length === 0 && failed.length > 0) throw failed[0]!;
  return {
    found: known.map(({ instance, answer }) => ({ instance, value: answer.value })),
    at: Math.min(Date.now(), ...known.map(({ answer }) => answer.at)),
    problems: [
      ...known.flatMap(({ answer }) => answer.problem ?? []),
      ...failed.map(({ message }) => ({ message, since: Date.now() })),
    ],
  };
}

const notConfigured = 'No Grafana is configured. An administrator can add one in Admin → Plugins → Grafana.';

/** Names that dashboards and alerts may know the entity by. */
const namesOf = ({ metadata }: Entity) => [...new Set([metadata.name, metadata.title ?? metadata.name])];

/** Which dashboards are meant, and how that is known. */
function wanted(entity: Entity): { isMeant: Selector; how: string; isNamed: boolean } {
  const key = annotationOf(entity, annotations.dashboards) === undefined ? annotations.tag : annotations.dashboards;
  const selector = annotationOf(entity, key);
  if (selector !== undefined)
    return { isMeant: selectorOf(selector), how: `${selector} (annotation ${key})`, isNamed: true };
  const names = namesOf(entity).map((name) => name.toLowerCase());
  const isOne = (value: unknown) => typeof value === 'string' && names.includes(value.toLowerCase());
  return {
    isMeant: ({ tags, folderTitle, title }) =>
      (Array.isArray(tags) && tags.some(isOne)) || isOne(folderTitle) || isOne(title),
    how: `the tag, folder or title ${namesOf(entity).join(' or ')}`,
    isNamed: false,
  };
}

const linkOf = (instance: Instance, { url, title, folderTitle, tags }: Dashboard, isAlone: boolean) => {
  // Below a path, Grafana says the whole path of the page.
  const { origin, pathname } = new URL(instance.domain);
  const path =
    pathname !== '/' && url.startsWith(`${pathname.replace(/\/$/, '')}/`)
      ? `${origin}${url}`
      : `${instance.domain}${url}`;
  const words = [isAlone ? '' : instance.id, folderTitle, tags.map((tag) => `#${tag}`).join(' ')];
  const description = words
    .filter((each) => each !== '')
    .join(' · ')
    .slice(0, 500);
  return {
    title: title.slice(0, 500) || 'Dashboard',
    href: path,
    icon: 'chart-line',
    ...(description !== '' && { description }),
  };
};

/** The dashboards of an entity, the overview first. */
export async function dashboardsView(tools: Tools, entity: Entity): Promise<LinksView> {
  if (tools.instances.length === 0) return { model: 'links', items: [], note: notConfigured };
  const overview = annotationOf(entity, annotations.overview);
  const first =
    overview !== undefined && /^https?:\/\/\S+$/.test(overview)
      ? [{ title: 'Overview', href: overview, icon: 'activity' }]
      : [];
  const note =
    overview !== undefined && first.length === 0
      ? `The annotation ${annotations.overview} is no address: ${overview.slice(0, 200)}.`
      : '';
  let chosen: ReturnType<typeof wanted>;
  try {
    chosen = wanted(entity);
  } catch (error) {
    return { model: 'links', items: first, note: `${(error as Error).message}. Correct the annotation.` };
  }
  const answer = await gather(tools, 'dashboards', (instance) => readDashboards(tools.host, instance));
  const items = answer.found.flatMap(({ instance, value }) =>
    value
      .filter((dashboard) => dashboard.url.startsWith('/') && chosen.isMeant(dashboard))
      .map((dashboard) => linkOf(instance, dashboard, tools.instances.length === 1)),
  );
  // An entity that names nothing, and of which nothing is known, has nothing to do with it.
  if (!chosen.isNamed && overview === undefined && items.length === 0 && answer.problems.length === 0)
    return { model: 'links', items: [] };
  const seen = answer.found.reduce((sum, { value }) => sum + value.length, 0);
  const where = answer.found.map(({ instance }) => instance.id).join(', ');
  return {
    model: 'links',
    items: [...first, ...items].slice(0, mostLinks),
    ...head(
      [
        note,
        items.length === 0
          ? `No dashboard found; looked for ${chosen.how} among ${seen} on ${where}.`
          : `Found by ${chosen.how}.${items.length > mostLinks ? ` ${items.length} in all.` : ''}`,
      ],
      answer,
    ),
  };
}

const tones: Record<RuleState, 'bad' | 'warning' | 'neutral' | 'good'> = {
  firing: 'bad',
  error: 'bad',
  pending: 'warning',
  'no data': 'warning',
  paused: 'neutral',
  normal: 'good',
};
const order = Object.keys(tones) as RuleState[];

/** Which rules are meant, and how that is known. Any of several selectors may hold. */
function wantedRules(entity: Entity): { isMeant: (rule: Rule) => boolean; how: string; isNamed: boolean } {
  const selector = annotationOf(entity, annotations.alerts);
  const has = ({ labels, instances }: Rule, label: string, value: string) =>
    labels[label] === value || instances.some((each) => each[label] === value);
  if (selector !== undefined) {
    const pairs = selector.split(',').flatMap((pair) => {
      const [label = '', ...rest] = pair.split('=');
      return rest.length === 0 ? [] : [[label.trim(), rest.join('=').trim()] as const];
    });
    return {
      isMeant: (rule) => pairs.some(([label, value]) => has(rule, label, value)),
      how: `${selector} (annotation ${annotations.alerts})`,
      isNamed: true,
    };
  }
  const labels = ['service', 'service_name', 'app', 'job', 'component'];
  const names = namesOf(entity);
  return {
    isMeant: (rule) =>
      names.some(
        (name) =>
          labels.some((label) => has(rule, label, name)) ||
          rule.folder.split('/').at(-1)?.toLowerCase() === name.toLowerCase(),
      ),
    how: `the label ${labels.join(', ')} or the folder ${names.join(' or ')}`,
    isNamed: false,
  };
}

const pageOf = ({ domain }: Instance, { uid, name }: Rule) =>
  uid === undefined
    ? `${domain}/alerting/list?search=${encodeURIComponent(`rule:"${name}"`)}`
    : `${domain}/alerting/grafana/${encodeURIComponent(uid)}/view`;

/** The alerts of an entity with their state and since when. */
export async function alertsView(tools: Tools, entity: Entity): Promise<TableView> {
  const columns: TableView['columns'] = [
    { id: 'alert', title: 'Alert' },
    { id: 'state', title: 'State', type: 'status' },
    { id: 'since', title: 'Since', type: 'time' },
    { id: 'summary', title: 'Summary' },
    { id: 'folder', title: 'Folder' },
  ];
  if (tools.instances.length === 0) return { model: 'table', columns, rows: [], note: notConfigured };
  const { isMeant, how, isNamed } = wantedRules(entity);
  const answer = await gather(tools, 'rules', (instance) => readRules(tools.host, instance));
  const rows = answer.found
    .flatMap(({ instance, value }) => value.filter(isMeant).map((rule) => ({ instance, rule })))
    .toSorted(
      (one, other) =>
        order.indexOf(one.rule.state) - order.indexOf(other.rule.state) || (one.rule.name < other.rule.name ? -1 : 1),
    );
  if (!isNamed && rows.length === 0 && answer.problems.length === 0) return { model: 'table', columns, rows: [] };
  const seen = answer.found.reduce((sum, { value }) => sum + value.length, 0);
  const where = answer.found.map(({ instance }) => instance.id).join(', ');
  return {
    model: 'table',
    columns,
    rows: rows.slice(0, 500).map(({ instance, rule }) => ({
      alert: { text: rule.name.slice(0, 4000), href: pageOf(instance, rule) },
      state: { text: rule.state, tone: tones[rule.state] },
      since: rule.since ?? null,
      summary: rule.summary,
      folder: rule.folder,
    })),
    ...head(
      [rows.length === 0 ? `No alert found; looked for ${how} among ${seen} on ${where}.` : `Found by ${how}.`],
      answer,
    ),
  };
}
