/** What other plugins know to run, as deployments: a version that was not there before was deployed, one that is gone was removed. */
import type { Host } from '@callboard/plugin-api';
import type { Problem } from './hosts.ts';
import { commitOf, type Deployment, merge, type Records, type ServiceRecord } from './record.ts';

type Running = Awaited<ReturnType<Host['catalog']['deployments']>>[number];
type Version = Running['items'][number];
/** What is kept of a plugin that tells: whether it can at present. */
export type Teller = { title: string; problem?: Problem };

const bare = (version: string) => version.replace(/^v(?=\d)/, '');
const isOneOf = (one: string | undefined, other: string | undefined) =>
  one !== undefined && other !== undefined && (one.startsWith(other) || other.startsWith(one));

/** Whether a deployment that somebody told of is what runs: by the version with or without its `v`, or by the commit. */
const isSame = (deployment: Deployment, { version, commit }: Version): boolean =>
  bare(deployment.version) === bare(version) ||
  isOneOf(commitOf(deployment), commit ?? (/^[0-9a-f]{7,64}$/.test(version) ? version : undefined));

/** A record with what a plugin knows to run of the service. The order of news is that of time, so what is seen now is never older. */
export function mergeRunning(
  record: ServiceRecord,
  versions: readonly Version[],
  { plugin, title, problem }: Pick<Running, 'plugin' | 'title' | 'problem'>,
  now: string,
): ServiceRecord {
  const from = `what runs in ${title}`;
  const news: Deployment[] = versions.flatMap(({ environment, version, commit, at, href }): Deployment[] => {
    const current = record.current[environment];
    if (current && isSame(current, { entity: record.service, environment, version, ...(commit && { commit }) }))
      return [];
    const began = at === undefined || Number.isNaN(Date.parse(at)) ? now : new Date(at).toISOString();
    const when = current && began <= current.at ? now : began > now ? now : began;
    return [
      {
        id: `${plugin}:${record.service}/${environment}/${version}@${when}`,
        environment,
        version,
        status: 'succeeded',
        at: when,
        ...(commit !== undefined && { commit }),
        ...(href !== undefined && { href }),
        from,
      },
    ];
  });
  const there = new Set(versions.map(({ environment }) => environment));
  const gone = Object.values(record.current)
    // Others may know of places that this plugin does not see, and while it does not know everything nothing is gone.
    .filter((each) => problem === undefined && each.from === from && !there.has(each.environment))
    .map(({ environment, version }): Deployment => ({
      id: `${plugin}:${record.service}/${environment}/gone@${now}`,
      environment,
      version,
      status: 'removed',
      at: now,
      from,
    }));
  return [...news, ...gone].reduce(merge, record);
}

/** So often everything is compared, though nothing that was told has changed. */
const wholeMs = 600_000;
/** What plugins told the last time, by service, and when everything was compared. */
export type Told = { byPlugin: Map<string, Map<string, string>>; wholeAt: number };

/**
 * Asks other plugins. Says whether anything has changed, what they cannot tell included.
 *
 * @param last - is kept from call to call; a service without a text is compared again
 */
export async function readRunning(host: Host, records: Records, last: Told): Promise<boolean> {
  const time = Date.now();
  const now = new Date(time).toISOString();
  const isAll = time - last.wholeAt >= wholeMs;
  let isChanged = false;
  for (const { plugin, title, items, problem } of await host.catalog.deployments()) {
    const before = (await host.store.get(`teller/${plugin}`)) as Teller | null;
    const wrong = problem && { message: problem.slice(0, 300), since: before?.problem?.since ?? now };
    const teller: Teller = { title, ...(wrong && { problem: wrong }) };
    if (JSON.stringify(teller) !== JSON.stringify(before)) {
      await host.store.set(`teller/${plugin}`, teller);
      isChanged = true;
    }
    const services = Map.groupBy(items, ({ entity }) => entity);
    const from = `what runs in ${title}`;
    const told = (!isAll && last.byPlugin.get(plugin)) || new Map<string, string>();
    const isOfThis = ({ current }: ServiceRecord) => Object.values(current).some((each) => each.from === from);
    const earlier = isAll ? (await records.all()).filter(isOfThis).map(({ service }) => service) : told.keys();
    for (const service of earlier) if (!services.has(service)) services.set(service, []);
    for (const [service, versions] of services) {
      const mark = JSON.stringify([
        versions.map(({ environment, version, commit }) => [environment, version, commit]),
        problem,
      ]);
      if (told.get(service) === mark) continue;
      const how = { plugin, title, problem };
      const isOther = await records.change(service, (record) => mergeRunning(record, versions, how, now));
      isChanged ||= isOther;
      // What was changed is compared once more.
      told.set(service, isOther ? '' : mark);
    }
    last.byPlugin.set(plugin, told);
  }
  if (isAll) last.wholeAt = time;
  return isChanged;
}

/** The plugins that tell what runs. */
export const tellersOf = async (host: Host): Promise<Teller[]> =>
  (await host.store.entries('teller/')).map(({ value }) => value as unknown as Teller);
