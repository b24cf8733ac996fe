import type { InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { ErrorEnvelope } from './envelope.ts';
import { testHttp } from './testing.ts';

const envelope = (text: string) => JSON.parse(text) as ErrorEnvelope;
const post = (payload: string, headers: Record<string, string> = {}): InjectOptions => ({
  method: 'POST',
  url: '/api/things',
  payload,
  headers: { 'content-type': 'application/json', ...headers },
});

describe('validation', () => {
  it('reads numbers, booleans and lists from the query string', async () => {
    const http = await testHttp();
    const response = await http.inject('/api/things/a?limit=20&deep=true&filter=x&order=asc');
    expect(response.json()).toEqual({
      name: 'a',
      query: { limit: 20, deep: true, filter: ['x'], order: 'asc' },
    });
    const twice = await http.inject('/api/things/12?filter=x&filter=1');
    expect(twice.json()).toEqual({ name: '12', query: { filter: ['x', '1'] } });
  });

  it.each([
    ['limit=ten', 'Query parameter \'limit\' must be an integer, found "ten"'],
    ['limit=', 'Query parameter \'limit\' must be an integer, found ""'],
    ['limit=0x10', 'Query parameter \'limit\' must be an integer, found "0x10"'],
    ['limit=1e2', 'Query parameter \'limit\' must be an integer, found "1e2"'],
    ['limit=2.5', "Query parameter 'limit' must be an integer, found 2.5"],
    ['limit=0', "Query parameter 'limit' must be a number of at least 1, found 0"],
    ['limit=501', "Query parameter 'limit' must be a number of at most 500, found 501"],
    ['limit=1&limit=2', "Query parameter 'limit' must be an integer, found an array of 2"],
    ['deep=1', 'Query parameter \'deep\' must be a boolean, found "1"'],
    ['order=up', 'Query parameter \'order\' must be "asc" or "desc", found "up"'],
    ['limits=1', "Query parameter 'limits' is not known; expected one of limit, deep, filter, order"],
    ['__proto__=1', "Query parameter '__proto__' is not known; expected one of limit, deep, filter, order"],
  ])('refuses ?%s with the exact reason', async (query, message) => {
    const http = await testHttp();
    const response = await http.inject(`/api/things/a?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toMatchObject({ name: 'InputError', code: 'HTTP_INVALID_REQUEST', message });
  });

  it('refuses query parameters on a route that declares none', async () => {
    const http = await testHttp();
    const response = await http.inject('/api/raw?pretty=1');
    expect(response.statusCode).toBe(400);
    expect(response.json().error.message).toBe("Query parameter 'pretty' is not known; expected none");
  });

  it('lists every fault of a body, coerces nothing and removes nothing', async () => {
    const http = await testHttp();
    const response = await http.inject(post('{"name":"","size":"3","tags":["a",1],"colour":"red"}'));
    expect(response.statusCode).toBe(400);
    const { error } = envelope(response.body);
    expect(error.message).toBe("Body field 'colour' is not known; expected one of name, size, tags, meta (and 3 more)");
    expect(error.details).toEqual({
      in: 'body',
      faults: [
        {
          path: '/colour',
          message: "Body field 'colour' is not known; expected one of name, size, tags, meta",
          expected: 'one of name, size, tags, meta',
          found: 'colour',
        },
        {
          path: '/name',
          message: 'Body field \'name\' must be at least 1 character, found ""',
          expected: 'at least 1 character',
          found: '""',
        },
        {
          path: '/size',
          message: 'Body field \'size\' must be an integer, found "3"',
          expected: 'an integer',
          found: '"3"',
        },
        {
          path: '/tags/1',
          message: "Body field 'tags.1' must be a string, found 1",
          expected: 'a string',
          found: '1',
        },
      ],
    });
    const missing = await http.inject(post('{}'));
    expect(missing.json().error.message).toBe("Body field 'name' is missing");
    const kind = await http.inject(post('[1]'));
    expect(kind.json().error.message).toBe('The request body must be an object, found an array of 1');
  });

  it('leaves free-form parts of a body free', async () => {
    const http = await testHttp();
    const response = await http.inject(post('{"name":"a","meta":{"x":{"y":[1]}}}'));
    expect(response.json()).toEqual({ name: 'a', meta: { x: { y: [1] } } });
  });
});
