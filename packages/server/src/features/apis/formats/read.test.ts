import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pack } from '../understand.ts';
import { readDefinition } from './read.ts';

const company = fileURLToPath(new URL('../../../../../../examples/company', import.meta.url));
const typeOf: Record<string, string> = { '.proto': 'grpc', '.graphql': 'graphql', '.avsc': 'avro' };

const definitions = readdirSync(company, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\/(api|schemas)\/[\w.-]+$/.test(path) && !/partner-gateway/.test(path))
  .toSorted();

const read = (type: string, value: unknown) =>
  readDefinition(type, typeof value === 'string' ? value : JSON.stringify(value));
const openapi = (paths: unknown, components: unknown = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Test', version: '1' },
  paths,
  components,
});
const answering = (schema: unknown) => ({
  '/a': { get: { responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } } } },
});
const answerOf = async (schema: unknown, schemas: unknown = {}) => {
  const definition = await read('openapi', openapi(answering(schema), { schemas }));
  return { definition, schema: definition.operations[0]?.sections[0]?.contents?.[0]?.schema };
};

describe('the definitions of the example company', () => {
  it.each(definitions)('understands %s', async (path) => {
    const ending = /\.\w+$/.exec(path)![0];
    const type = typeOf[ending] ?? (path.includes('asyncapi') ? 'asyncapi' : 'openapi');
    const definition = await readDefinition(type, readFileSync(join(company, path), 'utf8'));
    expect(definition.found).toEqual([]);
    expect(definition.format).toBe({ grpc: 'proto' }[type] ?? type);
    expect(definition.operations.length + definition.types.length).toBeGreaterThan(0);
  });
});

