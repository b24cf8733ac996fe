import type { TableView, TimelineView } from '@callboard/plugin-api';
import { commitOf, type Deployment, type Difference, type ServiceRecord, type Status } from './record.ts';

/** What is known of a service. */
export type Known = {
  record: ServiceRecord;
  /** By commit, of those that run somewhere */
  differences: Record<string, Difference | null>;
  looked: string;
  /** Whether it says where its source is, so that deployments of it can be expected */
  isNamed: boolean;
  problems: string[];
  /** What is read for the first time just now, in words */
  reading?: string;
};

const tones: Record<Status, 'good' | 'bad' | 'info' | 'neutral'> = {
  succeeded: 'good',
  failed: 'bad',
  running: 'info',
  removed: 'neutral',
};
/** From the first to try to the last to reach; what has another name stands between. */
const stages = [
  /^(local|dev|development|preview)/i,
  /^(test|qa|integration|int)\b/i,
  /^(uat|accept)/i,
  /^(stag|pre-?prod)/i,
  /^(prod|live)/i,
];
const rankOf = (environment: string) => {
  const at = stages.findIndex((stage) => stage.test(environment));
  return at < 0 ? 2.5 : at;
};
export const byStage = (one: string, other: string): number =>
  rankOf(one) - rankOf(other) || (one < other ? -1 : one > other ? 1 : 0);

const mostColumns = 29;
const day = (at: string) => at.slice(0, 10);
/** A commit in the length that people know, where the version is another word. */
const shortCommit = ({ version, commit }: Deployment) => {
  const short = commit?.slice(0, 7);
  return short === undefined || version.startsWith(short) ? undefined : short;
};
const told = (deployment: Deployment) =>
  [deployment.version, shortCommit(deployment), day(deployment.at), deployment.by]
    .filter((word) => word !== undefined)
    .join(' · ');

/** How what runs differs from the default branch, in words; undefined where that is not known. */
export function differenceOf(deployment: Deployment, differences: Known['differences']): string | undefined {
  const commit = commitOf(deployment);
  const found = commit === undefined ? undefined : differences[commit];
  if (!found) return undefined;
  const count = (number: number) => (number === found.most ? `${number} or more` : String(number));
  if (found.behind === 0 && found.ahead === 0) return 'up to date';
  return [
    ...(found.behind > 0 ? [`${count(found.behind)} behind`] : []),
    ...(found.ahead > 0 ? [`${count(found.ahead)} ahead`] : []),
  ].join(', ');
}

/** The numbers of a version such as `v1.4.2`, and what comes before the release; undefined for what is no such version. */
function numbersOf(version: string): { numbers: number[]; before: string } | undefined {
  const [, numbers, before = ''] = /^v?(\d+(?:\.\d+)+)(?:-([\w.-]+))?(?:\+.*)?$/i.exec(version) ?? [];
  return numbers === undefined ? undefined : { numbers: numbers.split('.').map(Number), before };
}

/** Whether one version is newer than another: by their numbers, else by which of them was first seen later. */
export function isNewer(one: string, other: string, firstSeen: ReadonlyMap<string, string>): boolean {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  if (!a || !b) return (firstSeen.get(one) ?? '') > (firstSeen.get(other) ?? '');
  for (let index = 0; index < Math.max(a.numbers.length, b.numbers.length); index += 1) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  if (a.before === '' || b.before === '') return a.before === '' && b.before !== '';
  return a.before.localeCompare(b.before, 'en', { numeric: true }) > 0;
}

/**
 * Tells of a version whether a newer one runs somewhere. What is promoted is deployed later than what is newer, so the time of deployments does
 * not tell.
 */
function behindOf({ current, history }: ServiceRecord): (version: string) => boolean {
  const firstSeen = new Map<string, string>();
  for (const { version, at } of [...history, ...Object.values(current)])
    if (at < (firstSeen.get(version) ?? '~')) firstSeen.set(version, at);
  const running = Object.values(current);
  return (version) => running.some((each) => isNewer(each.version, version, firstSeen));
}

/** What runs in an environment, and how that compares: with the newest version of the service, and with what was tried since. */
function cellOf(
  record: ServiceRecord,
  differences: Known['differences'],
  environment: string,
  isBehind: (version: string) => boolean,
) {
  const [current, last] = [record.current[environment], record.last[environment]];
  const isSince = last && last.id !== current?.id && (last.status === 'failed' || last.status === 'running');
  if (!current) return isSince ? { text: `– (${last.version} ${last.status})`, tone: tones[last.status] } : null;
  const tone = isSince ? tones[last.status] : isBehind(current.version) ? ('warning' as const) : ('good' as const);
  const difference = differenceOf(current, differences);
  const words = difference === undefined ? told(current) : `${told(current)} · ${difference}`;
  const text = isSince ? `${words} (${last.version} ${last.status})` : words;
  return { text, tone, ...(current.href !== undefined && { href: current.href }) };
}

