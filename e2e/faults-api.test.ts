import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countEntities, getJson, untilRead } from './support/api.ts';
import { component, temporaryFolder, writeFiles } from './support/files.ts';
import { type Portal, startPortal } from './support/portal.ts';
import { peakMemory } from './support/process.ts';

type OpenApiOperation = {
  parameters?: { in: string; name: string }[];
  requestBody?: { content?: Record<string, { schema?: { properties?: Record<string, unknown> } }> };
};
/** A route, with the names that it knows: rubbish under a known name gets further than under an unknown one. */
type Operation = { path: string; method: string; query: string[]; fields: string[] };

let portal: Portal;
let remove: () => Promise<void>;
let operations: Operation[];

beforeAll(async () => {
  const scratch = await temporaryFolder();
  remove = scratch.remove;
  const folder = scratch.folder;
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`root/part-${index}/catalog-info.yaml`, component(`part-${index}`)]),
  );
  const config = `catalog:\n  locations: [{ type: file, target: ${join(folder, 'root')} }]\noutbound:\n  mode: closed\n`;
  await writeFiles(folder, { ...files, 'callboard.yaml': config });
  const since = Date.now();
  portal = await startPortal({ args: ['--config', join(folder, 'callboard.yaml')] });
  await untilRead(portal.url, since);
  const { paths } = await getJson<{ paths: Record<string, Record<string, OpenApiOperation>> }>(
    `${portal.url}/api/openapi.json`,
  );
  operations = Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, { parameters, requestBody }]) => ({
      path,
      method: method.toUpperCase(),
      query: (parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      fields: Object.keys(requestBody?.content?.['application/json']?.schema?.properties ?? {}),
    })),
  );
  expect(operations.length).toBeGreaterThan(20);
});
afterAll(async () => {
  await portal.stop();
  await remove();
});

type Answer = { status: number; text: string; type: string };

/** One request over a socket of its own, with nothing that a client library would correct. */
const send = (call: { method: string; path: string; headers?: Record<string, string>; body?: string | Uint8Array }) =>
  new Promise<Answer>((done, failed) => {
    const { hostname, port } = new URL(portal.url);
    const out = request({
      hostname,
      port,
      method: call.method,
      path: call.path,
      headers: call.headers,
      agent: false,
      timeout: 30_000,
    });
    out.once('response', (response) => {
      const type = response.headers['content-type'] ?? '';
      const chunks: Uint8Array[] = [];
      const finish = () => done({ status: response.statusCode!, text: Buffer.concat(chunks).toString(), type });
      // A stream has no end; that it has begun is enough.
      if (type.startsWith('text/event-stream')) {
        finish();
        out.destroy();
        return;
      }
      response
        .on('data', (chunk: Uint8Array) => chunks.push(chunk))
        .once('end', finish)
        .once('error', failed);
    });
    out.once('timeout', () => out.destroy(new Error(`no answer to ${call.method} ${call.path}`)));
    out.once('error', failed);
    out.end(call.body);
  });

/** What is wrong with an answer to rubbish: a fault of the server, a stack, or an error in another shape than all others. */
function wrongWith(answer: Answer, { method, path }: { method: string; path: string }): string | undefined {
  if (answer.status >= 500) return `status ${answer.status}: ${answer.text.slice(0, 300)}`;
  if (/\n\s+at .+:\d+/.test(answer.text) && answer.status >= 400) return `a stack: ${answer.text.slice(0, 300)}`;
  if (answer.status < 400 || method === 'HEAD') return undefined;
  try {
    const { error, errors, request: asked, response } = JSON.parse(answer.text);
    // The verdict on an entity has Backstage's own shape.
    if (path.endsWith('/validate-entity') && errors?.length > 0) return undefined;
    const complete =
      error.name &&
      error.message &&
      /^[A-Z][A-Z0-9_]+$/.test(error.code) &&
      error.fix &&
      asked &&
      response.statusCode === answer.status;
    return complete ? undefined : `incomplete: ${answer.text.slice(0, 300)}`;
  } catch {
    return `not the error shape (${answer.type}, ${answer.status}): ${answer.text.slice(0, 300)}`;
  }
}

