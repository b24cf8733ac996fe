import Type from 'typebox';
import pino from 'pino';
import { afterEach } from 'vitest';
import { defineErrors } from '../errors/index.ts';
import type { HttpConfig, HttpServer } from './server.ts';
import { createHttp } from './server.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((http) => http.close()));
});

const testErrors = defineErrors('HTTPTEST', {
  broken: { name: 'ConflictError', message: "'{name}' is broken", fix: 'Mend it.' },
});

/** A server with a few routes of every sort, closed after the test. `lines` collects its log. */
export async function testHttp(config: Partial<HttpConfig> = {}, lines: string[] = []): Promise<HttpServer> {
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const http = await createHttp({
    config: { server: { host: '127.0.0.1', port: 0 }, ...config } as HttpConfig,
    log,
    version: '9.9.9',
  });
  open.push(http);
  const free = { permission: 'none' };
  http.get(
    '/api/things/:name',
    {
      config: free,
      schema: {
        params: Type.Object({ name: Type.String() }),
        querystring: Type.Object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
          deep: Type.Optional(Type.Boolean()),
          filter: Type.Optional(Type.Array(Type.String())),
          order: Type.Optional(Type.Union([Type.Literal('asc'), Type.Literal('desc')])),
        }),
        response: { 200: Type.Object({ name: Type.String() }) },
      },
    },
    async (request) => ({ name: request.params.name, query: request.query }),
  );
  http.get('/api/raw', { config: free }, async (_request, reply) =>
    reply.type('application/json').send('{"n": 1.0, "raw":true}'),
  );
  http.post(
    '/api/things',
    {
      config: free,
      bodyLimit: 100_000,
      schema: {
        body: Type.Object({
          name: Type.String({ minLength: 1, maxLength: 63 }),
          size: Type.Optional(Type.Integer({ minimum: 0 })),
          tags: Type.Optional(Type.Array(Type.String())),
          meta: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        }),
      },
    },
    async (request) => request.body,
  );
  http.put('/api/any', { config: free }, async (request) => ({ got: request.body ?? null }));
  http.get('/api/known-error', { config: free }, async () => {
    throw testErrors.broken({ name: 'disk' }, { details: { bay: 3 } });
  });
  http.get('/api/unknown-error', { config: free }, async () => {
    throw new Error('secret internals');
  });
  return http;
}
