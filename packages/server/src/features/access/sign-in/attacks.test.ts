import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import fc from 'fast-check';
import { exportJWK, exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../../core/db/index.ts';
import { forEachDatabase } from '../../../testing/databases.ts';
import { createAddresses } from './addresses.ts';
import { safeReturn } from './return-to.ts';
import { aPassword, openRoom, type Room } from './testing/room.ts';

const cookieName = 'callboard-session';

test('goes back to pages of this portal only', () => {
  for (const wanted of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/%09/../..//evil.example',
    'javascript:alert(1)',
    '/a/..//evil.example',
    '/api/access/sign-in/x/start',
    '/sign-in',
    undefined,
    '',
  ]) {
    const found = safeReturn(wanted);
    expect(new URL(found, 'https://portal.example.com').host, wanted).toBe('portal.example.com');
    expect(found.startsWith('//'), wanted).toBe(false);
    expect(found.startsWith('/api/'), wanted).toBe(false);
  }
  expect(safeReturn('/catalog?a=b#c')).toBe('/catalog?a=b#c');
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('/', '\\', '.', ':', '@', 'e', '\t', '\n', '%', '2', 'f', '?', '#', ' ') }),
      (text) => {
        for (const wanted of [text, `/${text}`, `//${text}`]) {
          const url = new URL(safeReturn(wanted), 'https://portal.example.com');
          expect(url.origin).toBe('https://portal.example.com');
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('believes forwarded addresses of trusted proxies only', () => {
  const { clientOf, isProxy } = createAddresses(['10.0.0.0/8', '::1']);
  const request = (remoteAddress: string, forwarded?: string) =>
    ({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }) as never;
  expect(clientOf(request('203.0.113.9', '1.2.3.4'))).toBe('203.0.113.9');
  expect(clientOf(request('10.1.1.1', '1.2.3.4, 198.51.100.7'))).toBe('198.51.100.7');
  expect(clientOf(request('::ffff:10.1.1.1', '1.2.3.4, 10.9.9.9'))).toBe('1.2.3.4');
  expect(clientOf(request('10.1.1.1', 'not an address'))).toBe('10.1.1.1');
  expect([isProxy(request('10.255.0.1')), isProxy(request('11.0.0.1')), isProxy(request('::1'))]).toEqual([
    true,
    false,
    true,
  ]);
  expect(createAddresses([]).isProxy(request('127.0.0.1'))).toBe(false);
});

forEachDatabase((_dialect, databases) => {
  let db: Database;
  let room: Room;
  let root: ReturnType<Room['browser']>;
  const signing = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let issuer: { url: string; asked: number; stop(): void };
  let claims: Record<string, unknown>;
  const people = new Set(['user:default/jane']);

  beforeAll(async () => {
    // Without `alg`, as many issuers have it: only what is configured tells one algorithm from another.
    const jwk = { ...(await exportJWK(signing.publicKey)), kid: 'k1', use: 'sig' };
    const published = { kty: 'oct', kid: 'shared', k: Buffer.from('known to all').toString('base64url') };
    const server = createServer((_request, response) => {
      issuer.asked += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk, published] }));
    });
    await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
    const { port } = server.address() as { port: number };
    issuer = { url: `http://127.0.0.1:${port}/keys`, asked: 0, stop: () => server.close() };
    db = await databases.open();
    room = await openRoom(db, {
      access: {
        trustedProxies: ['10.0.0.0/8'],
        externalAccess: [
          {
            type: 'jwks',
            options: {
              url: issuer.url,
              issuer: 'https://ci.example.com',
              audience: 'callboard',
              algorithm: 'RS256',
              subjectPrefix: 'ci',
            },
            accessRestrictions: [{ plugin: 'catalog', permissionAttribute: { action: 'read' } }],
          },
          { type: 'static', options: { token: 'a-static-token-of-the-test', subject: 'legacy' } },
        ],
      },
      signIn: { proxy: {} },
      directory: { existing: async (refs) => refs.filter((ref) => people.has(ref)) },
    });
    room.clock.now = Date.now();
    root = await room.administrator();
    await room.addUser(root, 'eve');
    claims = { iss: 'https://ci.example.com', aud: 'callboard', sub: 'job-7' };
  });
  afterAll(async () => {
    await room.close();
    issuer.stop();
  });

  test('session fixation: a session that was there before sign-in is not the one after it, and is over', async () => {
    const victim = room.browser();
    const attacker = await room.enter('eve');
    const planted = attacker.jar.get(cookieName)!;
    victim.jar.set(cookieName, planted);
    await victim.ask('POST', '/api/access/sign-in/local', { body: { username: 'root', password: aPassword } });
    expect(victim.jar.get(cookieName)).not.toBe(planted);
    expect((await attacker.ask('GET', '/api/access/me')).status).toBe(401);
    const chosen = room.browser();
    chosen.jar.set(cookieName, 'chosen-by-somebody-else');
    await chosen.ask('POST', '/api/access/sign-in/local', { body: { username: 'root', password: aPassword } });
    expect(chosen.jar.get(cookieName)).toMatch(/^[\w-]{43}$/);
  });

  test('cross-site requests: nothing is changed with a cookie from elsewhere, or without a word of where', async () => {
    const cookie = `${cookieName}=${root.jar.get(cookieName)}`;
    const write = async (headers: Record<string, string>) =>
      (await room.ask('POST', '/api/test/write', { headers: { cookie, ...headers } })).status;
    expect(await write({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await write({ origin: 'http://localhost' })).toBe(200);
    expect(await write({ 'x-requested-with': 'a program' })).toBe(200);
    expect(await write({})).toBe(403);
    expect(await write({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await write({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await write({ origin: 'https://evil.example' })).toBe(403);
    expect(await write({ origin: 'null' })).toBe(403);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const form = { 'content-type': type, 'sec-fetch-site': 'same-origin' };
      const answer = await room.ask('POST', '/api/access/sign-in/local', { headers: form, body: 'username=root' });
      expect(answer.status, type).toBe(415);
    }
    const signIn = { body: { username: 'eve', password: aPassword }, headers: { origin: 'https://evil.example' } };
    expect((await room.ask('POST', '/api/access/sign-in/local', signIn)).status).toBe(403);
  });

  test('forged, foreign and old signed tokens are refused, a right one is not', async () => {
    const read = (token: string) =>
      room.ask('GET', '/api/test/read', { headers: { authorization: `Bearer ${token}` } });
    const sign = (
      change: Record<string, unknown>,
      options: { key?: typeof signing.privateKey; header?: object; expires?: string } = {},
    ) =>
      new SignJWT({ ...claims, ...change })
        .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...options.header })
        .setIssuedAt()
        .setExpirationTime(options.expires ?? '5m')
        .sign(options.key ?? signing.privateKey);
    const right = await read(await sign({}));
    expect([right.status, right.body.ref, right.body.kind]).toEqual([200, 'external:ci:job-7', 'service']);
    expect(
      (await room.ask('POST', '/api/test/write', { headers: { authorization: `Bearer ${await sign({})}` } })).status,
    ).toBe(403);

    const publicPem = await exportSPKI(signing.publicKey);
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(publicPem));
    const shared = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'shared' })
      .setExpirationTime('5m')
      .sign(Buffer.from('known to all'));
    const withoutExpiry = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .sign(signing.privateKey);
    const [head, body, signature] = (await sign({})).split('.') as [string, string, string];
    const changed = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), sub: 'root' }),
    ).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'k1' })).toString('base64url');
    const bad: [string, string][] = [
      ['alg none', new UnsecuredJWT(claims).setExpirationTime('5m').encode()],
      ['alg none with the signature of another', `${none}.${body}.${signature}`],
      ['the public key as a secret', hmac],
      ['a secret that stands among the public keys', shared],
      ['a foreign key', await sign({}, { key: foreign.privateKey })],
      ['another algorithm', await sign({}, { header: { alg: 'RS512' } })],
      ['an unknown key', await sign({}, { header: { kid: 'k2' }, key: foreign.privateKey })],
      [
        'a key that it brings itself',
        await sign({}, { key: foreign.privateKey, header: { jwk: await exportJWK(foreign.publicKey) } }),
      ],
      [
        'keys from an address of its own',
        await sign({}, { key: foreign.privateKey, header: { jku: 'http://127.0.0.1:1/keys' } }),
      ],
      ['another audience', await sign({ aud: 'others' })],
      ['no audience', await sign({ aud: undefined })],
      ['another issuer', await sign({ iss: 'https://evil.example' })],
      ['too old', await sign({}, { expires: '-1m' })],
      ['no end', withoutExpiry],
      ['no subject', await sign({ sub: undefined })],
      ['not yet', await sign({ nbf: Math.floor(Date.now() / 1000) + 600 })],
      ['changed content', `${head}.${changed}.${signature}`],
      ['no signature', `${head}.${body}.`],
      ['not a token', 'abc.def.ghi'],
      ['a guess', 'a-static-token-of-the-tesT'],
      ['a session', root.jar.get(cookieName)!],
      ['a token of ours that nobody made', `cbs_${'A'.repeat(43)}`],
      [
        'a claim to be one of our identity tokens',
        await sign({ sub: 'user:default/root', aud: 'backstage' }, { header: { typ: 'vnd.backstage.user' } }),
      ],
    ];
    for (const [name, token] of bad) {
      const answer = await read(token);
      expect([name, answer.status, answer.body.error?.code]).toEqual([name, 401, 'ACCESS_TOKEN_INVALID']);
      expect(JSON.stringify(answer.body), name).not.toContain(token);
    }
    // Bad tokens do not make the portal ask the issuer again and again.
    expect(issuer.asked).toBeLessThanOrEqual(2);
    // A wrong token is refused even where the cookie would do: nobody is taken for somebody else by mistake.
    expect((await root.ask('GET', '/api/test/read', { headers: { authorization: 'Bearer nothing' } })).status).toBe(
      401,
    );
  });

  test('identity tokens: ours are taken for what they are, and nothing else is', async () => {
    const { body } = await root.ask('POST', '/api/access/identity-token');
    const me = await room.ask('GET', '/api/access/me', { headers: { authorization: `Bearer ${body.token}` } });
    expect(me.body).toMatchObject({ entityRef: 'user:default/root', canSignOut: false });
    const { keys } = (await room.ask('GET', '/api/auth/.well-known/jwks.json')).body;
    expect(keys.map((key: any) => [key.alg, key.use, key.d])).toEqual([['ES256', 'sig', undefined]]);
    expect(
      (
        await room.ask('POST', '/api/access/tokens', {
          headers: { authorization: `Bearer ${body.token}` },
          body: { title: 'x', days: 1 },
        })
      ).status,
    ).toBe(403);
    room.clock.now += 3_600_000 * 30;
    const late = await room.ask('GET', '/api/access/me', { headers: { authorization: `Bearer ${body.token}` } });
    expect(late.status).toBe(401);
    room.clock.now = Date.now();
    root = await room.enter('root');
  });

  test('headers of a proxy count from its address only', async () => {
    const headers = { 'x-forwarded-user': 'jane', 'x-forwarded-for': '198.51.100.1' };
    const me = async (from: string) => room.ask('GET', '/api/access/me', { headers, from });
    expect((await me('10.1.2.3')).body).toMatchObject({ entityRef: 'user:default/jane', canSignOut: false });
    for (const from of ['127.0.0.1', '11.0.0.1', '::1', '203.0.113.7']) expect((await me(from)).status, from).toBe(401);
    const named = await room.ask('GET', '/api/access/me', {
      headers: { 'x-forwarded-user': 'root' },
      from: '10.1.2.3',
    });
    expect(named.body).toMatchObject({ entityRef: 'user:personal/root', kind: 'user' });
    expect(named.body.administrator).toBeUndefined();
  });

  test('whom a proxy names before the catalog was read is their entity as soon as it is there', async () => {
    const me = async () =>
      (await room.ask('GET', '/api/access/me', { headers: { 'x-forwarded-user': 'kim' }, from: '10.1.2.3' })).body;
    expect((await me()).entityRef).toBe('user:personal/kim');
    people.add('user:default/kim');
    room.clock.now += 2_001;
    expect((await me()).entityRef).toBe('user:default/kim');
    people.delete('user:default/kim');
  });

  test('nobody learns who exists, by words or by a lock', async () => {
    const wrong = (username: string) =>
      room.ask('POST', '/api/access/sign-in/local', {
        body: { username, password: 'wrong wrong wrong' },
        headers: { 'sec-fetch-site': 'same-origin' },
        from: '192.0.2.1',
      });
    const answers = async (name: string) => {
      const found: unknown[] = [];
      for (let attempt = 0; attempt < 6; attempt += 1) {
        const { status, body } = await wrong(name);
        found.push([status, body.error]);
      }
      return found;
    };
    const real = await answers('eve');
    expect(real.map((entry: any) => entry[0])).toEqual([401, 401, 401, 401, 401, 429]);
    expect(await answers('nobody-at-all')).toEqual(real);
    const weak = await wrong('x'.repeat(300));
    expect(weak.status).toBe(401);
  });

  test('nobody learns who exists by the time that an answer takes', async () => {
    const took = async (username: string, round: number) => {
      const begun = performance.now();
      const answer = await room.ask('POST', '/api/access/sign-in/local', {
        body: { username, password: 'wrong wrong wrong' },
        headers: { 'sec-fetch-site': 'same-origin' },
        from: `192.0.2.${100 + round}`,
      });
      expect(answer.status).toBe(401);
      return performance.now() - begun;
    };
    const times = { eve: [] as number[], nobody: [] as number[] };
    // Deriving a key takes most of the time, many times what the rest takes. The shortest of several counts, more of them where the machine is busy.
    const ratio = () => Math.min(...times.nobody) / Math.min(...times.eve);
    for (let round = 1; round <= 3 || (round <= 20 && ratio() <= 0.25); round += 1)
      for (const name of ['eve', 'nobody'] as const) times[name].push(await took(name, round));
    expect(ratio()).toBeGreaterThan(0.25);
  });

  test('guessing is slowed down, strangers do not lock people out, and there is a way out', async () => {
    const at = (from: string, password: string) => room.enter('eve', password, from);
    for (let attempt = 0; attempt < 5; attempt += 1) await at('192.0.2.50', 'wrong wrong wrong');
    const locked = await at('192.0.2.50', aPassword);
    expect([locked.answer.status, locked.answer.body.error.code]).toEqual([429, 'ACCESS_SIGN_IN_LOCKED']);
    expect((await at('192.0.2.51', aPassword)).answer.status).toBe(204);
    const users = (await root.ask('GET', '/api/access/users')).body.items;
    expect(users.find((user: any) => user.name === 'eve').locked).toBe(true);
    expect((await root.ask('POST', '/api/access/users/default/eve/reset')).status).toBe(200);
    expect((await at('192.0.2.50', aPassword)).answer.status).toBe(204);
    for (let attempt = 0; attempt < 6; attempt += 1) await at('192.0.2.52', 'wrong wrong wrong');
    room.clock.now += 61_000;
    expect((await at('192.0.2.52', aPassword)).answer.status).toBe(204);
  });

  test('secrets stand in no address and no answer but the one that gives them', async () => {
    const made = (await root.ask('POST', '/api/access/tokens', { body: { title: 'mine', days: 1 } })).body;
    for (const path of [
      '/api/access/tokens',
      '/api/access/all/tokens',
      '/api/access/sessions',
      '/api/access/users',
      '/api/access/all/sessions',
    ]) {
      const text = JSON.stringify((await root.ask('GET', path)).body);
      expect(text, path).not.toContain(made.token.slice(4));
      expect(text, path).not.toContain(root.jar.get(cookieName)!);
      expect(text, path).not.toMatch(/scrypt\$|hash/);
    }
    for (const query of [`token=${made.token}`, `access_token=${made.token}`, `authorization=Bearer%20${made.token}`])
      expect((await room.ask('GET', `/api/test/read?${query}`)).status).not.toBe(200);
    await room.ask('GET', '/api/access/sign-in/company/callback?code=a-code-of-a-provider&state=its-state&error=x');
    const { body } = await root.ask('POST', '/api/access/users', { body: { name: 'logged' } });
    const secrets = [
      made.token,
      root.jar.get(cookieName)!,
      String(body.link).split('#')[1]!,
      aPassword,
      'a-code-of-a-provider',
      'its-state',
    ];
    const logged = room.lines.join('');
    expect(logged).toContain('/api/access/sign-in/company/callback?code=…&state=…&error=x');
    // A password that is too short uses up no code.
    const [code, short] = [String(body.link).split('#')[1]!, 'too short'];
    for (const path of ['/api/access/password/reset', '/api/access/setup'])
      await room.ask('POST', path, { body: { code, password: short, name: 'root' } });
    await expect.poll(() => room.audited.at(-1)?.operation).toBe('SetUpAdministrator');
    const put = JSON.stringify(room.audited);
    for (const secret of [...secrets, short])
      expect([logged.includes(secret), put.includes(secret)], secret.slice(0, 12)).toEqual([false, false]);
    const rows = await db.reader().selectFrom('access_token').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(made.token.slice(4));
  });

  test('the audit tells of refusals, but not that somebody keeps no settings, which every page asks for', async () => {
    const body = { title: 'narrow', days: 1, grants: ['catalog.entity.read'] };
    const { token } = (await root.ask('POST', '/api/access/tokens', { body })).body;
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['own', 'admin'])
      expect((await room.ask('GET', `/api/test/${path}`, { headers })).status).toBe(403);
    const refused = () => room.audited.filter(({ operation }) => operation.startsWith('GET /api/test')).slice(-2);
    await expect
      .poll(() =>
        refused()
          .map(({ operation }) => operation)
          .at(-1),
      )
      .toBe('GET /api/test/admin');
    expect(refused().some(({ operation, result }) => operation === 'GET /api/test/own' && result === 'refused')).toBe(
      false,
    );
  });

  test('spellings of a path do not get around the guard', async () => {
    for (const path of [
      '/api/test/admin',
      '/api//test/admin',
      '/api/test/admin/',
      '/api/test/./admin',
      '/api/x/../test/admin',
      '/api/test/%61dmin',
      '/API/test/admin',
      '/api/test/admin;x',
      '/api/test/admin%2f',
      '/api/test/admin?permission=none',
      '//api/test/admin',
      '/api/access/sign-in/../../test/admin',
    ]) {
      const answer = await room.ask('GET', path);
      expect([path, answer.status === 200]).toEqual([path, false]);
      expect(answer.body?.done, path).toBeUndefined();
    }
    for (const method of ['HEAD', 'POST', 'PUT', 'OPTIONS'])
      expect(
        (await room.ask(method, '/api/test/admin', { headers: { 'x-http-method-override': 'GET' } })).body?.done,
      ).toBeUndefined();
  });

  test('fields that nobody asked for are refused, not taken over', async () => {
    const bodies: [method: string, path: string, body: object][] = [
      ['POST', '/api/access/users', { name: 'mallory', ref: 'user:default/root' }],
      ['POST', '/api/access/users', { name: 'mallory', password: 'x', origin: 'local' }],
      ['PUT', '/api/access/users/default/eve', { ref: 'user:default/root' }],
      ['POST', '/api/access/tokens', { title: 'x', days: 1, ref: 'user:default/root' }],
      ['POST', '/api/access/tokens', { title: 'x', days: 1, kind: 'service' }],
      ['POST', '/api/access/sign-in/local', { username: 'eve', password: aPassword, kind: 'local-administrator' }],
      ['POST', '/api/access/setup', { code: 'x', name: 'a', password: aPassword, administrator: true }],
    ];
    for (const [method, path, body] of bodies) {
      const answer = await root.ask(method, path, { body });
      expect([path, answer.status, answer.body.error.code]).toEqual([path, 400, 'HTTP_INVALID_REQUEST']);
    }
  });

  test('ids of others open nothing', async () => {
    const eve = await room.enter('eve', aPassword, '192.0.2.60');
    const own = (await root.ask('POST', '/api/access/tokens', { body: { title: 'of root', days: 1 } })).body.item.id;
    const session = (await root.ask('GET', '/api/access/sessions')).body.items[0].id;
    expect((await eve.ask('DELETE', `/api/access/tokens/${own}`)).body.error.code).toBe('ACCESS_TOKEN_NOT_FOUND');
    expect((await eve.ask('DELETE', `/api/access/sessions/${session}`)).body.error.code).toBe(
      'ACCESS_SESSION_NOT_FOUND',
    );
    const managing: [string, string][] = [
      ['GET', '/api/access/users'],
      ['PUT', '/api/access/users/default/eve'],
      ['POST', '/api/access/users/default/root/reset'],
      ['DELETE', '/api/access/users/default/root'],
      ['GET', '/api/access/all/sessions'],
      ['DELETE', `/api/access/all/sessions/${session}`],
      ['GET', '/api/access/all/tokens'],
      ['DELETE', `/api/access/all/tokens/${own}`],
      ['GET', '/api/test/admin'],
    ];
    for (const [method, path] of managing)
      expect([
        path,
        (await eve.ask(method, path, method === 'PUT' ? { body: { administrator: true } } : {})).status,
      ]).toEqual([path, 403]);
    expect((await root.ask('GET', '/api/test/admin')).status).toBe(200);
  });

  test('nobody gives a token more than they have, and a token makes no tokens', async () => {
    const eve = await room.enter('eve', aPassword, '192.0.2.61');
    for (const grants of [['*'], ['access.*'], ['access.user.manage'], ['no.such.permission']]) {
      const answer = await eve.ask('POST', '/api/access/tokens', { body: { title: 'x', days: 1, grants } });
      expect([grants, answer.body.error.code]).toEqual([grants, 'ACCESS_GRANT_TOO_MUCH']);
    }
    const { token } = (await root.ask('POST', '/api/access/tokens', { body: { title: 'x', days: 1 } })).body;
    const headers = { authorization: `Bearer ${token}` };
    expect((await room.ask('GET', '/api/test/admin', { headers })).status).toBe(200);
    const more = await room.ask('POST', '/api/access/tokens', { headers, body: { title: 'y', days: 1 } });
    expect(more.body.error.code).toBe('ACCESS_NOT_FOR_TOKENS');
    expect(
      (
        await room.ask('PUT', '/api/access/password', {
          headers,
          body: { current: aPassword, password: 'yet another one' },
        })
      ).status,
    ).toBe(403);
    const narrow = (
      await root.ask('POST', '/api/access/tokens', { body: { title: 'z', days: 1, grants: ['catalog.entity.read'] } })
    ).body;
    const with2 = { authorization: `Bearer ${narrow.token}` };
    expect((await room.ask('GET', '/api/test/read', { headers: with2 })).status).toBe(200);
    expect((await room.ask('GET', '/api/test/admin', { headers: with2 })).status).toBe(403);
    room.clock.now += 86_400_001;
    expect((await room.ask('GET', '/api/test/read', { headers: with2 })).body.error.message).toBe(
      'The token is not valid: it is too old',
    );
    room.clock.now = Date.now();
  });

  test('a stream ends with the session that began it', async () => {
    const url = await room.http.listen({ host: '127.0.0.1', port: 0 });
    const eve = await room.enter('eve', aPassword, '192.0.2.70');
    const headers = { cookie: `${cookieName}=${eve.jar.get(cookieName)}`, accept: 'text/event-stream' };
    const stream = await fetch(`${url}/api/test/stream`, { headers });
    const reader = stream.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 1\n\n');
    const rest = reader.read().then(
      ({ done }) => (done ? 'ended' : 'went on'),
      () => 'ended',
    );
    await eve.ask('POST', '/api/access/sign-out');
    expect(await rest).toBe('ended');
  });

  test('journeys of sign-in end only where they began, once', async () => {
    const answer = await room.ask('GET', '/api/access/sign-in/nowhere/callback?state=a&code=b');
    expect([answer.status, answer.headers['location']]).toEqual([302, '/sign-in?error=ACCESS_METHOD_NOT_FOUND']);
    expect((await room.ask('GET', '/api/access/sign-in/nowhere/start')).status).toBe(404);
  });
});
