import { generateKeyPairSync, verify } from 'node:crypto';
import { testPlugin } from '@callboard/plugin-api/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import plugin from './server.ts';
import {
  component,
  farSide,
  giteaRuns,
  giteaTasks,
  githubJobs,
  githubLog,
  githubRuns,
  gitlabJobs,
  gitlabPipeline,
  gitlabPipelines,
  gitlabTrace,
} from './testing/far-side.ts';
import { fakeJenkins, fleet } from './testing/jenkins.ts';

const github = 'https://api.github.com/repos/acme/pay/actions';
const githubAnswers = () => ({
  [`GET ${github}/runs?per_page=50&exclude_pull_requests=true`]: { body: githubRuns },
  [`GET ${github}/runs/302/jobs`]: { body: githubJobs },
  [`GET ${github}/jobs/7002/logs`]: { body: githubLog },
});
const listed = `GET ${github}/runs?per_page=50&exclude_pull_requests=true`;
const pay = component('pay', { 'github.com/project-slug': 'acme/pay' });
const withGithub = { hosts: [{ type: 'github', address: 'https://github.com', token: 'sesame' }] };
const texts = (rows: any[], column: string) => rows.map((row) => row[column]?.text ?? row[column]);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-20T12:01:00Z') }));
afterEach(() => void vi.useRealTimers());
const later = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000);

test('runs of GitHub Actions with where they failed, by whom, and the evidence', async () => {
  const far = farSide(githubAnswers());
  const ci = await testPlugin(plugin, { configuration: withGithub, fetch: far.fetch });
  const view = await ci.call('views/runs', { entity: pay });
  expect(view.note).toBe('Looks at GitHub Actions of acme/pay at github.com (annotation github.com/project-slug).');
  expect(view.asOf).toBe('2026-01-20T12:01:00.000Z');
  expect(view.rows[1]).toEqual({
    status: { text: 'failed', tone: 'bad' },
    run: { text: '#2 Tow by night', href: 'https://github.com/acme/pay/actions/runs/302' },
    workflow: 'Build',
    branch: 'main',
    failed: { text: 'test › Unit tests', href: 'https://github.com/acme/pay/actions/runs/302/job/7002' },
    started: '2026-01-20T11:00:00.000Z',
    duration: 90_000,
    by: 'mona',
    again: {
      actions: [
        {
          title: 'Run again',
          route: 'rerun',
          body: { entity: 'component:default/pay', pipeline: 'github/github.com/acme/pay', run: '302' },
          confirm: '#2 Tow by night of acme/pay runs again on main.',
        },
      ],
    },
  });
  expect(view.rows[0]).toMatchObject({
    status: { text: 'running', tone: 'info' },
    branch: 'feature',
    duration: null,
    by: 'hubot',
  });
  expect(view.rows[0].again).toBeUndefined();
  expect(far.asked[0]!.headers).toMatchObject({ authorization: 'Bearer sesame', 'x-github-api-version': '2022-11-28' });

  const { lines, title } = await ci.call('views/failure', { entity: pay });
  expect(title).toBe('#2 Tow by night: test › Unit tests');
  expect(lines).toEqual([
    { at: '2026-01-20T11:00:10Z', text: 'Run npm test' },
    { at: '2026-01-20T11:00:10Z', text: 'npm test' },
    { at: '2026-01-20T11:00:40Z', text: 'expected 2, got 3' },
    { at: '2026-01-20T11:00:41Z', text: 'Process completed with exit code 1.', level: 'error' },
  ]);
  const summary = await ci.call('views/summary', { entity: pay });
  expect(summary.items).toEqual([
    { label: 'Last build of main', value: 'failed', tone: 'bad', href: 'https://github.com/acme/pay/actions/runs/302' },
    { label: 'Failing since', value: '2026-01-20 11:00', tone: 'bad' },
    { label: 'Passed, of the last 2', value: 50, unit: '%', trend: [100, 50] },
    { label: 'Takes (median)', value: 1.5, unit: 'min', trend: [3, 1.5] },
  ]);
  const { series } = await ci.call('views/trend', { entity: pay });
  expect(series).toEqual([
    { name: 'Passed', points: [{ x: Date.parse('2026-01-20T10:00:00Z'), y: 3 }] },
    { name: 'Failed', points: [{ x: Date.parse('2026-01-20T11:00:00Z'), y: 1.5 }] },
  ]);
  // One list and one look into the run that failed serve all of it.
  expect(far.asked.map(({ url }) => url.slice(github.length))).toEqual([
    '/runs?per_page=50&exclude_pull_requests=true',
    '/runs/302/jobs',
    '/jobs/7002/logs',
  ]);
  const { cells } = await ci.call('columns/health', { entities: [pay, component('none')] });
  expect(cells).toEqual({
    'component:default/pay': {
      text: 'failed',
      tone: 'bad',
      hint: 'main · test › Unit tests · started 2026-01-20 11:00 UTC',
      href: 'https://github.com/acme/pay/actions/runs/302',
    },
  });
});

