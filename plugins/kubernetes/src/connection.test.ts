import { afterEach, expect, test } from 'vitest';
import { start, stopAll } from './testing/start.ts';

afterEach(stopAll);

test('the test of connections says what is missing', async () => {
  const { api, tested } = await start();
  const cluster = { name: 'prod', url: api.url, token: 'sesame' };
  const tried = async (clusters: object[], customResources: object[] = []) =>
    (await tested.call('connections/clusters', { configuration: { clusters, customResources } as never })).items;
  expect(await tried([cluster])).toEqual([
    { title: 'prod: network', state: 'good', message: `Kubernetes v1.34.1 answers at ${api.url}` },
    { title: 'prod: reading', state: 'good', message: 'All of 10 kinds may be read.' },
    { title: 'prod: logs', state: 'good', message: 'Logs may be read.' },
    { title: 'prod: restart and scale', state: 'good', message: 'Workloads may be restarted and scaled.' },
  ]);
  for (const right of ['list jobs', 'watch jobs', 'get pods/log', 'patch deployments/scale']) api.denied.add(right);
  const [, reading, custom, logs, operating] = await tried(
    [cluster],
    [{ group: 'argoproj.io', version: 'v1alpha1', plural: 'applications' }],
  );
  expect(reading).toMatchObject({ state: 'warning', message: 'Missing rights: list jobs.batch, watch jobs.batch.' });
  expect(custom).toMatchObject({
    title: 'prod: applications.argoproj.io',
    state: 'warning',
    message: 'The cluster has no applications.argoproj.io in version v1alpha1.',
  });
  expect(logs).toMatchObject({ state: 'warning', message: 'Logs may not be read: get pods/log is missing.' });
  expect(operating).toMatchObject({ state: 'warning', message: 'Reading only: patch deployments/scale.apps missing.' });
  const [wrongToken, silent, empty] = await tried([
    { ...cluster, token: 'wrong' },
    { ...cluster, name: 'away', url: 'http://127.0.0.1:9' },
    { name: 'bare' },
  ]).then((items) => [
    items.find(({ title }: any) => title === 'prod: rights' || title === 'prod: token'),
    items.find(({ title }: any) => title === 'away: network'),
    items.find(({ title }: any) => title === 'bare: configuration'),
  ]);
  expect(wrongToken).toMatchObject({
    title: 'prod: token',
    state: 'bad',
    message: 'the API server does not accept the token',
  });
  expect(silent).toMatchObject({ state: 'bad', message: expect.stringContaining('cannot be reached') });
  expect(empty).toEqual({
    title: 'bare: configuration',
    state: 'bad',
    message: 'it has no address',
    fix: 'Give the address of the API server, or a kubeconfig, or set inCluster.',
  });
});