describe('OpenAPI', () => {
  it('reads parameters, bodies, answers and the call', async () => {
    const definition = await read('openapi', {
      ...openapi({
        '/ships/{id}': {
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', examples: ['s1'] } }],
          post: {
            operationId: 'move',
            summary: 'Move a ship',
            tags: ['fleet'],
            security: [{ key: [] }, {}],
            parameters: [{ name: 'dry', in: 'query', schema: { type: 'boolean', default: false } }],
            requestBody: {
              required: true,
              content: {
                'application/json': {
                  schema: {
                    type: 'object',
                    required: ['to'],
                    properties: {
                      to: { type: ['string', 'null'], maxLength: 3 },
                      id: { type: 'string', readOnly: true },
                    },
                  },
                },
              },
            },
            responses: { 204: { description: 'Moved.' } },
          },
        },
      }),
      servers: [{ url: 'https://{place}.example.org/v1', variables: { place: { default: 'sea' } } }],
    });
    const [operation] = definition.operations;
    expect(operation).toMatchObject({ id: 'move', verb: 'POST', name: '/ships/{id}', title: 'Move a ship', group: 0 });
    expect(operation!.security).toEqual([[{ id: 'key', scopes: [] }], []]);
    expect(operation!.sections.map(({ title }) => title)).toEqual([
      'Path parameters',
      'Query parameters',
      'Request body',
      '204',
    ]);
    expect(operation!.sections[2]!.contents![0]!.schema!.fields).toEqual([
      { name: 'to', type: 'string or null', rules: ['at most 3 characters'], required: true },
      { name: 'id', type: 'string', access: 'read only' },
    ]);
    expect(operation!.call).toEqual({
      method: 'POST',
      path: '/ships/{id}',
      servers: ['https://sea.example.org/v1'],
      parameters: [
        { in: 'path', name: 'id', required: true, example: 's1' },
        { in: 'query', name: 'dry', required: false, example: 'false' },
      ],
      body: { mediaType: 'application/json', text: '{\n  "to": "string"\n}' },
    });
    expect(definition.groups).toEqual([{ name: 'fleet' }]);
  });

  it('reads Swagger 2', async () => {
    const definition = await read('openapi', {
      swagger: '2.0',
      info: { title: 'Old', version: '1' },
      host: 'old.example.org',
      basePath: '/api/',
      schemes: ['https'],
      consumes: ['application/json'],
      paths: {
        '/a': {
          post: {
            parameters: [{ name: 'body', in: 'body', required: true, schema: { $ref: '#/definitions/A' } }],
            responses: { 200: { description: 'ok', schema: { type: 'array', items: { $ref: '#/definitions/A' } } } },
          },
        },
      },
      definitions: { A: { type: 'object', properties: { n: { type: 'integer', 'x-nullable': true } } } },
    });
    const [{ sections, call }] = definition.operations as [(typeof definition.operations)[0]];
    expect(call!.servers).toEqual(['https://old.example.org/api']);
    expect(sections[0]!.contents![0]!.schema).toEqual({ type: 'A', ref: 'A' });
    expect(sections[1]!.contents![0]!.schema).toEqual({ type: 'array of A', ref: 'A' });
    expect(definition.types[0]!.schema.fields).toEqual([{ name: 'n', type: 'integer or null' }]);
  });

  it('says what a schema may be', async () => {
    const { schema } = await answerOf(
      {
        allOf: [{ $ref: '#/components/schemas/Base' }, { type: 'object', properties: { kind: { enum: ['a', 'b'] } } }],
        oneOf: [{ type: 'string' }, { type: 'null' }],
      },
      { Base: { type: 'object' } },
    );
    expect(schema).toEqual({
      type: 'object or null',
      fields: [{ name: 'kind', type: 'string', values: [{ value: 'a' }, { value: 'b' }] }],
      choices: [
        { word: 'all of', of: [{ type: 'Base', ref: 'Base' }] },
        { word: 'one of', of: [{ type: 'string' }] },
      ],
    });
  });

  it('goes round in no circle', async () => {
    const { definition, schema } = await answerOf(
      { $ref: '#/components/schemas/Node' },
      {
        Node: { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } },
        Self: { $ref: '#/components/schemas/Self' },
      },
    );
    expect(schema).toEqual({ type: 'Node', ref: 'Node' });
    expect(definition.types.map(({ name }) => name)).toEqual(['Node', 'Self']);
    const inPlace = await answerOf({
      type: 'object',
      properties: { again: { $ref: '#/paths/~1a/get/responses/200/content/application~1json/schema' } },
    });
    expect(pack(inPlace.definition).operations.get('GET /a')!.refs).toHaveLength(1);
    const loop = await read(
      'openapi',
      openapi(
        { '/a': { get: { parameters: [{ $ref: '#/components/parameters/A' }], responses: {} } } },
        { parameters: { A: { $ref: '#/components/parameters/A' } } },
      ),
    );
    expect(loop.found.map(({ code }) => code)).toEqual(['APIS_REFERENCE_CIRCLE']);
  });

  it('names the line of a reference that leads nowhere, and goes on', async () => {
    const definition = await read(
      'openapi',
      `openapi: 3.0.3
info: { title: T, version: '1' }
paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          content: { application/json: { schema: { $ref: '#/components/schemas/Nope' } } }
        '400': { $ref: './other.yaml#/x' }
`,
    );
    expect(definition.found.map(({ code, line }) => [code, line])).toEqual([
      ['APIS_REFERENCE_MISSING', 9],
      ['APIS_REFERENCE_OUTSIDE', 10],
    ]);
    expect(definition.operations[0]!.sections[0]!.contents![0]!.schema).toEqual({ type: 'Nope', missing: true });
  });

  it('stops at 40 levels of a schema that is nested 10,000 deep', async () => {
    let text = '{"type":"string"}';
    for (let level = 0; level < 10_000; level += 1) text = `{"type":"array","items":${text}}`;
    const definition = await readDefinition(
      'openapi',
      `{"openapi":"3.1.0","info":{},"paths":{},"components":{"schemas":{"Deep":${text}}}}`,
    );
    expect(definition.types).toHaveLength(1);
    expect(definition.leftOut).toBe('The definition is larger or deeper than what is shown; the text has all of it.');
  });

  it('does not unfold a bomb of aliases', async () => {
    const lines = ['openapi: 3.1.0', 'info: {}', 'x: &l0 { type: string }'];
    for (let level = 1; level < 30; level += 1)
      lines.push(
        `x${level}: &l${level} { oneOf: [${Array(9)
          .fill(`*l${level - 1}`)
          .join(', ')}] }`,
      );
    lines.push('components: { schemas: { Bomb: *l29 } }');
    const definition = await readDefinition('openapi', lines.join('\n'));
    expect(definition.leftOut).toBeDefined();
    expect(pack(definition).size).toBeLessThan(60_000_000);
  }, 30_000);

  it.each([
    [{ openapi: '4.0.0', paths: {} }, 'APIS_VERSION_UNKNOWN'],
    [{ openapi: '3.1.0', info: {} }, 'APIS_NOTHING_OFFERED'],
    [{ swagger: '1.2', paths: {} }, 'APIS_VERSION_UNKNOWN'],
  ])('says what is wrong with %j', async (value, code) => {
    expect((await read('openapi', value)).found.map((each) => each.code)).toEqual([code]);
  });

  it.each([
    { openapi: '3.1.0', info: null, paths: [], tags: 'x', servers: 7, components: 'x', security: 'no' },
    {
      openapi: '3.1.0',
      paths: {
        '/a': null,
        '/b': { get: null, parameters: 'x' },
        '/c': { get: { parameters: [null, 7], responses: [], tags: [7] } },
      },
    },
    {
      openapi: '3.1.0',
      paths: {
        '/a': {
          get: { requestBody: 'x', responses: { 200: 'x', 201: { content: { a: 7 }, headers: [1] } }, callbacks: 7 },
        },
      },
    },
    {
      openapi: '3.1.0',
      paths: {},
      components: {
        schemas: { A: null, B: 7, C: [], D: { enum: 'x', properties: 7, required: 'no', allOf: {}, type: [] } },
      },
    },
    { asyncapi: '3.0.0', channels: [], operations: { a: null, b: { channel: 7, messages: 'x' } }, servers: 7 },
    { asyncapi: '2.6.0', channels: { a: { publish: { message: { oneOf: [7, null] } } }, b: 7 }, components: null },
  ])('does not stumble over nonsense: %j', async (value) => {
    const definition = await read('openapi', value);
    expect(pack(definition).overview.length).toBeGreaterThan(50);
  });
});

