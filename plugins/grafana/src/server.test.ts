import { testPlugin } from '@callboard/plugin-api/testing';
import { expect, test } from 'vitest';
import { selectorOf } from './selector.ts';
import plugin from './server.ts';
import { dashboard, dashboards, rules } from './testing/grafana.ts';

const configuration = {
  hosts: [
    { id: 'main', url: 'https://grafana.example.com/g/', token: 'glsa_x', domain: 'https://monitoring.example.com/g' },
  ],
};
type Answer = { status?: number; headers?: Record<string, string>; body: any };
const start = (answers: Record<string, Answer> = {}, settings: object = {}, given: object = configuration) => {
  const asked: { url: string; headers: Record<string, string> }[] = [];
  const tested = testPlugin(plugin, {
    configuration: given as never,
    settings: settings as never,
    fetch(url, { headers = {} }) {
      asked.push({ url, headers });
      const path = new URL(url).pathname.replace(/^\/g/, '');
      const usual: Record<string, Answer> = {
        '/api/search': { body: dashboards },
        '/api/prometheus/grafana/api/v1/rules': { body: rules },
        '/api/health': { body: { commit: 'x', database: 'ok', version: '12.4.0' } },
      };
      return answers[path] ?? usual[path];
    },
  });
  return { tested, asked };
};
const entityOf = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, annotations },
  spec: { type: 'service' },
});

test.each([
  ['payments', ['pay', 'old']],
  ["tags @> 'payments'", ['pay', 'old']],
  ["tags @> 'payments' && title != 'Old'", ['pay']],
  ['!(tags @> "payments") && (folderTitle == "payments" || isStarred == true)', ['slow']],
  ["folderTitle == 'Shop' && tags @> 'gold' || uid == 'else'", ['pay', 'else']],
  ["!isStarred && title == 'Orders'", ['else']],
])('the selector %s', (text, uids) => {
  const isMeant = selectorOf(text);
  expect(dashboards.filter(isMeant).map(({ uid }) => uid)).toEqual(uids);
});

