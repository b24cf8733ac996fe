import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';

/** Answers of a healthy far side, of both kinds. */
function healthy(url: URL): unknown {
  const now = Date.now() / 1000;
  const query = url.searchParams.get('query') ?? '';
  if (url.pathname === '/api/search')
    return [{ uid: 'p', title: 'Payments', url: '/d/p/p', tags: ['payments'], folderTitle: 'Shop', type: 'dash-db' }];
  if (url.pathname.endsWith('/api/v1/rules')) return { status: 'success', data: { groups: [] } };
  const result = url.pathname.endsWith('query_range')
    ? [{ metric: {}, values: [[Math.floor(now), '7']] }]
    : [
        query.includes('by (__name__)')
          ? { metric: { __name__: 'http_requests_total', evidence: 'service' }, value: [now, '2'] }
          : { metric: { evidence: 'service' }, value: [now, '2'] },
      ];
  return { status: 'success', data: { result } };
}

type Fault = (response: ServerResponse) => void;
const html = '<html>Please sign in</html>';
const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (response) => {
    response.writeHead(code, headers).end('{}');
  };
/** What goes wrong, and what is said of it. */
const faults: [title: string, fault: Fault | 'refused', said: RegExp][] = [
  ['refused', 'refused', /cannot be reached: nothing listens there/],
  ['reset', (response) => response.destroy(), /cannot be reached: the connection was/],
  ['401', status(401), /does not take the (credentials|token)/],
  ['403', status(403), /forbids this to these credentials|does not give the token this right/],
  ['404', status(404), /knows no such address\. Check the address/],
  ['429', status(429, { 'retry-after': '120' }), /limits calls\. Wait; the portal asks again by itself/],
  ['500', status(500), /answered 500\. Look at its state/],
  [
    'half a body',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"status":', () => response.destroy());
    },
    /cannot be reached: the connection was closed before the answer was complete|cannot be reached: the connection was reset/,
  ],
  ['no end', (response) => response.writeHead(200).flushHeaders(), /It takes long to answer\./],
  [
    'wrong content type',
    (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(html),
    /something that is no JSON \(text\/html\)/,
  ],
  [
    'nonsense',
    (response) => void response.end('{"status":"success","data":7}'),
    /answered, but not as (Prometheus|Grafana) does/,
  ],
  [
    '100 MB',
    (response) => void response.writeHead(200, { 'content-length': '104857600' }).write(Buffer.alloc(65_536, 32)),
    /is larger than 16777216 bytes/,
  ],
];

let portal: TestPortal;
let far: Server;
let port = 0;
let fault: Fault | undefined;
const component = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name} }\nspec: { type: service, lifecycle: production, owner: crew }\n`;
const listen = () =>
  new Promise<void>((resolve) => {
    far.listen(port, '127.0.0.1', resolve);
  });
const stopListening = () =>
  new Promise<void>((resolve) => {
    far.close(() => resolve());
    far.closeAllConnections();
  });
const views = ['prometheus/views/signals', 'prometheus/views/rate', 'grafana/views/dashboards'];
const show = async (view: string, name = 'payments') =>
  portal.get(`/api/plugins/${view}?entity=component:default/${name}&fresh=true`);
/** So much later: what is kept counts as old. Timers are left as they are. */
const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
const content = ({ items, series }: any) => items ?? series;

beforeAll(async () => {
  far = createServer((request, response) => {
    if (fault) return fault(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(healthy(new URL(request.url!, 'http://far'))));
  });
  await listen();
  ({ port } = far.address() as AddressInfo);
  const url = `http://127.0.0.1:${port}`;
  portal = await testPortal({
    place: {},
    files: { 'catalog-info.yaml': `${component('payments')}---\n${component('unseen')}` },
    config: `
catalog: { locations: [{ type: file, target: . }] }
plugins:
  settings:
    prometheus: { servers: [{ name: main, url: '${url}', token: hawser }] }
    grafana: { hosts: [{ id: main, url: '${url}', token: bowline }] }
`,
  });
  for (const id of ['prometheus', 'grafana'])
    expect((await portal.send('POST', `/api/admin/plugins/${id}/enable`)).body.state).toBe('enabled');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterAll(async () => {
  vi.useRealTimers();
  await portal?.stop();
  await stopListening();
});
afterEach(() => {
  fault = undefined;
});

test.each(faults)(
  '%s: what is known is shown with its age and what is wrong, and follows by itself',
  async (_title, wrong, said) => {
    const before = new Map<string, any>();
    for (const view of views) {
      await eventually(async () => {
        const { body } = await show(view);
        expect(body.view?.note ?? '').not.toMatch(/Not up to date/);
        expect(content(body.view), view).toHaveLength(1);
        before.set(view, body.view);
      });
    }
    const known = Date.now();
    if (wrong === 'refused') await stopListening();
    else fault = wrong;
    later(10 * 60_000);
    for (const view of views)
      await eventually(async () => {
        const { status: code, body } = await show(view);
        expect(code).toBe(200);
        expect(content(body.view)).toEqual(content(before.get(view)));
        expect(body.view.note).toMatch(/Not up to date since \d{4}-\d\d-\d\d \d\d:\d\d UTC: /);
        expect(body.view.note).toMatch(said);
        expect(Date.parse(body.view.asOf)).toBeLessThanOrEqual(known);
      }, 15_000);
    fault = undefined;
    if (wrong === 'refused') await listen();
    else far.closeAllConnections();
    later(60_000);
    for (const view of views)
      await eventually(async () => {
        const { body } = await show(view);
        expect(body.view.note).not.toMatch(/Not up to date/);
        expect(body.view.asOf).toBeUndefined();
      }, 15_000);
  },
);

test('what was never known is said in words, with the next step, and without a stack', async () => {
  fault = status(401);
  later(10 * 60_000);
  const { status: code, body } = await show('prometheus/views/signals', 'unseen');
  expect(code).toBe(503);
  expect(body.error).toMatchObject({
    code: 'PLUGINS_FAILED',
    message: `Plugin 'prometheus' 0.1.0 failed at views/signals: main (127.0.0.1:${port}) does not take the credentials. Set a token, or user name and password, that it or the proxy before it takes.`,
  });
  expect(JSON.stringify(body)).not.toMatch(/hawser|\.ts:\d/);
});

test('the test of a connection names what is missing: the network, the certificate, the token', async () => {
  const check = async (plugin: string, configuration: object) =>
    (await portal.send('POST', `/api/admin/plugins/${plugin}/test`, { configuration })).body.items[0];
  const servers = (url: string) => ({ servers: [{ name: 'main', url }] });
  expect(await check('prometheus', servers(`https://127.0.0.1:${port}`))).toMatchObject({
    title: 'main: queries',
    state: 'bad',
    message: expect.stringMatching(/^127\.0\.0\.1:\d+ cannot be trusted: /),
    fix: expect.stringContaining('into the field Certificate authority'),
  });
  expect(await check('prometheus', servers('http://127.0.0.1:9'))).toMatchObject({
    state: 'bad',
    message: expect.stringContaining('nothing listens there'),
  });
  expect(await check('prometheus', servers(`http://127.0.0.1:${port}/api/v1/`))).toMatchObject({ state: 'good' });
  fault = status(401);
  expect(await check('grafana', { hosts: [{ id: 'main', url: `http://127.0.0.1:${port}` }] })).toMatchObject({
    state: 'bad',
    message: `main (127.0.0.1:${port}) does not take the token`,
    fix: expect.stringContaining('Make a service account with the role Viewer'),
  });
});
