import { testPlugin } from '@callboard/plugin-api/testing';
import { expect, test } from 'vitest';
import plugin from './server.ts';

type Asked = { host: string; path: string; query: string; authorization?: string; method: string };
type Answers = (asked: Asked) => unknown;
const vector = (...result: object[]) => ({ status: 'success', data: { resultType: 'vector', result } });
const series = (metric: object, value: number) => ({ metric, value: [1_790_000_000, String(value)] });

/** A plugin before servers that answer by `answers`, and what they were asked. */
async function start(answers: Answers, configuration: object, settings: object = {}) {
  const asked: Asked[] = [];
  const tested = await testPlugin(plugin, {
    configuration: configuration as never,
    settings: settings as never,
    fetch(address, { method = 'GET', headers = {}, body }) {
      const { host, pathname, searchParams } = new URL(address);
      const query = (body === undefined ? searchParams : new URLSearchParams(body)).get('query') ?? '';
      const { authorization } = headers;
      const each: Asked = {
        host,
        path: pathname,
        query,
        method,
        ...(authorization !== undefined && { authorization }),
      };
      asked.push(each);
      const answer = answers(each);
      return answer === undefined ? { status: 503, body: 'gone' } : { body: answer as never };
    },
  });
  return { tested, asked };
}
const entityOf = (name: string, annotations: Record<string, string> = {}, labels: Record<string, string> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, annotations, labels },
  spec: { type: 'service' },
});
const quiet: Answers = ({ path }) =>
  path.endsWith('/alerts') ? [] : path.endsWith('/rules') ? { status: 'success', data: { groups: [] } } : vector();
const known = (asked: Asked[]) => [
  ...new Set(asked.map(({ host, path, authorization }) => `${host}${path} ${authorization ?? '-'}`)),
];

test('credentials go to the host that they were given for, and to no other', async () => {
  const { tested, asked } = await start(quiet, {
    servers: [
      {
        name: 'one',
        url: 'https://one.example.com/prometheus/api/v1/',
        token: 'hawser',
        alertmanagerUrl: 'https://one.example.com/alertmanager',
        rulesUrl: 'https://vmalert.example.com',
      },
      {
        name: 'two',
        url: 'https://two.example.com',
        username: 'jan',
        password: 'p:w',
        alertmanagerUrl: 'https://alerts.example.com',
        alertmanagerToken: 'bowline',
      },
      {
        name: 'three',
        url: 'https://three.example.com',
        token: 'x',
        alertmanagerUrl: 'https://alerts.example.com/three',
      },
    ],
  });
  await tested.call('views/alerts', { entity: entityOf('payments') });
  await tested.call('views/signals', { entity: entityOf('payments') });
  const basic = `Basic ${Buffer.from('jan:p:w').toString('base64')}`;
  expect(known(asked).toSorted()).toEqual([
    'alerts.example.com/api/v2/alerts Bearer bowline',
    'alerts.example.com/three/api/v2/alerts -',
    'one.example.com/alertmanager/api/v2/alerts Bearer hawser',
    'one.example.com/prometheus/api/v1/query Bearer hawser',
    'three.example.com/api/v1/query Bearer x',
    'three.example.com/api/v1/rules Bearer x',
    `two.example.com/api/v1/query ${basic}`,
    `two.example.com/api/v1/rules ${basic}`,
    'vmalert.example.com/api/v1/rules -',
  ]);
});

test.each(['proxy', 'endpoints'])('Backstage’s keys are read, with targets below %s', async (shape) => {
  const targets = {
    '/prometheus/api': { target: 'https://one.example.com/api/v1/', headers: { Authorization: 'Bearer hawser' } },
    'teamB/api': 'https://two.example.com/api/v1',
  };
  const { tested, asked } = await start(
    quiet,
    { servers: [{ name: 'default', url: 'https://form.example.com' }] },
    {
      prometheus: { uiUrl: 'https://people.example.com', instances: [{ name: 'teamB', proxyPath: '/teamB/api' }] },
      proxy: shape === 'proxy' ? targets : { endpoints: targets },
    },
  );
  const view = (service: string) =>
    tested.call('views/signals', { entity: entityOf('payments', { 'prometheus.io/service-name': service }) });
  await view('teamB');
  await view('default');
  // The form says it anew.
  expect(known(asked)).toEqual(['two.example.com/api/v1/query -', 'form.example.com/api/v1/query -']);
  const alone = await start(quiet, {}, { prometheus: {}, proxy: shape === 'proxy' ? targets : { endpoints: targets } });
  await alone.tested.call('views/signals', { entity: entityOf('payments') });
  expect(known(alone.asked)).toEqual(['one.example.com/api/v1/query Bearer hawser']);
});

test('a long query is posted', async () => {
  const { tested, asked } = await start(quiet, { servers: [{ name: 'main', url: 'https://one.example.com' }] });
  const rule = `sum(${'x'.repeat(7_000)})`;
  await tested.call('views/rule-1', { entity: entityOf('payments', { 'prometheus.io/rule': rule }) });
  expect(asked.map(({ method, query }) => [method, query === rule])).toEqual([['POST', true]]);
});

