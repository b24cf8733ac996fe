import type { JsonObject } from '@callboard/model';
import { type Static, Type } from '@callboard/model/schema';

const closed = { additionalProperties: false };

/** The `plugins:` section of the configuration. */
export const pluginsSection = Type.Object({
  plugins: Type.Optional(
    Type.Object(
      {
        registry: Type.Optional(
          Type.String({
            pattern: '^https?://',
            expected: 'the address of a registry, such as https://npm.example.com',
            description:
              'Where `callboard plugin add <name>` finds packages: a registry that speaks the protocol of npm. None when absent.',
          }),
        ),
        registryToken: Type.Optional(
          Type.String({ secret: true, description: 'Sent to the registry as a bearer token.' }),
        ),
        folder: Type.Optional(
          Type.String({
            minLength: 1,
            description: 'A folder of tarballs that is looked through before the registry: no network is needed.',
          }),
        ),
        memoryMb: Type.Optional(
          Type.Integer({
            minimum: 16,
            maximum: 4096,
            default: 128,
            description: 'MiB of memory that the process of one plugin may use for its objects.',
          }),
        ),
        idleSeconds: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 86400,
            default: 300,
            description: 'The process of a plugin ends after this time without work.',
          }),
        ),
        secrets: Type.Optional(
          Type.Record(Type.String(), Type.Record(Type.String(), Type.String()), {
            secret: true,
            expected: 'secrets by plugin and name',
            description: 'Secrets by plugin and name: `incidents: { API_TOKEN: ${INCIDENTS_TOKEN} }`.',
          }),
        ),
        secretsKey: Type.Optional(
          Type.String({
            minLength: 16,
            expected: 'at least 16 characters',
            secret: true,
            description:
              'What secrets that are typed into forms of plugins are encrypted with in the database. Several replicas need the same; a file in the data folder has one otherwise.',
          }),
        ),
        settings: Type.Optional(
          Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), {
            expected: 'configuration by plugin',
            description:
              'Configuration by plugin, as its manifest describes it. What is set in Admin → Plugins counts before it.',
          }),
        ),
      },
      { ...closed, description: 'Plugins: where they come from and what they get.' },
    ),
  ),
});

export type PluginsConfig = {
  registry?: string;
  registryToken?: string;
  folder?: string;
  memoryMb: number;
  idleSeconds: number;
  secrets: Record<string, Record<string, string>>;
  secretsKey?: string;
  settings: Record<string, JsonObject>;
};

/** Fills the defaults of the `plugins:` section. */
export const pluginsConfig = (values: Static<typeof pluginsSection>['plugins']): PluginsConfig => ({
  registry: values?.registry,
  registryToken: values?.registryToken,
  folder: values?.folder,
  memoryMb: values?.memoryMb ?? 128,
  idleSeconds: values?.idleSeconds ?? 300,
  secrets: values?.secrets ?? {},
  ...(values?.secretsKey !== undefined && { secretsKey: values.secretsKey }),
  settings: (values?.settings ?? {}) as Record<string, JsonObject>,
});
