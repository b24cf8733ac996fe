import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testOutbound, testServer } from './testing.ts';

const text = (body: Uint8Array | null) => Buffer.from(body ?? []).toString();
const quick = { retry: { backoffMs: 5 } };

describe('an answer', () => {
  it('comes with status, headers in lower case, body and tags', async () => {
    const server = await testServer((_request, response) => {
      response.writeHead(200, { 'X-Two': ['a', 'b'], ETag: '"v1"', 'Last-Modified': 'Wed, 01 Jan 2025 00:00:00 GMT' });
      response.end('hello');
    });
    const answer = await testOutbound().request(`${server.url}/a?b=1`, { headers: { Accept: 'text/plain' } });
    expect(answer).toMatchObject({
      status: 200,
      notModified: false,
      etag: '"v1"',
      lastModified: 'Wed, 01 Jan 2025 00:00:00 GMT',
      url: `${server.url}/a?b=1`,
    });
    expect(text(answer.body)).toBe('hello');
    expect(answer.headers['x-two']).toBe('a, b');
    expect(server.requests[0]?.headers).toMatchObject({ 'user-agent': 'Callboard', accept: 'text/plain' });
  });

  it('may be empty', async () => {
    const server = await testServer((_request, response) => response.end());
    const { status, body } = await testOutbound().request(server.url);
    expect([status, body?.length]).toEqual([200, 0]);
  });

  it('that has no end says in words when it breaks off', async () => {
    const server = await testServer((_request, response) => {
      response.write('one');
      setImmediate(() => response.destroy());
    });
    const { body } = await testOutbound().stream(server.url);
    const pieces: string[] = [];
    const reading = async () => {
      for await (const piece of body) pieces.push(text(piece));
    };
    await expect(reading()).rejects.toMatchObject({ code: 'OUTBOUND_UNREACHABLE' });
    expect(pieces).toEqual(['one']);
  });

  it('is notModified when the caller has it still', async () => {
    const server = await testServer((request, response) => {
      response.writeHead(request.headers['if-none-match'] === '"v1"' ? 304 : 200, { etag: '"v1"' });
      response.end(request.headers['if-none-match'] === '"v1"' ? undefined : 'news');
    });
    const outbound = testOutbound();
    const same = await outbound.request(server.url, { conditional: { etag: '"v1"', lastModified: 'x' } });
    expect(same).toMatchObject({ status: 304, notModified: true, body: null, etag: '"v1"', lastModified: 'x' });
    expect(server.requests[0]?.headers['if-modified-since']).toBe('x');
    const other = await outbound.request(server.url, { conditional: { etag: '"v0"' } });
    expect([other.notModified, text(other.body)]).toEqual([false, 'news']);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is decompressed from %s', async (encoding, compress) => {
    const server = await testServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding });
      response.end(compress('x'.repeat(10_000)));
    });
    const { body } = await testOutbound().request(server.url);
    expect(text(body)).toBe('x'.repeat(10_000));
  });

  it('sends bodies', async () => {
    const server = await testServer((request, response) => request.pipe(response));
    const answer = await testOutbound().request(server.url, { method: 'POST', body: '{"a":1}' });
    expect(text(answer.body)).toBe('{"a":1}');
  });
});