describe('broken texts', () => {
  it.each([
    ['openapi', 'openapi: 3.1.0\ninfo:\n  title: a\n   version: 1\n', 'APIS_YAML_SYNTAX', 4],
    ['openapi', '{\n  "openapi": "3.1.0",\n  "paths": {,}\n}', 'APIS_JSON_SYNTAX', 3],
    ['graphql', 'type Query {\n  a: String\n  b(: Int\n}', 'APIS_GRAPHQL_SYNTAX', 3],
    ['grpc', 'syntax = "proto3";\nmessage A {\n  string a 1;\n}', 'APIS_PROTO_SYNTAX', 3],
    ['grpc', 'syntax = "proto3";\nmessage A {', 'APIS_PROTO_SYNTAX', 2],
    ['asyncapi', 'hello: world', 'APIS_FORMAT_UNKNOWN', 1],
    ['graphql', `type Query { a: ${'['.repeat(10_000)}Int${']'.repeat(10_000)} }`, 'APIS_GRAPHQL_SYNTAX', undefined],
    ['openapi', `openapi: ${'['.repeat(10_000)}`, 'APIS_YAML_SYNTAX', 1],
  ])('of type %s are text with a line: %#', async (type, text, code, line) => {
    const definition = await readDefinition(type, text);
    expect(definition.operations).toEqual([]);
    expect(definition.found.map((each) => [each.code, each.line])).toEqual([[code, line]]);
  });

  it('of types that nobody reads are just text', async () => {
    expect(await readDefinition('trpc', 'export type AppRouter = {};')).toMatchObject({
      format: 'text',
      language: 'typescript',
      found: [],
    });
    expect(await readDefinition('soap', '<definitions/>')).toMatchObject({ format: 'text', found: [] });
    expect(await readDefinition('', '')).toMatchObject({ format: 'text', found: [] });
  });
});

describe('AsyncAPI', () => {
  it('turns the words of version 2 round, as version 3 has them', async () => {
    const definition = await read('asyncapi', {
      asyncapi: '2.6.0',
      info: { title: 'E', version: '1' },
      servers: { main: { url: 'bus:9092', protocol: 'kafka' } },
      channels: {
        'a/{id}': {
          parameters: { id: { schema: { type: 'string' } } },
          publish: {
            operationId: 'onA',
            message: { oneOf: [{ $ref: '#/components/messages/A' }, { name: 'B', payload: { type: 'string' } }] },
          },
          subscribe: { message: { $ref: '#/components/messages/A' } },
        },
      },
      components: {
        messages: {
          A: {
            traits: [{ headers: { type: 'object', properties: { trace: { type: 'string' } } } }],
            payload: { type: 'object', properties: { n: { type: 'integer' } } },
          },
        },
      },
    });
    expect(definition.operations.map(({ id, verb, name }) => [id, verb, name])).toEqual([
      ['onA', 'receive', 'a/{id}'],
      ['subscribe a/{id}', 'send', 'a/{id}'],
    ]);
    expect(definition.operations[0]!.sections.map(({ title }) => title)).toEqual([
      'Parameters of the address',
      'A',
      'B',
    ]);
    expect(definition.operations[0]!.sections[1]!.fields).toEqual([{ name: 'trace', type: 'string' }]);
    expect(definition.servers).toEqual([{ url: 'bus:9092', protocol: 'kafka', description: 'main' }]);
  });
});

