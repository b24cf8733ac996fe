import { once } from 'node:events';
import { get as httpGet } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createHttp, startListening, stopListening } from '../../../core/http/index.ts';
import type { HttpServer } from '../../../core/http/index.ts';
import { createLogger } from '../../../core/log/index.ts';
import { defineErrors } from '../../../core/errors/index.ts';
import { eventually } from '../../../testing/portal.ts';
import { sendItems } from './stream.ts';

const errors = defineErrors('STREAMTEST', {
  broken: { name: 'ConflictError', message: 'It broke', fix: 'Mend it, then ask again.' },
});
const open: HttpServer[] = [];
afterEach(async () => {
  for (const http of open.splice(0)) await stopListening(http, 100);
});

const item = JSON.stringify({ text: 'x'.repeat(1_000) });

/** A server with one route that sends pieces of 100 items; tells how many were made and whether the maker was let go. */
async function serve(pieces: number, failAt = Infinity) {
  const made = { pieces: 0, over: false };
  const http = await createHttp({
    config: { server: { host: '127.0.0.1' } },
    log: await createLogger({ level: 'silent', format: 'json' }),
    version: '0.0.0',
  });
  open.push(http);
  http.get('/api/items', { config: { permission: 'none' } }, async (_request, reply) => {
    async function* make() {
      try {
        for (let piece = 0; piece < pieces; piece += 1) {
          if (piece === failAt) throw errors.broken();
          made.pieces += 1;
          yield Array<string>(100).fill(item);
        }
      } finally {
        made.over = true;
      }
    }
    return sendItems(reply, '{"items":[', make(), () => '],"end":true}');
  });
  const { url } = await startListening(http, { host: '127.0.0.1', port: 0 });
  return { url: `${url}/api/items`, made };
}

const receive = async (url: string) => {
  const [response] = (await once(httpGet(url, { agent: false }), 'response')) as [IncomingMessage];
  return response;
};

test.each([
  [0, false],
  [1, true],
  [7, false],
])('%i pieces arrive as one JSON text', async (pieces, isWhole) => {
  const { url } = await serve(pieces);
  const response = await fetch(url);
  expect(response.headers.has('etag')).toBe(pieces < 2 || isWhole);
  expect(await response.json()).toEqual({ items: Array(pieces * 100).fill(JSON.parse(item)), end: true });
});

test('nothing is read that the client has no room for', async () => {
  const { url, made } = await serve(5_000);
  const response = await receive(url);
  response.pause();
  // The buffers of both ends take some of the 500 MB; the rest is not made.
  for (let held = -1; held !== made.pieces;) {
    held = made.pieces;
    await wait(200);
  }
  expect(made.pieces).toBeLessThan(200);
  response.destroy();
  await eventually(async () => expect(made.over).toBe(true));
  expect(made.pieces).toBeLessThan(200);
});

test('a failure before anything was sent is answered as one, a later one ends the connection', async () => {
  const early = await fetch((await serve(3, 0)).url);
  expect([early.status, ((await early.json()) as any).error.message]).toEqual([409, 'It broke']);
  const { url, made } = await serve(50, 20);
  const response = await receive(url);
  expect(response.statusCode).toBe(200);
  await expect(async () => {
    for await (const _ of response);
  }).rejects.toThrow('aborted');
  expect(made).toEqual({ pieces: 20, over: true });
});
