import { createHmac, generateKeyPairSync } from 'node:crypto';
import { testPlugin } from '@callboard/plugin-api/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Deployment, merge, type ServiceRecord } from './record.ts';
import { deployments as pluginOf } from './plugin.ts';
import { isNewer } from './views.ts';

const plugin = pluginOf({ firstMs: 1 });

const component = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', annotations },
  spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
});
const pay = component('pay', { 'github.com/project-slug': 'acme/pay' });
const hookSecret = 'a-secret-of-the-hook';
const now = Date.parse('2026-03-01T12:00:00Z');

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now }));
afterEach(() => void vi.useRealTimers());

/** A call as a sender makes it. */
function call(body: unknown, more: { id?: string; at?: number; secret?: string | Buffer; signed?: string } = {}) {
  const text = JSON.stringify(body);
  const { id = 'msg_1', at = Date.now(), secret = hookSecret } = more;
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret)
    .update(`${id}.${timestamp}.${more.signed ?? text}`)
    .digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return { headers, text, body: body as never };
}
const told = (environment: string, version: string, more: object = {}) => ({
  service: 'pay',
  environment,
  version,
  ...more,
});
/** Everything was read before. */
const store = { 'read/running': true, 'read/github': true, 'read/gitlab': true };
const start = (more: object = {}) =>
  testPlugin(plugin, { configuration: { hookSecret }, entities: [pay], store, ...more });

test('a deployment that is told of stands in the matrix, on the card and in the history', async () => {
  const deployments = await start();
  const { changed } = deployments;
  const first = told('production', '1.4.1', { at: '2026-02-27T10:00:00Z', by: 'ada' });
  expect(await deployments.call('routes/hook', call(first))).toEqual({
    status: 202,
    body: { message: 'component:default/pay 1.4.1 in production is noted.' },
  });
  expect(changed).toEqual(['views/matrix', 'views/current', 'views/history']);
  const second = told('staging', '1.4.2', { commit: 'c0ffee'.repeat(6), url: 'https://ci.example.com/7' });
  await deployments.call('routes/hook', call(second, { id: 'msg_2' }));
  await deployments.call('routes/hook', call(told('production', '1.4.2', { status: 'failed' }), { id: 'msg_3' }));
  const matrix = await deployments.call('views/matrix');
  expect(matrix.columns).toEqual([
    { id: 'service', title: 'Service', type: 'entity' },
    { id: 'e0', title: 'staging', onlyWhenUsed: true },
    { id: 'e1', title: 'production', onlyWhenUsed: true },
  ]);
  expect(matrix.rows).toEqual([
    {
      service: 'component:default/pay',
      e0: { text: '1.4.2 · c0ffeec · 2026-03-01', tone: 'good', href: 'https://ci.example.com/7' },
      e1: { text: '1.4.1 · 2026-02-27 · ada (1.4.2 failed)', tone: 'bad' },
    },
  ]);
  expect((await deployments.call('views/current', { entity: pay })).rows).toEqual([
    {
      environment: 'staging',
      version: { text: '1.4.2', href: 'https://ci.example.com/7' },
      commit: 'c0ffeec0ffee',
      difference: null,
      at: '2026-03-01T12:00:00.000Z',
      by: null,
      last: { text: 'succeeded', tone: 'good' },
    },
    {
      environment: 'production',
      version: '1.4.1',
      commit: null,
      difference: null,
      at: '2026-02-27T10:00:00.000Z',
      by: 'ada',
      last: { text: '1.4.2 failed', tone: 'bad' },
    },
  ]);
  const { items } = await deployments.call('views/history', { entity: pay });
  expect(items.map(({ title }: any) => title).toSorted()).toEqual([
    '1.4.1 deployed to production',
    '1.4.2 deployed to staging',
    '1.4.2 failed in production',
  ]);
  expect(items.at(-1).detail).toBe('by ada · told by webhook');
});

