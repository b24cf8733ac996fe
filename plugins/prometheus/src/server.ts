import { definePlugin, type View } from '@callboard/plugin-api';
import { alertsOf, readBooks } from './alerts.ts';
import { annotationOf, annotations, type Entity } from './evidence.ts';
import { serversFor, type Tools } from './find.ts';
import { createKnown } from '@callboard/plugin-api/known';
import { settingsOf } from './settings.ts';
import { signalIds } from './signals.ts';
import { testServers } from './test-connection.ts';
import { alertsView, burnView, chartView, ruleView, signalsView } from './views.ts';

const mostRules = 4;
const shown = ['signals', 'alerts', 'burn', ...signalIds];
const columnPatienceMs = 3_000;

const refOf = ({ kind, metadata }: Entity) =>
  `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase();

export default definePlugin({
  setup(host) {
    let isTold = false;
    // Many answers come at nearly the same time; pages are told once.
    const tellPages = () => {
      if (isTold) return;
      isTold = true;
      setTimeout(() => {
        isTold = false;
        for (const view of shown) host.changed(`views/${view}`).catch(() => undefined);
      }, 500).unref();
    };
    const tools: Tools = {
      host,
      settings: settingsOf(host.configuration, host.settings),
      know: createKnown({ onLate: tellPages }),
    };
    const of =
      <Model>(make: (tools: Tools, entity: Entity) => Promise<Model>) =>
      ({ entity }: { entity?: Entity }) => {
        if (!entity) throw new Error('This view is for the page of an entity.');
        return make(tools, entity);
      };
    const views: Record<string, View> = {
      signals: of(signalsView),
      alerts: of(alertsView),
      burn: of(burnView),
    };
    for (const id of signalIds) views[id] = of((given, entity) => chartView(given, entity, id));
    for (let index = 0; index < mostRules; index += 1)
      views[`rule-${index + 1}`] = of((given, entity) => ruleView(given, entity, index));
    return {
      views,
      columns: {
        async alerts({ entities }) {
          const { servers } = tools.settings;
          if (servers.length === 0) return { cells: {} };
          const until = Date.now() + columnPatienceMs;
          // One list of alerts for each set of servers, whichever entities ask.
          const books = new Map<string, ReturnType<typeof readBooks>>();
          const cells = await Promise.all(
            entities.map(async (entity) => {
              const own = serversFor(tools, entity);
              if (own.length === 0) return [];
              const key = own.map(({ name }) => name).join(' ');
              const book = books.get(key) ?? readBooks(tools, own, until);
              books.set(key, book);
              const { alerts } = alertsOf(entity, (await book).value);
              const firing = alerts.filter(({ state }) => state === 'firing');
              const pending = alerts.filter(({ state }) => state === 'pending');
              const hint = [...firing, ...pending].map(({ name, since }) => (since ? `${name} since ${since}` : name));
              if (hint.length > 0)
                return [
                  [
                    refOf(entity),
                    {
                      text: firing.length > 0 ? `${firing.length} firing` : `${pending.length} pending`,
                      tone: firing.length > 0 ? ('bad' as const) : ('warning' as const),
                      hint: hint.join('; ').slice(0, 500),
                    },
                  ] as const,
                ];
              // Silence says something only of those whose alerts are named.
              const isNamed = annotationOf(entity, annotations.alert) !== undefined;
              return isNamed ? [[refOf(entity), { text: 'quiet', tone: 'good' as const }] as const] : [];
            }),
          );
          return { cells: Object.fromEntries(cells.flat()) };
        },
      },
      connections: {
        servers: ({ configuration }) => testServers(host, settingsOf(configuration, host.settings)),
      },
    };
  },
});