test('pipelines of GitLab by where the source is; what does not change is not asked again', async () => {
  const api = 'https://gitlab.com/api/v4/projects/acme/tools/tug';
  const far = farSide({
    [`GET ${api}/pipelines?per_page=50`]: { body: gitlabPipelines },
    [`GET ${api}/pipelines/47`]: { body: gitlabPipeline },
    [`GET ${api}/pipelines/47/jobs?scope[]=failed&per_page=100`]: { body: gitlabJobs },
    [`GET ${api}/jobs/7/trace`]: { body: gitlabTrace },
  });
  const settings = { 'integrations.gitlab': [{ host: 'gitlab.com', token: 'glpat-1' }] };
  const ci = await testPlugin(plugin, { settings, fetch: far.fetch });
  const entity = component('tug', {
    'backstage.io/source-location': 'url:https://gitlab.com/acme/tools/tug/-/tree/main/',
  });
  const view = await ci.call('views/runs', { entity });
  expect(view.note).toBe(
    'Looks at GitLab CI pipelines of acme/tools/tug at gitlab.com (backstage.io/source-location: its source is there).',
  );
  expect(view.rows).toMatchObject([
    {
      status: { text: 'failed' },
      run: { text: '#12 Build pipeline', href: 'https://gitlab.com/acme/tools/tug/-/pipelines/47' },
      failed: { text: 'test › rspec', href: 'https://gitlab.com/acme/tools/tug/-/jobs/7' },
      duration: 215_000,
      by: 'root',
    },
  ]);
  expect(far.asked[0]!.headers['private-token']).toBe('glpat-1');
  expect((await ci.call('views/failure', { entity })).lines).toEqual([
    { text: '$ bundle exec rspec' },
    { text: '1 example, 1 failure' },
    { text: 'ERROR: Job failed: exit code 1', level: 'error' },
  ]);
  const before = far.asked.length;
  later(31);
  await ci.call('views/runs', { entity });
  expect(far.asked.slice(before).map(({ url }) => url)).toEqual([
    'https://gitlab.com/api/v4/projects/acme%2Ftools%2Ftug/pipelines?per_page=50',
  ]);
});

test('Gitea Actions, also of versions that only tell of tasks', async () => {
  const api = 'https://code.example.com/api/v1/repos/acme/buoy/actions';
  const settings = { 'integrations.gitea': [{ host: 'code.example.com', password: 'bell' }] };
  const far = farSide({ [`GET ${api}/runs?limit=50`]: { body: giteaRuns } });
  const ci = await testPlugin(plugin, { settings, fetch: far.fetch });
  const entity = component('buoy', { 'gitea.com/repo-slug': 'acme/buoy' });
  expect((await ci.call('views/runs', { entity })).rows).toMatchObject([
    {
      status: { text: 'passed' },
      run: { text: '#4 Ring the bell' },
      workflow: 'build.yaml',
      duration: 42_000,
      by: 'ada',
    },
  ]);
  expect(far.asked[0]!.headers['authorization']).toBe('token bell');

  const old = farSide({
    [`GET ${api}/tasks?limit=50`]: { body: giteaTasks },
    [`GET ${api}/runs?limit=50`]: { status: 404, body: {} },
  });
  old.answers[`GET ${api}/runs/31/jobs`] = { status: 404, body: {} };
  const before = await testPlugin(plugin, { settings, fetch: old.fetch });
  const { rows } = await before.call('views/runs', { entity });
  expect(rows).toMatchObject([{ status: { text: 'failed' }, workflow: 'bell', failed: null, duration: 42_000 }]);
  expect(rows[0].again).toBeUndefined();
  expect((await before.call('views/failure', { entity })).note).toBe(
    'code.example.com does not say which step failed; see https://code.example.com/acme/buoy/actions/runs/4.',
  );
});

