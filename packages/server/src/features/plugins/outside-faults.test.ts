/** Plugins of outside systems in a portal, with a far side that does what far sides do: what is known stays, what is wrong is said, and it recovers. */
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { certificate, key, otherCertificate, otherKey } from '../../testing/certificate.ts';
import { type TestPortal, testPortal } from '../../testing/portal.ts';
import { healthyAnswer } from './testing/far-sides.ts';

// What is asked again after seconds is asked again after a moment: clusters that fail, and deployments right after their start.
vi.mock('../../../../../plugins/kubernetes/src/follow.ts', async (original) => ({
  ...(await original<object>()),
  usualTiming: { firstMs: 100, longestMs: 400, absentMs: 600_000, watchSeconds: 290 },
}));
vi.mock('../../../../../plugins/deployments/src/server.ts', async () => {
  const { deployments } = await vi.importActual<any>('../../../../../plugins/deployments/src/plugin.ts');
  return { default: deployments({ firstMs: 100 }) };
});

type Fault = (response: ServerResponse) => void;
const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (response) => {
    response.writeHead(code, headers).end('{}');
  };
const isOfCluster = ({ req }: ServerResponse) => req.url!.startsWith('/kubernetes/');
const held: ServerResponse[] = [];
/** What goes wrong, and what is said of it. */
const faults: [title: string, fault: Fault | 'refused' | 'untrusted', said: RegExp][] = [
  ['refused', 'refused', /nothing listens there/],
  ['reset', (response) => response.destroy(), /the connection was/],
  ['a certificate of somebody else', 'untrusted', /cannot be trusted/],
  ['401', status(401), /does not take the|takes no token|does not accept the/],
  ['403', status(403), /may not|forbids|refuses|right/],
  ['404', status(404), /has no|knows no such|no such thing|nothing at/],
  [
    '429',
    // Clusters are left alone for as long as they say, whatever the clock of the test shows.
    (response) => status(429, { 'retry-after': isOfCluster(response) ? '1' : '120' })(response),
    /limit|no more calls|too many calls|fewer calls|alone until/,
  ],
  ['500', status(500), /answered 500|with status 500|fault is on its side/],
  [
    'half a body',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"status":', () => response.destroy());
    },
    /the connection was/,
  ],
  // It is answered never: what is shown meanwhile did not wait for it.
  ['slow', (response) => void held.push(response), /long/],
  [
    'a sign-in page',
    (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>'),
    /no JSON|not JSON|no Kubernetes API/,
  ],
  [
    '100 MB',
    (response) => void response.writeHead(200, { 'content-length': '104857600' }).write(Buffer.alloc(65_536, 32)),
    /is larger than|no Kubernetes API/,
  ],
];

let portal: TestPortal;
let port = 0;
let fault: Fault | undefined;
const sockets = new Set<Duplex>();
const far = createServer({ key, cert: certificate }, (request, response) => {
  if (fault) return fault(response);
  const url = new URL(request.url!, 'http://far');
  const found = healthyAnswer(url);
  response.setHeader('content-type', 'application/json');
  // A watch goes on until something happens.
  if (url.searchParams.has('watch')) return response.flushHeaders();
  response.statusCode = found === undefined ? 404 : 200;
  response.end(JSON.stringify(found ?? {}));
});
far.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
});
far.on('tlsClientError', () => undefined);
const hangUp = () => {
  for (const socket of sockets) socket.destroy();
};
const listen = () => new Promise<void>((resolve) => far.listen(port, 'localhost', resolve));
const stopListening = () =>
  new Promise<void>((resolve) => {
    far.close(() => resolve());
    hangUp();
  });
const entity = (name: string) => `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
  annotations:
    github.com/project-slug: acme/pay
    gitlab.com/project-slug: acme/pay
    backstage.io/source-location: url:https://localhost:${port}/gitea/acme/pay/src/branch/main/
    unleash.io/project-id: fleet
spec: { type: service, lifecycle: production, owner: crew }
`;
const views = [
  'github/repository',
  'gitlab/repository',
  'gitea/repository',
  'ci/runs',
  'prometheus/signals',
  'prometheus/rate',
  'grafana/dashboards',
  'deployments/history',
  'feature-flags/flags',
  'kubernetes/summary',
  'kubernetes/workloads',
];
const show = async (view: string, how = '', name = 'pay') =>
  portal.get(`/api/plugins/${view.replace('/', '/views/')}?entity=component:default/${name}${how}`);
