import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach } from 'vitest';
import type { Outbound, OutboundConfig } from './index.ts';
import { createOutbound } from './index.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An Outbound that is closed after the test; `lines` collects its log. */
export function testOutbound(config: Partial<OutboundConfig> = {}, lines: string[] = []): Outbound {
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const outbound = createOutbound({
    config: { outbound: { mode: 'open', allow: [], timeoutMs: 5000, ...config } },
    log,
  });
  cleanups.push(outbound.close);
  return outbound;
}

export type TestServer = { url: string; port: number; requests: IncomingMessage[] };

/** Listens on a free port of 127.0.0.1 until the test is over. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A real server on this machine that remembers what it was asked. */
export async function testServer(answer: RequestListener): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, port, requests };
}