test('builds of a multibranch project of the Jenkins that the annotation names', async () => {
  const far = fakeJenkins('https://ci.example.com', [fleet]);
  const jenkins = {
    instances: [
      { name: 'default', baseUrl: 'https://other.example.com', username: 'x', apiKey: 'y' },
      { name: 'fleet', baseUrl: 'https://ci.example.com/', username: 'bot', apiKey: '11aa' },
    ],
  };
  const entity = component('gull', { 'jenkins.io/job-full-name': 'fleet:fleet/gull' });
  const ci = await testPlugin(plugin, { settings: { jenkins }, fetch: far.fetch, entities: [entity] });
  const { rows } = await ci.call('views/runs', { entity });
  expect(texts(rows, 'status')).toEqual(['failed', 'passed', 'running']);
  expect(texts(rows, 'branch')).toEqual(['main', 'main', 'fix/wing']);
  expect(rows[0]).toMatchObject({ failed: { text: 'Fly' }, by: 'Ada', duration: 61_000 });
  expect(rows[0].run.href).toBe('https://ci.example.com/job/fleet/job/gull/job/main/5/');
  const { lines } = await ci.call('views/failure', { entity });
  expect(lines.map((line: any) => line.text)).toEqual(['one', 'two', 'ERROR: no wind', 'Finished: FAILURE']);
  const { body } = rows[0].again.actions[0];
  expect(await ci.call('routes/rerun', { body })).toEqual({
    status: 202,
    body: { message: 'A new build of the same job waits in the queue, with the usual values of its parameters.' },
  });
  expect(far.started).toEqual([{ job: 'fleet/gull/main', parameters: true }]);
  // A job that is no multibranch project and takes no parameters.
  const tern = component('tern', { 'jenkins.io/job-full-name': 'fleet:fleet/tern' });
  const other = await testPlugin(plugin, { settings: { jenkins }, fetch: far.fetch, entities: [tern] });
  const [only] = (await other.call('views/runs', { entity: tern })).rows;
  expect(only).toMatchObject({ status: { text: 'passed' }, branch: 'main', workflow: 'tern' });
  expect((await other.call('routes/rerun', { body: only.again.actions[0].body })).status).toBe(202);
  expect(far.started.at(-1)).toEqual({ job: 'fleet/tern', parameters: false });
});

test('what is found nowhere says what was looked for', async () => {
  const ci = await testPlugin(plugin, { configuration: withGithub });
  const { rows, note } = await ci.call('views/runs', { entity: component('raft') });
  expect(rows).toEqual([]);
  expect(note).toBe(
    'No pipeline found for this entity; looked for the annotation github.com/project-slug; the annotation gitlab.com/project-slug; ' +
      'the annotation gitea.com/repo-slug; the annotation jenkins.io/job-full-name; the annotation backstage.io/source-location.',
  );
  // Cards are silent where there is no repository at all, and speak where there is.
  expect(await ci.call('views/summary', { entity: component('raft') })).toEqual({ model: 'stat', items: [] });
  expect(await ci.call('views/trend', { entity: component('raft') })).toEqual({
    model: 'chart',
    kind: 'line',
    series: [],
  });
  const unknown = component('raft', {
    'gitlab.com/project-slug': 'acme/raft',
    'backstage.io/source-location': 'url:https://code.example.com/acme/raft',
  });
  expect((await ci.call('views/runs', { entity: unknown })).note).toContain(
    'acme/raft (annotation gitlab.com/project-slug), but no GitLab is configured',
  );
  expect((await ci.call('views/summary', { entity: unknown })).note).toMatch(
    /^No pipeline found for this entity; looked/,
  );
});

test.each(['acme/../../user', '../../user', 'acme/pay/extra', 'acme/..', 'acme/pay?x=1', 'acme', String.raw`acme\pay`])(
  'an annotation that would lead elsewhere in the API is not followed: %s',
  async (slug) => {
    const far = farSide({});
    const ci = await testPlugin(plugin, { configuration: withGithub, fetch: far.fetch });
    const { note } = await ci.call('views/runs', { entity: component('x', { 'github.com/project-slug': slug }) });
    expect(note).toContain('names no project');
    expect(far.asked).toEqual([]);
  },
);

