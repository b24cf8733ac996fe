import type { JsonObject } from '../json.ts';
import type { KindDefinition } from '../kind.ts';
import { entitySchema, lifecycle, ownedBy, owner, text } from './schema.ts';

const versions = ['scaffolder.backstage.io/v1beta3'];
const string = { type: 'string' };
const condition = { type: ['string', 'boolean'], description: 'Skips it when false' };
const permissions = { type: 'object', properties: { tags: { type: 'array', items: string } } };
const page = { type: 'object', properties: { 'backstage:permissions': permissions } };
const decorators = { type: 'array', items: { type: 'object', properties: { id: string, input: { type: 'object' } } } };
const outputs = (properties: JsonObject) => ({
  type: 'array',
  items: { type: 'object', properties: { if: condition, ...properties } },
});

export const template: KindDefinition = {
  kind: 'Template',
  plural: 'templates',
  title: 'Template',
  description: 'A form and the steps that make something new from its answers.',
  apiVersions: versions,
  icon: 'template',
  columns: ['metadata.name', 'spec.owner', 'spec.type', 'metadata.description', 'metadata.tags'],
  schema: entitySchema('Template', versions, ['type', 'steps'], {
    type: text('What it makes, such as service or website'),
    owner,
    lifecycle,
    parameters: { oneOf: [page, { type: 'array', items: page }], description: 'The pages of the form as JSON Schemas' },
    secrets: { type: 'object', properties: { schema: { type: 'object' } } },
    presentation: {
      type: 'object',
      properties: {
        buttonLabels: {
          type: 'object',
          properties: { backButtonText: string, createButtonText: string, reviewButtonText: string },
        },
      },
    },
    EXPERIMENTAL_recovery: { type: 'object', properties: { EXPERIMENTAL_strategy: string } },
    formDecorators: decorators,
    EXPERIMENTAL_formDecorators: decorators,
    steps: {
      type: 'array',
      description: 'The actions, in order',
      items: {
        type: 'object',
        required: ['action'],
        properties: {
          id: string,
          name: string,
          action: string,
          input: { type: 'object' },
          if: condition,
          'backstage:permissions': permissions,
        },
      },
    },
    output: {
      type: 'object',
      properties: {
        links: outputs({
          url: text('Address'),
          entityRef: text('Reference'),
          title: text('Title'),
          icon: text('Icon'),
        }),
        text: outputs({ title: text('Title'), icon: text('Icon'), content: string }),
      },
      additionalProperties: string,
    },
  }),
  relations: [ownedBy],
};
