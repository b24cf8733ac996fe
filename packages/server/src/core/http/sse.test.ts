import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startListening } from './listen.ts';
import type { SseStream } from './sse.ts';
import { formatSseMessage, sse } from './sse.ts';
import { testHttp } from './testing.ts';

const sockets: Socket[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A portal with one stream, a client connected to it, and the server's end of that stream. */
async function streaming(options: { headers?: string; signal?: AbortSignal } = {}) {
  const http = await testHttp();
  const opened = Promise.withResolvers<SseStream>();
  http.get('/api/stream', { config: { permission: 'none' } }, (_request, reply) => {
    opened.resolve(sse(reply, { signal: options.signal }));
  });
  const { port } = await startListening(http, { host: '127.0.0.1', port: 0 });
  const socket = connect({ host: '127.0.0.1', port });
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.write(`GET /api/stream HTTP/1.1\r\nhost: localhost\r\n${options.headers ?? ''}\r\n`);
  return { http, socket, stream: await opened.promise, received: () => text };
}

const aborted = (signal: AbortSignal) =>
  signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener('abort', resolve));

describe('an event stream', () => {
  it('writes messages as the standard says', () => {
    expect(formatSseMessage({ id: 7, event: 'entity', data: { a: 1 } })).toBe(
      'id: 7\nevent: entity\ndata: {"a":1}\n\n',
    );
    expect(formatSseMessage({ data: 'two\nlines\r\nthree' })).toBe('data: two\ndata: lines\ndata: three\n\n');
    expect(formatSseMessage({ id: 'x\ndata: forged', data: '' })).toBe('id: x data: forged\ndata: \n\n');
  });

  it('opens with the right headers, the security headers among them, and knows what was seen last', async () => {
    const { stream, received } = await streaming({ headers: 'last-event-id: 41\r\n' });
    expect(stream.lastEventId).toBe('41');
    expect(stream.send({ id: 42, data: 'news' })).toBe(true);
    await expect.poll(received).toContain('id: 42\ndata: news\n\n');
    const head = received().slice(0, received().indexOf('\r\n\r\n')).toLowerCase();
    expect(head).toContain('content-type: text/event-stream; charset=utf-8');
    expect(head).toContain('cache-control: no-cache, no-transform');
    expect(head).toContain("content-security-policy: default-src 'none'");
    expect(head).toContain('x-request-id: ');
  });

  it('sends a sign of life every 15 seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { received } = await streaming();
    vi.advanceTimersByTime(15_000);
    await expect.poll(received).toContain(': still here\n\n');
  });

  it('ends when the client leaves, and when its signal aborts', async () => {
    const left = await streaming();
    left.socket.destroy();
    await aborted(left.stream.signal);
    expect(left.stream.send({ data: 'x' })).toBe(false);
    expect(left.http.eventStreams.size).toBe(0);

    const controller = new AbortController();
    const ended = await streaming({ signal: controller.signal });
    controller.abort();
    await aborted(ended.stream.signal);
    await expect.poll(ended.received).toMatch(/\r\n0\r\n\r\n$/);
  });

  it('cuts off a client that stops reading', async () => {
    const { socket, stream } = await streaming();
    socket.pause();
    const line = 'x'.repeat(64 * 1024);
    let sent = 0;
    while (stream.send({ data: line }) && sent < 1000) {
      sent += 1;
      await wait(1);
    }
    expect(sent).toBeGreaterThan(10);
    expect(sent).toBeLessThan(1000);
    expect(stream.signal.aborted).toBe(true);
    await stream.drained();
  });

  it('holds as much as a reading client takes', async () => {
    const { stream, received } = await streaming();
    const line = 'x'.repeat(64 * 1024);
    for (let count = 0; count < 100; count += 1) {
      expect(stream.send({ data: line })).toBe(true);
      await stream.drained();
    }
    await expect.poll(() => received().match(/x\n\n/g)).toHaveLength(100);
    expect(stream.signal.aborted).toBe(false);
  });
});
