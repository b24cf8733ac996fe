import { definePlugin } from '@callboard/plugin-api';
import { createKnown } from '@callboard/plugin-api/known';
import { instancesOf } from './settings.ts';
import { testInstances } from './test-connection.ts';
import { alertsView, dashboardsView, type Entity, type Tools } from './views.ts';

export default definePlugin({
  setup(host) {
    const tellPages = () => {
      for (const view of ['dashboards', 'alerts']) host.changed(`views/${view}`).catch(() => undefined);
    };
    const tools: Tools = {
      host,
      instances: instancesOf(host.configuration, host.settings),
      know: createKnown({ onLate: tellPages }),
    };
    const of =
      <Model>(make: (tools: Tools, entity: Entity) => Promise<Model>) =>
      ({ entity }: { entity?: Entity }) => {
        if (!entity) throw new Error('This view is for the page of an entity.');
        return make(tools, entity);
      };
    return {
      views: { dashboards: of(dashboardsView), alerts: of(alertsView) },
      connections: {
        hosts: ({ configuration }) => testInstances(host, instancesOf(configuration, host.settings)),
      },
    };
  },
});