/** The same rubbish each time: mulberry32 is small and random enough. */
function randomSource(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { next, below, pick: <T>(list: readonly T[]): T => list[below(list.length)]! };
}

const words = [
  '', ' ', '0', '-1', '1e309', 'NaN', 'null', 'true', '[]', '{}', '[object Object]', '__proto__', 'constructor', 'toString', 'kind', 'kind=component', 'metadata.name', 'metadata.name=part-1', 'relations.ownedBy', 'spec.type,', '=', ',', '.', '..', '../../etc/passwd', '/', '\\', '%', '%00', '%zz', '%C0%AF', "'", '"', "' or 1=1 --", '$where', '${7*7}', '😀', '\u0000', '\uFFFF', 'a'.repeat(5_000), '𝔘𝔫𝔦', 'Ä', 'component:default/part-1', 'group:', ':default/', 'component:default/', 'eyJmb28iOiJiYXIifQ==', 'eyJ2ZXJzaW9uIjoxLCJvZmZzZXQiOi0xfQ==', '99999999999999999999', '2026-13-45', 'asc:', 'desc:metadata.name', 'file:/etc/passwd', 'url:http://127.0.0.1:1/x', 'http://[::1', 'javascript:alert(1)',
] as const; // prettier-ignore
const queryNames = ['filter', 'fields', 'limit', 'offset', 'after', 'cursor', 'order', 'orderField', 'facet', 'fullTextFilterTerm', 'fullTextFilterFields', 'totalItems', 'depth', 'direction', 'dryRun', 'onConflict', 'types', 'refs', 'owner', 'severity', 'source', 'query', '__proto__', 'x'] as const; // prettier-ignore
const bodyKeys = ['entityRefs', 'fields', 'query', 'facets', 'cursor', 'limit', 'orderBy', 'fullTextFilter', 'type', 'target', 'location', 'entity', 'entityRef', 'kind', 'metadata', 'spec', '$all', '$any', '$not', '$in', '$exists', '$hasPrefix', '$contains', 'apiVersion', '__proto__'] as const; // prettier-ignore
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND', 'TRACE'] as const;

function rubbish(seed: number) {
  const random = randomSource(seed);
  const operation = random.pick(operations);
  const known = random.next() < 0.7;
  const keys = known && operation.fields.length > 0 ? operation.fields : bodyKeys;
  const value = (depth: number, names: readonly string[] = bodyKeys): unknown => {
    const choice = random.below(depth > 0 ? 8 : 5);
    if (choice < 2) return random.pick(words);
    if (choice === 2) return random.pick([0, -1, 1e21, 3.5, 2 ** 53, 5000]);
    if (choice === 3) return random.pick([null, true, false]);
    if (choice === 4) return random.pick(words);
    if (choice === 5) return Array.from({ length: random.below(5) }, () => value(depth - 1));
    return Object.fromEntries(Array.from({ length: random.below(4) }, () => [random.pick(names), value(depth - 1)]));
  };
  const segment = () => encodeURIComponent(random.pick(words)).slice(0, random.pick([20, 6_000])) || 'x';
  const path = () => {
    if (random.next() < 0.05) return `/${Array.from({ length: random.below(5) }, segment).join('/')}`;
    const parameter = () => random.pick([segment(), 'component', 'default', 'part-1', '1']);
    return operation.path.replaceAll(/\{[^}]+\}/g, parameter);
  };
  const query = () => {
    const raw = random.next() < 0.1;
    const text = () =>
      raw
        ? random.pick(['%', '%zz', '%ff', '&&', '=', '+', '[]', '{', '|'])
        : encodeURIComponent(random.pick(words).slice(0, 3_000));
    const names = known && operation.query.length > 0 ? operation.query : queryNames;
    const suffix = () => (known ? '' : random.pick(['', '[]', '[a]']));
    const parts = Array.from({ length: random.below(4) }, () => `${random.pick(names)}${suffix()}=${text()}`);
    return parts.length > 0 ? `?${parts.join('&')}` : '';
  };
  const body = (): string | Uint8Array => {
    const text = JSON.stringify(
      known ? Object.fromEntries(keys.filter(() => random.next() < 0.6).map((key) => [key, value(3)])) : value(4, keys),
    );
    const choice = random.below(12);
    if (choice === 0) return text.slice(0, text.length / 2);
    if (choice === 1) return Uint8Array.from({ length: 200 }, () => random.below(256));
    if (choice === 2) return '['.repeat(20_000);
    if (choice === 3) return `{"entityRefs":[${'"a",'.repeat(300_000)}"a"]}`;
    return text;
  };
  const method = random.next() < 0.85 ? operation.method : random.pick(methods);
  const type = random.pick([
    'application/json',
    'application/json',
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'x/y',
    ';',
    'application/json; charset=utf-99',
  ]);
  const withBody = !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method) || random.next() < 0.05;
  const target = (path() + query()).replaceAll(/[\s\u0080-\uFFFF]/g, '_');
  if (!withBody) return { method, path: target };
  const sent = body();
  // Node gives a DELETE no length by itself, and its body would count as the next request.
  const headers = { 'content-type': type, 'content-length': String(Buffer.byteLength(sent)) };
  return { method, path: target, headers, body: sent };
}

