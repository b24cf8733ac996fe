import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../core/db/index.ts';
import { createEvents } from '../../core/events/index.ts';
import { createHttp, type HttpServer } from '../../core/http/index.ts';
import { createJobs } from '../../core/jobs/index.ts';
import { createOutbound } from '../../core/outbound/index.ts';
import { eventually } from '../../testing/portal.ts';
import { createAccess } from '../access/index.ts';
import { createPlugins, type Plugins, pluginsConfig } from './index.ts';
import { pluginTarball, tarball } from './testing/pack.ts';

/** What each hostile route tries; `own` is what its answer, or the refusal, must say. */
const attacks: Record<string, { code: string; says: RegExp }> = {
  passwd: {
    code: `(await import('node:fs')).readFileSync('/etc/passwd', 'utf8')`,
    says: /ERR_ACCESS_DENIED|restricted/,
  },
  link: { code: `(await import('node:fs')).symlinkSync('/etc/passwd', './x')`, says: /permission/i },
  database: { code: `(await import('node:fs')).readdirSync(DATA)`, says: /restricted/ },
  sqlite: { code: `(await import('node:sqlite')).DatabaseSync`, says: /No such built-in module/ },
  spawn: { code: `(await import('node:child_process')).execSync('id').toString()`, says: /restricted/ },
  thread: {
    code: `new (await import('node:worker_threads')).Worker('1', { eval: true }) && 'made'`,
    says: /restricted/,
  },
  connect: {
    code: `await new Promise((done, fail) => { try { const s = process.getBuiltinModule('node:net').connect(PORT, '127.0.0.1', () => done('connected')); s.on('error', fail); } catch (e) { fail(e); } })`,
    says: /may not open connections/,
  },
  fetch: { code: `await fetch('http://127.0.0.1:' + PORT)`, says: /may not call hosts itself/ },
  http: {
    code: `await new Promise((done, fail) => { try { process.getBuiltinModule('node:http').get('http://127.0.0.1:' + PORT, done).on('error', fail); } catch (e) { fail(e); } })`,
    says: /may not open connections/,
  },
  listen: {
    code: `process.getBuiltinModule('node:net').createServer().listen(0) && 'listening'`,
    says: /may not listen/,
  },
  dgram: {
    code: `process.getBuiltinModule('node:dgram').createSocket('udp4').send('x', 9, '127.0.0.1')`,
    says: /may not use datagrams/,
  },
  kill: { code: `process.kill(process.ppid, 0)`, says: /may not signal/ },
  eval: { code: `new Function('return 1')()`, says: /Code generation from strings disallowed/ },
};

const server = (data: string, port: number) => `
import { definePlugin } from '@callboard/plugin-api';
const DATA = ${JSON.stringify(data)}, PORT = ${port};
let calls = 0;
const handlers = {
  fine: () => ({ body: 'fine' }),
  environment: () => ({ body: process.env }),
  loop: () => { for (;;); },
  memory: () => { const all = []; for (;;) all.push(new Array(10000).fill(String(Math.random()))); },
  buffers: async () => { const all = []; for (;;) { all.push(Buffer.alloc(8 << 20, 1)); await new Promise((r) => setTimeout(r, 5)); } },
  never: () => new Promise(() => {}),
  large: () => ({ body: 'x'.repeat(6 << 20) }),
  huge: () => ({ body: 'x'.repeat(100 << 20) }),
  flood: () => ({ body: Array.from({ length: 100 }, () => 'x'.repeat(1 << 20)) }),
  deep: () => { let v = 1; for (let i = 0; i < 500; i++) v = [v]; return { body: v }; },
  proto: () => ({ body: JSON.parse('{"__proto__":{"polluted":true}}') }),
  shape: () => 'not an answer',
  tenth: () => { calls += 1; if (calls === 3) process.exit(3); return { body: calls }; },
  ${Object.entries(attacks)
    .map(([name, { code }]) => `${name}: async () => ({ body: String(${code}) })`)
    .join(',\n  ')}
};
export default definePlugin({ setup: () => ({ routes: handlers }) });`;

const names = [
  'fine',
  'environment',
  'loop',
  'memory',
  'buffers',
  'never',
  'large',
  'huge',
  'flood',
  'deep',
  'proto',
  'shape',
  'tenth',
  ...Object.keys(attacks),
];
const routes = names.map((id) => ({ id, title: id, method: 'GET', path: `/${id}` }));

