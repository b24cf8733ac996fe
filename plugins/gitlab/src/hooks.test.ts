import { expect, test } from 'vitest';
import { base, start } from './testing/start.ts';

test('a webhook counts once, with the right token only', async () => {
  const { tested, host, gitlab } = await start();
  await tested.call('sources/repositories');
  const url = `${base}/acme/shop/pay/-/blob/main/catalog-info.yaml`;
  const { version } = await host('readFile', { url });
  const event = {
    object_kind: 'push',
    project: { path_with_namespace: 'acme/shop/pay', web_url: `${base}/acme/shop/pay` },
  };
  const send = (headers: Record<string, string>) =>
    tested.call('routes/events', {
      method: 'POST',
      path: '/hooks/events',
      params: {},
      query: {},
      headers,
      body: event,
      text: JSON.stringify(event),
    });
  expect((await send({})).status).toBe(401);
  expect((await send({ 'x-gitlab-token': 'Shared' })).status).toBe(401);
  expect(tested.changed).toEqual([]);
  expect((await send({ 'x-gitlab-token': 'shared', 'idempotency-key': 'e1' })).status).toBe(202);
  expect((await send({ 'x-gitlab-token': 'shared', 'idempotency-key': 'e1' })).status).toBe(409);
  expect((await send({ 'x-gitlab-token': 'shared' })).status).toBe(202);
  expect((await send({ 'x-gitlab-token': 'shared' })).status).toBe(409);
  expect(tested.changed.slice(0, 3)).toEqual(['codeHosts/gitlab', 'sources/repositories', 'views/repository']);
  gitlab.projects.get(1)!.branches['main']!['catalog-info.yaml'] = 'kind: API';
  // What was said to be quiet is asked again.
  expect((await host('readFile', { url, version })).text).toBe('kind: API');
});

test('webhooks are registered by a button: for each project where groups have none', async () => {
  const { tested, gitlab } = await start();
  await tested.call('sources/repositories');
  const { rows } = await tested.call('views/webhooks');
  const [{ route, body }] = rows[0].do.actions;
  expect(route).toBe('register');
  const answer = await tested.call('routes/register', { body });
  expect(answer).toMatchObject({ status: 202, body: { message: expect.stringContaining('1 projects get one each') } });
  await tested.call('tasks/webhooks');
  await tested.call('routes/register', { body });
  await tested.call('tasks/webhooks');
  expect(gitlab.made['acme/shop/pay/hooks']).toEqual([
    expect.objectContaining({
      url: 'https://portal.example.com/api/plugins/gitlab/hooks/events',
      token: 'shared',
      push_events: true,
    }),
  ]);
  expect((await tested.call('views/webhooks')).rows[0].state.text).toBe('projects');
});

test('events of yesterday and the oldest of too many are forgotten', async () => {
  const { tested } = await start();
  const now = Date.now();
  for (let index = 0; index < 2_600; index += 1)
    tested.store.set(`hook/${String(index).padStart(4, '0')}`, now - index * 1_000);
  tested.store.set('hook/old', now - 25 * 3_600_000);
  tested.store.set('step/waits', { at: now - 25 * 3_600_000 });
  await tested.call('tasks/webhooks');
  const left = [...tested.store.keys()].filter((key) => key.startsWith('hook/'));
  expect(left).toHaveLength(2_500);
  expect(left).not.toContain('hook/old');
  expect(left).not.toContain('hook/2500');
  expect(tested.store.has('step/waits')).toBe(true);
});
