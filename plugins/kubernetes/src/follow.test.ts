import { testPlugin } from '@callboard/plugin-api/testing';
import { afterEach, expect, test } from 'vitest';
import { kubernetes } from './plugin.ts';
import { type Illness, startApiServer } from './testing/api-server.ts';
import { component, deployment, kinds } from './testing/objects.ts';
import { eventually, open, pace, start, stopAll } from './testing/start.ts';
import { wayOut } from './testing/way-out.ts';

afterEach(stopAll);

test('a version that is too old is read anew, with what went meanwhile', async () => {
  const { api, view } = await start();
  api.be('error');
  await eventually(async () => expect((await view('workloads')).note).toContain('etcdserver: request timed out'));
  api.remove('v1/pods', 'shop/payments-5d9c7b-b');
  api.compact();
  api.be(undefined);
  await eventually(async () => {
    const { rows, note } = await view('pods');
    expect(rows.map(({ name }: any) => name)).toEqual(['payments-5d9c7b-a']);
    expect(note).toBeUndefined();
  });
});

test.each<[Illness | 'refused', string]>([
  ['refused', 'cannot be reached'],
  ['error', 'answers with status 500'],
  ['page', 'no Kubernetes API (text/html)'],
  ['half', 'broke off'],
  ['busy', 'wants fewer calls'],
  ['locked', 'does not accept the token'],
  ['forbidden', 'is forbidden'],
  ['missing', 'no Kubernetes API: it has no pods and services (404)'],
])(
  'while the API server is ill (%s), what was known stands with its age, and it recovers by itself',
  async (illness, words) => {
    const { api, view } = await start();
    const before = await view('workloads');
    if (illness === 'refused') await api.refuse();
    else api.be(illness);
    await eventually(async () => {
      const { note } = await view('workloads');
      // A watch that breaks off in the middle of a line is no error as long as nothing came of it.
      expect(note).toContain(illness === 'half' ? 'Production' : words);
      expect(note).toMatch(/, since \d{4}-\d\d-\d\d \d\d:\d\d UTC\. What is shown of it is as of \d{4}-/);
    });
    const { rows, asOf } = await view('workloads');
    expect(rows).toEqual(before.rows);
    expect(Date.parse(asOf)).toBeLessThanOrEqual(Date.now());
    if (illness === 'refused') await api.listenAgain();
    else api.be(undefined);
    api.put('apps/v1/deployments', deployment('payments', { replicas: 3 }));
    await eventually(async () => {
      const { rows: now, note } = await view('workloads');
      expect(now[0].state.text).toBe('3/3 ready');
      expect(note).toBe('Found by the label app.kubernetes.io/name=payments.');
    });
  },
);

test('a kind is not taken for one that the cluster has not, where only one answer says so', async () => {
  const { api, view } = await start();
  const { rows } = await view('workloads');
  api.calls.length = 0;
  api.be('locked');
  await eventually(async () => expect(api.calls).toContain('GET /apis/apps/v1/deployments?limit=500'));
  api.missing.add('apps/v1/deployments');
  api.be(undefined);
  await eventually(async () => expect((await view('workloads')).note).not.toContain('since'));
  expect(api.missing.size).toBe(0);
  expect((await view('workloads')).rows).toEqual(rows);
});

test('a portal that is started while the cluster is away shows what was known before', async () => {
  const { api, tested } = await start();
  await eventually(async () => expect([...tested.store.keys()]).toContain('prod/deployments.apps/'));
  tested.stop();
  await api.refuse();
  const clusters = [{ name: 'prod', title: 'Production', url: api.url, token: 'sesame' }];
  const next = await testPlugin(kubernetes(pace), {
    configuration: { clusters },
    store: Object.fromEntries(tested.store),
    fetch: wayOut.fetch,
    stream: wayOut.stream,
  });
  open.push({ api, tested: next });
  void next.call('tasks/watch');
  await eventually(async () => {
    const { rows, note } = await next.call('views/workloads', { entity: component('payments') as never });
    expect(rows.map(({ state }: any) => state.text)).toEqual(['2/2 ready']);
    expect(note).toMatch(/cannot be reached.* since .*What is shown of it is as of /s);
  });
});

test('a cluster that does not answer holds up nothing, and large answers are read in smaller pages', async () => {
  const silent = await startApiServer({ token: 'sesame', kinds });
  const large = await startApiServer({ token: 'sesame', kinds });
  open.push({ api: silent }, { api: large });
  silent.be('silent');
  for (let index = 0; index < 45; index += 1)
    large.put('apps/v1/deployments', deployment('payments', { namespace: `shop-${index}` }));
  const tested = await testPlugin(kubernetes(pace), {
    configuration: { clusters: [silent, large].map(({ url }, index) => ({ name: `c${index}`, url, token: 'sesame' })) },
    async fetch(url, sent) {
      if (Number(new URL(url).searchParams.get('limit')) > 20)
        throw Object.assign(new Error('the answer is larger than 16 MiB'), { code: 'OUTBOUND_TOO_LARGE' });
      return wayOut.fetch(url, sent);
    },
    stream: wayOut.stream,
  });
  open.push({ api: large, tested });
  void tested.call('tasks/watch');
  await eventually(async () => {
    const { rows, note } = await tested.call('views/workloads', { entity: component('payments') as never });
    expect(rows).toHaveLength(45);
    expect(note).toBe('Found by the label app.kubernetes.io/name=payments.\nc0 is being read.');
  });
  expect(large.calls.filter((call) => call.startsWith('GET /apis/apps/v1/deployments?limit'))).toEqual(
    ['', '&continue=20', '&continue=40'].map((more) => `GET /apis/apps/v1/deployments?limit=20${more}`),
  );
});

test('what is no answer of a cluster is let go of, however long it would go on', async () => {
  const api = await startApiServer({ token: 'sesame', kinds });
  const begun: AbortSignal[] = [];
  const tested = await testPlugin(kubernetes(pace), {
    configuration: { clusters: [{ name: 'prod', url: api.url, token: 'sesame' }] },
    fetch: wayOut.fetch,
    async stream(_url, _sent, signal) {
      begun.push(signal);
      const pieces = new ReadableStream<string>();
      return { status: 200, headers: { 'content-type': 'text/html' }, pieces };
    },
  });
  open.push({ api, tested });
  void tested.call('tasks/watch');
  await eventually(async () => {
    expect(begun.length).toBeGreaterThan(kinds.length);
    expect(begun.slice(0, kinds.length).map(({ aborted }) => aborted)).toEqual(kinds.map(() => true));
  });
});