describe('rubbish over real sockets', () => {
  test('3,000 random requests get an answer below 500, each error in the one shape', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    const statuses = new Map<number, number>();
    let next = 0;
    const work = async () => {
      while (next < 3_000) {
        const seed = next++;
        const call = rubbish(seed);
        const answer = await send(call).catch((error: NodeJS.ErrnoException): Answer => {
          // A body that is refused before it has been sent whole may end in a closed connection.
          if (call.body && call.body.length > 100_000 && /ECONNRESET|EPIPE/.test(error.code ?? ''))
            return { status: 413, text: '', type: 'closed' };
          throw new Error(`seed ${seed}, ${call.method} ${call.path.slice(0, 200)}: ${error.message}`, {
            cause: error,
          });
        });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = answer.type === 'closed' ? undefined : wrongWith(answer, call);
        if (fault)
          wrong.push(
            `seed ${seed}: ${call.method} ${call.path.slice(0, 300)} ${String(call.body).slice(0, 200)}: ${fault}`,
          );
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(wrong.slice(0, 10)).toEqual([]);
    // The rubbish is not only refused at the door: much of it reaches the routes, some is even understood.
    expect(statuses.get(400)).toBeGreaterThan(300);
    expect(statuses.get(404)).toBeGreaterThan(50);
    expect(statuses.get(200)).toBeGreaterThan(100);
    expect(await getJson(`${portal.url}/healthz`)).toEqual({ status: 'ok' });
    expect(await countEntities(portal.url, 'kind=component')).toBeGreaterThan(150);
    expect(peakMemory(portal.pid)).toBeLessThan(1_024);
  });

  test.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a request line that never ends', `GET /${'a'.repeat(100_000)}`],
    [
      'headers without an end',
      `GET / HTTP/1.1\r\n${Array.from({ length: 3_000 }, (_, index) => `x-${index}: ${'y'.repeat(50)}\r\n`).join('')}`,
    ],
    ['no host', 'GET /api/catalog/entities HTTP/1.1\r\n\r\n'],
    [
      'two lengths',
      'POST /api/catalog/refresh HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\n12345',
    ],
    [
      'length and chunks',
      'POST /api/catalog/refresh HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a chunk of no size',
      'POST /api/catalog/refresh HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['a zero byte in the path', 'GET /api/\0 HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a proxy request', 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n'],
    [
      'an upgrade',
      'GET /api/catalog/entities HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    ],
    ['TLS', Buffer.from('16030100c8010000c40303', 'hex')],
  ])('a connection that brings %s is answered below 500 or closed', async (_name, bytes) => {
    const { hostname, port } = new URL(portal.url);
    const answer = await new Promise<string>((done) => {
      let text = '';
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      const timer = setTimeout(() => socket.destroy(), 3_000);
      socket.on('data', (chunk) => (text += chunk.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(timer);
        done(text);
      });
      setTimeout(() => socket.end(), 500);
    });
    expect(answer).toMatch(/^$|^HTTP\/1\.1 [1-4]\d\d /);
    expect(answer).not.toMatch(/\n\s+at .+:\d+/);
    expect(await getJson(`${portal.url}/healthz`)).toEqual({ status: 'ok' });
  });
});
