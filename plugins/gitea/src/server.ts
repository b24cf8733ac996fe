import { definePlugin } from '@callboard/plugin-api';
import { createKnown, withAge } from '@callboard/plugin-api/known';
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

/** A card may be so old, and take so long where nothing is known yet. */
const freshMs = 60_000;
const patienceMs = 8_500;

export default definePlugin({
  setup(host) {
    const settings = settingsOf(host.configuration, host.settings['integrations.gitea']);
    const api = createApi(host);
    const know = createKnown({ onLate: () => void host.changed('views/repository').catch(() => undefined) });
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
        events: createHook(host, settings, known, know.forget),
        register: createRegistration(host, api, settings, known),
      },
      views: {
        webhooks: createHooksView(host, settings),
        async repository({ entity }) {
          const found = entity && repositoryOf(settings, entity);
          // Its repository is elsewhere.
          if (!found) return { model: 'stat', items: [] };
          const facts = await know(`${found.at.host}/${found.full}`, {
            freshMs,
            until: Date.now() + patienceMs,
            ask: () => factsOf(api, found.at, found.full),
          });
          if (facts.value) return withAge(cardOf(facts.value, found.evidence), facts);
          return withAge(
            {
              model: 'stat',
              note: `${found.at.host} has no repository ${found.full}, or hides it from the portal. It was named by ${found.evidence}.`,
              items: [],
            },
            facts,
          );
        },
      },
      actions: { 'publish:gitea': publish(host, api, settings) },
    };
  },
});
