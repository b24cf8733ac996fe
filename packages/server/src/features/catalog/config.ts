import type { EntityPageLayout, JsonObject, KindDefinition } from '@callboard/model';
import { type Static, Type } from '@callboard/model/schema';
import type { CodeHost } from './formats/backstage/hosts.ts';
import { codeHosts, type Integrations, integrationsSection } from './formats/backstage/integrations.ts';
import { pagesSection } from './page-layouts.ts';
import { durationOrOff, durationToMilliseconds } from '../../core/config/index.ts';

const closed = { additionalProperties: false };

const allow = Type.Array(
  Type.Union([
    Type.String({ minLength: 1 }),
    Type.Object(
      { kind: Type.String({ minLength: 1 }), 'spec.type': Type.Optional(Type.String({ minLength: 1 })) },
      closed,
    ),
  ]),
  { description: 'Kinds that may come in: a kind, or a kind with its spec.type. Case does not matter.' },
);

const rule = Type.Object(
  {
    allow,
    locations: Type.Optional(
      Type.Array(
        Type.Object(
          {
            type: Type.String({ minLength: 1 }),
            exact: Type.Optional(Type.String({ minLength: 1 })),
            pattern: Type.Optional(Type.String({ minLength: 1 })),
          },
          { ...closed, not: { required: ['exact', 'pattern'] } },
        ),
        { description: 'Origins for which the rule holds; all when absent. `exact` and `pattern` exclude each other.' },
      ),
    ),
  },
  closed,
);

const location = Type.Object(
  {
    type: Type.Union([Type.Literal('file'), Type.Literal('url'), Type.Literal('git')], {
      description: 'file: a descriptor, a folder or a glob; url: a descriptor by http(s); git: a repository to clone.',
    }),
    target: Type.String({
      minLength: 1,
      description: 'Path, glob, address or repository. A relative path starts at the folder of the configuration file.',
    }),
    rules: Type.Optional(
      Type.Array(Type.Object({ allow }, closed), {
        description: 'Kinds allowed from this location, in addition to catalog.rules.',
      }),
    ),
    branch: Type.Optional(
      Type.String({ minLength: 1, description: 'git only: the branch; the default branch when absent.' }),
    ),
    pattern: Type.Optional(
      Type.String({ minLength: 1, description: 'git and folders: glob of the descriptor files.' }),
    ),
  },
  closed,
);

const relationWord = { pattern: '^\\w+$', expected: 'a word such as deployedBy, of letters, digits and _' };

const relationRule = Type.Object(
  {
    field: Type.String({ minLength: 1, description: 'Path below spec whose value, or values, are entity refs.' }),
    type: Type.String({ ...relationWord, description: 'Relation from this entity to the one named.' }),
    inverse: Type.String({ ...relationWord, description: 'The same relation seen from the other end.' }),
    defaultKind: Type.Optional(Type.String({ minLength: 1, description: 'Kind of a ref that names none.' })),
    targetKinds: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  },
  closed,
);

/** A kind, as under `catalog.kinds`. */
export const kindSchema = Type.Object(
  {
    kind: Type.String({
      pattern: '^[a-zA-Z][a-z0-9A-Z]{0,62}$',
      expected: 'a word such as Database, of at most 63 letters and digits, a letter first',
      description: 'The word in the descriptor.',
    }),
    plural: Type.Optional(Type.String({ minLength: 1 })),
    title: Type.Optional(Type.String({ minLength: 1 })),
    description: Type.Optional(Type.String()),
    apiVersions: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
    schema: Type.Record(Type.String(), Type.Unknown(), {
      description: 'JSON Schema of the whole entity, or of what is special in it.',
    }),
    relations: Type.Optional(Type.Array(relationRule)),
    icon: Type.Optional(Type.String({ minLength: 1, description: 'Name of a Tabler icon.' })),
    columns: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: 'Columns of the list, as paths such as spec.type.' }),
    ),
  },
  closed,
);

