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
