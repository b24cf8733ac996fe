import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';

const entity = `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: pay, annotations: { github.com/project-slug: acme/pay, unleash.io/project-id: fleet } }
spec: { type: service, lifecycle: production, owner: crew }
`;
const hookSecret = 'a-secret-of-the-hook';
const runs = {
  workflow_runs: [
    {
      id: 302,
      name: 'Build',
      display_title: 'Tow by night',
      run_number: 2,
      run_attempt: 1,
      status: 'completed',
      conclusion: 'failure',
      head_branch: 'main',
      event: 'push',
      html_url: 'https://code.example.com/acme/pay/actions/runs/302',
      run_started_at: '2026-01-20T11:00:00Z',
      updated_at: '2026-01-20T11:01:30Z',
      triggering_actor: { login: 'mona' },
    },
  ],
};
const jobs = {
  jobs: [{ id: 7, name: 'test', conclusion: 'failure', steps: [{ name: 'Unit tests', conclusion: 'failure' }] }],
};
const deployment = {
  databaseId: 4,
  environment: 'production',
  commitOid: 'acb5820ced9479c074f688cc328bf03f341a511d',
  createdAt: '2026-02-04T10:00:00Z',
  ref: { name: 'v1.4.1' },
  creator: { login: 'mona' },
  latestStatus: { state: 'SUCCESS' },
};
const flag = {
  name: 'night-tow',
  type: 'release',
  project: 'fleet',
  stale: true,
  environments: [{ name: 'production', enabled: true, hasEnabledStrategies: true }],
};