/** The `catalog:` and `integrations:` sections of the configuration. Names are Backstage's where it has the same thing. */
export const catalogSection = Type.Object({
  integrations: Type.Optional(integrationsSection),
  catalog: Type.Optional(
    Type.Object(
      {
        locations: Type.Optional(
          Type.Array(location, { description: 'Where descriptors are read from.', default: [] }),
        ),
        rules: Type.Optional(
          Type.Array(rule, { description: 'Which kinds may come from where. Default: every kind the portal knows.' }),
        ),
        kinds: Type.Optional(
          Type.Array(kindSchema, { description: 'Kinds of your own, treated like the built-in ones.', default: [] }),
        ),
        pages: Type.Optional(pagesSection),
        readonly: Type.Optional(
          Type.Boolean({
            description: 'Refuses to register, change or remove anything through the API.',
            default: false,
          }),
        ),
        orphanStrategy: Type.Optional(
          Type.Union([Type.Literal('delete'), Type.Literal('keep')], {
            description: 'What becomes of entities whose descriptor is gone.',
            default: 'delete',
          }),
        ),
        processingInterval: Type.Optional(
          durationOrOff({
            description: 'How often url and git locations are asked for changes.',
            default: { minutes: 2 },
          }),
        ),
        defaultLocationConflictStrategy: Type.Optional(
          Type.Union([Type.Literal('reject'), Type.Literal('refresh')], {
            description: 'Registering a location that is registered already.',
            default: 'reject',
          }),
        ),
        import: Type.Optional(
          Type.Object(
            {
              entityFilename: Type.Optional(
                Type.String({
                  minLength: 1,
                  default: 'catalog-info.yaml',
                  description: 'File name looked for in folders and repositories.',
                }),
              ),
            },
            closed,
          ),
        ),
        limits: Type.Optional(
          Type.Object(
            {
              fileSize: Type.Optional(
                Type.Integer({
                  minimum: 1024,
                  maximum: 1073741824,
                  default: 10485760,
                  description: 'Largest descriptor file read, in bytes.',
                }),
              ),
              shrinkShare: Type.Optional(
                Type.Number({
                  minimum: 0,
                  maximum: 1,
                  default: 0.5,
                  description:
                    'A source that would lose more than this share of its entities at once is held until someone confirms.',
                }),
              ),
              shrinkMinimum: Type.Optional(
                Type.Integer({
                  minimum: 1,
                  default: 10,
                  description: 'Losses below this number of entities are never held.',
                }),
              ),
            },
            closed,
          ),
        ),
      },
      { ...closed, description: 'The software catalog: what is read, from where, and what it may contain.' },
    ),
  ),
});

type CatalogValues = NonNullable<Static<typeof catalogSection>['catalog']>;
export type ConfiguredLocation = Static<typeof location>;
export type ConfiguredRule = Static<typeof rule>;

/** The catalog's settings with every default filled in; times in milliseconds, sizes in bytes. */
export type CatalogConfig = {
  locations: ConfiguredLocation[];
  rules: ConfiguredRule[] | undefined;
  kinds: KindDefinition[];
  /** how the pages of entities look, those of the configuration only */
  pages: EntityPageLayout[];
  readonly: boolean;
  orphanStrategy: 'delete' | 'keep';
  pollEveryMs: number | undefined;
  conflictStrategy: 'reject' | 'refresh';
  entityFilename: string;
  limits: { fileSize: number; shrinkShare: number; shrinkMinimum: number };
  /** code hosts beside the public ones */
  hosts: CodeHost[];
};

/**
 * Fills the defaults of the `catalog:` section.
 *
 * @param values - the section as loaded and validated, or undefined when the file has none
 * @param integrations - the `integrations:` section, likewise
 */
export function catalogConfig(values: CatalogValues | undefined, integrations?: Integrations): CatalogConfig {
  const interval = values?.processingInterval ?? { minutes: 2 };
  return {
    locations: values?.locations ?? [],
    rules: values?.rules,
    kinds: (values?.kinds ?? []).map((configured) => ({
      ...configured,
      schema: configured.schema as JsonObject,
      relations: configured.relations ?? [],
    })),
    pages: values?.pages ?? [],
    hosts: codeHosts(integrations),
    readonly: values?.readonly ?? false,
    orphanStrategy: values?.orphanStrategy ?? 'delete',
    pollEveryMs: interval === false ? undefined : durationToMilliseconds(interval),
    conflictStrategy: values?.defaultLocationConflictStrategy ?? 'reject',
    entityFilename: values?.import?.entityFilename ?? 'catalog-info.yaml',
    limits: {
      fileSize: values?.limits?.fileSize ?? 10_485_760,
      shrinkShare: values?.limits?.shrinkShare ?? 0.5,
      shrinkMinimum: values?.limits?.shrinkMinimum ?? 10,
    },
  };
}
