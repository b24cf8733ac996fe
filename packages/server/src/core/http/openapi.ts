import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

type Operation = {
  operationId?: string;
  tags?: string[];
  summary?: string;
  description?: string;
  responses?: Record<string, unknown>;
};
type Document = { paths?: Record<string, Record<string, Operation>>; tags?: { name: string }[] };

const errorSchema = {
  type: 'object',
  required: ['error', 'request', 'response'],
  properties: {
    error: {
      type: 'object',
      required: ['name', 'message', 'code', 'fix'],
      properties: {
        name: { type: 'string', description: 'Kind of error, such as InputError or NotFoundError' },
        message: { type: 'string', description: 'What is wrong, and where' },
        code: { type: 'string', description: 'Stable code, listed in the error reference' },
        fix: { type: 'string', description: 'The next step' },
        details: { type: 'object', additionalProperties: true, description: 'More facts, such as every fault found' },
      },
    },
    request: {
      type: 'object',
      required: ['method', 'url'],
      properties: { method: { type: 'string' }, url: { type: 'string' } },
    },
    response: { type: 'object', required: ['statusCode'], properties: { statusCode: { type: 'integer' } } },
  },
};

const titleCase = (text: string) =>
  text.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase());

/** `GET /api/catalog/entities/{uid}` → `getCatalogEntitiesUid`, for operations that name themselves nothing better. */
const derivedId = (method: string, path: string) => titleCase(`${method} ${path.replace(/^\/api\//, '')}`);

function complete(document: Document): void {
  const used = new Set<string>();
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) {
      operation.operationId ??= derivedId(method, path);
      operation.tags ??= [path.split('/')[2] ?? 'core'];
      for (const tag of operation.tags) used.add(tag);
      operation.responses = { ...operation.responses, default: { $ref: '#/components/responses/Error' } };
    }
  const described = new Set(document.tags?.map((tag) => tag.name));
  document.tags = [
    ...(document.tags ?? []),
    ...[...used].filter((tag) => !described.has(tag)).map((name) => ({ name })),
  ];
}

/**
 * Publishes every route under /api, from the schemas that check its requests, as OpenAPI 3.1 at /api/openapi.json.
 * Must run before the routes are added.
 *
 * @param options.title - of the document
 * @param options.version - of the portal
 */
export async function registerOpenapi(
  http: FastifyInstance,
  options: { title: string; version: string },
): Promise<void> {
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: options.title,
        version: options.version,
        description: 'Every answer that is not a success has the shape of the schema Error.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        schemas: { Error: errorSchema as never },
        responses: {
          Error: {
            description: 'What is wrong, and the next step',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
          },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const isPublic = url.startsWith('/api/');
      return {
        schema: isPublic ? { ...schema, 'x-permission': route.config?.permission } : { ...schema, hide: true },
        url,
      };
    },
    exposeHeadRoutes: false,
  });
  let text: string | undefined;
  http.get(
    '/api/openapi.json',
    {
      config: { permission: 'none' },
      schema: {
        operationId: 'getOpenapi',
        tags: ['core'],
        summary: 'This document',
        response: { 200: { type: 'object', additionalProperties: true, description: 'OpenAPI 3.1' } },
      },
    },
    async (_request, reply) => {
      if (text === undefined) {
        const document = structuredClone(http.swagger()) as Document;
        complete(document);
        text = JSON.stringify(document);
      }
      return reply.type('application/json').send(text);
    },
  );
}
