import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { serveWebApp } from './server.ts';
import { testHttp } from './testing.ts';

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

const page = '<!doctype html><title>Callboard</title>';
const script = `console.log(${JSON.stringify('x'.repeat(2000))})`;
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

async function build(folder: string): Promise<void> {
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), page);
  await writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, '.hidden'), 'hidden');
  await writeFile(join(folder, 'assets/main-1a2b.js'), script);
  await writeFile(join(folder, 'assets/main-1a2b.js.br'), brotliCompressSync(script));
  await writeFile(join(folder, 'assets/main-1a2b.js.gz'), gzipSync(script));
}

async function portal() {
  const parent = await mkdtemp(join(tmpdir(), 'callboard-web-'));
  folders.push(parent);
  await writeFile(join(parent, 'secret.txt'), 'secret');
  const folder = join(parent, 'dist');
  await build(folder);
  const http = await testHttp();
  await serveWebApp(http, folder);
  return http;
}

describe('the web app', () => {
  it('opens its start page at every address that a person opens, dots in names included', async () => {
    const http = await portal();
    const addresses = [
      '/',
      '/catalog',
      '/catalog/default/component/a.b',
      '/catalog/default/api/v1.2.js?tab=x',
      '/apix',
    ];
    for (const url of addresses) {
      const response = await http.inject({ url, headers: html });
      expect([url, response.statusCode, response.body]).toEqual([url, 200, page]);
      expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(response.headers['cache-control']).toBe('no-cache');
    }
    const again = await http.inject({
      url: '/catalog',
      headers: { ...html, 'if-none-match': String((await http.inject({ url: '/', headers: html })).headers.etag) },
    });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await http.inject({ method: 'HEAD', url: '/catalog', headers: html })).statusCode).toBe(200);
  });

  it('answers JSON errors under /api, for missing files, for scripts and for other methods', async () => {
    const http = await portal();
    for (const url of ['/api', '/api/nothing', '/assets/gone-1.js', '/healthz/x', '/.backstage/y'])
      expect([url, (await http.inject({ url, headers: html })).json().error?.code]).toEqual([
        url,
        'HTTP_ROUTE_NOT_FOUND',
      ]);
    for (const accept of ['application/json', '*/*'])
      expect((await http.inject({ url: '/catalog', headers: { accept } })).statusCode).toBe(404);
    expect((await http.inject({ method: 'POST', url: '/catalog', headers: html })).statusCode).toBe(404);
  });

  it('sends hashed files compressed and for ever, the others to be asked for again', async () => {
    const http = await portal();
    const url = '/assets/main-1a2b.js';
    const brotli = await http.inject({ url, headers: { 'accept-encoding': 'gzip, br' } });
    expect(brotli.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': expect.stringContaining('/javascript; charset=utf-8'),
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(String(brotli.headers.vary).toLowerCase()).toContain('accept-encoding');
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(script);
    const gzip = await http.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    const plain = await http.inject({ url });
    expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, script]);
    const icon = await http.inject({ url: '/icon.svg', headers: { 'accept-encoding': 'br' } });
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
  });

  it('lets a page run the scripts that stand in it, and the frame of plugins nothing else', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'callboard-web-'));
    folders.push(parent);
    const folder = join(parent, 'dist');
    await build(folder);
    const map = '{"imports":{"react":"/assets/react.js"}}';
    const hash = `'sha256-${createHash('sha256').update(map).digest('base64')}'`;
    const withMap = `${page}<script type="importmap">${map}</script><script src="/assets/main-1a2b.js"></script>`;
    await writeFile(join(folder, 'index.html'), withMap);
    await writeFile(join(folder, 'index.html.br'), brotliCompressSync(withMap));
    await writeFile(join(folder, 'plugin-frame.html'), `<script>${map}</script>`);
    const http = await testHttp();
    await serveWebApp(http, folder);
    for (const encoding of ['identity', 'br'])
      for (const url of ['/', '/catalog']) {
        const answer = await http.inject({ url, headers: { ...html, 'accept-encoding': encoding } });
        expect(answer.headers['content-security-policy']).toContain(`script-src 'self' ${hash};`);
      }
    const frame = (await http.inject('/plugin-frame.html')).headers['content-security-policy'];
    expect(frame).toBe(
      `sandbox allow-scripts; default-src 'none'; script-src blob: ${hash}; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'`,
    );
    expect((await http.inject('/icon.svg')).headers['content-security-policy']).toContain("script-src 'self';");

    // A page that was built anew has other scripts.
    await writeFile(join(folder, 'index.html'), page);
    expect((await http.inject({ url: '/', headers: html })).headers['content-security-policy']).toContain(
      "script-src 'self';",
    );
  });

  it('never leaves its folder', async () => {
    const http = await portal();
    await http.listen({ host: '127.0.0.1', port: 0 });
    const { port } = http.server.address() as AddressInfo;
    const get = (path: string) =>
      new Promise<string>((resolve, reject) => {
        send({ host: '127.0.0.1', port, path }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve(`${response.statusCode} ${text}`));
        })
          .on('error', reject)
          .end();
      });
    const climbs = [
      '../secret.txt',
      '..%2fsecret.txt',
      '%2e%2e/secret.txt',
      '..%5csecret.txt',
      'assets/../../secret.txt',
    ];
    for (const path of [...climbs, '/secret.txt', '.hidden', 'icon.svg%00', './/../secret.txt', '..%252fsecret.txt']) {
      const answer = await get(`/${path}`);
      expect(answer).toMatch(/^40[034] \{"error"/);
      expect(answer).not.toContain('secret"');
    }
  });

  it('says how to build it while it is missing, and serves it once it is there', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'callboard-web-'));
    folders.push(parent);
    const http = await testHttp();
    await serveWebApp(http, join(parent, 'dist'));
    const missing = await http.inject({ url: '/catalog', headers: html });
    expect(missing.statusCode).toBe(503);
    expect(missing.body).toContain('<code>npm run build</code>');
    await build(join(parent, 'dist'));
    expect((await http.inject({ url: '/catalog', headers: html })).body).toBe(page);
    expect((await http.inject('/assets/main-1a2b.js')).body).toBe(script);
  });
});