let db: Database;
let http: HttpServer;
let plugins: Plugins;
let data: string;
const closing: (() => Promise<void>)[] = [];

const ask = async (method: 'GET' | 'POST', url: string, payload?: unknown) => {
  const isTarball = Buffer.isBuffer(payload);
  const answer = await http.inject({
    method,
    url,
    payload: payload as object,
    headers: { host: 'localhost', ...(isTarball ? { 'content-type': 'application/gzip' } : {}) },
  });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
};
const install = async (id: string, code: string, contributes: unknown = { routes }) => {
  const staged = await ask('POST', '/api/admin/plugins/staged/upload', pluginTarball(code, { id, contributes }));
  return ask('POST', '/api/admin/plugins', { sha256: staged.body.sha256 });
};
const detail = async (id: string) => (await ask('GET', `/api/admin/plugins/${id}`)).body;
const hostile = (name: string) => ask('GET', `/api/plugins/hostile/${name}`);
const revive = () => ask('POST', '/api/admin/plugins/hostile/enable');

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'callboard-hostile-'));
  closing.push(() => rm(data, { recursive: true, force: true }));
  const log = pino({ level: 'silent' });
  db = await openDatabase({ directory: data, log });
  closing.push(() => db.close());
  const config = {
    server: { host: '127.0.0.1', port: 0 },
    outbound: { mode: 'open' as const, allow: [], timeoutMs: 5000 },
  };
  const outbound = createOutbound({ config, log });
  closing.push(() => outbound.close());
  http = await createHttp({ config, log, version: '1.0.0' });
  plugins = createPlugins(
    { db, events: createEvents({ db, log }), jobs: createJobs({ db, log }), outbound, http, log },
    {
      access: createAccess({ host: '127.0.0.1', open: false }),
      catalog: {
        describe: async () => [],
        bodyOf: async () => undefined,
        refs: async () => [],
        ownedBy: async () => [],
        matching: async () => [],
        seenWith: async () => {
          throw new Error('not asked');
        },
        groupsOf: async () => [],
        membershipsOf: async () => new Map(),
        peopleOf: async () => [],
        countOf: async () => 0,
        usersByEmail: async () => [],
      },
    },
    {
      config: { ...pluginsConfig(undefined), memoryMb: 48, secrets: { hostile: { HIDDEN: 'x' } } },
      directory: data,
      dataDirectory: data,
      firstParty: [],
      timing: {
        timing: { backoffMs: 10 },
        heart: { heartbeatMs: 150, heartMs: 3000, startMs: 30_000 },
        callMs: { routes: 4000 },
      },
    },
  );
  closing.push(
    () => plugins.stop(),
    async () => {
      await http.close();
    },
  );
  await plugins.prepare();
  await http.listen({ host: '127.0.0.1', port: 0 });
  await install('hostile', server(data, (http.server.address() as { port: number }).port));
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

test.each(Object.entries(attacks))('%s is refused, and the plugin goes on', async (name, { says }) => {
  const { body } = await hostile(name);
  expect(body.error?.message ?? `it worked: ${JSON.stringify(body)}`).toMatch(says);
  expect(body.error.code).toBe('PLUGINS_FAILED');
  expect((await hostile('fine')).body).toBe('fine');
});

test('it has no environment', async () => {
  expect((await hostile('environment')).body).toEqual({});
});

test('what is no answer is refused', async () => {
  expect((await hostile('shape')).body.error.code).toBe('PLUGINS_ANSWER_INVALID');
  expect((await hostile('fine')).body).toBe('fine');
});

test.each([
  ['loop', /no longer answers|within 4000 ms/],
  ['memory', /MiB of memory/],
  ['buffers', /MiB of memory/],
  ['large', /sent more than 4194304 bytes at once/],
  ['huge', /sent more than 4194304 bytes at once|MiB of memory/],
  ['flood', /sent more than 4194304 bytes at once|MiB of memory/],
  ['deep', /deep|level|nest/i],
  ['proto', /__proto__|key/i],
  ['tenth', /code 3/],
])('%s ends the plugin alone, with a message; others are answered meanwhile', async (name, says) => {
  await revive();
  if (name === 'tenth') for (const count of [1, 2]) expect((await hostile('tenth')).body).toBe(count);
  const [{ status, body }, ...others] = await Promise.all([
    hostile(name),
    ...Array.from({ length: 5 }, () => ask('GET', '/api/admin/plugins')),
  ]);
  expect(status).toBe(503);
  expect(body.error.message).toMatch(/^Plugin 'hostile' 1\.0\.0 /);
  expect(others.map((other) => other.status)).toEqual([200, 200, 200, 200, 200]);
  await eventually(async () => {
    const texts = (await detail('hostile')).messages.map((message: { text: string }) => message.text).join('\n');
    expect(texts).toMatch(says);
  });
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect((await hostile('fine')).body).toBe('fine');
});