test('what is not signed, signed for something else, old or sent again is refused', async () => {
  const deployments = await start();
  const body = told('production', '1');
  const refused = async (given: object, status: number, words: string) => {
    const answer = await deployments.call('routes/hook', given as never);
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(words) } });
    expect((await deployments.call('views/history', { entity: pay })).items).toEqual([]);
  };
  await refused({ text: '{}', body, headers: {} }, 401, 'are needed');
  await refused(call(body, { secret: 'another-secret-of-a-hook' }), 401, 'signature is wrong');
  await refused(call(body, { signed: JSON.stringify(told('production', '2')) }), 401, 'signature is wrong');
  const good = call(body);
  await refused({ ...good, headers: { ...good.headers, 'webhook-id': 'msg_9' } }, 401, 'signature is wrong');
  await refused(
    { ...good, headers: { ...good.headers, 'webhook-signature': `v1,${'A'.repeat(44)}` } },
    401,
    'signature is wrong',
  );
  await refused(
    { ...good, headers: { ...good.headers, 'webhook-signature': good.headers['webhook-signature'].slice(3) } },
    401,
    'signature is wrong',
  );
  await refused(call(body, { at: now - 301_000 }), 401, 'five minutes');
  await refused(call(body, { at: now + 301_000 }), 401, 'five minutes');
  await refused(call(body, { id: 'x'.repeat(101) }), 401, 'webhook-id must be');
  expect((await deployments.call('routes/hook', good)).status).toBe(202);
  expect(await deployments.call('routes/hook', good)).toMatchObject({ status: 409 });
  // Also after what was heard is tidied away: the time refuses it then.
  vi.setSystemTime(now + 3_600_000);
  await deployments.call('tasks/settle');
  expect([...deployments.store.keys()].filter((key) => key.startsWith('call/'))).toEqual([]);
  expect((await deployments.call('routes/hook', good)).status).toBe(401);
  expect((await deployments.call('views/history', { entity: pay })).items).toHaveLength(1);
  const silent = await start({ configuration: {} });
  expect((await silent.call('routes/hook', good)).status).toBe(503);
});

test('a secret of Standard Webhooks is taken as such', async () => {
  // The example of the specification.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const deployments = await start({ configuration: { hookSecret: secret } });
  vi.setSystemTime(1_614_265_330_000);
  const text = '{"test": 2432232314}';
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const answer = await deployments.call('routes/hook', { headers, text, body: JSON.parse(text) });
  expect(answer).toEqual({
    status: 400,
    body: { message: 'service is missing. environment is missing. version is missing.' },
  });
});

test.each([
  [[], 'Send a JSON object'],
  [{ ...told('p', '1'), service: '../etc' }, 'service must name an entity'],
  [told('', '1'), 'environment must be a text of 1 to 60 characters.'],
  [told('p', 'x'.repeat(101)), 'version must be a text of 1 to 100 characters.'],
  [told('p', '1', { status: 'done' }), 'status must be one of succeeded, failed, running, removed.'],
  [told('p', '1', { at: 'soon' }), 'at must be a time'],
  [told('p', '1', { at: '2031-01-01T00:00:00Z' }), 'at lies in the future.'],
  [told('p', '1', { url: 'javascript:alert(1)' }), 'url must start with https:// or http://.'],
])('a body that is wrong is refused with all faults (%#)', async (body, words) => {
  const answer = await (await start()).call('routes/hook', call(body));
  expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining(words) } });
});

test('services that the catalog does not have are noted, and shown when they come', async () => {
  const deployments = await start({ entities: [] });
  const { body } = await deployments.call('routes/hook', call(told('production', '1')));
  expect(body.message).toContain('The catalog has no component:default/pay; it is shown when it comes.');
  expect((await deployments.call('views/matrix')).rows).toEqual([]);
  const later = await start({ store: Object.fromEntries(deployments.store) });
  expect((await later.call('views/matrix')).rows).toHaveLength(1);
});

test('what two replicas wrote over each other is put right', async () => {
  const deployments = await start();
  await deployments.call('routes/hook', call(told('production', '1')));
  const key = [...deployments.store.keys()].find((each) => each.startsWith('service/'))!;
  const lost = deployments.store.get(key)!;
  await deployments.call('routes/hook', call(told('staging', '2'), { id: 'msg_2' }));
  deployments.store.set(key, lost);
  await deployments.call('tasks/settle');
  expect((await deployments.call('views/current', { entity: pay })).rows).toHaveLength(2);
});

