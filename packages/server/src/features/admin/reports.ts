import type { ConfigurationReport, HealthReport, Job, OutboundReport } from '@callboard/model/http';
import type { ConfigEntry, LoadedConfig } from '../../core/config/index.ts';
import type { AdminCore } from './context.ts';

const time = (at: number) => new Date(at).toISOString();
const optionalTime = (at: number | null) => (at === null ? undefined : time(at));

type JobState = Awaited<ReturnType<AdminCore['jobs']['list']>>[number];

/** A job in the words of the API. */
export const jobReport = (job: JobState): Job => ({
  name: job.name,
  key: job.key,
  state: job.state,
  nextRunAt: job.state === 'waiting' ? optionalTime(job.runAt) : undefined,
  schedule: job.cron ?? (job.every === null ? undefined : String(job.every)),
  attempts: job.attempts,
  lastStatus: job.lastStatus ?? undefined,
  lastStartedAt: optionalTime(job.lastStartedAt),
  lastFinishedAt: optionalTime(job.lastFinishedAt),
  lastError: job.lastError ?? undefined,
  progress: job.progress ?? undefined,
});

export const outboundReport = (outbound: AdminCore['outbound'], config: LoadedConfig): OutboundReport => ({
  mode: config.values.outbound.mode,
  allow: config.values.outbound.allow,
  items: outbound.hosts().map(({ lastUsed, ...host }) => ({ ...host, lastUsedAt: time(lastUsed) })),
});

const originOf = ({ origin }: ConfigEntry): string => {
  if (origin === 'default') return 'default';
  return origin.source ?? `${origin.file ?? ''}${origin.line === undefined ? '' : `:${origin.line}`}`;
};

export const configurationReport = (config: LoadedConfig): ConfigurationReport => ({
  file: config.file,
  items: config.explain().map((entry) => ({ ...entry, origin: originOf(entry) })),
  unused: config.unusedKeys,
});

/** Where the database is, without the credentials to reach it. */
function databasePlace(config: LoadedConfig): string {
  const { url } = config.values.database;
  if (!url) return config.values.data.directory;
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

export async function healthReport(
  core: AdminCore,
  about: { config: LoadedConfig; version: string; startedAt: number },
): Promise<HealthReport> {
  const { rss, heapUsed } = process.memoryUsage();
  const { dialect, statements, transactions, retries, restarts, waitingReaders, waitingWriters } = core.db.statistics();
  const [latest, consumers] = await Promise.all([core.events.latest(), core.events.consumers()]);
  return {
    version: about.version,
    node: process.versions.node,
    startedAt: time(about.startedAt),
    memory: { resident: rss, heapUsed },
    database: {
      dialect,
      place: databasePlace(about.config),
      statements,
      transactions,
      retries,
      restarts,
      waitingReaders,
      waitingWriters,
    },
    events: {
      latest,
      consumers: consumers.map(({ error, updatedAt, ...consumer }) => ({
        ...consumer,
        error: error ?? undefined,
        updatedAt: time(updatedAt),
      })),
    },
  };
}
