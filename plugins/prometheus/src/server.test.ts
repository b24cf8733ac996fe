import { type TestedPlugin, testPlugin } from '@callboard/plugin-api/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import plugin from './server.ts';
import { type Far, realFetch, recording, replayed } from './testing/far.ts';
import { startPrometheus, startVictoriaMetrics } from './testing/servers.ts';

const { TEST_PROMETHEUS: prometheus, TEST_PROMTOOL: promtool, TEST_ALERTMANAGER: alertmanager } = process.env;
const { TEST_VICTORIA_METRICS: victoria, TEST_VMALERT: vmalert } = process.env;

const entityOf = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, annotations },
  spec: { type: 'service' },
});
const start = (far: Far, configuration: Record<string, unknown>) =>
  testPlugin(plugin, { configuration: configuration as never, fetch: far.fetch });
/** What a figure shows, without its history. */
const figures = ({ items }: { items: Record<string, unknown>[] }) =>
  items.map(({ label, value, unit, tone }) => [label, value, unit, tone]);

/** What holds of every server that speaks PromQL. */
function showsSignals(tested: () => TestedPlugin, far: () => Far) {
  test('the golden signals of an entity are found by evidence, which is shown', async () => {
    const view = await tested().call('views/signals', { entity: entityOf('payments') });
    expect(figures(view)).toEqual([
      ['Requests', 10.5, '/s', undefined],
      ['Errors', 4.762, '%', 'warning'],
      ['Latency, p95', 100, 'ms', undefined],
      ['CPU, of one core', 25, '%', 'good'],
    ]);
    expect(view.note).toBe('Found on main by service="payments" (7 series); job=~"(.+/)?(payments)" (3 series).');
    expect(view.asOf).toBeUndefined();
    expect(view.items[0].trend.length).toBeGreaterThan(80);
    expect(view.items[0].href).toBe(
      `${far().url}/graph?g0.expr=${encodeURIComponent('sum(rate(http_requests_total{service="payments"}[5m]))')}&g0.tab=0&g0.range_input=3h`,
    );
  });

  test('a chart has each quantile as a line of its own', async () => {
    const view = await tested().call('views/latency', { entity: entityOf('payments') });
    expect(view).toMatchObject({ model: 'chart', kind: 'line', title: 'Latency, p95', unit: 'ms' });
    expect(view.series.map(({ name, points }: any) => [name, Number(points.at(-1).y.toFixed(3))])).toEqual([
      ['p95', 100],
      ['p50', 52.632],
      ['p99', 420],
    ]);
  });

  test('an annotation says the labels; nothing else is looked for then', async () => {
    const labels = { 'prometheus.io/labels': 'job=shop/payments' };
    const view = await tested().call('views/signals', { entity: entityOf('anything', labels) });
    expect(view.items.map(({ label, value }: any) => [label, value])).toEqual([
      ['Requests', 10.5],
      ['Errors', 4.762],
      ['CPU, of one core', 25],
    ]);
    expect(view.note).toBe(
      'Found on main by job="shop/payments" (3 series), as the annotation prometheus.io/labels says. ' +
        'No series for latency; looked for http_request_duration_seconds_bucket, http_requests_duration_seconds_bucket, ' +
        'http_server_requests_seconds_bucket, http_server_request_duration_seconds_bucket, http_server_duration_milliseconds_bucket and 13 more.',
    );
  });

  test('what is not there is told with what was looked for', async () => {
    const entity = entityOf('ghost', { 'backstage.io/kubernetes-namespace': 'shop' });
    const view = await tested().call('views/signals', { entity });
    expect(view.items).toEqual([]);
    expect(view.note).toMatch(
      /^No series found; looked for service="ghost",namespace="shop"; .*; container="ghost" on main\.$/,
    );
    // The card of what names nothing is none.
    expect(await tested().call('views/signals', { entity: entityOf('ghost') })).toEqual({ model: 'stat', items: [] });
    const elsewhere = entityOf('payments', { 'prometheus.io/service-name': 'other' });
    expect((await tested().call('views/signals', { entity: elsewhere })).note).toBe(
      'No server has the name other, which the annotation prometheus.io/service-name says. There are main.',
    );
  });

  test('queries of the annotation are drawn, grouped by their label', async () => {
    const rule = 'rate(http_requests_total[5m])|code,process_cpu_seconds_total,not a query';
    const entity = entityOf('payments', { 'prometheus.io/rule': rule });
    const first = await tested().call('views/rule-1', { entity });
    expect(first.series.map(({ name, points }: any) => [name, points.at(-1).y])).toEqual([
      ['200', 10],
      ['500', 0.5],
    ]);
    const second = await tested().call('views/rule-2', { entity });
    expect(second.series.map(({ name }: any) => name)).toEqual(['job=shop/payments, service=payments']);
    await expect(tested().call('views/rule-3', { entity })).rejects.toThrow(
      /^main \(.*\) refuses the query: .*Correct the query/s,
    );
    expect((await tested().call('views/rule-4', { entity })).note).toBe(
      'The annotation prometheus.io/rule has no query 4.',
    );
  });

  test('an objective for everybody burns by the errors', async () => {
    const view = await tested().call('views/burn', { entity: entityOf('payments') });
    expect(figures(view)).toEqual([
      ['requests without errors: burn over 1h', 4.762, '×', 'warning'],
      ['requests without errors: burn over 6h', 4.762, '×', 'warning'],
      ['requests without errors: burn over 3d', 4.762, '×', 'warning'],
    ]);
  });

  test('a query of one’s own takes the place of the built-in ones', async () => {
    const query = 'sum by (code) (increase(http_requests_total{{selector}}[{window}]))';
    const { url } = far();
    const own = await start(far(), {
      servers: [{ name: 'main', url }],
      signals: [{ signal: 'rate', title: 'Orders', unit: 'in 5 min', query }],
    });
    const view = await own.call('views/rate', { entity: entityOf('payments') });
    expect([view.title, view.unit, view.series.map(({ name }: any) => name)]).toEqual([
      'Orders',
      'in 5 min',
      ['code=200', 'code=500'],
    ]);
    expect(view.series[0].points.at(-1).y).toBeCloseTo(3000);
  });
}

