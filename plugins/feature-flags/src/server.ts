import { definePlugin, type Host } from '@callboard/plugin-api';
import { createKeeper } from './keep.ts';
import { match } from './match.ts';
import { createUnleash, providersOf } from './unleash.ts';
import { flagsView, type Shown, summaryView } from './views.ts';

type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];

export default definePlugin({
  setup(host) {
    const providers = providersOf(host.configuration, host.settings);
    const unleash = createUnleash(host);
    const look = createKeeper(host, unleash, async () => {
      for (const id of ['flags', 'summary']) await host.changed(`views/${id}`);
    });

    const show = (entity: Entity): Promise<Shown[]> =>
      Promise.all(
        providers.map(async (provider) => {
          const kept = await look(provider);
          if (!kept) return { provider, at: 0, lifetimes: {}, isCut: false };
          const { at, problem, lifetimes, isCut, flags } = kept;
          return { provider, at, lifetimes, isCut, ...(problem && { problem }), matched: match(entity, flags) };
        }),
      );

    return {
      views: {
        flags: async ({ entity }) => flagsView(await show(entity!), Date.now()),
        summary: async ({ entity }) => summaryView(await show(entity!), Date.now()),
      },
      connections: {
        async providers({ configuration }, { signal }) {
          const all = providersOf(configuration, host.settings);
          if (all.length === 0)
            return {
              items: [
                {
                  title: 'Unleash',
                  state: 'warning',
                  message: 'None is configured, or its token is missing.',
                  fix: 'Enter address and token, or write unleash.url and unleash.apiToken into the configuration file.',
                },
              ],
            };
          return { items: await Promise.all(all.map((provider) => unleash.test(provider, signal))) };
        },
      },
    };
  },
});
