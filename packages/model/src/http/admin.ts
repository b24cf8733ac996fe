import { type Static, Type } from '../schema.ts';
import { closed, time } from './common.ts';

const anything = (description: string) => Type.Unknown({ description });

/** A job as the administration shows it. */
export const JobSchema = Type.Object({
  name: Type.String(),
  key: Type.String({ description: 'What the job works on; empty for a job on a clock.' }),
  state: Type.String({ description: 'waiting, running, done or failed.' }),
  nextRunAt: Type.Optional(time('When it runs next.')),
  schedule: Type.Optional(Type.String({ description: 'Milliseconds between runs, or a cron pattern.' })),
  attempts: Type.Integer({ minimum: 0 }),
  lastStatus: Type.Optional(Type.String({ description: 'succeeded, failed or interrupted.' })),
  lastStartedAt: Type.Optional(time('Begin of the last finished run.')),
  lastFinishedAt: Type.Optional(time('End of the last finished run.')),
  lastError: Type.Optional(Type.String()),
  progress: Type.Optional(anything('How far a running job is.')),
});
export type Job = Static<typeof JobSchema>;

export const JobList = Type.Object({ items: Type.Array(JobSchema) });
export type JobList = Static<typeof JobList>;

/** POST /api/admin/jobs/trigger */
export const TriggerJobBody = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 200 }), key: Type.Optional(Type.String({ maxLength: 200 })) },
  closed,
);
export type TriggerJobBody = Static<typeof TriggerJobBody>;

/** GET /api/admin/outbound: every host that the portal has called or was asked to call. */
export const OutboundReport = Type.Object({
  mode: Type.String({ description: 'open or closed.' }),
  allow: Type.Array(Type.String()),
  items: Type.Array(
    Type.Object({
      host: Type.String(),
      purposes: Type.Array(Type.String()),
      lastUsedAt: time('When it was last called or asked for.'),
      count: Type.Integer({ minimum: 0 }),
      blocked: Type.Integer({ minimum: 0, description: 'Calls that were refused.' }),
    }),
  ),
});
export type OutboundReport = Static<typeof OutboundReport>;

/** GET /api/admin/configuration: every key, its value and where it was set. Secrets are masked. */
export const ConfigurationReport = Type.Object({
  file: Type.Optional(Type.String({ description: 'The file that was read.' })),
  items: Type.Array(
    Type.Object({
      key: Type.String(),
      value: Type.Optional(anything('The value in force.')),
      default: Type.Optional(anything('The value without any setting.')),
      origin: Type.String({ description: 'default, a place in a file, a flag or an environment variable.' }),
      owner: Type.String({ description: 'The part of the portal that reads it.' }),
      type: Type.String({ description: 'What may be written.' }),
      description: Type.String(),
    }),
  ),
  unused: Type.Array(
    Type.Object({
      key: Type.String(),
      file: Type.String(),
      line: Type.Integer({ minimum: 1 }),
      reason: Type.String(),
      byPlugins: Type.Optional(Type.Boolean({ description: 'Plugins read it; the others have no effect.' })),
    }),
  ),
});
export type ConfigurationReport = Static<typeof ConfigurationReport>;

/** GET /api/admin/health: the process, its database and who follows its events. */
export const HealthReport = Type.Object({
  version: Type.String(),
  node: Type.String(),
  startedAt: time('When this process started.'),
  memory: Type.Object({ resident: Type.Integer(), heapUsed: Type.Integer() }, { description: 'Bytes.' }),
  database: Type.Object({
    dialect: Type.String(),
    place: Type.String({ description: 'Folder of the embedded database, or the server without its credentials.' }),
    statements: Type.Integer(),
    transactions: Type.Integer(),
    retries: Type.Integer(),
    restarts: Type.Integer(),
    waitingReaders: Type.Integer(),
    waitingWriters: Type.Integer(),
  }),
  events: Type.Object({
    latest: Type.Integer(),
    consumers: Type.Array(
      Type.Object({
        name: Type.String(),
        cursor: Type.Integer(),
        behind: Type.Integer({ description: 'Events that it has not got yet.' }),
        failures: Type.Integer(),
        error: Type.Optional(Type.String()),
        updatedAt: time('When it last moved.'),
      }),
    ),
  }),
});
export type HealthReport = Static<typeof HealthReport>;