/** Ten minutes later: what is kept counts as old. Timers are left as they are, so what is done at intervals is begun anew. */
async function later(): Promise<void> {
  vi.setSystemTime(Date.now() + 600_000);
  for (const what of ['disable', 'enable']) await portal.send('POST', `/api/admin/plugins/deployments/${what}`);
}
const content = ({ items, series, rows }: any) => rows ?? series ?? items;
const wrongIn = ({ view, problem }: any): string =>
  [problem && `since ${problem.since.slice(0, 16).replace('T', ' ')} UTC: ${problem.message}`, view?.note]
    .filter(Boolean)
    .join(' ');
const since = /since \d{4}-\d\d-\d\d \d\d:\d\d UTC/;

beforeAll(async () => {
  // Before anything takes the clock.
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true });
  await listen();
  ({ port } = far.address() as AddressInfo);
  const at = (path: string) => `https://localhost:${port}/${path}`;
  const [token, certificateAuthority, ca] = ['hawser', certificate, certificate];
  const settings = {
    github: { hosts: [{ host: 'github.example', apiBaseUrl: at('github'), token, certificate }] },
    gitlab: { hosts: [{ host: 'gitlab.example', baseUrl: at('gitlab'), token, certificate }] },
    gitea: { hosts: [{ host: `localhost:${port}`, baseUrl: at('gitea'), token, certificate }] },
    ci: { hosts: [{ type: 'github', address: at('ci'), apiUrl: at('ci'), token, ca }] },
    prometheus: { servers: [{ name: 'main', url: at('prometheus'), token, certificateAuthority }] },
    grafana: { hosts: [{ id: 'main', url: at('grafana'), token, certificateAuthority }] },
    deployments: { github: [{ address: at('deployments'), apiUrl: at('deployments'), token, ca }] },
    'feature-flags': { providers: [{ address: at('unleash'), token, ca }] },
    kubernetes: { clusters: [{ name: 'main', url: at('kubernetes'), token, caData: ca }] },
  };
  portal = await testPortal({
    place: {},
    files: { 'catalog-info.yaml': `${entity('pay')}---\n${entity('unseen')}` },
    config: JSON.stringify({
      catalog: { locations: [{ type: 'file', target: '.' }] },
      plugins: { settings },
    }),
  });
  for (const id of Object.keys(settings))
    expect((await portal.send('POST', `/api/admin/plugins/${id}/enable`)).body.state).toBe('enabled');
});
afterAll(async () => {
  vi.useRealTimers();
  await portal?.stop();
  await stopListening();
});

/** The far sides do what they should again. */
async function heal(): Promise<void> {
  fault = undefined;
  far.setSecureContext({ key, cert: certificate });
  if (!far.listening) await listen();
  hangUp();
  held.length = 0;
}
afterEach(heal);

