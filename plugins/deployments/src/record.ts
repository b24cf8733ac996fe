import { createHash } from 'node:crypto';
import type { Host } from '@callboard/plugin-api';

export const statuses = ['succeeded', 'failed', 'running', 'removed'] as const;
export type Status = (typeof statuses)[number];

/** A version that was brought to an environment, or was to be. */
export type Deployment = {
  /** The same for everything that is told of one deployment */
  id: string;
  environment: string;
  version: string;
  status: Status;
  /** ISO 8601, in UTC */
  at: string;
  commit?: string;
  by?: string;
  href?: string;
  /** Who told of it */
  from: string;
};

/** Everything that is known of a service. */
export type ServiceRecord = {
  /** Ref of the entity */
  service: string;
  /** What runs in each environment, and the last that was tried there */
  current: Record<string, Deployment>;
  last: Record<string, Deployment>;
  /** Newest first */
  history: Deployment[];
};

/** How far a commit is from the default branch: what of it is not there, and what is there and not in it. */
export type Difference = {
  behind: number;
  ahead: number;
  /** No more than these were counted */
  most?: number;
};

/** The commit of a deployment; versions that are one count as such. */
export const commitOf = ({ commit, version }: Deployment): string | undefined =>
  commit ?? (/^[0-9a-f]{7,40}$/.test(version) ? version : undefined);

const mostHistory = 200;
const mostEnvironments = 50;

const emptyRecord = (service: string): ServiceRecord => ({ service, current: {}, last: {}, history: [] });
/** The newest of what is known of an environment. */
const newest = (deployments: (Deployment | undefined)[]): Deployment | undefined =>
  deployments.reduce((best, each) => (each && (!best || each.at > best.at) ? each : best), undefined);

/** A record with one more deployment, or with news of one that it has. The order in which they come does not matter, and the same twice changes nothing. */
export function merge(record: ServiceRecord, deployment: Deployment): ServiceRecord {
  const { environment, id } = deployment;
  if (!Object.hasOwn(record.last, environment) && Object.keys(record.last).length >= mostEnvironments) return record;
  const history = [deployment, ...record.history.filter((each) => each.id !== id)]
    .toSorted((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : one.id < other.id ? 1 : -1))
    .slice(0, mostHistory);
  const here = history.filter((each) => each.environment === environment);
  // What fell out of the history may still be what runs.
  const kept = (deployments: Record<string, Deployment>) =>
    deployments[environment]?.id === id ? undefined : deployments[environment];
  const last = { ...record.last, [environment]: newest([...here, kept(record.last)])! };
  const ended = newest([
    ...here.filter(({ status }) => status === 'succeeded' || status === 'removed'),
    kept(record.current),
  ]);
  const { [environment]: _before, ...others } = record.current;
  const current = ended?.status === 'succeeded' ? { ...others, [environment]: ended } : others;
  return { ...record, history, last, current };
}

const keyOf = (service: string) => `service/${createHash('sha256').update(service).digest('hex')}`;

/** The records of services. Changes of one service wait for each other; `changed` is told of each. */
export function createRecords({ store }: Pick<Host, 'store'>, changed: (service: string) => void) {
  const queues = new Map<string, Promise<unknown>>();
  const read = async (service: string) =>
    ((await store.get(keyOf(service))) as ServiceRecord | null) ?? emptyRecord(service);
  return {
    read,
    async all(): Promise<ServiceRecord[]> {
      const found: ServiceRecord[] = [];
      for (let after = ''; ;) {
        const entries = await store.entries('service/', after);
        found.push(...entries.map(({ value }) => value as unknown as ServiceRecord));
        if (entries.length < 500) return found;
        after = entries.at(-1)!.key;
      }
    },
    /** Changes a record; `isChanged` tells whether there was anything to change. */
    async change(service: string, how: (record: ServiceRecord) => ServiceRecord): Promise<boolean> {
      const turn = (queues.get(service) ?? Promise.resolve()).then(async () => {
        const before = await read(service);
        const after = how(before);
        if (JSON.stringify(before) === JSON.stringify(after)) return false;
        await store.set(keyOf(service), after);
        changed(service);
        return true;
      });
      const settled = turn.catch(() => undefined);
      queues.set(service, settled);
      void settled.then(() => queues.get(service) === settled && queues.delete(service));
      return turn;
    },
  };
}
export type Records = ReturnType<typeof createRecords>;
