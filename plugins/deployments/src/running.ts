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

/** Asks other plugins. Says whether anything has changed, and whether they know everything. */
export async function readRunning(host: Host, records: Records): Promise<{ isChanged: boolean; isWhole: boolean }> {
  const now = new Date().toISOString();
  let isChanged = false;
  let isWhole = true;
  for (const { plugin, title, items, problem } of await host.catalog.deployments()) {
    const before = (await host.store.get(`teller/${plugin}`)) as Teller | null;
    isWhole &&= problem === undefined;
    const wrong = problem && { message: problem.slice(0, 300), since: before?.problem?.since ?? now };
    const teller: Teller = { title, ...(wrong && { problem: wrong }) };
    if (JSON.stringify(teller) !== JSON.stringify(before)) {
      await host.store.set(`teller/${plugin}`, teller);
      isChanged = true;
    }
    const services = Map.groupBy(items, ({ entity }) => entity);
    const from = `what runs in ${title}`;
    for (const { service, current } of await records.all())
      if (!services.has(service) && Object.values(current).some((each) => each.from === from))
        services.set(service, []);
    for (const [service, versions] of services)
      isChanged =
        (await records.change(service, (record) => mergeRunning(record, versions, { plugin, title, problem }, now))) ||
        isChanged;
  }
  return { isChanged, isWhole };
}

/** The plugins that tell what runs. */
export const tellersOf = async (host: Host): Promise<Teller[]> =>
  (await host.store.entries('teller/')).map(({ value }) => value as unknown as Teller);
