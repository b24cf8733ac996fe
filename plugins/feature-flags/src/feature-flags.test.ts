import { testPlugin } from '@callboard/plugin-api/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import plugin from './server.ts';

const component = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', annotations },
  spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
});

/** As `featureSearchResponseSchema` of Unleash has it. */
const feature = (name: string, more: object = {}) => ({
  name,
  type: 'release',
  description: null,
  dependencyType: null,
  project: 'fleet',
  stale: false,
  favorite: false,
  impressionData: false,
  createdAt: '2026-02-20T10:00:00.000Z',
  createdBy: { id: 1, name: 'Ada', imageUrl: 'https://gravatar.com/avatar/1' },
  archivedAt: null,
  segments: [],
  tags: null,
  environments: [
    environment('development', { enabled: true, lastSeenAt: '2026-02-28T10:00:00.000Z' }),
    environment('production', {}),
  ],
  ...more,
});
const environment = (name: string, more: object) => ({
  name,
  enabled: false,
  type: name,
  sortOrder: 1,
  variantCount: 0,
  lastSeenAt: null,
  hasStrategies: true,
  hasEnabledStrategies: true,
  yes: 0,
  no: 0,
  ...more,
});
/** `GET /api/admin/feature-types` */
const types = {
  version: 1,
  types: [
    { id: 'release', name: 'Release', description: '', lifetimeDays: 40 },
    { id: 'kill-switch', name: 'Kill switch', description: '', lifetimeDays: null },
  ],
};
const features = [
  feature('night-tow'),
  feature('old-rope', { createdAt: '2026-01-01T00:00:00.000Z' }),
  feature('given-up', { stale: true, tags: [{ type: 'simple', value: 'pay' }] }),
  feature('stop-all', {
    type: 'kill-switch',
    createdAt: '2025-01-01T00:00:00.000Z',
    project: 'default',
    tags: [{ type: 'component', value: 'Tug' }],
    environments: [
      environment('development', { enabled: true, hasEnabledStrategies: false }),
      environment('production', { enabled: true, variantCount: 2, lastSeenAt: '2026-01-15T12:00:00.000Z' }),
    ],
  }),
];

const base = 'https://flags.example.com/api/admin';
const search = (limit: number, offset: number) =>
  `${base}/search/features?archived=IS%3Afalse&limit=${limit}&offset=${offset}`;
type Answer = { status?: number; body: any };
function unleash(more: Record<string, Answer | (() => Answer | Promise<Answer>)> = {}) {
  const answers: typeof more = {
    [`${base}/feature-types`]: { body: types },
    [search(100, 0)]: { body: { features, total: features.length } },
    ...more,
  };
  const asked: { url: string; headers?: Record<string, string> }[] = [];
  return {
    asked,
    answers,
    fetch: async (url: string, { headers }: { headers?: Record<string, string> }) => {
      asked.push({ url, headers });
      const found = answers[url];
      return typeof found === 'function' ? found() : found;
    },
  };
}
const settings = { unleash: { url: 'https://flags.example.com/', apiToken: 'user:abc' } };
const pay = component('pay', { 'unleash.io/project-id': 'fleet' });
const keys = (view: any): string[] => view.rows.map((row: any) => row.key.text);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-01T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());
const later = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000);