test('an answer that never comes is given up, and the plugin goes on', async () => {
  await revive();
  const { body } = await hostile('never');
  expect(body.error).toMatchObject({ code: 'PLUGINS_TIMEOUT' });
  expect(body.error.message).toContain('gave no answer to routes/never within 4000 ms');
  expect((await hostile('fine')).body).toBe('fine');
});

test('a plugin that crashes at start goes into quarantine with the reason, and comes out again', async () => {
  await install('broken', 'throw new Error("no luck today");', { routes: [routes[0]] });
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const { body } = await ask('GET', '/api/plugins/broken/fine');
    expect(body.error.code).toBe('PLUGINS_START');
    expect(body.error.message).toContain('no luck today');
  }
  await eventually(async () =>
    expect(await detail('broken')).toMatchObject({
      state: 'quarantined',
      reason: expect.stringContaining('it crashed 3 times within 10 minutes; the last time: no luck today'),
    }),
  );
  expect((await ask('GET', '/api/plugins/broken/fine')).body.error.code).toMatch(
    /PLUGIN_NOT_ENABLED|PLUGINS_QUARANTINED/,
  );
  expect((await ask('POST', '/api/admin/plugins/broken/enable')).body.state).toBe('enabled');
});

test.each([
  ['no gzip', Buffer.from('hello'), /not gzipped/],
  [
    'a bomb',
    tarball({ 'package.json': '{}', bomb: Buffer.alloc(101 * 1024 * 1024) }),
    /larger than 104857600 bytes unpacked/,
  ],
  ['a way out', tarball({}, [{ path: 'package/../../evil.js' }]), /leads out of the package/],
  ['an absolute path', tarball({}, [{ path: '/etc/cron.d/evil' }]), /leads out of the package/],
  ['a link', tarball({}, [{ path: 'package/x', type: '2', link: '/etc/passwd' }]), /is a link or a device/],
  ['a hard link', tarball({}, [{ path: 'package/x', type: '1', link: '/etc/passwd' }]), /is a link or a device/],
  ['no manifest', tarball({ 'package.json': '{"name":"x","version":"1.0.0"}' }), /neither a key 'callboard'/],
])('a package with %s is refused', async (_what, bytes, says) => {
  const { status, body } = await ask('POST', '/api/admin/plugins/staged/upload', bytes);
  expect(status).toBe(400);
  expect(body.error.message).toMatch(says);
});

test('all faults of a manifest are told at once, with place, expectation and fix', async () => {
  const bad = pluginTarball('', { id: 'Bad Id', engine: 7, contributes: { pages: [{ id: 'a' }], unknown: [] } });
  const { body } = await ask('POST', '/api/admin/plugins/staged/upload', bad);
  expect(body.error.code).toBe('PLUGINS_MANIFEST_INVALID');
  expect(body.error.details.faults.map((fault: { path: string }) => fault.path).toSorted()).toEqual([
    '/contributes/pages/0/title',
    '/contributes/unknown',
    '/engine',
    '/id',
  ]);
  const hopeful = { codeHosts: [{ id: 'main', title: 'Main', does: ['facts', 'openChange'] }] };
  const tries = await ask(
    'POST',
    '/api/admin/plugins/staged/upload',
    pluginTarball('', { id: 'hopeful', contributes: hopeful }),
  );
  expect(tries.body.error.details.faults).toEqual([
    {
      path: '/contributes/codeHosts/0/does',
      message: "'main' does openChange, which is only proposed: no portal asks for it yet",
      fix: 'Leave it out, or name code-host-writing under proposed to try it out.',
    },
  ]);
  const future = await ask(
    'POST',
    '/api/admin/plugins/staged/upload',
    pluginTarball('', { id: 'future', engine: '^9.0.0' }),
  );
  expect(future.body.faults[0].message).toBe(
    "'future' 1.0.0 is made for the plugin contract ^9.0.0; this portal has 1.2.0",
  );
  const refused = await ask('POST', '/api/admin/plugins', { sha256: future.body.sha256 });
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'PLUGIN_INCOMPATIBLE' } } });
});