const refused = () => {
  throw Object.assign(new Error('https://api.github.com cannot be reached: connection refused. Check the address.'), {
    code: 'OUTBOUND_UNREACHABLE',
  });
};
test.each([
  ['refused', refused, 'cannot be reached: connection refused'],
  ['401', { status: 401, body: { message: 'Bad credentials' } }, 'github.com does not take the token: Bad credentials'],
  [
    '403',
    { status: 403, body: { message: 'Resource not accessible by personal access token' } },
    'the token may not read /repos/acme/pay/actions/runs at github.com: Resource not accessible',
  ],
  [
    '404',
    { status: 404, body: { message: 'Not Found' } },
    'has no /repos/acme/pay/actions/runs, or the token may not see it',
  ],
  [
    '429',
    { status: 429, headers: { 'retry-after': '120' }, body: {} },
    'github.com takes no more calls until 12:03 UTC',
  ],
  [
    'rate limit',
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1768911000' }, body: {} },
    'takes no more calls until 12:10 UTC',
  ],
  ['500', { status: 500, body: 'oops' }, 'github.com answered 500'],
  ['a sign-in page', { body: '<html>' }, 'github.com answered something that is not JSON'],
  ['half a body', { body: '{"workflow_runs": [{"id"' }, 'github.com answered something that is not JSON'],
  ['another shape', { body: { workflow_runs: 7 } }, 'github.com answered in a shape that is not known'],
])('a far side in trouble (%s): nothing breaks, and what was known stays', async (_name, trouble, words) => {
  const far = farSide({ [listed]: trouble });
  const ci = await testPlugin(plugin, { configuration: withGithub, fetch: far.fetch });
  const first = await ci.call('views/runs', { entity: pay });
  expect(first.rows).toEqual([]);
  expect(first.note).toContain(words);
  for (const id of ['summary', 'trend', 'failure'])
    expect((await ci.call(`views/${id}`, { entity: pay })).note).toContain(words);
  // It recovers by itself, …
  Object.assign(far.answers, githubAnswers());
  later(31);
  expect((await ci.call('views/runs', { entity: pay })).rows).toHaveLength(3);
  // … and what is known stays when it fails again, with its age.
  far.answers[listed] = trouble;
  later(60);
  const last = await ci.call('views/runs', { entity: pay });
  expect(last.rows).toHaveLength(3);
  expect(last.asOf).toBe('2026-01-20T12:01:31.000Z');
  expect(last.note).toContain('these are the last known runs, since 2026-01-20 12:02 UTC');
  expect(last.note).toMatch(/[^.]\.$/);
  const { cells } = await ci.call('columns/health', { entities: [pay] });
  expect(cells['component:default/pay'].hint).toContain('last known at 2026-01-20 12:01 UTC');
});

test('a far side that hangs: what is known is shown, also after a restart, and pages are told when it answers', async () => {
  const far = farSide(githubAnswers());
  const first = await testPlugin(plugin, { configuration: withGithub, fetch: far.fetch });
  await first.call('views/runs', { entity: pay });
  const hanging = Promise.withResolvers<{ body: object }>();
  const slow = farSide({ ...githubAnswers(), [listed]: () => hanging.promise });
  later(3600);
  const second = await testPlugin(plugin, {
    configuration: withGithub,
    fetch: slow.fetch,
    store: Object.fromEntries(first.store),
  });
  const shown = await second.call('views/runs', { entity: pay });
  expect(shown.rows).toHaveLength(3);
  expect(shown.asOf).toBe('2026-01-20T12:01:00.000Z');
  expect(second.changed).toEqual([]);
  hanging.resolve({ body: { total_count: 0, workflow_runs: [] } });
  await expect.poll(() => second.changed).toContain('views/runs');
  const { rows, note } = await second.call('views/runs', { entity: pay });
  expect(rows).toEqual([]);
  expect(note).toBe(
    'No pipeline found for this repository; looked for GitHub Actions of acme/pay at github.com (annotation github.com/project-slug): it has no runs yet.',
  );
});

