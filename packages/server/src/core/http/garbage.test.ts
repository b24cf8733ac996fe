import { request as send } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorEnvelope } from './envelope.ts';
import { testHttp } from './testing.ts';

type Answer = { status: number; text: string };

async function listening(): Promise<number> {
  const http = await testHttp();
  http.setReady(true);
  await http.listen({ host: '127.0.0.1', port: 0 });
  return (http.server.address() as AddressInfo).port;
}

const ask = (port: number, method: string, path: string, given: OutgoingHttpHeaders, body: string | Uint8Array) =>
  new Promise<Answer>((resolve, reject) => {
    // Without a length the bytes of a GET's body would be a second request.
    const headers = { ...given, 'content-length': Buffer.byteLength(body) };
    const request = send({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });

/** Sends bytes as they are and returns all that comes back. */
const askRaw = (port: number, bytes: Uint8Array | string) =>
  new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.end(bytes));
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });

function expectEnvelope({ status, text }: Answer): void {
  const { error, request, response } = JSON.parse(text) as ErrorEnvelope;
  expect(response).toEqual({ statusCode: status });
  expect(Object.keys(request)).toEqual(['method', 'url']);
  expect(error.code).toMatch(/^HTTP_[A-Z_]+$/);
  for (const words of [error.name, error.message, error.fix]) expect(words).toMatch(/\S/);
}

const letters = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((code) => String.fromCharCode(code));
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND');
const paths = ['/api/things', '/api/things/a', '/api/raw', '/api/any', '/readyz', '/api/openapi.json'];
const path = fc.oneof(
  fc.constantFrom(...paths),
  fc.webPath().map((text) => `/${text}`),
  fc
    .string({ unit: fc.constantFrom(...'/ . % 2 f 0 ? & = ; # a \\ [ ~'.split(' ')), maxLength: 40 })
    .map((text) => `/${text}`),
  fc.string({ unit: letters(0x21, 0xff), minLength: 1, maxLength: 20 }),
);
const query = fc.oneof(
  fc.constant(''),
  fc.webQueryParameters().map((text) => `?${text}`),
);
const names =
  'content-type accept if-none-match origin sec-fetch-site host x-request-id range accept-encoding content-encoding ' +
  'access-control-request-method accept-version cookie';
const values = ['application/json', 'application/json; charset=x', '*/*', 'localhost', 'text/html', 'null'];
const headers = fc.dictionary(
  fc.constantFrom(...names.split(' ')),
  fc.oneof(fc.string({ unit: letters(0x20, 0x7e) }), fc.constantFrom(...values)),
  { maxKeys: 4 },
);
const body = fc.oneof(fc.constant(''), fc.json(), fc.string({ maxLength: 50 }), fc.uint8Array({ maxLength: 30 }));

describe('garbage', () => {
  it('never makes the server answer with a 5xx, and every error has the one shape', async () => {
    const port = await listening();
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(method, path, query, headers, body, async (verb, target, search, extra, payload) => {
        const answer = await ask(port, verb, `${target}${search}`, extra, payload);
        seen.add(answer.status);
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400 && verb !== 'HEAD') expectEnvelope(answer);
      }),
      { numRuns: 2000 },
    );
    expect([...seen]).toEqual(expect.arrayContaining([200, 400, 403, 404, 405, 415]));
  });

  it('answers bytes that are no request with the envelope, or closes', async () => {
    const port = await listening();
    const line = fc.constantFrom('GET / HTTP/1.1\r\n', 'POST /api/things HTTP/1.1\r\nhost: localhost\r\n', '');
    await fc.assert(
      fc.asyncProperty(line, fc.uint8Array({ minLength: 1, maxLength: 60 }), async (start, bytes) => {
        const text = await askRaw(port, Buffer.concat([Buffer.from(start), bytes]));
        if (text === '') return;
        const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)![1]);
        expect(status).toBeLessThan(500);
        const content = text.slice(text.indexOf('\r\n\r\n') + 4);
        if (status >= 400) expectEnvelope({ status, text: content });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [
      'headers of 70 kB',
      `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`,
      431,
      'HTTP_HEADERS_TOO_LARGE',
    ],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001', 400, 'HTTP_MALFORMED_REQUEST'],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400, 'HTTP_MALFORMED_REQUEST'],
    [
      'a wrong length',
      'POST /api/things HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3x\r\n\r\nabc',
      400,
      'HTTP_MALFORMED_REQUEST',
    ],
  ])('answers %s with a reason', async (_what, bytes, status, code) => {
    const text = await askRaw(await listening(), bytes);
    expect(text).toContain(`HTTP/1.1 ${status} `);
    expect((JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as ErrorEnvelope).error.code).toBe(code);
  });
});
