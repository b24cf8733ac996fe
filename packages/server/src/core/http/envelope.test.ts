import { describe, expect, it } from 'vitest';
import { testHttp } from './testing.ts';

describe('errors', () => {
  it('sends an AppError as the envelope with code, fix and details', async () => {
    const http = await testHttp();
    const response = await http.inject('/api/known-error');
    expect(response.statusCode).toBe(409);
    expect(response.json()).toEqual({
      error: {
        name: 'ConflictError',
        message: "'disk' is broken",
        code: 'HTTPTEST_BROKEN',
        fix: 'Mend it.',
        details: { bay: 3 },
      },
      request: { method: 'GET', url: '/api/known-error' },
      response: { statusCode: 409 },
    });
  });

  it('hides what nobody foresaw behind a request id and logs it with its stack', async () => {
    const lines: string[] = [];
    const http = await testHttp({}, lines);
    const response = await http.inject({ url: '/api/unknown-error', headers: { 'x-request-id': 'trace-42' } });
    expect(response.statusCode).toBe(500);
    expect(response.headers['x-request-id']).toBe('trace-42');
    expect(response.body).not.toContain('secret internals');
    expect(response.json().error).toEqual({
      name: 'InternalError',
      message: 'Something went wrong in the portal; the request has the id trace-42',
      code: 'HTTP_INTERNAL',
      fix: "Find the line with this request id in the portal's log; it has the cause.",
    });
    const line = lines.map((text) => JSON.parse(text)).find((entry) => entry.err);
    expect(line.requestId).toBe('trace-42');
    expect(line.err.message).toBe('secret internals');
    expect(line.err.stack).toContain('core/http/testing.ts');
  });

  it('makes its own request id when the given one is not sane', async () => {
    const http = await testHttp();
    const response = await http.inject({ url: '/healthz', headers: { 'x-request-id': 'a"b\u0001' } });
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells an unknown route, a wrong method and too long a name apart', async () => {
    const http = await testHttp();
    const unknown = await http.inject({ method: 'GET', url: '/api/nothing?x=1' });
    expect([unknown.statusCode, unknown.json().error.code]).toEqual([404, 'HTTP_ROUTE_NOT_FOUND']);
    expect(unknown.json().error.message).toBe('There is nothing at GET /api/nothing');
    const method = await http.inject({ method: 'DELETE', url: '/api/things/a' });
    expect([method.statusCode, method.json().error.code, method.headers.allow]).toEqual([
      405,
      'HTTP_METHOD_NOT_ALLOWED',
      'GET, HEAD',
    ]);
    const options = await http.inject({ method: 'OPTIONS', url: '/api/things/a' });
    expect([options.statusCode, options.headers.allow, options.body]).toEqual([204, 'GET, HEAD', '']);
    const long = await http.inject(`/api/things/${'a'.repeat(513)}`);
    expect([long.statusCode, long.json().error.code]).toEqual([414, 'HTTP_URL_TOO_LONG']);
    const longUrl = await http.inject(`/api/raw?${'a'.repeat(17_000)}`);
    expect([longUrl.statusCode, longUrl.json().error.code]).toEqual([414, 'HTTP_URL_TOO_LONG']);
    const malformed = await http.inject('/api/things/%zz');
    expect([malformed.statusCode, malformed.json().error.code]).toEqual([400, 'HTTP_MALFORMED_URL']);
  });

  it('refuses to start with a route that does not say its permission', async () => {
    const http = await testHttp();
    expect(() => http.get('/api/silent', async () => 1)).toThrow(
      'The route GET /api/silent does not say its permission (config.permission)',
    );
  });
});
