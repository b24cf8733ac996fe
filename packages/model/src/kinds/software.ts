import type { KindDefinition } from '../kind.ts';
import {
  coreVersions,
  dependencies,
  entitySchema,
  lifecycle,
  ownedBy,
  owner,
  partOfSystem,
  system,
  text,
  texts,
} from './schema.ts';

const columns = [
  'metadata.name',
  'spec.owner',
  'spec.type',
  'spec.lifecycle',
  'spec.system',
  'metadata.description',
  'metadata.tags',
];

export const component: KindDefinition = {
  kind: 'Component',
  plural: 'components',
  title: 'Component',
  description: 'A piece of software: a service, a website, a library.',
  apiVersions: coreVersions,
  icon: 'cube',
  columns,
  schema: entitySchema('Component', coreVersions, ['type', 'lifecycle', 'owner'], {
    type: text('What it is, such as service, website or library'),
    lifecycle,
    owner,
    system,
    subcomponentOf: text('Reference to the component it is a part of'),
    providesApis: texts('References to the APIs it provides'),
    consumesApis: texts('References to the APIs it consumes'),
    dependsOn: texts('References, with their kind, to the components and resources it needs'),
  }),
  relations: [
    ownedBy,
    { field: 'subcomponentOf', type: 'partOf', inverse: 'hasPart', defaultKind: 'Component' },
    { field: 'providesApis', type: 'providesApi', inverse: 'apiProvidedBy', defaultKind: 'API' },
    { field: 'consumesApis', type: 'consumesApi', inverse: 'apiConsumedBy', defaultKind: 'API' },
    ...dependencies,
    partOfSystem,
  ],
};

export const api: KindDefinition = {
  kind: 'API',
  plural: 'apis',
  title: 'API',
  description: 'An interface that components provide and consume.',
  apiVersions: coreVersions,
  icon: 'plug-connected',
  columns,
  schema: entitySchema('API', coreVersions, ['type', 'lifecycle', 'owner', 'definition'], {
    type: text('What it is, such as openapi, asyncapi, graphql or grpc'),
    lifecycle,
    owner,
    system,
    definition: text('The definition itself; often { $text: ./openapi.yaml }'),
  }),
  variants: [
    {
      type: 'mcp-server',
      schema: entitySchema('API', coreVersions, ['type', 'lifecycle', 'owner', 'remotes'], {
        type: { const: 'mcp-server' },
        lifecycle,
        owner,
        system,
        remotes: {
          type: 'array',
          minItems: 1,
          description: 'Where the server can be reached',
          items: {
            type: 'object',
            required: ['type', 'url'],
            properties: { type: text('Transport, such as streamable-http'), url: text('Address') },
          },
        },
      }),
      relations: [{ ...ownedBy, targetKinds: ['Group', 'User'] }, partOfSystem],
    },
  ],
  relations: [ownedBy, partOfSystem],
};

export const resource: KindDefinition = {
  kind: 'Resource',
  plural: 'resources',
  title: 'Resource',
  description: 'Infrastructure that software needs: a database, a queue, a bucket.',
  apiVersions: coreVersions,
  icon: 'database',
  columns: ['metadata.name', 'spec.owner', 'spec.type', 'spec.system', 'metadata.description', 'metadata.tags'],
  schema: entitySchema('Resource', coreVersions, ['type', 'owner'], {
    type: text('What it is, such as database or s3-bucket'),
    owner,
    dependsOn: texts('References, with their kind, to the components and resources it needs'),
    system,
  }),
  relations: [ownedBy, ...dependencies, partOfSystem],
};

export const systemKind: KindDefinition = {
  kind: 'System',
  plural: 'systems',
  title: 'System',
  description: 'Components, APIs and resources that work together.',
  apiVersions: coreVersions,
  icon: 'stack-2',
  columns: ['metadata.name', 'spec.owner', 'spec.domain', 'metadata.description', 'metadata.tags'],
  schema: entitySchema('System', coreVersions, ['owner'], {
    owner,
    domain: text('Reference to the domain it is part of'),
    type: text('What it is'),
  }),
  relations: [ownedBy, { field: 'domain', type: 'partOf', inverse: 'hasPart', defaultKind: 'Domain' }],
};

export const domain: KindDefinition = {
  kind: 'Domain',
  plural: 'domains',
  title: 'Domain',
  description: 'Systems that serve one purpose of the business.',
  apiVersions: coreVersions,
  icon: 'sitemap',
  columns: ['metadata.name', 'spec.owner', 'spec.subdomainOf', 'metadata.description', 'metadata.tags'],
  schema: entitySchema('Domain', coreVersions, ['owner'], {
    owner,
    subdomainOf: text('Reference to the domain it is a part of'),
    type: text('What it is'),
  }),
  relations: [ownedBy, { field: 'subdomainOf', type: 'partOf', inverse: 'hasPart', defaultKind: 'Domain' }],
};