describe('a failure', () => {
  it.each([
    [400, 'Check the address and what the host says about it.'],
    [401, 'The host wants credentials: configure a token for it.'],
    [404, 'Check the address. Hosts also answer 404 for private things when credentials are missing.'],
    [500, 'The fault is on that host: look at its state, then try again.'],
  ])('with status %i is told with the next step, and is not tried again', async (status, fix) => {
    const server = await testServer((_request, response) => response.writeHead(status).end('details'));
    await expect(testOutbound().request(`${server.url}/x`)).rejects.toMatchObject({
      code: 'OUTBOUND_STATUS',
      message: `${server.url}/x answered ${status}`,
      fix,
      details: { status },
    });
    expect(server.requests).toHaveLength(1);
    const shown = await testOutbound().request(server.url, { anyStatus: true });
    expect([shown.status, text(shown.body)]).toEqual([status, 'details']);
  });

  it('within the time limit is a timeout, wherever the server stalls', async () => {
    const silent = await testServer(() => {});
    const stalling = await testServer((_request, response) => response.writeHead(200).write('half'));
    const dripping = await testServer((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const outbound = testOutbound({ timeoutMs: 200 });
    for (const { url } of [silent, stalling, dripping])
      await expect(outbound.request(url)).rejects.toMatchObject({
        code: 'OUTBOUND_TIMEOUT',
        message: `${url}/ gave no complete answer within 200 ms`,
      });
    expect(silent.requests).toHaveLength(1);
  });

  it('of the network says what it is', async () => {
    const gone = await testServer(() => {});
    const refused = testOutbound().request('http://127.0.0.1:9/', quick);
    await expect(refused).rejects.toMatchObject({
      code: 'OUTBOUND_UNREACHABLE',
      message: 'http://127.0.0.1:9/ cannot be reached: nothing listens there (connection refused)',
    });
    await expect(testOutbound().request('http://nowhere.invalid/', quick)).rejects.toMatchObject({
      code: 'OUTBOUND_UNREACHABLE',
      message: expect.stringMatching(/the host name (does not exist|cannot be resolved now)$/),
    });
    await expect(testOutbound().request(gone.url.replace('http:', 'https:'), quick)).rejects.toMatchObject({
      code: 'OUTBOUND_TLS',
    });
  });

  it('in the middle of the body is tried again, then told', async () => {
    const half = await testServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 10);
    });
    await expect(testOutbound().request(half.url, quick)).rejects.toMatchObject({
      code: 'OUTBOUND_UNREACHABLE',
      message: `${half.url}/ cannot be reached: the connection was closed before the answer was complete`,
    });
    expect(half.requests).toHaveLength(3);
    let count = 0;
    const recovering = await testServer((_request, response) => {
      count += 1;
      if (count === 1) response.destroy();
      else response.end('whole');
    });
    expect(text((await testOutbound().request(recovering.url, quick)).body)).toBe('whole');
  });

  it('by too large an answer is told before memory is used', async () => {
    const announced = await testServer((_request, response) => {
      response.writeHead(200, { 'content-length': '5000000000' }).write('x');
    });
    const endless = await testServer((_request, response) => {
      const block = Buffer.alloc(64 * 1024);
      const more = () => {
        while (response.write(block));
      };
      response.on('drain', more);
      more();
    });
    const bomb = await testServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(200 * 1024 * 1024)));
    });
    const nested = await testServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip, gzip, gzip' }).end('x');
    });
    const outbound = testOutbound();
    for (const { url } of [announced, endless, bomb])
      await expect(outbound.request(url, { maxBytes: 1_000_000 })).rejects.toMatchObject({
        code: 'OUTBOUND_TOO_LARGE',
        message: `The answer of ${url}/ is larger than 1000000 bytes`,
      });
    await expect(outbound.request(nested.url)).rejects.toMatchObject({ code: 'OUTBOUND_ENCODING' });
  });

  it('by rubbish is told apart from a network failure', async () => {
    const rubbish = await testServer((request) => request.socket.end('NOT HTTP\r\n\r\n'));
    await expect(testOutbound().request(rubbish.url, quick)).rejects.toMatchObject({
      message: `${rubbish.url}/ cannot be reached: what answers there does not speak HTTP`,
    });
    const broken = await testServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip');
    });
    await expect(testOutbound().request(broken.url)).rejects.toMatchObject({ code: 'OUTBOUND_ENCODING' });
  });

  it('by the caller rejects with the caller’s reason', async () => {
    const silent = await testServer(() => {});
    const controller = new AbortController();
    const call = testOutbound().request(silent.url, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('no longer wanted')), 20);
    await expect(call).rejects.toThrow('no longer wanted');
    await expect(
      testOutbound().request(silent.url, { signal: AbortSignal.abort(new Error('before')) }),
    ).rejects.toThrow('before');
  });
});

describe('patience', () => {
  it('tries idempotent calls again after 429, 502, 503 and 504, others never', async () => {
    for (const status of [429, 502, 503, 504]) {
      let count = 0;
      const server = await testServer((_request, response) => {
        count += 1;
        response.writeHead(count < 3 ? status : 200).end('at last');
      });
      expect(text((await testOutbound().request(server.url, quick)).body)).toBe('at last');
      expect(server.requests).toHaveLength(3);
      count = 0;
      await expect(testOutbound().request(server.url, { ...quick, method: 'POST' })).rejects.toMatchObject({
        details: { status },
      });
      expect(server.requests).toHaveLength(4);
    }
  });

  it('waits as long as Retry-After says, and no longer than the call may take', async () => {
    let [count, after] = [0, '1'];
    const server = await testServer((_request, response) => {
      count += 1;
      response.writeHead(count === 1 ? 503 : 200, { 'retry-after': after }).end();
    });
    const start = Date.now();
    await testOutbound().request(server.url, quick);
    expect(Date.now() - start).toBeGreaterThanOrEqual(950);
    [count, after] = [0, '60'];
    await expect(testOutbound().request(server.url, { timeoutMs: 20_000 })).rejects.toMatchObject({
      code: 'OUTBOUND_STATUS',
      details: { status: 503, retryAfterMs: expect.any(Number) },
    });
    const shown = await testServer((_request, response) =>
      response.writeHead(503, { 'retry-after': '60' }).end('later'),
    );
    expect((await testOutbound().request(shown.url, { anyStatus: true })).status).toBe(503);
  });

  it('does not call a host whose rate limit is used up, until it opens again', async () => {
    const reset = Math.ceil(Date.now() / 1000) + 2;
    const server = await testServer((_request, response) => {
      response.writeHead(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) }).end();
    });
    const outbound = testOutbound();
    await outbound.request(server.url);
    await expect(outbound.request(server.url, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'OUTBOUND_RATE_LIMITED',
      status: 429,
      details: { retryAfterMs: expect.any(Number) },
    });
    expect(server.requests).toHaveLength(1);
    await outbound.request(server.url, { timeoutMs: 10_000 });
    expect(Date.now()).toBeGreaterThanOrEqual(reset * 1000);
    expect(server.requests).toHaveLength(2);
  });
});

