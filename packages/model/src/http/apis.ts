import type { ApiDetail, ApiOperation, ApiOverview, ApiSummary, ApiType } from '../api-definition.ts';
import { type Static, Type } from '../schema.ts';
import { closed } from './common.ts';

export const ApiPath = Type.Object({
  namespace: Type.String({ minLength: 1, maxLength: 253 }),
  name: Type.String({ minLength: 1, maxLength: 253 }),
});

export type ApiPath = Static<typeof ApiPath>;

/** What of an API is asked for. Ids may hold slashes, so they are no part of the path. */
export const ApiPartQuery = Type.Object({ id: Type.String({ minLength: 1, maxLength: 2000 }) }, closed);

export const ApiOverviewResponse = Type.Unsafe<ApiOverview & { tryItOut: string[] }>({
  type: 'object',
  description: 'What the definition says, without its operations and types themselves.',
  required: ['format', 'lines', 'typeLines', 'found'],
  additionalProperties: true,
  properties: {
    format: { type: 'string', enum: ['openapi', 'asyncapi', 'graphql', 'proto', 'avro', 'text'] },
    lines: {
      type: 'array',
      description: 'Operations: id, verb, name.',
      items: { type: 'object', additionalProperties: true },
    },
    typeLines: { type: 'array', items: { type: 'object', additionalProperties: true } },
    found: {
      type: 'array',
      description: 'What is wrong in it, with lines.',
      items: { type: 'object', additionalProperties: true },
    },
  },
});
export type ApiOverviewResponse = Static<typeof ApiOverviewResponse>;

const detail = {
  type: 'object',
  required: ['item', 'types'],
  additionalProperties: true,
  properties: {
    item: { type: 'object', additionalProperties: true },
    types: { type: 'object', description: 'Types that it names, by id.', additionalProperties: true },
  },
};
export const ApiOperationResponse = Type.Unsafe<ApiDetail<ApiOperation>>(detail);
export const ApiTypeResponse = Type.Unsafe<ApiDetail<ApiType>>(detail);

export const ApiSummariesBody = Type.Object(
  { entityRefs: Type.Array(Type.String({ minLength: 1, maxLength: 600 }), { maxItems: 200 }) },
  closed,
);
export const ApiSummariesResponse = Type.Unsafe<{ items: (ApiSummary | null)[] }>({
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      description: 'In the order of the refs; null where there is no definition.',
      items: { type: ['object', 'null'], additionalProperties: true },
    },
  },
});
export type ApiSummariesResponse = Static<typeof ApiSummariesResponse>;

export const ApiTryRequest = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: 8000, description: 'With its parameters filled in.' }),
    headers: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 8000 }))),
    body: Type.Optional(Type.String({ maxLength: 512_000 })),
  },
  closed,
);
export type ApiTryRequest = Static<typeof ApiTryRequest>;

export const ApiTryResponse = Type.Object({
  status: Type.Integer(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.String(),
  bytes: Type.Integer({ description: 'Length of the whole answer.' }),
  isText: Type.Boolean({ description: 'False when the answer is no text; the body is empty then.' }),
  isCut: Type.Boolean(),
  milliseconds: Type.Integer(),
});
export type ApiTryResponse = Static<typeof ApiTryResponse>;
