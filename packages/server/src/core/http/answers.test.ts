import { describe, expect, it } from 'vitest';
import { testHttp } from './testing.ts';

describe('answers', () => {
  it('passes text that is already JSON through, byte for byte', async () => {
    const http = await testHttp();
    const response = await http.inject('/api/raw');
    expect(response.body).toBe('{"n": 1.0, "raw":true}');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('tags JSON by its content and answers 304 to who has it', async () => {
    const http = await testHttp();
    const first = await http.inject('/api/raw');
    const tag = String(first.headers.etag);
    expect(tag).toMatch(/^W\/"[\w-]{27}"$/);
    expect(first.headers['cache-control']).toBe('no-cache');
    for (const header of [tag, tag.slice(2), `"other", ${tag}`, '*']) {
      const again = await http.inject({ url: '/api/raw', headers: { 'if-none-match': header } });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', tag]);
    }
    const changed = await http.inject({ url: '/api/raw', headers: { 'if-none-match': '"other"' } });
    expect([changed.statusCode, changed.body.length]).toEqual([200, 22]);
    const head = await http.inject({ method: 'HEAD', url: '/api/raw' });
    expect([head.statusCode, head.body, head.headers.etag, head.headers['content-length']]).toEqual([
      200,
      '',
      tag,
      '22',
    ]);
    const error = await http.inject('/api/nothing');
    expect([error.headers.etag, error.headers['cache-control']]).toEqual([undefined, 'no-store']);
  });

  it('sends the security headers with every answer, errors too', async () => {
    const http = await testHttp();
    for (const url of ['/api/raw', '/api/nothing', '/healthz']) {
      const { headers } = await http.inject(url);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;media-src 'self';frame-src 'self';font-src 'self';" +
          "connect-src 'self';worker-src 'self' blob:;manifest-src 'self';frame-ancestors 'none';base-uri 'self';form-action 'self'",
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });
});