test('only what is shown runs again, and what the far side says is passed on', async () => {
  const far = farSide({ ...githubAnswers(), [`POST ${github}/runs/302/rerun-failed-jobs`]: { status: 201, body: {} } });
  const ci = await testPlugin(plugin, { configuration: withGithub, fetch: far.fetch, entities: [pay] });
  const body = { entity: 'component:default/pay', pipeline: 'github/github.com/acme/pay', run: '302' };
  const again = (more: object = {}) => ci.call('routes/rerun', { body: { ...body, ...more } });
  expect((await again()).status).toBe(404);
  await ci.call('views/runs', { entity: pay });
  expect(await again()).toEqual({ status: 202, body: { message: 'The jobs that failed run again.' } });
  expect(ci.changed).toContain('views/runs');
  expect(far.asked.at(-1)!.url).toBe(`${github}/runs/302/rerun-failed-jobs`);
  expect((await again({ run: '303' })).body.message).toBe('Tow by night is running and cannot be run again now.');
  expect((await again({ run: '../../../user' })).status).toBe(404);
  expect((await again({ pipeline: 'github/github.com/acme/other' })).status).toBe(404);
  expect((await again({ entity: 'component:default/none' })).status).toBe(404);
  expect((await ci.call('routes/rerun', { body: null })).status).toBe(400);
  far.answers[`POST ${github}/runs/302/rerun-failed-jobs`] = {
    status: 403,
    body: { message: 'Must have write access' },
  };
  expect(await again()).toEqual({
    status: 502,
    body: {
      message:
        'the token may not start run 302 at github.com: Must have write access. Give it the rights of the guide.',
    },
  });
});

test('the test of connections says what is missing, host by host', async () => {
  const far = farSide({
    'GET https://api.github.com/rate_limit': { body: {}, headers: { 'x-oauth-scopes': 'read:org' } },
    'GET https://api.github.com/repos/acme/pay/actions/runs?per_page=1': {
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
    },
    'GET https://gitlab.com/api/v4/personal_access_tokens/self': {
      body: { id: 1, name: 'portal', scopes: ['read_api'], active: true, expires_at: '2026-12-01' },
    },
    'GET https://code.example.com/api/v1/version': { body: { version: '1.25.1' } },
    'GET https://ci.example.com/me/api/json': { status: 401, body: '<html>' },
  });
  const settings = {
    'integrations.gitlab': [{ host: 'gitlab.com', token: 'a' }],
    'integrations.gitea': [{ host: 'code.example.com' }],
    jenkins: { baseUrl: 'https://ci.example.com', username: 'bot', apiKey: 'wrong' },
  };
  const ci = await testPlugin(plugin, { settings, fetch: far.fetch, entities: [pay] });
  const { items } = await ci.call('connections/hosts', { configuration: withGithub });
  expect(items.map(({ title, state, message }: any) => [title, state, message])).toEqual([
    ['github.com', 'good', 'It answers and takes the token.'],
    ['github.com: scopes', 'warning', 'The token has read:org; private repositories need repo.'],
    [
      'github.com: acme/pay',
      'bad',
      'the token may not read /repos/acme/pay/actions/runs at github.com: Resource not accessible by personal access token',
    ],
    [
      'gitlab.com',
      'warning',
      'It answers and takes the token (read_api, until 2026-12-01). Builds cannot be run again.',
    ],
    ['code.example.com', 'good', 'It answers: Gitea 1.25.1.'],
    ['code.example.com: token', 'warning', 'There is none: only public repositories are seen.'],
    ['default', 'bad', 'default does not take the token'],
  ]);
  expect(items.filter(({ state }: any) => state !== 'good').every(({ fix }: any) => fix.length > 10)).toBe(true);
});