describe('redirects', () => {
  it('are followed with the same headers on the same origin and without credentials elsewhere', async () => {
    const target = await testServer((request, response) => response.end(JSON.stringify(request.headers)));
    const server = await testServer((request, response) => {
      if (request.url === '/same') response.writeHead(302, { location: '/there' }).end();
      else if (request.url === '/other') response.writeHead(307, { location: `${target.url}/there` }).end();
      else response.end(JSON.stringify(request.headers));
    });
    const headers = { authorization: 'Bearer t', 'private-token': 's', cookie: 'c=1', accept: 'text/plain' };
    const outbound = testOutbound();
    const same = await outbound.request(`${server.url}/same`, { headers });
    expect(same.url).toBe(`${server.url}/there`);
    expect(JSON.parse(text(same.body))).toMatchObject(headers);
    const other = await outbound.request(`${server.url}/other`, { headers });
    const seen = JSON.parse(text(other.body));
    expect(seen).toMatchObject({ accept: 'text/plain' });
    for (const name of ['authorization', 'private-token', 'cookie']) expect(seen).not.toHaveProperty(name);
  });

  it('turn a POST into a GET where browsers do', async () => {
    const server = await testServer((request, response) => {
      const status = Number(request.url?.slice(1));
      if (status) response.writeHead(status, { location: '/done' }).end();
      else response.end(request.method);
    });
    const methods = [];
    for (const status of [301, 302, 303, 307, 308])
      methods.push(text((await testOutbound().request(`${server.url}/${status}`, { method: 'POST', body: 'b' })).body));
    expect(methods).toEqual(['GET', 'GET', 'GET', 'POST', 'POST']);
  });

  it('stop after five, and at what may not be called', async () => {
    const server = await testServer((request, response) => {
      const location = decodeURIComponent(request.url!.slice(1)) || '/';
      response.writeHead(302, { location }).end();
    });
    const outbound = testOutbound();
    await expect(outbound.request(server.url)).rejects.toMatchObject({
      code: 'OUTBOUND_REDIRECTS',
      message: `${server.url}/ redirects more than 5 times`,
    });
    expect(server.requests).toHaveLength(6);
    const to = (location: string) => outbound.request(`${server.url}/${encodeURIComponent(location)}`);
    await expect(to('file:///etc/passwd')).rejects.toMatchObject({ code: 'OUTBOUND_REDIRECT_BLOCKED' });
    await expect(to('http://[')).rejects.toMatchObject({ code: 'OUTBOUND_REDIRECT_BLOCKED' });
    await expect(to('http://169.254.169.254/latest')).rejects.toMatchObject({ code: 'OUTBOUND_ADDRESS_BLOCKED' });
    const closed = testOutbound({ mode: 'closed' });
    await expect(closed.request(`${server.url}/${encodeURIComponent('https://evil.example/')}`)).rejects.toMatchObject({
      code: 'OUTBOUND_BLOCKED',
      message: expect.stringContaining('evil.example:443'),
    });
  });
});

describe('secrets', () => {
  it('in the address are sent as a header and never shown', async () => {
    const server = await testServer((request, response) => {
      if (request.url === '/fail?token=hidden') response.writeHead(418).end();
      else response.end(request.headers.authorization);
    });
    const lines: string[] = [];
    const outbound = testOutbound({}, lines);
    const address = server.url.replace('//', '//jane:p%40ss@');
    const answer = await outbound.request(address);
    expect(text(answer.body)).toBe(`Basic ${Buffer.from('jane:p@ss').toString('base64')}`);
    expect(answer.url).toBe(`${server.url}/`);
    const failure = await outbound.request(`${address}/fail?token=hidden`).catch((error: Error) => error);
    const told = JSON.stringify([
      failure,
      (failure as Error).message,
      (failure as Error).stack,
      outbound.hosts(),
      lines,
    ]);
    expect((failure as Error).message).toBe(`${server.url}/fail?… answered 418`);
    for (const secret of ['jane', 'p%40ss', 'p@ss', 'hidden']) expect(told).not.toContain(secret);
    await expect(outbound.request('ftp://jane:secret@x.example/a')).rejects.toMatchObject({
      code: 'OUTBOUND_PROTOCOL',
      message: "'ftp://x.example/a' is not an address that the portal can call",
    });
    await expect(outbound.request('http://jane:secret@')).rejects.toMatchObject({
      message: expect.not.stringContaining('secret'),
    });
    await wait(0);
  });
});
