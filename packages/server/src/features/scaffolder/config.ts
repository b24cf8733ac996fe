import { resolve } from 'node:path';
import { type Static, Type } from '@callboard/model/schema';
import { duration, durationToMilliseconds } from '../../core/config/index.ts';

const closed = { additionalProperties: false };
const author = { name: 'Callboard', email: 'callboard@localhost' };

/** The `scaffolder:` section of the configuration. */
export const scaffolderSection = Type.Object({
  scaffolder: Type.Optional(
    Type.Object(
      {
        defaultAuthor: Type.Optional(
          Type.Object(
            {
              name: Type.Optional(Type.String({ minLength: 1, default: author.name })),
              email: Type.Optional(Type.String({ minLength: 1, default: author.email })),
            },
            { ...closed, description: 'Who makes commits when a template does not say it.' },
          ),
        ),
        defaultEnvironment: Type.Optional(
          Type.Object(
            {
              parameters: Type.Optional(
                Type.Record(Type.String(), Type.Unknown(), {
                  description: 'Values that templates see as environment.parameters.',
                }),
              ),
              secrets: Type.Optional(
                Type.Record(Type.String(), Type.String({ secret: true }), {
                  description: 'Secrets that inputs of steps see as environment.secrets.',
                }),
              ),
            },
            { ...closed, description: 'What every run is given.' },
          ),
        ),
        concurrentTasksLimit: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 1000,
            default: 10,
            description: 'Most runs at the same time on one replica.',
          }),
        ),
        taskTimeout: Type.Optional(duration({ default: '24h', description: 'After this time a run fails.' })),
        stepTimeout: Type.Optional(duration({ default: '1h', description: 'After this time a step fails.' })),
        repositories: Type.Optional(
          Type.String({
            minLength: 1,
            description:
              'Folder of the bare repositories that publish:git makes for names without a host. Below the data folder when absent.',
          }),
        ),
        keepRuns: Type.Optional(
          duration({ default: '365d', description: 'So long runs and their logs are kept after their end.' }),
        ),
        keepWorkspaces: Type.Optional(
          duration({ default: '7d', description: 'So long the files of a run can be downloaded after its end.' }),
        ),
        secretsKey: Type.Optional(
          Type.String({
            minLength: 16,
            secret: true,
            description:
              'What secrets of running templates are encrypted with in the database. Several replicas need the same; a file in the data folder has one otherwise.',
          }),
        ),
      },
      { ...closed, description: 'Templates that run.' },
    ),
  ),
});

type Values = NonNullable<Static<typeof scaffolderSection>['scaffolder']>;

export type ScaffolderConfig = {
  author: { name: string; email: string };
  environment: { parameters: Record<string, unknown>; secrets: Record<string, string> };
  concurrency: number;
  runMs: number;
  stepMs: number;
  repositories: string;
  keepRunsMs: number;
  keepWorkspacesMs: number;
  secretsKey?: string;
};

/**
 * Fills the defaults of the `scaffolder:` section.
 *
 * @param places.directory - where a relative folder of repositories starts
 */
export function scaffolderConfig(
  values: Values | undefined,
  places: { directory: string; dataDirectory: string },
): ScaffolderConfig {
  return {
    author: { ...author, ...values?.defaultAuthor },
    environment: {
      parameters: values?.defaultEnvironment?.parameters ?? {},
      secrets: values?.defaultEnvironment?.secrets ?? {},
    },
    concurrency: values?.concurrentTasksLimit ?? 10,
    runMs: durationToMilliseconds(values?.taskTimeout ?? '24h'),
    stepMs: durationToMilliseconds(values?.stepTimeout ?? '1h'),
    repositories:
      values?.repositories === undefined
        ? resolve(places.dataDirectory, 'repositories')
        : resolve(places.directory, values.repositories),
    keepRunsMs: durationToMilliseconds(values?.keepRuns ?? '365d'),
    keepWorkspacesMs: durationToMilliseconds(values?.keepWorkspaces ?? '7d'),
    ...(values?.secretsKey !== undefined && { secretsKey: values.secretsKey }),
  };
}