test('an app of GitHub gives a token for the owner, once for an hour', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' })).replaceAll('\n', String.raw`\n`);
  const apps = [
    { appId: 1, privateKey: pem, allowedInstallationOwners: ['Other'] },
    { appId: 2, privateKey: pem, allowedInstallationOwners: ['acme'] },
  ];
  const far = farSide({
    ...githubAnswers(),
    'GET https://api.github.com/rate_limit': { body: { resources: {} } },
    'GET https://api.github.com/app': { body: { id: 2, slug: 'portal', permissions: { actions: 'read' } } },
    'GET https://api.github.com/repos/acme/pay/installation': { body: { id: 77, account: { login: 'acme' } } },
    'POST https://api.github.com/app/installations/77/access_tokens': {
      status: 201,
      body: { token: 'ghs_1', expires_at: '2026-01-20T13:01:00Z' },
    },
    [`GET ${github}/runs?per_page=1`]: { body: githubRuns },
  });
  const settings = { 'integrations.github': [{ host: 'github.com', apps }] };
  const ci = await testPlugin(plugin, { settings, fetch: far.fetch, entities: [pay] });
  expect((await ci.call('views/runs', { entity: pay })).rows).toHaveLength(3);
  const [installation, token, runs] = far.asked;
  const [head = '', claims = '', signature = ''] = installation!.headers['authorization']!.slice(
    'Bearer '.length,
  ).split('.');
  expect(verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(
    true,
  );
  const now = Math.floor(Date.now() / 1000);
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({ iat: now - 60, exp: now + 540, iss: '2' });
  expect(token!.url).toBe('https://api.github.com/app/installations/77/access_tokens');
  expect(runs!.headers['authorization']).toBe('Bearer ghs_1');
  const made = () => far.asked.filter(({ method }) => method === 'POST').length;
  later(3000);
  await ci.call('views/runs', { entity: pay });
  expect(made()).toBe(1);
  later(400);
  await ci.call('views/runs', { entity: pay });
  expect(made()).toBe(2);
  const { items } = await ci.call('connections/hosts', { configuration: {} });
  expect(items.map(({ title, state }: any) => [title, state])).toEqual([
    ['github.com: app portal', 'warning'],
    ['github.com: app portal', 'warning'],
    ['github.com: acme/pay', 'good'],
  ]);
  far.answers['GET https://api.github.com/repos/acme/pay/installation'] = { status: 404, body: {} };
  const elsewhere = await testPlugin(plugin, { settings, fetch: far.fetch });
  expect((await elsewhere.call('views/runs', { entity: pay })).note).toContain(
    'no app of github.com is installed where acme/pay is',
  );
  const broken = [{ host: 'github.com', apps: [{ appId: 3, privateKey: 'no key' }] }];
  const wrong = await testPlugin(plugin, { settings: { 'integrations.github': broken }, fetch: far.fetch });
  expect((await wrong.call('views/runs', { entity: pay })).note).toContain(
    'the private key of the app 3 of github.com is no PEM text',
  );
});

test('a repository in which nothing changed costs one conditional call, and lists ask less often than pages', async () => {
  const far = farSide(githubAnswers());
  const done = { ...githubRuns, workflow_runs: githubRuns.workflow_runs.slice(1) };
  far.answers[listed] = { headers: { etag: 'W/"e1"' }, body: done };
  // A run that did not even start has no jobs; that is not asked again and again.
  far.answers[`GET ${github}/runs/302/jobs`] = { body: { total_count: 0, jobs: [] } };
  const ci = await testPlugin(plugin, { configuration: withGithub, fetch: far.fetch });
  await ci.call('views/runs', { entity: pay });
  far.answers[listed] = { status: 304, body: '' };
  const before = far.asked.length;
  later(120);
  await ci.call('columns/health', { entities: [pay] });
  expect(far.asked.slice(before)).toEqual([]);
  const { rows, asOf } = await ci.call('views/runs', { entity: pay });
  expect(rows).toHaveLength(2);
  expect(asOf).toBe('2026-01-20T12:03:00.000Z');
  expect(far.asked.slice(before).map(({ headers }) => headers['if-none-match'])).toEqual(['W/"e1"']);
  later(301);
  await ci.call('columns/health', { entities: [pay] });
  expect(far.asked.slice(before)).toHaveLength(2);
});

test('a list of entities whose host hangs is answered in time, and asks few at once', async () => {
  const far = farSide({});
  const never = new Promise<never>(() => {});
  const fetch = (url: string, request: object) => (void far.fetch(url, request), never);
  const ci = await testPlugin(plugin, { configuration: withGithub, fetch });
  const entities = Array.from({ length: 60 }, (_, index) =>
    component(`c${index}`, { 'github.com/project-slug': `acme/c${index}` }),
  );
  expect(await ci.call('columns/health', { entities })).toEqual({ cells: {} });
  expect(far.asked).toHaveLength(8);
});