describe('GraphQL', () => {
  it('reads extensions, arguments, deprecations and unions', async () => {
    const definition = await readDefinition(
      'graphql',
      `schema { query: Root }
       "The start" type Root { ship(id: ID!, deep: Boolean = true): Ship @deprecated(reason: "Use ships") }
       extend type Root { ships: [Ship!]! }
       type Ship implements Thing { id: ID! kind: Kind! gone: Missing }
       interface Thing { id: ID! }
       enum Kind { FERRY "Carries freight" FREIGHTER }
       union Found = Ship | Other
       type Other { id: ID! }`,
    );
    expect(definition.operations.map(({ id, deprecated }) => [id, deprecated])).toEqual([
      ['query ship', true],
      ['query ships', undefined],
    ]);
    expect(definition.operations[0]!.sections[0]!.fields).toEqual([
      { name: 'id', type: 'ID!', required: true },
      { name: 'deep', type: 'Boolean', default: 'true' },
    ]);
    expect(definition.types.map(({ name, what }) => `${what} ${name}`)).toEqual([
      'union Found',
      'enum Kind',
      'type Other',
      'type Ship',
      'interface Thing',
    ]);
    expect(definition.found.map(({ message, line }) => [message, line])).toEqual([
      ['The type Missing is not defined.', 4],
    ]);
    expect(definition.operations[1]!.sections.at(-1)!.contents![0]!.examples[0]!.text).toBe(
      'query {\n  ships {\n    id\n    kind\n    gone\n  }\n}',
    );
  });
});

describe('protocol buffers', () => {
  it('reads services, nested messages, maps, oneofs and comments', async () => {
    const definition = await readDefinition(
      'grpc',
      `edition = "2023"; package acme.v1; import public "other.proto";
      // Moves ships.
      service Fleet {
        // Moves one.
        rpc Move(stream Order) returns (.acme.v1.Order.Result) { option deprecated = true; }
        rpc Stop(google.protobuf.Empty) returns (Order);
      }
      message Order {
        message Result { bool done = 1; }
        enum State { UNKNOWN = 0;
        /* at sea */ SAILING = 1 [deprecated = true]; }
        reserved 4, 5; option (x) = { a: [1, 2] };
        map<string, Result> results = 1; // by ship
        repeated State states = 2 [packed = true, json_name = "s"];
        oneof target { string port = 3; Result other = 6; }
      }`,
    );
    expect(definition.found).toEqual([]);
    expect(definition.groups).toEqual([{ name: 'Fleet', description: 'Moves ships.' }]);
    expect(definition.operations.map(({ id, description, deprecated }) => [id, description, deprecated])).toEqual([
      ['Fleet.Move', 'Moves one.', true],
      ['Fleet.Stop', undefined, undefined],
    ]);
    expect(definition.operations[0]!.sections.map(({ contents }) => contents![0]!.schema)).toEqual([
      { type: 'stream Order', ref: 'Order' },
      { type: '.acme.v1.Order.Result', ref: 'Order.Result' },
    ]);
    const order = definition.types.find(({ id }) => id === 'Order')!.schema;
    expect(order.fields).toEqual([
      { name: 'results', type: 'map<string, Result>', ref: 'Order.Result', rules: ['field 1'], description: 'by ship' },
      { name: 'states', type: 'repeated State', ref: 'Order.State', rules: ['field 2'] },
    ]);
    expect(order.choices).toHaveLength(1);
    expect(definition.types.find(({ id }) => id === 'Order.State')!.schema.values).toEqual([
      { value: 'UNKNOWN = 0' },
      { value: 'SAILING = 1', description: 'at sea' },
    ]);
  });
});

describe('Avro', () => {
  it('reads records with unions, logical types and references', async () => {
    const definition = await read('avro', {
      type: 'record',
      name: 'Trip',
      namespace: 'acme',
      fields: [
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
        { name: 'next', type: ['null', 'Trip'], default: null },
        { name: 'what', type: ['int', 'string', 'null'] },
        { name: 'lost', type: 'Lost' },
      ],
    });
    expect(definition.types[0]!.schema.fields).toEqual([
      { name: 'at', type: 'long', rules: ['timestamp-millis'], required: true },
      { name: 'next', type: 'Trip or null', ref: 'acme.Trip', default: 'null' },
      {
        name: 'what',
        type: 'one of 2 or null',
        choices: [{ word: 'one of', of: [{ type: 'int' }, { type: 'string' }] }],
        required: true,
      },
      { name: 'lost', type: 'Lost', ref: 'acme.Lost', required: true },
    ]);
    expect(definition.found.map(({ message }) => message)).toEqual(['The type acme.Lost is not defined.']);
  });
});