test('flags of a project with their state in each environment, their age, and what is stale', async () => {
  const far = unleash();
  const flags = await testPlugin(plugin, { settings, fetch: far.fetch });
  const view = await flags.call('views/flags', { entity: pay });
  expect(view.note).toBe('At flags.example.com: project fleet (annotation unleash.io/project-id).');
  expect(view.asOf).toBe('2026-03-01T12:00:00.000Z');
  expect(view.columns.map(({ title }: any) => title)).toEqual([
    'Flag key',
    'Type',
    'development',
    'production',
    'Created',
    'Last evaluated',
    'Attention',
  ]);
  expect(view.rows).toEqual([
    expect.objectContaining({
      key: { text: 'given-up', href: 'https://flags.example.com/projects/fleet/features/given-up' },
      attention: { text: 'stale: marked at Unleash', tone: 'bad' },
    }),
    {
      key: { text: 'night-tow', href: 'https://flags.example.com/projects/fleet/features/night-tow' },
      type: 'release',
      e0: { text: 'enabled', tone: 'good' },
      e1: { text: 'disabled', tone: 'neutral' },
      created: '2026-02-20T10:00:00.000Z',
      evaluated: '2026-02-28T10:00:00.000Z',
      attention: null,
    },
    expect.objectContaining({
      attention: { text: 'stale: 59 days old, release flags are for 40', tone: 'warning' },
    }),
  ]);
  expect(far.asked[0]!.headers!['authorization']).toBe('user:abc');
  expect((await flags.call('views/summary', { entity: pay })).items).toEqual([
    { label: 'Flags', value: 3 },
    { label: 'Enabled in development', value: 3 },
    { label: 'Enabled in production', value: 0 },
    { label: 'Stale', value: 2, tone: 'warning' },
    { label: 'Unused', value: 0, tone: 'good' },
  ]);
  // Both views, and every entity, from one reading.
  expect(far.asked).toHaveLength(2);
});

test('without annotations the tags and the projects of that name count, and the evidence is shown', async () => {
  const far = unleash();
  const flags = await testPlugin(plugin, { settings, fetch: far.fetch });
  const tug = await flags.call('views/flags', { entity: component('tug') });
  expect(keys(tug)).toEqual(['stop-all']);
  expect(tug.note).toBe('At flags.example.com: tagged with its name.');
  expect(tug.rows[0]).toMatchObject({
    e0: { text: 'enabled, targets nobody', tone: 'warning' },
    e1: { text: 'enabled · 2 variants', tone: 'good' },
    attention: { text: 'unused: not evaluated for 45 days', tone: 'warning' },
  });
  const fleet = await flags.call('views/flags', { entity: component('fleet') });
  expect(keys(fleet)).toEqual(['given-up', 'night-tow', 'old-rope']);
  expect(fleet.note).toBe('At flags.example.com: project fleet, which has its name.');
  const both = component('x', { 'unleash.io/project-id': 'fleet', 'unleash.io/filter-tags': 'pay, component:Tug' });
  expect(keys(await flags.call('views/flags', { entity: both }))).toEqual(['given-up']);
  expect((await flags.call('views/flags', { entity: component('raft') })).note).toBe(
    'No flags found at flags.example.com; looked for the annotation unleash.io/project-id, flags with a tag ‘raft’ or ‘component:default/raft’, and a project ‘raft’.',
  );
  expect(await flags.call('views/summary', { entity: component('raft') })).toEqual({ model: 'stat', items: [] });
  const none = await testPlugin(plugin);
  expect((await none.call('views/summary', { entity: pay })).note).toContain('No provider of flags is configured.');
});

test('many flags are read page by page, and known again after a restart', async () => {
  const many = Array.from({ length: 230 }, (_, index) => feature(`flag-${String(index).padStart(3, '0')}`));
  const far = unleash({
    [search(100, 0)]: { body: { features: many.slice(0, 100), total: 230 } },
    [search(100, 100)]: { body: { features: many.slice(100, 200), total: 230 } },
    [search(100, 200)]: { body: { features: many.slice(200), total: 230 } },
  });
  const first = await testPlugin(plugin, { settings, fetch: far.fetch });
  expect((await first.call('views/flags', { entity: pay })).rows).toHaveLength(230);
  later(7200);
  const second = await testPlugin(plugin, { settings, store: Object.fromEntries(first.store) });
  const view = await second.call('views/flags', { entity: pay });
  expect(view.rows).toHaveLength(230);
  expect(view.asOf).toBe('2026-03-01T12:00:00.000Z');
  expect(view.note).toContain('these are the last known flags, since 2026-03-01 14:00 UTC');
  // Fewer flags leave nothing of before behind.
  const few = await testPlugin(plugin, { settings, fetch: unleash().fetch, store: Object.fromEntries(first.store) });
  await few.call('views/flags', { entity: pay });
  await expect.poll(() => few.store.size).toBe(2);
});

