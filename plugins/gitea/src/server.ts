import { definePlugin } from '@callboard/plugin-api';
import { createRepositories } from '@callboard/plugin-api/repositories';
import { createApi } from './api.ts';
import { createCodeHost } from './code-host.ts';
import { createConnection } from './connection.ts';
import { cardOf, factsOf, repositoryOf } from './facts.ts';
import { createHook, createHooksView, createRegistration, tendHooks } from './hooks.ts';
import { createPeople } from './people.ts';
import { publish } from './publish.ts';
import { repositorySource, unnotedMs } from './repositories.ts';
import { settingsOf } from './settings.ts';

export default definePlugin({
  setup(host) {
    const settings = settingsOf(host.configuration, host.settings['integrations.gitea']);
    const api = createApi(host);
    const known = createRepositories({ host, unnotedMs });
    return {
      codeHosts: { gitea: createCodeHost(api, settings, known) },
      sources: {
        repositories: repositorySource(api, settings, known),
        people: createPeople(api, settings),
      },
      connections: { hosts: createConnection(host, api) },
      tasks: { webhooks: (_input, { signal }) => tendHooks(host, api, settings, signal) },
      routes: {
        events: createHook(host, settings, known),
        register: createRegistration(host, api, settings, known),
      },
      views: {
        webhooks: createHooksView(host, settings),
        async repository({ entity }, { signal }) {
          const found = entity && repositoryOf(settings, entity);
          const none = (note: string) => ({ model: 'stat' as const, note, items: [] });
          if (!found)
            return none(
              `Its source location is not on ${settings.hosts.map((each) => each.host).join(', ') || 'a host of Gitea'}.`,
            );
          const facts = await factsOf(api, found.at, found.full, signal);
          if (facts) return cardOf(facts, found.evidence);
          return none(
            `${found.at.host} has no repository ${found.full}, or hides it from the portal. It was named by ${found.evidence}.`,
          );
        },
      },
      actions: { 'publish:gitea': publish(host, api, settings) },
    };
  },
});