/** What the far sides answer, by method and path. */
const answers: Record<string, unknown> = {
  'GET /repos/acme/pay/actions/runs': runs,
  'GET /repos/acme/pay/actions/runs/302/jobs': jobs,
  'GET /repos/acme/pay/actions/jobs/7/logs': '2026-01-20T11:00:41.0Z ##[error]Process completed with exit code 1.\n',
  'POST /repos/acme/pay/actions/runs/302/rerun-failed-jobs': {},
  'GET /rate_limit': { resources: {} },
  'GET /repos/acme/pay/deployments': [],
  'POST /graphql': { data: { repository: { deployments: { nodes: [deployment] } } } },
  'GET /api/admin/feature-types': { types: [] },
  'GET /api/admin/search/features': { features: [flag], total: 1 },
};

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  let address: string;
  let isWell = true;
  const asked: string[] = [];
  const far = createServer(({ method, url = '', headers }, response) => {
    const what = `${method} ${url.split('?')[0]}`;
    asked.push(what);
    if (!isWell) return void response.writeHead(500).end('out of order');
    if (!headers.authorization?.endsWith('sesame')) return void response.writeHead(401).end('{}');
    const found = answers[what];
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(typeof found === 'string' ? found : JSON.stringify(found ?? {}));
  });
  const view = async (plugin: string, id: string) =>
    (await portal.get(`/api/plugins/${plugin}/views/${id}?entity=component:default/pay&fresh=true`)).body;
  const configure = async (plugin: string, configuration: object) => {
    await portal.send('POST', `/api/admin/plugins/${plugin}/enable`);
    const saved = await portal.send('PUT', `/api/admin/plugins/${plugin}/configuration`, { configuration });
    expect(saved.status, JSON.stringify(saved.body)).toBe(200);
    expect(JSON.stringify(saved.body)).not.toMatch(/sesame|a-secret/);
    return (await portal.send('POST', `/api/admin/plugins/${plugin}/test`, {})).body.items;
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(far.address() as AddressInfo).port}`;
    portal = await testPortal({
      place: await place(),
      files: { 'catalog-info.yaml': entity },
      config: `catalog: { locations: [{ type: file, target: . }] }\nunleash: { url: '${address}', apiToken: sesame }\n`,
    });
  });
  afterAll(async () => {
    await portal.stop();
    far.closeAllConnections();
    far.close();
  });

  test('builds: configured by form, tried, shown, run again with a line in the audit, known when the host is down', async () => {
    const hosts = [{ type: 'github', address, apiUrl: address, token: 'sesame' }];
    expect((await configure('ci', { hosts })).map(({ message }: any) => message)).toEqual([
      'It answers and takes the token.',
      'Its runs can be read.',
    ]);
    const { view: table } = await view('ci', 'runs');
    expect(table.rows).toMatchObject([
      { status: { text: 'failed' }, failed: { text: 'test › Unit tests' }, duration: 90_000, by: 'mona' },
    ]);
    for (const id of ['summary', 'trend', 'failure']) expect((await view('ci', id)).stale, id).toBe(false);
    expect((await view('ci', 'failure')).view.lines).toEqual([
      { at: '2026-01-20T11:00:41Z', level: 'error', text: 'Process completed with exit code 1.' },
    ]);
    const { body } = await portal.send('POST', '/api/plugins/columns', { entities: ['component:default/pay'] });
    expect(body.items.find(({ plugin }: any) => plugin === 'ci').cells['component:default/pay']).toMatchObject({
      text: 'failed',
      tone: 'bad',
    });
    const again = await portal.send('POST', '/api/plugins/ci/rerun', table.rows[0].again.actions[0].body);
    expect(again).toMatchObject({ status: 202, body: { message: 'The jobs that failed run again.' } });
    expect(asked).toContain('POST /repos/acme/pay/actions/runs/302/rerun-failed-jobs');
    const { items } = (await portal.get('/api/access/audit?limit=5')).body;
    expect(JSON.stringify(items)).toContain('Run a build again');
    isWell = false;
    await eventually(async () => {
      const { view: last, stale } = await view('ci', 'runs');
      expect(stale).toBe(false);
      expect(last.rows).toHaveLength(1);
      expect(last.note).toContain('these are the last known runs, since');
    });
    isWell = true;
  });

  test('deployments: told by GitHub and by a signed call, which counts once', async () => {
    const github = [{ address, apiUrl: address, token: 'sesame' }];
    expect((await configure('deployments', { hookSecret, github })).map(({ state }: any) => state)).toEqual([
      'good',
      'good',
    ]);
    // The task that reads GitHub begins when the plugin is enabled, and again with another configuration.
    await portal.send('POST', '/api/admin/plugins/deployments/disable');
    await portal.send('POST', '/api/admin/plugins/deployments/enable');
    await eventually(async () => expect((await view('deployments', 'history')).view.items).toHaveLength(1));
    const text = JSON.stringify({ service: 'pay', environment: 'staging', version: '1.4.2' });
    const tell = (secret: string) => {
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', secret).update(`msg_1.${time}.${text}`).digest('base64');
      return fetch(`${portal.url}/api/plugins/deployments/hooks/deployments`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': 'msg_1',
          'webhook-timestamp': time,
          'webhook-signature': `v1,${signature}`,
        },
        body: text,
      });
    };
    expect((await tell('another-secret-of-it')).status).toBe(401);
    expect((await tell(hookSecret)).status).toBe(202);
    expect((await tell(hookSecret)).status).toBe(409);
    const matrix = (await portal.get('/api/plugins/deployments/views/matrix')).body.view;
    expect(matrix.rows).toEqual([
      {
        service: 'component:default/pay',
        e0: { text: expect.stringContaining('1.4.2 · '), tone: 'good' },
        e1: expect.objectContaining({ text: 'v1.4.1 · acb5820 · 2026-02-04 · mona', tone: 'warning' }),
      },
    ]);
    expect((await view('deployments', 'current')).view.rows).toHaveLength(2);
  });

  test('feature flags: configured by the file, tried and shown', async () => {
    const tried = await configure('feature-flags', {});
    expect(tried).toMatchObject([{ state: 'good', message: 'It answers and takes the token: 1 flags can be read.' }]);
    expect((await view('feature-flags', 'flags')).view.rows).toMatchObject([
      { key: { text: 'night-tow' }, e0: { text: 'enabled' }, attention: { text: 'stale: marked at Unleash' } },
    ]);
    expect((await view('feature-flags', 'summary')).view.items).toHaveLength(4);
  });
});
