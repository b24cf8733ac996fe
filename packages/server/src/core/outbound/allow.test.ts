import { connect } from 'node:net';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createAllowList, isGuardedAddress, isLoopbackHost } from './allow.ts';
import { guardedLookup } from './transport.ts';
import { listen, testOutbound, testServer } from './testing.ts';

describe('the allow-list', () => {
  it.each([
    ['example.com', 'example.com', '443', true],
    ['example.com', 'EXAMPLE.com.', '8443', true],
    ['example.com', 'a.example.com', '443', false],
    ['example.com:8443', 'example.com', '8443', true],
    ['example.com:8443', 'example.com', '443', false],
    ['*.example.com', 'a.b.example.com', '443', true],
    ['*.example.com', 'example.com', '443', false],
    ['*.example.com', 'evilexample.com', '443', false],
    ['*.example.com:22', 'git.example.com', '22', true],
    ['*.example.com:22', 'git.example.com', '443', false],
    ['[fd00::1]:8080', '[fd00::1]', '8080', true],
    ['fd00::1', '[fd00::1]', '443', true],
    ['10.0.0.1', '10.0.0.10', '443', false],
  ])('%s for %s port %s: %s', (entry, host, port, expected) => {
    expect(createAllowList([entry]).covers(host, port)).toBe(expected);
  });

  it('knows this machine and the guarded addresses in every spelling', () => {
    for (const host of [
      'localhost',
      'LOCALHOST.',
      'a.localhost',
      '127.0.0.1',
      '127.9.9.9',
      '[::1]',
      '::ffff:127.0.0.1',
    ])
      expect([host, isLoopbackHost(host)]).toEqual([host, true]);
    for (const host of ['localhost.example', '128.0.0.1', '10.0.0.1', '::2'])
      expect([host, isLoopbackHost(host)]).toEqual([host, false]);
    const guarded = ['169.254.169.254', '[fe80::1]', '[::ffff:a9fe:a9fe]', '[64:ff9b::a9fe:a9fe]', '100.100.100.200'];
    for (const address of guarded) expect([address, isGuardedAddress(address)]).toEqual([address, true]);
    for (const address of ['169.253.0.1', '10.0.0.1', '[fd00::1]', 'name.example'])
      expect([address, isGuardedAddress(address)]).toEqual([address, false]);
  });
});

describe('closed mode', () => {
  it('lets nothing out but this machine and the list', async () => {
    const server = await testServer((_request, response) => response.end('ok'));
    const outbound = testOutbound({ mode: 'closed', allow: ['git.example.com', '*.corp.example:22'] });
    expect((await outbound.request(server.url, { purpose: 'health' })).status).toBe(200);
    await expect(outbound.request('https://evil.example/x')).rejects.toMatchObject({
      code: 'OUTBOUND_BLOCKED',
      status: 403,
      message:
        'The portal may not call evil.example:443: outbound.mode is closed and outbound.allow does not list the host',
    });
    const allowed = [
      'https://git.example.com/a.git',
      'ssh://git@git.corp.example/a.git',
      'git@git.example.com:a/b.git',
    ];
    for (const url of [...allowed, 'git@git.corp.example:a.git', '/srv/git/a.git', 'file:///srv/a.git', 'C:\\a.git'])
      expect(() => outbound.assertAllowed(url, 'source')).not.toThrow();
    for (const url of ['https://other.example/a.git', 'git@other.example:a.git', 'https://git.corp.example/a.git'])
      expect(() => outbound.assertAllowed(url, 'source')).toThrow(/^The portal may not call /);
    expect(() => outbound.assertAllowed('ext::sh -c id', 'source')).toThrow("'ext::' is not an address");
    expect(() => outbound.assertAllowed('ext://x', 'source')).toThrow("'ext://x' is not an address");
    const hosts = outbound.hosts();
    expect(hosts.map(({ host }) => host)).toEqual([
      `127.0.0.1:${server.port}`,
      'evil.example:443',
      'git.corp.example:22',
      'git.corp.example:443',
      'git.example.com:22',
      'git.example.com:443',
      'other.example:22',
      'other.example:443',
    ]);
    expect(hosts[1]).toEqual({
      host: 'evil.example:443',
      purposes: ['other'],
      lastUsed: expect.any(Number),
      count: 1,
      blocked: 1,
    });
    expect(hosts[0]).toMatchObject({ purposes: ['health'], count: 1, blocked: 0 });
  });
});

describe('guarded addresses', () => {
  it('are refused by number in every spelling, unless the list names them', async () => {
    const outbound = testOutbound();
    for (const host of [
      '169.254.169.254',
      '2852039166',
      '0xa9.0xfe.0xa9.0xfe',
      '[::ffff:169.254.169.254]',
      '[fe80::1]',
    ])
      await expect(outbound.request(`http://${host}/latest/meta-data`)).rejects.toMatchObject({
        code: 'OUTBOUND_ADDRESS_BLOCKED',
      });
    expect(() => outbound.assertAllowed('http://169.254.169.254/a.git', 'source')).toThrow('169.254.169.254');
    const named = testOutbound({ allow: ['169.254.169.254'] });
    expect(() => named.assertAllowed('http://169.254.169.254/a.git', 'source')).not.toThrow();
  });
});

