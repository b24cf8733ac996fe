import type { ConnectionResult, Host } from '@callboard/plugin-api';
import { connectionLine } from '@callboard/plugin-api/connections';
import { askData, askJson, instant } from './ask.ts';
import type { Server, Settings } from './settings.ts';

async function testServer(host: Host, server: Server): Promise<ConnectionResult[]> {
  const { name, metrics, rules, alertmanager } = server;
  const queries = await connectionLine(`${name}: queries`, async () => {
    const up = await instant(host, metrics, 'count(up)');
    const targets = up[0]?.values[0]?.[1];
    return targets === undefined
      ? {
          state: 'warning',
          message: 'It answers queries, and has no series up.',
          fix: 'Look whether it scrapes anything.',
        }
      : { state: 'good', message: `It answers queries and knows ${targets} targets.` };
  });
  // Who does not answer a query says the same of everything else.
  if (queries.state === 'bad') return [queries];
  return [
    queries,
    await connectionLine(`${name}: version`, async () => {
      const { version } = await askData(host, metrics, '/api/v1/status/buildinfo');
      return { state: 'good', message: `It calls itself ${String(version).slice(0, 60)}.` };
    }).then((found): ConnectionResult =>
      found.state === 'bad'
        ? { title: found.title, state: 'warning', message: 'It does not say its version; nothing needs it.' }
        : found,
    ),
    await connectionLine(`${name}: rules`, async () => {
      const data = await askData(host, rules, '/api/v1/rules', { type: 'alert' });
      const groups = Array.isArray(data.groups) ? (data.groups as { rules?: unknown[] }[]) : [];
      const count = groups.reduce((sum, group) => sum + (group.rules?.length ?? 0), 0);
      return count > 0
        ? { state: 'good', message: `It knows ${count} alerting rules.` }
        : {
            state: 'warning',
            message: 'It knows no alerting rules.',
            fix: 'With VictoriaMetrics, give the address of vmalert as the address of the rules.',
          };
    }),
    ...(alertmanager
      ? [
          await connectionLine(`${name}: Alertmanager`, async () => {
            const alerts = await askJson(host, alertmanager, '/api/v2/alerts');
            return Array.isArray(alerts)
              ? { state: 'good', message: `It answers and has ${alerts.length} alerts.` }
              : {
                  state: 'bad',
                  message: 'It answers, but not as an Alertmanager does.',
                  fix: 'Check the address: it is the one that stands before /api/v2.',
                };
          }),
        ]
      : []),
  ];
}

/** Looks at everything that the plugin will need of each server. */
export async function testServers(host: Host, { servers }: Settings): Promise<{ items: ConnectionResult[] }> {
  if (servers.length === 0)
    return {
      items: [
        { title: 'Servers', state: 'warning', message: 'No server is configured.', fix: 'Add one with its address.' },
      ],
    };
  const lines = await Promise.all(servers.slice(0, 50).map((server) => testServer(host, server)));
  return { items: lines.flat().slice(0, 200) };
}