/** A plugin with a store and files that says what it can do with them. */
const keeper = `
import { definePlugin } from '@callboard/plugin-api';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
const said = (work) => { try { return String(work()); } catch (error) { return error.code ?? error.message; } };
let ended = 'nothing';
export default definePlugin({ setup: (host) => ({ routes: {
  async put({ body }) { await host.store.set('secret', body); return { body: await host.store.list() }; },
  async get() { return { body: await host.store.get('secret') }; },
  disk: ({ query }) => ({ body: {
    directory: host.directory ?? null,
    own: host.directory ? said(() => (writeFileSync(host.directory + '/note', 'x'), readFileSync(host.directory + '/note', 'utf8'))) : null,
    other: query.other ? said(() => readdirSync(query.other)) : null,
    above: host.directory ? said(() => writeFileSync(host.directory + '/../escaped', 'x')) : said(() => writeFileSync('/tmp/callboard-escaped', 'x')),
    package: said(() => writeFileSync(new URL('./server.js', import.meta.url), 'x')),
  } }),
  wait: (_input, { signal }) => new Promise((_resolve, reject) => (ended = 'waiting', signal.addEventListener('abort', () => { ended = 'cancelled'; reject(signal.reason); }))),
  ended: () => ({ body: ended }),
} }) });`;
const keeperRoutes = ['put', 'get', 'disk', 'wait', 'ended'].map((id) => ({
  id,
  title: id,
  method: id === 'put' ? 'POST' : 'GET',
  path: `/${id}`,
}));
const keep = async (id: string, asks: object) => {
  const contributes = { routes: keeperRoutes };
  const staged = await ask(
    'POST',
    '/api/admin/plugins/staged/upload',
    pluginTarball(keeper, { id, contributes, asks }),
  );
  return ask('POST', '/api/admin/plugins', { sha256: staged.body.sha256 });
};

test('a plugin sees its own store only, and none without the grant', async () => {
  await keep('keeper', { store: true });
  await keep('thief', { store: true });
  await keep('pauper', {});
  expect((await ask('POST', '/api/plugins/keeper/put', { of: 'keeper' })).body).toEqual(['secret']);
  expect((await ask('GET', '/api/plugins/thief/get')).body).toBeNull();
  expect((await ask('POST', '/api/plugins/thief/put', { of: 'thief' })).body).toEqual(['secret']);
  expect((await ask('GET', '/api/plugins/keeper/get')).body).toEqual({ of: 'keeper' });
  const { body } = await ask('GET', '/api/plugins/pauper/get');
  expect(body.error.message).toContain("Plugin 'pauper' 1.0.0 may not use the store");
});

test('a plugin writes into its own folder only, and nowhere without the grant', async () => {
  await keep('writer', { files: true });
  await keep('reader', { files: true });
  const written = await ask('GET', '/api/plugins/writer/disk');
  expect(written).toMatchObject({ status: 200 });
  const { directory, ...writer } = written.body;
  expect(directory).toContain('writer');
  expect(writer).toEqual({ own: 'x', other: null, above: 'ERR_ACCESS_DENIED', package: 'ERR_ACCESS_DENIED' });
  const { body: reader } = await ask('GET', `/api/plugins/reader/disk?other=${encodeURIComponent(directory)}`);
  expect(reader).toMatchObject({ own: 'x', other: 'ERR_ACCESS_DENIED' });
  expect((await ask('GET', '/api/plugins/pauper/disk')).body).toEqual({
    directory: null,
    own: null,
    other: null,
    above: 'ERR_ACCESS_DENIED',
    package: 'ERR_ACCESS_DENIED',
  });
});

test('a call is cancelled when nobody waits for it any more', async () => {
  const { port } = http.server.address() as { port: number };
  const gone = new AbortController();
  const waiting = fetch(`http://127.0.0.1:${port}/api/plugins/keeper/wait`, { signal: gone.signal });
  await eventually(async () => expect((await ask('GET', '/api/plugins/keeper/ended')).body).toBe('waiting'));
  gone.abort();
  await expect(waiting).rejects.toThrow('abort');
  await eventually(async () => expect((await ask('GET', '/api/plugins/keeper/ended')).body).toBe('cancelled'));
});
