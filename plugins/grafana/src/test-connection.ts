import type { ConnectionResult, Host } from '@callboard/plugin-api';
import { connectionLine } from '@callboard/plugin-api/connections';
import { ask, readDashboards, readRules } from './grafana.ts';
import type { Instance } from './settings.ts';

async function testInstance(host: Host, instance: Instance): Promise<ConnectionResult[]> {
  const { id } = instance;
  const health = await connectionLine(`${id}: Grafana`, async () => {
    const answer = (await ask(host, instance, '/api/health')) as { version?: string; database?: string } | null;
    const { version, database } = answer ?? {};
    if (database !== undefined && database !== 'ok')
      return {
        state: 'warning',
        message: `Its database is ${String(database).slice(0, 100)}.`,
        fix: 'Look at its log.',
      };
    return {
      state: 'good',
      message: version === undefined ? 'It answers.' : `It answers as Grafana ${String(version).slice(0, 60)}.`,
    };
  });
  // Who cannot be reached says the same of everything else.
  if (health.state === 'bad') return [health];
  return [
    health,
    await connectionLine(`${id}: dashboards`, async () => {
      const { length } = await readDashboards(host, instance);
      return length > 0
        ? { state: 'good', message: `The token sees ${length} dashboards.` }
        : {
            state: 'warning',
            message: 'The token sees no dashboard.',
            fix: 'Give its service account the role Viewer, or the right to view the folders that matter.',
          };
    }),
    await connectionLine(`${id}: alerts`, async () => {
      const { length } = await readRules(host, instance);
      return { state: 'good', message: `The token sees ${length} alert rules.` };
    }),
  ];
}

/** Looks at everything that the plugin will need of each instance. */
export async function testInstances(host: Host, instances: Instance[]): Promise<{ items: ConnectionResult[] }> {
  if (instances.length === 0)
    return {
      items: [
        {
          title: 'Instances',
          state: 'warning',
          message: 'No Grafana is configured.',
          fix: 'Add one with its address.',
        },
      ],
    };
  const lines = await Promise.all(instances.slice(0, 50).map((instance) => testInstance(host, instance)));
  return { items: lines.flat() };
}
