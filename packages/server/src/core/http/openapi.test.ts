import Type from 'typebox';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { testHttp } from './testing.ts';

type Operation = {
  operationId: string;
  tags: string[];
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, unknown>;
};

describe('/api/openapi.json', () => {
  it('is valid OpenAPI 3.1 and describes every route under /api, and only those', async () => {
    const http = await testHttp();
    http.get(
      '/api/catalog/entities',
      {
        config: { permission: 'catalog.entity.read' },
        schema: { operationId: 'listEntities', tags: ['catalog'], summary: 'Entities', description: 'All of them' },
      },
      async () => [],
    );
    http.get('/elsewhere', { config: { permission: 'none' } }, async () => '');
    const response = await http.inject('/api/openapi.json');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    const document = response.json();
    const verdict = await new Validator().validate(structuredClone(document));
    expect(verdict).toMatchObject({ valid: true });
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Callboard', version: '9.9.9' });
    expect(Object.keys(document.paths).sort()).toEqual([
      '/api/any',
      '/api/catalog/entities',
      '/api/known-error',
      '/api/openapi.json',
      '/api/raw',
      '/api/things',
      '/api/things/{name}',
      '/api/unknown-error',
    ]);
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path as object)) as Operation[];
    expect(operations).toHaveLength(8);
    for (const { operationId, tags, responses } of operations) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(tags).toHaveLength(1);
      expect(responses['default']).toEqual({ $ref: '#/components/responses/Error' });
    }
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(8);
    expect(document.paths['/api/catalog/entities'].get).toMatchObject({
      operationId: 'listEntities',
      tags: ['catalog'],
      description: 'All of them',
      'x-permission': 'catalog.entity.read',
    });
  });

  it('publishes what is checked: types, limits, and that nothing else may come', async () => {
    const http = await testHttp();
    http.post(
      '/api/open',
      {
        config: { permission: 'none' },
        schema: { body: Type.Object({ a: Type.String() }, { additionalProperties: true }) },
      },
      async (request) => request.body,
    );
    const { paths } = (await http.inject('/api/openapi.json')).json();
    const get = paths['/api/things/{name}'].get as Operation;
    expect(get.operationId).toBe('getThingsName');
    expect(get.parameters?.map((parameter) => [parameter.in, parameter.name, parameter.required])).toEqual([
      ['query', 'limit', false],
      ['query', 'deep', false],
      ['query', 'filter', false],
      ['query', 'order', false],
      ['path', 'name', true],
    ]);
    expect(get.parameters?.[0]?.schema).toEqual({ type: 'integer', minimum: 1, maximum: 500 });
    const post = paths['/api/things'].post as Operation;
    expect(post.requestBody?.content['application/json']?.schema).toMatchObject({
      type: 'object',
      required: ['name'],
      additionalProperties: false,
    });
    expect((await http.inject({ method: 'POST', url: '/api/open', payload: { a: 'x', b: 1 } })).json()).toEqual({
      a: 'x',
      b: 1,
    });
  });
});