test('the order in which news come makes no difference', () => {
  const news: Deployment[] = (
    [
      ['a', '1', 'succeeded', 1],
      ['b', '2', 'succeeded', 2],
      ['c', '3', 'failed', 3],
      ['d', '3', 'removed', 4],
      ['e', '4', 'succeeded', 5],
    ] as const
  ).map(([id, version, status, day]) => ({
    id,
    version,
    status,
    environment: 'production',
    at: `2026-01-0${day}T00:00:00.000Z`,
    from: 'webhook',
  }));
  const empty: ServiceRecord = { service: 'component:default/pay', current: {}, last: {}, history: [] };
  const permutations = (items: Deployment[]): Deployment[][] =>
    items.length < 2
      ? [items]
      : items.flatMap((item) => permutations(items.filter((each) => each !== item)).map((rest) => [item, ...rest]));
  for (const count of [4, 5]) {
    const [expected, ...others] = permutations(news.slice(0, count)).map((each) => each.reduce(merge, empty));
    for (const other of others) expect(other).toEqual(expected);
    expect(expected!.current).toEqual(count === 4 ? {} : { production: news[4] });
  }
});

/** As GitHub's documentation of `Deployment` in GraphQL has it. */
const node = (databaseId: number, environment: string, state: string, more: object = {}) => ({
  databaseId,
  environment,
  commitOid: 'acb5820ced9479c074f688cc328bf03f341a511d',
  createdAt: `2026-02-0${databaseId}T10:00:00Z`,
  ref: { name: 'main' },
  creator: { login: 'mona' },
  latestStatus: { state, logUrl: 'https://github.com/acme/pay/actions/runs/1', environmentUrl: null },
  ...more,
});
const nodes = [
  node(5, 'preview-12', 'INACTIVE'),
  node(4, 'production', 'SUCCESS', { ref: { name: 'v1.4.2' } }),
  node(3, 'staging', 'IN_PROGRESS'),
  node(2, 'staging', 'SUCCESS'),
  node(1, 'production', 'INACTIVE'),
];
const integration = { 'integrations.github': [{ token: 'sesame' }] };
type Ask = { url: string; method?: string; headers?: Record<string, string>; body?: string };
const byGithub = (
  answers: (ask: Ask) => { status?: number; headers?: Record<string, string>; body: any } | undefined,
) => {
  const asked: Ask[] = [];
  return {
    asked,
    fetch: (url: string, request: Omit<Ask, 'url'>) => {
      asked.push({ ...request, url });
      return answers({ ...request, url });
    },
  };
};

/** The default branch, and how far the commit of the deployments is from it. */
const branch = ({ url, headers = {} }: Ask) => {
  if (url.endsWith('/commits/HEAD'))
    return headers['if-none-match'] === '"h1"'
      ? { status: 304, body: '' }
      : { headers: { etag: '"h1"' }, body: { sha: 'd'.repeat(40) } };
  return url.includes('/compare/') ? { body: { ahead_by: 3, behind_by: 1 } } : undefined;
};

