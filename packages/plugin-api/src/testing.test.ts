import { expect, test } from 'vitest';
import { definePlugin } from './index.ts';
import { testPlugin } from './testing.ts';

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'ferry' },
  spec: {},
} as const;
const plugin = definePlugin({
  setup: (host) => ({
    views: {
      async summary({ entity: about }) {
        const answer = await host.fetch(`https://status.example.com/${about?.metadata.name}`, {
          headers: { authorization: await host.secrets.get('TOKEN') },
        });
        return { model: 'stat', items: [{ label: host.configuration.label as string, value: String(answer.json()) }] };
      },
    },
    routes: {
      async note({ body }, { user }) {
        await host.store.set('note', { body, user: user ?? null });
        await host.changed('views/summary');
        host.log.info('noted');
        return { body: (await host.catalog.refs()).concat(await host.store.list()) };
      },
    },
  }),
});

test('a plugin runs with what a test gives it', async () => {
  const tested = await testPlugin(plugin, {
    configuration: { label: 'Is' },
    secrets: { TOKEN: 'sesame' },
    entities: [entity],
    fetch: (url, { headers }) => ({ body: `${url.split('/').at(-1)} ${headers?.authorization}`, status: 200 }),
  }).catch((error: Error) => error);
  if (tested instanceof Error) throw tested;
  expect(tested.handlers).toEqual(['views/summary', 'routes/note']);
  await expect(tested.call('views/summary', { entity: entity as never })).rejects.toThrow('is not valid JSON');
  expect(await tested.call('routes/note', { body: 1 }, { user: 'user:default/anna' })).toEqual({
    body: ['component:default/ferry', 'note'],
  });
  expect(tested.store.get('note')).toEqual({ body: 1, user: 'user:default/anna' });
  expect(tested.changed).toEqual(['views/summary']);
  expect(tested.log).toEqual([{ level: 'info', text: 'noted' }]);
});

test('what a test does not give is refused, and a setup that fails says why', async () => {
  const bare = await testPlugin(plugin);
  await expect(bare.call('views/summary')).rejects.toThrow('The secret TOKEN is not set');
  const refused = await testPlugin(plugin, { secrets: { TOKEN: 'x' } });
  await expect(refused.call('views/summary', { entity: entity as never })).rejects.toThrow(
    'Nothing answers https://status.example.com/ferry in this test',
  );
  await expect(testPlugin({ setup: () => Promise.reject(new Error('no luck')) })).rejects.toThrow('no luck');
});

test('a route asks what the person may see of the test', async () => {
  const lister = definePlugin({
    setup: () => ({
      routes: {
        list: async (_input, { visible }) => ({
          body: (await visible?.(['component:default/Ferry', 'a:b/c'])) ?? null,
        }),
      },
    }),
  });
  const tested = await testPlugin(lister);
  const seeing = { visible: ['component:default/ferry'] };
  expect(await tested.call('routes/list', {}, seeing)).toEqual({ body: ['component:default/ferry'] });
  expect(await tested.call('routes/list', {}, { visible: [] })).toEqual({ body: [] });
  expect(await tested.call('routes/list')).toEqual({ body: null });
});

test('what comes bit by bit is read and given, until a stop', async () => {
  const ended = Promise.withResolvers<string>();
  const reader = definePlugin({
    setup: (host) => ({
      routes: {
        async *read({ query }) {
          for await (const text of await host.stream(`https://ships.example.com/${query.ship}`)) yield text;
        },
      },
      tasks: {
        watch: (_input, { signal }) =>
          new Promise<void>(() => signal.addEventListener('abort', () => ended.resolve('stopped'))),
      },
    }),
  });
  const tested = await testPlugin(reader, {
    stream: async (url) =>
      url.endsWith('/gull')
        ? {
            pieces: (async function* () {
              yield 'a ';
              yield 'ship';
            })(),
          }
        : undefined,
  });
  expect(await tested.call('routes/read', { query: { ship: 'gull' } })).toEqual(['a ', 'ship']);
  await expect(tested.call('routes/read', { query: { ship: 'tern' } })).rejects.toThrow(
    'Nothing answers https://ships.example.com/tern in this test',
  );
  void tested.call('tasks/watch');
  tested.stop();
  expect(await ended.promise).toBe('stopped');
});