/** What holds of a Prometheus with an Alertmanager. */
function showsAlerts(tested: () => TestedPlugin, given: () => Far) {
  test('alerts have their state and since when, the Alertmanager knows what is silenced', async () => {
    const view = await tested().call('views/alerts', { entity: entityOf('payments') });
    const far = given();
    const page = (name: string) =>
      `${far.alertmanagerUrl}/#/alerts?filter=${encodeURIComponent(`{alertname="${name}"}`)}`;
    const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(view.rows).toEqual([
      {
        alert: { text: 'TooManyErrors', href: page('TooManyErrors') },
        state: { text: 'firing', tone: 'bad' },
        severity: 'page',
        since,
        summary: { text: 'Payments fail', href: 'https://runbooks.example.com/payments' },
        server: 'main',
      },
      {
        alert: { text: 'DiskFillsUp', href: `${far.url}/alerts` },
        state: { text: 'pending', tone: 'warning' },
        severity: 'ticket',
        since,
        summary: 'The disk fills up',
        server: 'main',
      },
      {
        alert: { text: 'Hushed', href: page('Hushed') },
        state: { text: 'silenced', tone: 'neutral' },
        severity: 'page',
        since,
        summary: 'Known for long',
        server: 'main',
      },
    ]);
    const named = { 'prometheus.io/alert': 'NeverTrue,OrdersAreLate' };
    const chosen = await tested().call('views/alerts', { entity: entityOf('payments', named) });
    expect(chosen.rows.map(({ alert, state }: any) => [alert.text, state.text])).toEqual([
      ['OrdersAreLate', 'firing'],
      ['NeverTrue', 'inactive'],
    ]);
    const all = { 'prometheus.io/alert': 'all', 'prometheus.io/labels': 'service=orders' };
    const filtered = await tested().call('views/alerts', { entity: entityOf('payments', all) });
    expect(filtered.rows.map(({ alert }: any) => alert.text)).toEqual(['OrdersAreLate', 'NeverTrue']);
    const none = await tested().call('views/alerts', { entity: entityOf('ghost') });
    expect(none.note).toBe(
      'No alert is active; looked for alerts whose service, service_name, job, app, app_kubernetes_io_name, deployment, container is ghost among 5 rules on main.',
    );
  });

  test('the column counts what fires', async () => {
    const entities = [
      entityOf('payments'),
      entityOf('ghost'),
      entityOf('calm', { 'prometheus.io/alert': 'NeverTrue' }),
    ];
    const { cells } = await tested().call('columns/alerts', { entities });
    expect(cells).toEqual({
      'component:default/payments': {
        text: '1 firing',
        tone: 'bad',
        hint: expect.stringMatching(/^TooManyErrors since .*; DiskFillsUp since /),
      },
      'component:default/calm': { text: 'quiet', tone: 'good' },
    });
  });

  test('the test of the connection says what was found', async () => {
    const far = given();
    const configuration = { servers: [{ name: 'main', url: far.url, alertmanagerUrl: far.alertmanagerUrl }] };
    const { items } = await tested().call('connections/servers', { configuration });
    expect(items.map(({ title, state }: any) => [title, state])).toEqual([
      ['main: queries', 'warning'],
      ['main: version', 'good'],
      ['main: rules', 'good'],
      ['main: Alertmanager', 'good'],
    ]);
    expect(items[2].message).toBe('It knows 5 alerting rules.');
    expect(items[3].message).toBe('It answers and has 3 alerts.');
    const swapped = { servers: [{ name: 'main', url: far.alertmanagerUrl }] };
    const wrong = await tested().call('connections/servers', { configuration: swapped });
    expect(wrong.items).toEqual([
      {
        title: 'main: queries',
        state: 'bad',
        message: expect.stringMatching(/^main \([\w.:]+\) /),
        fix: 'Check the address: it is the one that stands before /api.',
      },
    ]);
  });
}

