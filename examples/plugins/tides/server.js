import { definePlugin } from '@callboard/plugin-api';

export default definePlugin({
  setup(host) {
    const key = (name) => `tide/${name}`;
    return {
      views: {
        async tide({ entity }) {
          const name = entity?.metadata.name ?? 'nothing';
          const tide = await host.store.get(key(name));
          const harbour = host.configuration.harbour ?? 'the harbour';
          return {
            model: 'stat',
            items: [{ label: `Tide at ${harbour}`, value: tide, tone: tide === 'flood' ? 'good' : 'neutral' }],
            ...(tide === null && { note: `No tide is noted for ${name}. PUT one to /api/plugins/tides/tides/${name}.` }),
          };
        },
      },
      routes: {
        async note({ params, body }) {
          if (body?.tide !== 'ebb' && body?.tide !== 'flood') return { status: 400, body: { message: 'tide is ebb or flood' } };
          await host.store.set(key(params.name), body.tide);
          return { body: { name: params.name, tide: body.tide } };
        },
      },
      actions: {
        async 'tides:note'({ input, dryRun }) {
          if (!dryRun) await host.store.set(key(input.name), input.tide);
          return { output: { name: input.name }, effects: [`Notes ${input.tide} for ${input.name}`] };
        },
      },
      checks: {
        async noted({ entity }) {
          const isNoted = (await host.store.get(key(entity.metadata.name))) !== null;
          return { result: isNoted ? 'holds' : 'fails', message: isNoted ? 'Its tide is noted' : 'No tide is noted' };
        },
      },
    };
  },
});
