import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { deployment } from './testing/objects.ts';
import { eventually, start, stopAll } from './testing/start.ts';

afterEach(stopAll);

test('a workload is restarted and scaled for its entity only, and not against an autoscaler', async () => {
  const { api, tested, view } = await start({
    fill: (server) => server.put('apps/v1/deployments', deployment('billing')),
  });
  const params = { cluster: 'prod', namespace: 'shop', kind: 'Deployment', name: 'payments' };
  const call = (route: string, body: object, more = {}) =>
    tested.call(
      `routes/${route}`,
      { params: { ...params, ...more }, body: { entity: 'component:default/payments', ...body } as never },
      { user: 'user:default/anna' },
    );
  const { rows } = await view('workloads');
  expect(rows[0].do.actions.map(({ title }: any) => title)).toEqual(['Restart', 'Scale to 3', 'Scale to 1']);
  expect(await call('restart', {})).toEqual({ body: { message: 'Deployment payments is restarted.' } });
  expect(await call('scale', { replicas: 3 })).toEqual({ body: { message: 'Deployment payments is scaled to 3.' } });
  expect(api.calls.filter((line) => line.startsWith('PATCH'))).toEqual([
    'PATCH /apis/apps/v1/namespaces/shop/deployments/payments?fieldManager=callboard',
    'PATCH /apis/apps/v1/namespaces/shop/deployments/payments/scale?fieldManager=callboard',
  ]);
  await eventually(async () => expect((await view('workloads')).rows[0].state.text).toBe('2/3 ready, rolling out'));
  expect(tested.log[0]!.text).toContain('restart {"user":"user:default/anna"');
  expect((await call('restart', {}, { name: 'billing' })).body.message).toBe(
    'Deployment billing in prod / shop does not belong to component:default/payments, or is gone.',
  );
  expect((await call('scale', { replicas: -1 })).status).toBe(400);
  expect((await call('scale', { replicas: 2, entity: 'component:default/none' })).status).toBe(404);
  api.denied.add('patch deployments');
  expect(await call('restart', {})).toEqual({
    status: 403,
    body: { message: expect.stringMatching(/cannot patch resource "deployments".* Bind the role/) },
  });
  api.put('autoscaling/v2/horizontalpodautoscalers', {
    metadata: { name: 'payments', namespace: 'shop' },
    spec: { minReplicas: 2, maxReplicas: 10, scaleTargetRef: { kind: 'Deployment', name: 'payments' } },
  });
  await eventually(async () => expect((await view('workloads')).rows[0].do.actions).toHaveLength(1));
  expect(await call('scale', { replicas: 4 })).toMatchObject({
    status: 409,
    body: { message: expect.stringContaining('from 2 to 10') },
  });
});

test('logs are read and followed', async () => {
  const { api, tested } = await start();
  api.logs.set('shop/payments-5d9c7b-a/main', [
    '2026-01-01T00:00:01.5Z up',
    '2026-01-01T00:00:02.25Z ERROR no database',
  ]);
  const query = { entity: 'component:default/payments', cluster: 'prod', namespace: 'shop', pod: 'payments-5d9c7b-a' };
  const lines = [
    { at: '2026-01-01T00:00:01Z', text: 'up' },
    { at: '2026-01-01T00:00:02Z', text: 'ERROR no database', level: 'error' },
  ];
  expect(await tested.call('routes/log', { query })).toEqual({ body: { lines } });
  expect(await tested.call('routes/log', { query: { ...query, tail: '1' } })).toEqual({
    body: { lines: lines.slice(1) },
  });
  expect(await tested.call('routes/follow', { query })).toEqual(lines);
  expect(await tested.call('routes/log', { query: { ...query, container: 'none' } })).toEqual({
    status: 400,
    body: { message: 'container must be one of main.' },
  });
  expect((await tested.call('routes/log', { query: { ...query, entity: 'component:default/billing' } })).status).toBe(
    404,
  );
  expect(
    (await tested.call('routes/pods', { query: { entity: 'component:default/payments' } })).body.items.map(
      ({ name }: any) => name,
    ),
  ).toEqual(['payments-5d9c7b-a', 'payments-5d9c7b-b']);
});

test('every route needs a permission: they are not told whether somebody may see the entity', async () => {
  const { callboard } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  expect(callboard.contributes.routes.map(({ id, permission }: any) => `${id} ${permission}`)).toEqual([
    'pods logs',
    'log logs',
    'follow logs',
    'restart operate',
    'scale operate',
  ]);
});
