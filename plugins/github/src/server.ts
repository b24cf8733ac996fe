import { definePlugin } from '@callboard/plugin-api';
import { createKnown } from '@callboard/plugin-api/known';
import { createActions } from './actions/index.ts';
import { createBudget } from './budget.ts';
import { createCard } from './card.ts';
import { createClient } from './client.ts';
import { createCodeHost } from './code-host.ts';
import { createConnection } from './connection.ts';
import { createDiscovery } from './discovery.ts';
import { createHeads } from './heads.ts';
import { createHooks } from './hooks.ts';
import { settingsOf } from './hosts.ts';
import { createListing } from './listing.ts';
import { createOverview } from './overview.ts';
import { createPeople } from './people.ts';
import { createSignIn } from './sign-in.ts';
import { createTidy } from './tidy.ts';

export default definePlugin({
  setup(host) {
    const settings = settingsOf(host.configuration, host.settings);
    const budget = createBudget();
    const client = createClient(host, budget);
    const heads = createHeads(host.store);
    const listing = createListing(client);
    const know = createKnown({ onLate: () => void host.changed('views/repository').catch(() => undefined) });
    const { hosts } = settings;
    return {
      signIn: { github: createSignIn(host) },
      codeHosts: { main: createCodeHost(settings, client, heads) },
      sources: {
        repositories: createDiscovery(settings, listing, heads),
        people: createPeople(settings, client),
      },
      views: {
        repository: createCard(hosts, client, know),
        organizations: createOverview(host, settings, { client, listing, budget }),
      },
      connections: {
        hosts: createConnection((configuration) => ({
          ...settingsOf(configuration, host.settings),
          client: createClient(host, createBudget()),
        })),
      },
      routes: createHooks({ host, settings, client, heads, listing, know }),
      tasks: { tidy: createTidy(host.store) },
      actions: createActions({ hosts, client, store: host.store }),
    };
  },
});