const hasPrometheus = Boolean(prometheus && promtool && alertmanager);

async function startReal(): Promise<Far> {
  const servers = await startPrometheus({
    prometheus: prometheus!,
    promtool: promtool!,
    alertmanager: alertmanager!,
  });
  const far = { ...servers, fetch: realFetch };
  return process.env['RECORD'] ? recording(far) : far;
}

/** Starts at once, beside the others: it needs a while to show what it was given. */
let victoriaStarts: ReturnType<typeof startVictoriaMetrics> | undefined;
beforeAll(() => {
  victoriaStarts = victoria && vmalert ? startVictoriaMetrics(victoria, vmalert) : undefined;
  victoriaStarts?.catch(() => undefined);
});

describe.each([
  ['a real Prometheus and Alertmanager', hasPrometheus, startReal],
  ['recorded answers of Prometheus 2.42.0 and Alertmanager 0.25.0', !process.env['RECORD'], async () => replayed()],
] as const)('with %s', (_title, isThere, begin) => {
  describe.skipIf(!isThere)('it shows', () => {
    let far: Far;
    let tested: TestedPlugin;
    beforeAll(async () => {
      far = await begin();
      const server = { name: 'main', url: `${far.url}/`, alertmanagerUrl: far.alertmanagerUrl };
      tested = await start(far, { servers: [server], objective: 99 });
    });
    afterAll(() => far?.stop());
    showsSignals(
      () => tested,
      () => far,
    );
    showsAlerts(
      () => tested,
      () => far,
    );
  });
});

describe.skipIf(!victoria || !vmalert)('with a real VictoriaMetrics and vmalert it shows', () => {
  let far: Far & { rulesUrl: string };
  let tested: TestedPlugin;
  beforeAll(async () => {
    far = { ...(await victoriaStarts!), alertmanagerUrl: '', fetch: realFetch };
    tested = await start(far, { servers: [{ name: 'main', url: far.url }], objective: 99 });
  });
  afterAll(() => far?.stop());

  showsSignals(
    () => tested,
    () => far,
  );

  test('alerts of vmalert with their state', async () => {
    const { url, rulesUrl } = far;
    const own = await start(far, { servers: [{ name: 'main', url, rulesUrl }] });
    const view = await own.call('views/alerts', { entity: entityOf('payments') });
    const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    const href = `${rulesUrl}/`;
    expect(view.rows.map(({ alert, state, since: at }: any) => [alert, state.text, at])).toEqual([
      [{ text: 'Hushed', href }, 'firing', since],
      [{ text: 'TooManyErrors', href }, 'firing', since],
      [{ text: 'DiskFillsUp', href }, 'pending', since],
    ]);
  });

  test('no rules without vmalert, which the test of the connection says', async () => {
    const look = async (more: object) => {
      const configuration = { servers: [{ name: 'main', url: far.url, ...more }] };
      return (await tested.call('connections/servers', { configuration })).items;
    };
    const items = await look({});
    expect(items.map(({ title, state }: any) => [title, state])).toEqual([
      ['main: queries', 'warning'],
      ['main: version', 'good'],
      ['main: rules', 'warning'],
    ]);
    expect((await look({ rulesUrl: far.rulesUrl }))[2].message).toBe('It knows 5 alerting rules.');
    expect(items[2].fix).toBe('With VictoriaMetrics, give the address of vmalert as the address of the rules.');
  });
});