/** Looks at every view until all are as they should be; the clock moves on from look to look. */
async function untilAll(isAsIt: (view: string, body: any) => string | undefined): Promise<void> {
  const end = performance.now() + 40_000;
  for (;;) {
    const wrong = await Promise.all(
      views.map(async (view) => {
        const { body } = await show(view, '&fresh=true');
        return isAsIt(view, body) ?? [];
      }),
    );
    if (wrong.flat().length === 0) return;
    if (performance.now() > end) expect(wrong.flat()).toEqual([]);
    await later();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
const isWell = (view: string, body: any) =>
  since.test(wrongIn(body)) || !content(body.view)?.length ? `${view}: ${wrongIn(body)}` : undefined;

test.each(faults)(
  '%s: what is known is shown with what is wrong since when, and follows by itself',
  async (title, wrong, said) => {
    // That a repository is not there is an answer of these, and no fault.
    const isGone = (view: string) => title === '404' && /^git(lab|ea)\//.test(view);
    // These say it when their own limit of 8 to 20 seconds is over.
    const isSilent = (view: string) => title === 'slow' && /^(ci|deployments|feature-flags|kubernetes)\//.test(view);
    await untilAll(isWell);
    const before = new Map<string, any>();
    for (const view of views) before.set(view, content((await show(view)).body.view));
    if (wrong === 'refused') await stopListening();
    else if (wrong === 'untrusted') far.setSecureContext({ key: otherKey, cert: otherCertificate });
    else fault = wrong;
    hangUp();
    await later();
    const shown = await Promise.all(views.map((view) => show(view)));
    for (const [index, view] of views.entries()) {
      expect(shown[index]!.status, view).toBe(200);
      if (!isGone(view)) expect(content(shown[index]!.body.view), view).toEqual(before.get(view));
    }
    await untilAll((view, body) => {
      if (!isGone(view)) expect(content(body.view), view).toEqual(before.get(view));
      if (isSilent(view)) return undefined;
      const told = wrongIn(body);
      return (isGone(view) || since.test(told)) && said.test(told) ? undefined : `${view}: ${told}`;
    });
    if (title === 'slow') expect(held.length).toBeGreaterThan(0);
    await heal();
    await later();
    await untilAll(isWell);
  },
  200_000,
);

test('what was never known is said in words, with the next step, and without a stack', async () => {
  fault = status(401);
  await later();
  const { status: code, body } = await show('prometheus/signals', '&fresh=true', 'unseen');
  expect(code).toBe(503);
  expect(body.error).toMatchObject({
    code: 'PLUGINS_FAILED',
    message: `Plugin 'prometheus' 0.1.0 failed at views/signals: main (localhost:${port}) does not take the credentials. Set a token, or user name and password, that it or the proxy before it takes.`,
  });
  expect(JSON.stringify(body)).not.toMatch(/hawser|\.ts:\d/);
});

test('the test of a connection names what is missing: the network, the certificate, the token', async () => {
  const check = async (plugin: string, configuration: object) =>
    (await portal.send('POST', `/api/admin/plugins/${plugin}/test`, { configuration })).body.items[0];
  const servers = (url: string) => ({ servers: [{ name: 'main', url }] });
  expect(await check('prometheus', servers(`https://localhost:${port}`))).toMatchObject({
    title: 'main: queries',
    state: 'bad',
    message: expect.stringMatching(/^localhost:\d+ cannot be trusted: /),
    fix: expect.stringContaining('into the field Certificate authority'),
  });
  expect(await check('prometheus', servers('http://127.0.0.1:9'))).toMatchObject({
    state: 'bad',
    message: expect.stringContaining('nothing listens there'),
  });
  const main = { name: 'main', url: `https://localhost:${port}/prometheus/api/v1/`, certificateAuthority: certificate };
  expect(await check('prometheus', { servers: [main] })).toMatchObject({ state: 'good' });
  fault = status(401);
  expect(
    await check('grafana', {
      hosts: [{ id: 'main', url: `https://localhost:${port}`, certificateAuthority: certificate }],
    }),
  ).toMatchObject({
    state: 'bad',
    message: `main (localhost:${port}) does not take the token`,
    fix: expect.stringContaining('Make a service account with the role Viewer'),
  });
});

test('the test of a connection says that the far side is not what it should be', async () => {
  const url = `https://localhost:${port}`;
  const [token, ca] = ['hawser', certificate];
  const host = { host: `localhost:${port}`, baseUrl: url, token, certificate };
  const of = (type: string) => ({ hosts: [{ type, address: url, apiUrl: url, token, username: 'bot', ca }] });
  const asked: [plugin: string, configuration: object, message: string][] = [
    ['gitlab', { hosts: [host] }, `There is no API of GitLab at ${url}/api/v4`],
    ['gitea', { hosts: [host] }, `There is no API of Gitea at ${url}/api/v1`],
    ['ci', of('github'), `localhost:${port} has no API of GitHub at this address, or the token may not see it`],
    ['ci', of('gitlab'), `localhost:${port} has no API of GitLab at this address, or the token may not see it`],
    ['ci', of('gitea'), `localhost:${port} has no API of Gitea at this address`],
    ['ci', of('jenkins'), `localhost:${port} has no Jenkins at this address, or the token may not see it`],
    [
      'kubernetes',
      { clusters: [{ name: 'x', url, token, caData: ca }] },
      `There is no Kubernetes API at ${url}: it has no /version`,
    ],
    [
      'feature-flags',
      { providers: [{ address: url, token, ca }] },
      `localhost:${port} has no search of flags: it is no Unleash, or one older than 5.12`,
    ],
  ];
  fault = status(404);
  for (const [plugin, configuration, message] of asked) {
    const { body } = await portal.send('POST', `/api/admin/plugins/${plugin}/test`, { configuration });
    expect(body.items[0], plugin).toMatchObject({
      state: 'bad',
      message,
      fix: expect.stringMatching(/address|token/),
    });
  }
});