test.each([
  [
    'refused',
    () => {
      throw new Error('connection refused.');
    },
    'connection refused',
  ],
  ['401', { status: 401, body: {} }, 'flags.example.com does not take the token'],
  ['403', { status: 403, body: {} }, 'the token may not read flags at flags.example.com'],
  ['404', { status: 404, body: {} }, 'it is no Unleash, or one older than 5.12'],
  ['429', { status: 429, body: {} }, 'flags.example.com takes no more calls for now'],
  ['500', { status: 500, body: 'oops' }, 'flags.example.com answered 500'],
  ['a sign-in page', { body: '<html>' }, 'flags.example.com answered something that is not JSON'],
  ['another shape', { body: { features: 'none' } }, 'flags.example.com answered in a shape that is not known'],
] as [string, Answer | (() => Answer), string][])(
  'Unleash in trouble (%s): what is known stays, and it recovers',
  async (_name, trouble, words) => {
    const far = unleash({ [search(100, 0)]: trouble });
    const flags = await testPlugin(plugin, { settings, fetch: far.fetch });
    const first = await flags.call('views/flags', { entity: pay });
    expect(first.rows).toEqual([]);
    expect(first.note).toContain(`flags.example.com cannot be read since 2026-03-01 12:00 UTC: `);
    expect(first.note).toContain(words);
    far.answers[search(100, 0)] = { body: { features, total: 4 } };
    later(61);
    expect(keys(await flags.call('views/flags', { entity: pay }))).toHaveLength(3);
    far.answers[search(100, 0)] = trouble;
    later(120);
    const last = await flags.call('views/flags', { entity: pay });
    expect(keys(last)).toHaveLength(3);
    expect(last.asOf).toBe('2026-03-01T12:01:01.000Z');
    expect(last.note).toContain(words);
    expect(last.note).not.toContain('..');
    far.answers[search(1, 0)] = trouble;
    const { items } = await flags.call('connections/providers', { configuration: {} });
    expect(items).toEqual([
      { title: 'flags.example.com', state: 'bad', message: expect.stringContaining(words), fix: expect.any(String) },
    ]);
  },
);

test('Unleash hangs: what is known is shown, and pages are told when it answers', async () => {
  const hanging = Promise.withResolvers<Answer>();
  const far = unleash();
  const flags = await testPlugin(plugin, { settings, fetch: far.fetch });
  await flags.call('views/flags', { entity: pay });
  far.answers[search(100, 0)] = () => hanging.promise;
  later(120);
  expect(keys(await flags.call('views/flags', { entity: pay }))).toHaveLength(3);
  expect(flags.changed).toEqual([]);
  hanging.resolve({ body: { features: features.slice(0, 1), total: 1 } });
  await expect.poll(() => flags.changed).toEqual(['views/flags', 'views/summary']);
  expect(keys(await flags.call('views/flags', { entity: pay }))).toEqual(['night-tow']);
});

test('the test of the connection tries what is typed in', async () => {
  const far = unleash({ [search(1, 0)]: { body: { features: features.slice(0, 1), total: 4 } } });
  const flags = await testPlugin(plugin, { fetch: far.fetch });
  const configuration = { providers: [{ address: 'https://flags.example.com', token: 'user:new' }] };
  expect(await flags.call('connections/providers', { configuration })).toEqual({
    items: [
      { title: 'flags.example.com', state: 'good', message: 'It answers and takes the token: 4 flags can be read.' },
    ],
  });
  expect(far.asked[0]!.headers!['authorization']).toBe('user:new');
  expect((await flags.call('connections/providers', { configuration: {} })).items[0]).toMatchObject({
    state: 'warning',
  });
});