test('deployments of GitHub: what changes is read at once, what does not costs two conditional calls', async () => {
  const twin = component('pay-api', {
    'backstage.io/source-location': 'url:https://github.com/acme/pay/tree/main/api/',
  });
  const far = byGithub((ask) => {
    const { url, headers = {} } = ask;
    const asked = branch(ask);
    if (asked) return asked;
    if (url.endsWith('/graphql')) return { body: { data: { repository: { deployments: { nodes } } } } };
    return headers['if-none-match'] === '"e1"' ? { status: 304, body: '' } : { headers: { etag: '"e1"' }, body: [] };
  });
  const deployments = await start({
    settings: integration,
    fetch: far.fetch,
    entities: [pay, twin, component('raft')],
  });
  expect((await deployments.call('views/current', { entity: pay })).note).toContain(
    'GitHub deployments of acme/pay at github.com (github.com/project-slug; not read yet)',
  );
  await deployments.call('tasks/github');
  expect(far.asked.map(({ url }) => url)).toEqual([
    'https://api.github.com/repos/acme/pay/deployments?per_page=50',
    'https://api.github.com/graphql',
    'https://api.github.com/repos/acme/pay/commits/HEAD',
    `https://api.github.com/repos/acme/pay/compare/acb5820ced9479c074f688cc328bf03f341a511d...${'d'.repeat(40)}?per_page=1&page=2`,
  ]);
  expect(JSON.parse(far.asked[1]!.body!).variables).toEqual({ owner: 'acme', name: 'pay' });
  expect(far.asked[1]!.headers!['authorization']).toBe('Bearer sesame');
  const { rows } = await deployments.call('views/current', { entity: pay });
  expect(rows.map(({ environment, version, last }: any) => [environment, version?.text ?? version, last.text])).toEqual(
    [
      ['preview-12', null, 'acb5820 removed'],
      ['staging', 'acb5820', 'acb5820 running'],
      ['production', 'v1.4.2', 'succeeded'],
    ],
  );
  expect(rows.map(({ difference }: any) => difference)).toEqual([null, '3 behind, 1 ahead', '3 behind, 1 ahead']);
  const matrix = await deployments.call('views/matrix');
  expect(matrix.rows.map(({ service, e2 }: any) => [service, e2.text])).toEqual([
    ['component:default/pay', 'v1.4.2 · acb5820 · 2026-02-04 · mona · 3 behind, 1 ahead'],
    ['component:default/pay-api', 'v1.4.2 · acb5820 · 2026-02-04 · mona · 3 behind, 1 ahead'],
  ]);
  expect(deployments.changed).toHaveLength(3);
  await deployments.call('tasks/github');
  expect(far.asked.slice(4).map(({ headers }) => headers!['if-none-match'])).toEqual(['"e1"', '"h1"']);
  expect(deployments.changed).toHaveLength(3);
  const raft = await deployments.call('views/current', { entity: component('raft') });
  expect([raft.rows, raft.note]).toEqual([[], undefined]);
  expect((await deployments.call('views/history', { entity: component('raft') })).note).toBe(
    'No deployment is known of this entity; looked for calls of the webhook for component:default/raft; ' +
      'deployments at GitHub and GitLab (no annotation github.com/project-slug or gitlab.com/project-slug, and no source on github.com).',
  );
});

test.each([
  [
    'refused',
    () => {
      throw new Error('connection refused');
    },
    'connection refused',
  ],
  ['401', () => ({ status: 401, body: {} }), 'github.com does not take the token'],
  ['403', () => ({ status: 403, body: {} }), 'the token may not read the deployments of acme/pay at github.com'],
  ['404', () => ({ status: 404, body: {} }), 'github.com has no acme/pay, or the token may not see it'],
  ['429', () => ({ status: 429, body: {} }), 'github.com takes no more calls for now'],
  ['500', () => ({ status: 500, body: 'oops' }), 'github.com answered 500'],
  ['nonsense', () => ({ body: '<html>' }), 'github.com answered something that is not JSON'],
  [
    'a fault of the query',
    () => ({ body: { errors: [{ message: 'Something went wrong' }] } }),
    'github.com says: Something went wrong',
  ],
])('GitHub in trouble (%s): what is known stays, with the reason, and it recovers', async (_name, trouble, words) => {
  let isWell = true;
  const far = byGithub((ask) => {
    const { url } = ask;
    if (!isWell) return trouble();
    const asked = branch(ask);
    if (asked) return asked;
    return { body: url.endsWith('/graphql') ? { data: { repository: { deployments: { nodes } } } } : [] };
  });
  const deployments = await start({ settings: integration, fetch: far.fetch });
  await deployments.call('tasks/github');
  isWell = false;
  await deployments.call('tasks/github');
  const view = await deployments.call('views/history', { entity: pay });
  expect(view.items).toHaveLength(5);
  expect(view.note).toBe(`GitHub cannot be read since 2026-03-01 12:00 UTC: ${words}.`);
  const matrix = await deployments.call('views/matrix');
  const about = ['component:default/pay'];
  expect(matrix.remarks).toEqual([{ text: `GitHub: ${words}; the last known is shown.`, entities: about }]);
  isWell = true;
  await deployments.call('tasks/github');
  expect((await deployments.call('views/history', { entity: pay })).note).toBeUndefined();
  isWell = false;
  const { items } = await deployments.call('connections/sources', { configuration: { hookSecret } });
  expect(items[0]).toMatchObject({ title: 'Webhook', state: 'good' });
  expect(items[1]).toMatchObject({ title: 'github.com', state: 'bad', fix: expect.any(String) });
});

