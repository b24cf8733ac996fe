import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { HttpServer } from './server.ts';
import { startListening, stopListening } from './listen.ts';
import { sse } from './sse.ts';
import { testHttp } from './testing.ts';

const address = { host: '127.0.0.1', port: 0 };

/** A portal whose /api/slow answers when `finish` was called; `begun` when it was asked. */
async function slowPortal(): Promise<{ http: HttpServer; begun: Promise<void>; finish: () => void }> {
  const http = await testHttp();
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  http.get('/api/slow', { config: { permission: 'none' } }, async () => {
    begun.resolve();
    await end.promise;
    return { done: true };
  });
  http.get('/api/stream', { config: { permission: 'none' } }, (_request, reply) => {
    sse(reply).send({ id: 1, data: 'first' });
  });
  return { http, begun: begun.promise, finish: end.resolve };
}

describe('listening', () => {
  it('says where it can be reached', async () => {
    const listening = await startListening(await testHttp(), address);
    expect(listening.url).toBe(`http://localhost:${listening.port}`);
    expect((await fetch(`http://127.0.0.1:${listening.port}/healthz`)).status).toBe(200);
  });

  it('says which port is taken and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startListening(await testHttp(), { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'HTTP_PORT_TAKEN',
      message: `Port ${port} on 127.0.0.1 is taken by another process`,
      fix: expect.stringContaining('--port'),
    });
    await new Promise((resolve) => other.close(resolve));
  });

  it('says when the host is not of this machine', async () => {
    const foreign = startListening(await testHttp(), { host: '203.0.113.7', port: 0 });
    await expect(foreign).rejects.toMatchObject({
      code: 'HTTP_HOST_UNKNOWN',
      message: expect.stringContaining("Cannot listen on the host '203.0.113.7'"),
    });
  });

  it('lets requests under way finish when it stops, and takes no more', async () => {
    const { http, begun, finish } = await slowPortal();
    const { port } = await startListening(http, address);
    const answer = fetch(`http://127.0.0.1:${port}/api/slow`);
    await begun;
    const stopped = stopListening(http);
    finish();
    expect(await (await answer).json()).toEqual({ done: true });
    await stopped;
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('refuses a request that arrives while it stops', async () => {
    const { http, begun, finish } = await slowPortal();
    const { port } = await startListening(http, address);
    const slow = fetch(`http://127.0.0.1:${port}/api/slow`);
    let text = '';
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('data', (chunk) => (text += chunk.toString()));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const reached = new Promise((resolve) => http.server.on('connection', (each) => each.once('data', resolve)));
    socket.write('GET /api/raw HTTP/1.1\r\nhost: local');
    await Promise.all([begun, reached]);
    const stopped = stopListening(http);
    socket.write('host\r\n\r\n');
    socket.once('data', finish);
    await Promise.all([closed, stopped, slow]);
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)).error.code).toBe('HTTP_STOPPING');
  });

  it('cuts what is still busy after the grace', async () => {
    const { http, begun } = await slowPortal();
    const { port } = await startListening(http, address);
    const answer = fetch(`http://127.0.0.1:${port}/api/slow`).catch((error: Error) => error.message);
    await begun;
    await stopListening(http, 200);
    expect(await answer).toBe('fetch failed');
  });

  it('does not wait for connections on which nothing was asked', async () => {
    const http = await testHttp();
    const { port } = await startListening(http, address);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await stopListening(http, 60_000);
    await closed;
    expect(socket.destroyed).toBe(true);
  });

  it('closes event streams when it stops', async () => {
    const { http } = await slowPortal();
    const { port } = await startListening(http, address);
    let text = '';
    const ended = new Promise<string>((resolve) => {
      send({ host: '127.0.0.1', port, path: '/api/stream' }, (response) => {
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve(text));
      }).end();
    });
    await expect.poll(() => text).toContain('first');
    expect(http.eventStreams.size).toBe(1);
    await stopListening(http, 20_000);
    expect(await ended).toBe('retry: 2000\n\nid: 1\ndata: first\n\n');
    expect(http.eventStreams.size).toBe(0);
  });
});