test('what is in the entity’s namespace counts before what is elsewhere; other names count too', async () => {
  const { tested, asked } = await start(
    ({ path, query }) => {
      if (path.endsWith('query_range'))
        return { status: 'success', data: { result: [{ metric: {}, values: [[1_790_000_000, '3']] }] } };
      if (query.includes('by (__name__)'))
        return vector(series({ __name__: 'http_requests_total', evidence: 'service and namespace' }, 2));
      return vector(series({ evidence: 'service and namespace' }, 2), series({ evidence: 'service' }, 9));
    },
    { servers: [{ name: 'main', url: 'https://one.example.com' }] },
  );
  const entity = entityOf(
    'payments',
    { 'backstage.io/kubernetes-id': 'pay.ments', 'backstage.io/kubernetes-namespace': 'shop' },
    { 'app.kubernetes.io/name': 'pay' },
  );
  const view = await tested.call('views/signals', { entity });
  expect(view.items.map(({ label, value }: any) => [label, value])).toEqual([['Requests', 3]]);
  expect(view.note).toMatch(
    /^Found on main by service=~"pay\\\\.ments\|pay\|payments",namespace="shop" \(2 series\)\. No series for errors; /,
  );
  expect(asked.find(({ path }) => path.endsWith('query_range'))?.query).toBe(
    String.raw`sum(rate(http_requests_total{service=~"pay\\.ments|pay|payments",namespace="shop"}[5m]))`,
  );
});

test('objectives by Sloth come before the one for everybody', async () => {
  const { tested } = await start(
    ({ query }) => {
      if (query.includes('sloth_service'))
        return vector(
          series({ __name__: 'slo:objective:ratio', sloth_slo: 'requests' }, 0.999),
          series({ __name__: 'slo:current_burn_rate:ratio', sloth_slo: 'requests' }, 2.5),
          series({ __name__: 'slo:period_error_budget_remaining:ratio', sloth_slo: 'requests' }, 0.153),
        );
      return query.includes('by (__name__)') ? vector() : vector(series({ evidence: 'job' }, 4));
    },
    { servers: [{ name: 'main', url: 'https://one.example.com' }], objective: 95 },
  );
  const view = await tested.call('views/burn', { entity: entityOf('payments') });
  expect(view.items).toEqual([
    { label: 'requests: burn over 5m', value: 2.5, unit: '×', tone: 'warning' },
    { label: 'requests: budget left', value: 15.3, unit: '%', tone: 'warning' },
  ]);
  expect(view.note).toMatch(/^Objectives: requests 99\.9 %\./);
});

test('alerts are shown from the rules when the Alertmanager fails, and the other way round', async () => {
  const rules = {
    status: 'success',
    data: {
      groups: [
        {
          rules: [
            {
              type: 'alerting',
              name: 'Slow',
              labels: {},
              alerts: [
                {
                  state: 'firing',
                  labels: { alertname: 'Slow', service: 'payments' },
                  activeAt: '2026-11-22T10:00:00Z',
                },
              ],
            },
          ],
        },
      ],
    },
  };
  const managed = [
    {
      labels: { alertname: 'Slow', service: 'payments', cluster: 'one' },
      annotations: { runbook_url: 'javascript:alert(1)', summary: 'It is slow' },
      startsAt: '2026-11-22T10:05:00Z',
      status: { state: 'suppressed', silencedBy: [], inhibitedBy: ['x'] },
    },
  ];
  const show = async (broken: string) => {
    const { tested } = await start(
      ({ path }) => (path.endsWith(broken) ? undefined : path.endsWith('/alerts') ? managed : rules),
      { servers: [{ name: 'main', url: 'https://one.example.com', alertmanagerUrl: 'https://two.example.com' }] },
    );
    const { rows, note } = await tested.call('views/alerts', { entity: entityOf('payments') });
    return [rows.map(({ state, since, summary }: any) => [state.text, since, summary]), note] as const;
  };
  const [both] = await show('nothing');
  expect(both).toEqual([['inhibited', '2026-11-22T10:05:00.000Z', 'It is slow']]);
  const [fromRules, whyRules] = await show('/api/v2/alerts');
  expect(fromRules).toEqual([['firing', '2026-11-22T10:00:00.000Z', '']]);
  expect(whyRules).toMatch(/^Not up to date since .* UTC: Alertmanager of main \(two\.example\.com\) answered 503\./);
  const [fromManager, whyManager] = await show('/api/v1/rules');
  expect(fromManager).toEqual([['inhibited', '2026-11-22T10:05:00.000Z', 'It is slow']]);
  expect(whyManager).toMatch(/main \(one\.example\.com\) answered 503\./);
});

test('of several queries of one’s own for a signal, the first that gives series counts', async () => {
  const signal = (query: string, title: string) => ({
    signal: 'rate',
    query,
    title,
    unit: '/min',
    warnAbove: 2,
    badAbove: 5,
  });
  const { tested } = await start(
    ({ path, query }) => {
      if (!path.endsWith('query_range')) return vector(series({ evidence: 'job' }, 4));
      const result = query.startsWith('b(') ? [{ metric: {}, values: [[1_790_000_000, '3']] }] : [];
      return { status: 'success', data: { result } };
    },
    {
      servers: [{ name: 'main', url: 'https://one.example.com' }],
      signals: [signal('a({selector})', 'A'), signal('b(x{{selector}}[{window}])', 'B'), signal('b({selector})', 'C')],
    },
  );
  const { items } = await tested.call('views/signals', { entity: entityOf('payments') });
  expect(items.map(({ label, value, unit, tone }: any) => [label, value, unit, tone])).toEqual([
    ['B', 3, '/min', 'warning'],
  ]);
  expect(items[0].href).toContain(encodeURIComponent('b(x{job=~"(.+/)?(payments)"}[5m])'));
});
