import type { InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { testHttp } from './testing.ts';

const post = (payload: string, headers: Record<string, string> = {}): InjectOptions => ({
  method: 'POST',
  url: '/api/things',
  payload,
  headers: { 'content-type': 'application/json', ...headers },
});

describe('bodies', () => {
  const deep = (levels: number) => `{"name":"a","meta":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
  it.each([
    ['nothing', '', 400, 'HTTP_INVALID_REQUEST'],
    ['half a document', '{"name":', 400, 'HTTP_MALFORMED_JSON'],
    ['a prototype', '{"name":"a","meta":{"__proto__":{"x":1}}}', 400, 'HTTP_FORBIDDEN_KEY'],
    ['an escaped prototype', '{"name":"a","meta":{"\\u005f_proto__":{"x":1}}}', 400, 'HTTP_FORBIDDEN_KEY'],
    ['a constructor', '{"name":"a","meta":{"constructor":{"prototype":{}}}}', 400, 'HTTP_FORBIDDEN_KEY'],
    ['101 levels', deep(100), 400, 'HTTP_BODY_TOO_DEEP'],
    ['a tower of brackets', '['.repeat(90_000), 400, 'HTTP_BODY_TOO_DEEP'],
    ['too many bytes', JSON.stringify({ name: 'a'.repeat(100_001) }), 413, 'HTTP_BODY_TOO_LARGE'],
  ])('refuses %s', async (_what, payload, status, code) => {
    const http = await testHttp();
    const response = await http.inject(post(payload));
    expect([response.statusCode, response.json().error.code]).toEqual([status, code]);
  });

  it('takes 100 levels, brackets inside strings, a byte order mark and a field called constructor', async () => {
    const http = await testHttp();
    expect((await http.inject(post(deep(98)))).statusCode).toBe(200);
    expect((await http.inject(post(`{"name":"${'['.repeat(60)}\\"${'{'.repeat(2)}"}`))).statusCode).toBe(200);
    expect((await http.inject(post('\uFEFF{"name":"a"}'))).statusCode).toBe(200);
    expect((await http.inject(post('{"name":"a","meta":{"constructor":"x"}}'))).statusCode).toBe(200);
  });

  it('refuses bytes that are not UTF-8, and other content types', async () => {
    const http = await testHttp();
    const bytes = await http.inject({ ...post(''), payload: Buffer.from([0x22, 0xff, 0x22]) });
    expect([bytes.statusCode, bytes.json().error.message]).toEqual([
      400,
      'The request body is not valid JSON: it is not UTF-8',
    ]);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'garbage', 'application/xml; x']) {
      const response = await http.inject(post('a=1', { 'content-type': type }));
      expect([response.statusCode, response.json().error.code]).toEqual([415, 'HTTP_UNSUPPORTED_CONTENT_TYPE']);
    }
  });

  it('says the limit of the route in a 413', async () => {
    const http = await testHttp();
    const response = await http.inject(post(JSON.stringify({ name: 'a'.repeat(100_001) })));
    expect(response.json().error.message).toBe(
      'The request body is larger than 100000 bytes, the most that /api/things takes',
    );
  });
});