/**
 * Services by environments. The portal leaves out services that a reader may not see, and with them environments that only these have.
 *
 * @param differences - of the commits of each service
 * @param problems - what cannot be read, and of which services that keeps us from knowing more
 * @param reading - what is read for the first time just now, in words
 */
export function matrixView(
  records: ServiceRecord[],
  differences: ReadonlyMap<string, Known['differences']>,
  problems: { message: string; services: string[] }[],
  reading: string | undefined,
): TableView {
  const counts = new Map<string, number>();
  for (const { last } of records) for (const name of Object.keys(last)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const all = [...counts.keys()];
  // Previews come by the hundred: those that most services have are shown.
  const shown = all
    .toSorted((one, other) => counts.get(other)! - counts.get(one)!)
    .slice(0, mostColumns)
    .toSorted(byStage);
  const left = all.length - shown.length;
  const remarks = [
    ...(left > 0 ? [{ text: `${left} environments of few services are left out.`, entities: [] }] : []),
    ...problems
      .slice(0, 20)
      .map(({ message, services }) => ({ text: message.slice(0, 1000), entities: services.slice(0, 5000) })),
  ];
  return {
    model: 'table',
    note:
      reading !== undefined
        ? `${reading}${records.length === 0 ? '' : ' What is known already is shown.'}`
        : records.length === 0
          ? 'Nothing was told of yet: neither by the webhook nor by GitHub or GitLab. The guide says how to tell of a deployment.'
          : 'Green: the newest version of the service that runs anywhere. Yellow: an older one. Red: the last try failed. Behind: so many commits of the default branch are not in it.',
    ...(remarks.length > 0 && { remarks }),
    columns: [
      { id: 'service', title: 'Service', type: 'entity' },
      ...shown.map((name, index) => ({ id: `e${index}`, title: name, onlyWhenUsed: true })),
    ],
    rows: records
      .toSorted((one, other) => (one.service < other.service ? -1 : 1))
      .slice(0, 5000)
      .map((record) => {
        const isBehind = behindOf(record);
        const cells = shown.map(
          (name, index) =>
            [`e${index}`, cellOf(record, differences.get(record.service) ?? {}, name, isBehind)] as const,
        );
        return { service: record.service, ...Object.fromEntries(cells) };
      }),
  };
}

const noteFor = ({ record, looked, problems, reading }: Known) => {
  const found = record.history.length === 0 ? [`No deployment is known of this entity; looked for ${looked}.`] : [];
  const note = [...(reading === undefined ? [] : [reading]), ...found, ...problems].join(' ');
  return note === '' ? {} : { note: note.slice(0, 2000) };
};

/** What runs where, of one service; no word of one of which nothing is known, and nothing can be expected. */
export function currentView(known: Known): TableView {
  const { record, differences, isNamed, problems, reading } = known;
  const isOther = record.history.length === 0 && !isNamed && problems.length === 0 && reading === undefined;
  return {
    model: 'table',
    ...(!isOther && noteFor(known)),
    columns: [
      { id: 'environment', title: 'Environment' },
      { id: 'version', title: 'Version' },
      { id: 'commit', title: 'Commit' },
      { id: 'difference', title: 'Default branch', onlyWhenUsed: true },
      { id: 'at', title: 'Since', type: 'time' },
      { id: 'by', title: 'By' },
      { id: 'last', title: 'Last try', type: 'status' },
    ],
    rows: Object.keys(record.last)
      .toSorted(byStage)
      .map((environment) => {
        const [current, last] = [record.current[environment], record.last[environment]!];
        const version = current?.version ?? null;
        return {
          environment,
          version: current?.href !== undefined ? { text: current.version, href: current.href } : version,
          commit: current?.commit?.slice(0, 12) ?? null,
          difference: (current && differenceOf(current, differences)) ?? null,
          at: current?.at ?? null,
          by: current?.by ?? null,
          last: {
            text: last.id === current?.id ? last.status : `${last.version} ${last.status}`,
            tone: tones[last.status],
          },
        };
      }),
  };
}

/** Every deployment of a service, newest first. */
export function historyView(known: Known): TimelineView {
  return {
    model: 'timeline',
    ...noteFor(known),
    items: known.record.history.map(({ at, environment, version, status, by, commit, from, href }) => ({
      at,
      title: `${version} ${status === 'succeeded' ? 'deployed to' : status === 'removed' ? 'removed from' : `${status} in`} ${environment}`,
      tone: tones[status],
      detail: [by && `by ${by}`, commit && `commit ${commit.slice(0, 12)}`, `told by ${from}`]
        .filter(Boolean)
        .join(' · '),
      ...(href !== undefined && { href }),
    })),
  };
}
