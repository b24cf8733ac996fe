import { definePlugin } from '@callboard/plugin-api';
import { createKnown, withAge } from '@callboard/plugin-api/known';
import { createRepositories } from '@callboard/plugin-api/repositories';
import { memberActions } from './actions/members.ts';
import { migrate } from './actions/migrate.ts';
import { mergeRequest, repoPush } from './actions/change.ts';
import { projectActions } from './actions/project.ts';
import { publish } from './actions/publish.ts';
import { createApi } from './api.ts';
import { createCodeHost } from './code-host.ts';
import { createConnection } from './connection.ts';
import { cardOf, factsOf, projectOf } from './facts.ts';
import { createHook, createHooksView, createRegistration, tendHooks } from './hooks.ts';
import { createPeople } from './people.ts';
import { repositorySource, unnotedMs } from './repositories.ts';
import { ownSettings } from './settings.ts';

/** A card may be so old, and take so long where nothing is known yet. */
const freshMs = 60_000;
const patienceMs = 8_500;

export default definePlugin({
  setup(host) {
    const settings = ownSettings(host);
    const api = createApi(host);
    const know = createKnown({ onLate: () => void host.changed('views/repository').catch(() => undefined) });
    const known = createRepositories({ host, unnotedMs });
    return {
      codeHosts: { gitlab: createCodeHost(api, settings, known) },
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
          const found = entity && projectOf(settings, entity);
          // Its repository is elsewhere.
          if (!found) return { model: 'stat', items: [] };
          const facts = await know(`${found.at.host}/${found.project}`, {
            freshMs,
            until: Date.now() + patienceMs,
            ask: () => factsOf(api, found.at, found.project),
          });
          if (facts.value) return withAge(cardOf(facts.value, found.evidence), facts);
          return withAge(
            {
              model: 'stat',
              note: `${found.at.host} has no project ${found.project}, or hides it from the token. It was named by ${found.evidence}.`,
              items: [],
            },
            facts,
          );
        },
      },
      actions: {
        'publish:gitlab': publish(host, api, settings),
        'publish:gitlab:merge-request': mergeRequest(api, settings),
        'gitlab:repo:push': repoPush(api, settings),
        ...projectActions(host, api, settings),
        ...memberActions(host, api, settings),
        'gitlab:group:migrate': migrate(host, api, settings),
      },
    };
  },
});