test('a token that may not read contents leaves deployments as they are, and is told so', async () => {
  const far = byGithub(({ url }) => {
    if (url.endsWith('/commits/HEAD')) return { status: 403, body: {} };
    return { body: url.endsWith('/graphql') ? { data: { repository: { deployments: { nodes } } } } : [] };
  });
  const deployments = await start({ settings: integration, fetch: far.fetch });
  await deployments.call('tasks/github');
  const { rows, note } = await deployments.call('views/current', { entity: pay });
  expect(rows).toHaveLength(3);
  expect(note).toMatch(/^Not compared with the default branch since 2026-03-01 12:00 UTC: the token may not read/);
});

test('an app of GitHub reads deployments where there is no token', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const apps = [{ appId: 2, privateKey: String(privateKey.export({ type: 'pkcs1', format: 'pem' })) }];
  const far = byGithub(({ url, headers = {} }) => {
    if (url.endsWith('/app')) return { body: { id: 2, slug: 'portal' } };
    if (url.endsWith('/acme/pay/installation')) return { body: { id: 77 } };
    if (url.endsWith('/app/installations/77/access_tokens'))
      return { status: 201, body: { token: 'ghs_1', expires_at: '2026-03-01T13:00:00Z' } };
    if (headers['authorization'] !== 'Bearer ghs_1') return { status: 401, body: {} };
    return { body: url.endsWith('/graphql') ? { data: { repository: { deployments: { nodes } } } } : [] };
  });
  const settings = { 'integrations.github': [{ apps }] };
  const deployments = await start({ settings, fetch: far.fetch });
  await deployments.call('tasks/github');
  expect((await deployments.call('views/history', { entity: pay })).items).toHaveLength(5);
  const { items } = await deployments.call('connections/sources', { configuration: {} });
  expect(items[1]).toEqual({
    title: 'github.com',
    state: 'good',
    message: 'It answers; deployments of acme/pay can be read.',
  });
  expect(far.asked.filter(({ method }) => method === 'POST').map(({ url }) => url.slice(22))).toEqual([
    '/app/installations/77/access_tokens',
    '/graphql',
    '/graphql',
  ]);
});

test.each([
  ['1.5.0', '1.4.2', true],
  ['1.4.2', '1.5.0', false],
  ['v1.10', 'v1.9.9', true],
  ['1.4', '1.4.0', false],
  ['2.0.0', '2.0.0-rc.1', true],
  ['2.0.0-rc.10', '2.0.0-rc.9', true],
  ['2.0.0-rc.1', '1.9.9', true],
  // Commits tell nothing by themselves: what came first anywhere is the older one.
  ['b'.repeat(7), 'a'.repeat(7), true],
  ['a'.repeat(7), 'b'.repeat(7), false],
])('%s is newer than %s: %s', (one, other, expected) => {
  const firstSeen = new Map([
    ['aaaaaaa', '2026-01-01T00:00:00.000Z'],
    ['bbbbbbb', '2026-01-02T00:00:00.000Z'],
  ]);
  expect(isNewer(one, other, firstSeen)).toBe(expected);
});

test('a version that is promoted later is not the newest for that', async () => {
  const deployments = await start();
  for (const [id, environment, version, day] of [
    ['1', 'dev', 'aaaaaaa', 1],
    ['2', 'dev', 'bbbbbbb', 2],
    ['3', 'production', 'aaaaaaa', 3],
  ])
    await deployments.call(
      'routes/hook',
      call(told(String(environment), String(version), { at: `2026-02-0${day}T00:00:00Z` }), { id: String(id) }),
    );
  expect((await deployments.call('views/matrix')).rows).toEqual([
    {
      service: 'component:default/pay',
      e0: { text: 'bbbbbbb · 2026-02-02', tone: 'good' },
      e1: { text: 'aaaaaaa · 2026-02-03', tone: 'warning' },
    },
  ]);
});