test.each([
  ["tags @> 'a' &&", /something is missing at its end/],
  ["(tags @> 'a'", /a bracket is not closed/],
  ["tags @> 'a' 'b'", /something left over/],
  ["constructor == 'a'", /constructor is none of id, uid, title/],
  ['tags; process.exit()', /something is wrong at ';/],
  ["&& 'a'", /&& stands where a value is needed/],
])('the selector %s is refused', (text, message) => {
  expect(() => selectorOf(text)).toThrow(message);
});

test('dashboards come by the selector, the overview first, with links for people', async () => {
  const { tested, asked } = start();
  const entity = entityOf('payments', {
    'grafana/dashboard-selector': "tags @> 'payments' && title != 'Old'",
    'grafana/overview-dashboard': 'https://monitoring.example.com/d/home',
  });
  expect(await (await tested).call('views/dashboards', { entity })).toEqual({
    model: 'links',
    items: [
      { title: 'Overview', href: 'https://monitoring.example.com/d/home', icon: 'activity' },
      {
        title: 'Payments overview',
        href: 'https://monitoring.example.com/g/d/pay/pay',
        icon: 'chart-line',
        description: 'Shop · #payments #gold',
      },
    ],
    note: "Found by tags @> 'payments' && title != 'Old' (annotation grafana/dashboard-selector).",
  });
  expect(asked).toEqual([
    {
      url: 'https://grafana.example.com/g/api/search?type=dash-db&limit=1000&page=1',
      headers: { accept: 'application/json', authorization: 'Bearer glsa_x' },
    },
  ]);
});

test('without annotations there is evidence, or what was looked for; one list serves all', async () => {
  const { tested, asked } = start();
  const call = async (name: string, annotations?: Record<string, string>) =>
    (await tested).call('views/dashboards', { entity: entityOf(name, annotations) });
  const found = await call('payments');
  expect(found.items.map(({ title }: any) => title)).toEqual(['Payments overview', 'Slow queries', 'Old']);
  expect(found.note).toBe('Found by the tag, folder or title payments.');
  // One that names nothing, and that has nothing, has no card.
  expect(await call('ghost')).toEqual({ model: 'links', items: [] });
  expect(await call('ghost', { 'grafana/tag-selector': 'sirens' })).toEqual({
    model: 'links',
    items: [],
    note: 'No dashboard found; looked for sirens (annotation grafana/tag-selector) among 4 on main.',
  });
  expect((await call('ghost', { 'grafana/tag-selector': 'orders' })).items).toHaveLength(1);
  expect((await call('ghost', { 'grafana/dashboard-selector': '((' })).note).toBe(
    "The selector '((' is not understood: something is missing at its end. Correct the annotation.",
  );
  expect((await call('ghost', { 'grafana/overview-dashboard': 'javascript:alert(1)' })).note).toMatch(
    /^The annotation grafana\/overview-dashboard is no address: javascript/,
  );
  expect(asked).toHaveLength(1);
});

test('alerts have the state of their rule and since when, the worst first', async () => {
  const { tested } = start();
  const view = await (await tested).call('views/alerts', { entity: entityOf('payments') });
  expect(view.rows.map(({ alert, state, since }: any) => [alert.text, state.text, state.tone, since])).toEqual([
    ['Failing', 'firing', 'bad', '2026-11-22T09:00:00.000Z'],
    ['Wrong', 'error', 'bad', null],
    ['Blind', 'no data', 'warning', '2026-11-22T08:00:00.000Z'],
    ['Resting', 'paused', 'neutral', null],
    ['Slow', 'normal', 'good', null],
  ]);
  expect(view.rows[0]).toMatchObject({
    alert: { href: 'https://monitoring.example.com/g/alerting/grafana/uid-Failing/view' },
    summary: 'Failing it is',
    folder: 'Shop',
  });
  expect(view.rows[3].alert.href).toBe('https://monitoring.example.com/g/alerting/list?search=rule%3A%22Resting%22');
  const selected = entityOf('anything', { 'grafana/alert-label-selector': 'team=shop, pod=a' });
  const own = await (await tested).call('views/alerts', { entity: selected });
  expect(own.rows.map(({ alert, state }: any) => [alert.text, state.text])).toEqual([
    ['Failing', 'firing'],
    ['PerPod', 'pending'],
  ]);
  const alertsOf = async (annotations?: Record<string, string>) =>
    (await tested).call('views/alerts', { entity: entityOf('ghost', annotations) });
  expect(await alertsOf()).toEqual({ model: 'table', columns: expect.any(Array), rows: [] });
  expect((await alertsOf({ 'grafana/alert-label-selector': 'team=sirens' })).note).toBe(
    'No alert found; looked for team=sirens (annotation grafana/alert-label-selector) among 6 on main.',
  );
});

test('more dashboards than a page has are all read', async () => {
  const many = Array.from({ length: 1000 }, (_, index) => dashboard(`d${index}`, `Dashboard ${index}`, ['many']));
  const tested = await testPlugin(plugin, {
    configuration,
    fetch: (url) => ({ body: new URL(url).searchParams.get('page') === '1' ? many : dashboards }),
  });
  const view = await tested.call('views/dashboards', {
    entity: entityOf('x', { 'grafana/dashboard-selector': 'orders' }),
  });
  expect(view.items.map(({ title }: any) => title)).toEqual(['Orders']);
});

test('Backstage’s keys are read', async () => {
  const settings = {
    grafana: { domain: 'https://people.example.com' },
    proxy: {
      endpoints: {
        '/grafana/api': { target: 'https://inside.example.com/', headers: { Authorization: 'Bearer glsa_b' } },
      },
    },
  };
  const { tested, asked } = start({}, settings, {});
  const view = await (await tested).call('views/dashboards', { entity: entityOf('orders') });
  expect(view.items[0].href).toBe('https://people.example.com/d/else/else');
  expect(asked[0]).toEqual({
    url: 'https://inside.example.com/api/search?type=dash-db&limit=1000&page=1',
    headers: { accept: 'application/json', authorization: 'Bearer glsa_b' },
  });
  const none = start({}, {}, {});
  expect((await (await none.tested).call('views/alerts', { entity: entityOf('x') })).note).toBe(
    'No Grafana is configured. An administrator can add one in Admin → Plugins → Grafana.',
  );
});

test('the test of the connection says what the token lacks', async () => {
  const good = start();
  expect((await (await good.tested).call('connections/hosts', { configuration })).items).toEqual([
    { title: 'main: Grafana', state: 'good', message: 'It answers as Grafana 12.4.0.' },
    { title: 'main: dashboards', state: 'good', message: 'The token sees 4 dashboards.' },
    { title: 'main: alerts', state: 'good', message: 'The token sees 6 alert rules.' },
  ]);
  const poor = start({
    '/api/search': { body: [] },
    '/api/prometheus/grafana/api/v1/rules': {
      status: 403,
      body: {
        title: 'Access denied',
        message: "You'll need additional permissions to perform this action. Permissions needed: alert.rules:read",
      },
    },
  });
  const account =
    'Make a service account with the role Viewer in Grafana → Administration → Service accounts, and give its token here.';
  expect((await (await poor.tested).call('connections/hosts', { configuration })).items.slice(1)).toEqual([
    {
      title: 'main: dashboards',
      state: 'warning',
      message: 'The token sees no dashboard.',
      fix: 'Give its service account the role Viewer, or the right to view the folders that matter.',
    },
    {
      title: 'main: alerts',
      state: 'bad',
      message:
        "main (grafana.example.com) does not give the token this right: You'll need additional permissions to perform this action. Permissions needed: alert.rules:read",
      fix: account,
    },
  ]);
  const refused = start({ '/api/search': { status: 401, body: { message: 'Invalid API key' } } });
  expect((await (await refused.tested).call('connections/hosts', { configuration })).items[1]).toEqual({
    title: 'main: dashboards',
    state: 'bad',
    message: 'main (grafana.example.com) does not take the token: Invalid API key',
    fix: account,
  });
});
