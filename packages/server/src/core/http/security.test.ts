import { describe, expect, it } from 'vitest';
import type { HttpServer } from './server.ts';
import { testHttp } from './testing.ts';

describe('who may call', () => {
  const ask = async (http: HttpServer, headers: Record<string, string>, method: 'GET' | 'PUT' = 'GET') =>
    (await http.inject({ method, url: method === 'PUT' ? '/api/any' : '/api/raw', headers })).statusCode;

  it('answers on loopback to this machine and its configured address only', async () => {
    const http = await testHttp({ app: { baseUrl: 'https://portal.example.com' } });
    for (const host of [
      'localhost:7007',
      '127.0.0.1',
      '127.1.2.3:80',
      '[::1]:7007',
      'x.localhost',
      'PORTAL.example.com',
    ])
      expect(await ask(http, { host })).toBe(200);
    for (const host of ['evil.example', 'localhost.evil.example:7007', '127.0.0.1.nip.io', '10.0.0.1'])
      expect(await ask(http, { host })).toBe(403);
    const response = await http.inject({ url: '/api/raw', headers: { host: 'evil.example' } });
    expect(response.json().error.code).toBe('HTTP_HOST_NOT_ALLOWED');
    const everywhere = await testHttp({ server: { host: '0.0.0.0' } });
    expect(await ask(everywhere, { host: 'anything.example' })).toBe(200);
  });

  it('refuses changes from other sites and takes them from its own pages and from programs', async () => {
    const http = await testHttp({ app: { baseUrl: 'https://portal.example.com' } });
    expect(await ask(http, {}, 'PUT')).toBe(200);
    expect(await ask(http, { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:5173' }, 'PUT')).toBe(200);
    expect(await ask(http, { host: 'localhost:7007', origin: 'http://localhost:7007' }, 'PUT')).toBe(200);
    expect(await ask(http, { origin: 'https://portal.example.com', 'sec-fetch-site': 'same-site' }, 'PUT')).toBe(200);
    expect(await ask(http, { 'sec-fetch-site': 'cross-site' }, 'PUT')).toBe(403);
    expect(await ask(http, { 'sec-fetch-site': 'same-site', origin: 'http://localhost:9' }, 'PUT')).toBe(403);
    expect(await ask(http, { origin: 'https://evil.example' }, 'PUT')).toBe(403);
    expect(await ask(http, { origin: 'null' }, 'PUT')).toBe(403);
    expect(await ask(http, { origin: 'https://evil.example' }, 'GET')).toBe(200);
  });

  it('lets the origins of server.cors in, with the headers browsers ask for', async () => {
    const cors = {
      origin: ['https://tools.example.com', 'https://*.apps.example.com', 'http://[::1]:3000'],
      methods: ['GET', 'PUT'],
      credentials: true,
      maxAge: 60,
    };
    const http = await testHttp({ server: { host: '127.0.0.1', cors } });
    const preflight = await http.inject({
      method: 'OPTIONS',
      url: '/api/any',
      headers: {
        origin: 'https://a.apps.example.com',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://a.apps.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '60',
      vary: 'Origin',
    });
    const allowed = { origin: 'https://tools.example.com', 'sec-fetch-site': 'cross-site' };
    expect(await ask(http, allowed, 'PUT')).toBe(200);
    expect(await ask(http, { origin: 'http://[::1]:3000' }, 'PUT')).toBe(200);
    for (const origin of [
      'https://tools.example.com.evil.example',
      'https://toolsXexample.com',
      'https://a.b.apps.example.com',
    ]) {
      const response = await http.inject({ url: '/api/raw', headers: { origin } });
      expect(response.headers['access-control-allow-origin']).toBeUndefined();
      expect(await ask(http, { origin }, 'PUT')).toBe(403);
    }
  });
});