describe('names', () => {
  const resolve = (host: string, allow: string[]) =>
    new Promise<unknown>((done) => {
      guardedLookup(createAllowList(allow))(host, { all: true }, (error, found) => done(error ?? found));
    });

  it('are refused when they stand for a guarded address, at the moment of connecting', async () => {
    expect(await resolve('169.254.169.254', [])).toMatchObject({
      code: 'OUTBOUND_ADDRESS_BLOCKED',
      message: expect.stringContaining('169.254.169.254 stands for 169.254.169.254'),
    });
    const suffix = await resolve('169.254.169.254', ['*.169.254']);
    expect(suffix).toMatchObject({ code: 'OUTBOUND_ADDRESS_BLOCKED' });
    const named = await resolve('169.254.169.254', ['169.254.169.254']);
    expect(named).toEqual([{ address: '169.254.169.254', family: 4 }]);
    expect(await resolve('127.0.0.1', [])).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(await resolve('nowhere.invalid', [])).toMatchObject({ code: expect.stringMatching(/^E/) });
  });
});

describe('a proxy', () => {
  /** A proxy that forwards plain requests and tunnels, to one place whatever the host is, and remembers what it was asked. */
  async function testProxy(target: number, credentials?: string) {
    const asked: string[] = [];
    const refuses = (header: string | undefined) =>
      credentials !== undefined && header !== `Basic ${Buffer.from(credentials).toString('base64')}`;
    const proxy = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (refuses(request.headers['proxy-authorization'])) response.writeHead(407).end();
      else response.end('through the proxy');
    });
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      if (refuses(request.headers['proxy-authorization'])) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const tunnel = connect(target, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        tunnel.pipe(socket).pipe(tunnel);
      });
      tunnel.on('error', () => socket.destroy());
      socket.on('error', () => tunnel.destroy());
    });
    return { asked, port: await listen(proxy) };
  }

  it('gets every call but those to this machine', async () => {
    const server = await testServer((_request, response) => response.end('direct'));
    const { asked, port } = await testProxy(server.port);
    const outbound = testOutbound({ proxy: `http://127.0.0.1:${port}` });
    const outside = await outbound.request('http://catalog.example/a?b=1');
    expect(Buffer.from(outside.body!).toString()).toBe('through the proxy');
    expect(asked).toEqual(['GET http://catalog.example/a?b=1']);
    const own = await outbound.request(server.url);
    expect(Buffer.from(own.body!).toString()).toBe('direct');
    expect(asked).toHaveLength(1);
    await expect(outbound.request('https://catalog.example/', { retry: { attempts: 1 } })).rejects.toMatchObject({
      code: 'OUTBOUND_TLS',
    });
    expect(asked[1]).toBe('CONNECT catalog.example:443');
  });

  it('gets its credentials, and its refusal is told as its own', async () => {
    const { asked, port } = await testProxy(1, 'jane:pass');
    const right = testOutbound({ proxy: `http://jane:pass@127.0.0.1:${port}` });
    expect((await right.request('http://catalog.example/')).status).toBe(200);
    const wrong = testOutbound({ proxy: `http://jane:wrong-secret@127.0.0.1:${port}` });
    for (const url of ['http://catalog.example/', 'https://catalog.example/']) {
      const failure = await wrong.request(url, { retry: { attempts: 1 } }).catch((error: Error) => error);
      expect(failure).toMatchObject({
        code: 'OUTBOUND_PROXY',
        message: `The proxy does not pass the call to ${url} on: it wants a user and password`,
      });
      expect(JSON.stringify([failure, (failure as Error).stack])).not.toContain('wrong-secret');
    }
    expect(asked).toHaveLength(3);
    const down = testOutbound({ proxy: 'http://127.0.0.1:9' });
    for (const url of ['http://catalog.example/', 'https://catalog.example/'])
      await expect(down.request(url)).rejects.toMatchObject({
        code: 'OUTBOUND_PROXY',
        message: expect.stringContaining('the proxy itself cannot be reached: nothing listens there'),
      });
  });

  it('is handed on to other programs, except for this machine', () => {
    const outbound = testOutbound({ proxy: 'http://proxy.example:3128' });
    expect(outbound.environment('https://git.example.com/a.git')).toMatchObject({
      http_proxy: 'http://proxy.example:3128',
      https_proxy: 'http://proxy.example:3128',
    });
    expect(outbound.environment('http://127.0.0.1:3000/a.git')).toEqual({});
    expect(outbound.environment('/srv/a.git')).toEqual({});
    expect(testOutbound().environment('https://git.example.com/a.git')).toEqual({});
  });
});
