import { testPlugin } from '@callboard/plugin-api/testing';
import { expect, test } from 'vitest';
import { type FakeProject, fakeGitlab } from './testing/gitlab.ts';
import plugin from './server.ts';

const base = 'https://gl.example.com';
const pay: FakeProject = {
  id: 1,
  path: 'acme/shop/pay',
  branch: 'main',
  activeAt: '2026-01-01T10:00:00.000Z',
  topics: ['Service'],
  branches: {
    main: {
      'catalog-info.yaml': 'kind: Component',
      'docs/a b.md': '# A',
      CODEOWNERS: '* @acme/crew ann@example.com\n',
    },
    'feature/one': { 'catalog-info.yaml': 'kind: API', 'docs/new.md': 'new' },
  },
};
const configuration = {
  hosts: [{ host: 'gl.example.com', token: 'glpat-1' }],
  repositories: [{ group: 'acme' }],
  people: [{ group: 'acme' }],
  portal: 'https://portal.example.com',
  webhookSecret: 'shared',
};

async function start(
  options: { configuration?: object; scopes?: string[]; settings?: object; files?: Record<string, string> } = {},
) {
  const gitlab = fakeGitlab({ scopes: options.scopes });
  gitlab.groups.push({ id: 10, name: 'Acme', path: 'acme', full_path: 'acme', web_url: `${base}/groups/acme` });
  gitlab.groups.push({
    id: 11,
    name: 'Shop',
    path: 'shop',
    full_path: 'acme/shop',
    parent_id: 10,
    web_url: `${base}/groups/acme/shop`,
  });
  gitlab.add(structuredClone(pay));
  const pushed: any[] = [];
  const files = options.files ?? {};
  const tested = await testPlugin(plugin, {
    configuration: (options.configuration ?? configuration) as never,
    settings: (options.settings ?? {}) as never,
    fetch: gitlab.fetch,
    files,
    push: async (given) => {
      pushed.push(given);
      return { commit: 'c0ffee'.padEnd(40, '0'), isNew: pushed.length === 1 };
    },
  });
  const host = (method: string, input: object) => tested.call(`codeHosts/gitlab/${method}`, input as never);
  const act = (id: string, input: object, more: object = {}) =>
    tested.call(`actions/${id}`, { input, key: 'k1', dryRun: false, ...more } as never, { files: true });
  return { gitlab, tested, host, act, pushed, files };
}

test('files are read with what is known of them, also from branches with a slash in their name', async () => {
  const { host, gitlab } = await start();
  const url = `${base}/acme/shop/pay/-/blob/main/catalog-info.yaml`;
  expect(await host('owns', { url })).toBe(true);
  expect(await host('owns', { url: 'https://gitlab.com/a/b' })).toBe(false);
  const first = await host('readFile', { url });
  expect(first.text).toBe('kind: Component');
  expect(await host('readFile', { url, version: first.version })).toBeNull();
  expect((await host('readFile', { url: `${base}/acme/shop/pay/-/blob/main/docs/a%20b.md` })).text).toBe('# A');
  const other = await host('readFile', { url: `${base}/acme/shop/pay/-/tree/feature/one/catalog-info.yaml` });
  expect(other.text).toBe('kind: API');
  gitlab.projects.get(1)!.branches['main']!['catalog-info.yaml'] = 'kind: Resource';
  expect((await host('readFile', { url, version: first.version })).text).toBe('kind: Resource');
  await expect(host('readFile', { url: `${url}.none` })).rejects.toThrow(
    'acme/shop/pay has no file catalog-info.yaml.none at main',
  );
});

test('a tree costs one call while nothing changes', async () => {
  const { host, gitlab } = await start();
  const url = `${base}/acme/shop/pay/-/tree/main/docs`;
  const { entries, version } = await host('readTree', { url });
  expect(version).toMatch(/^[0-9a-f]{40}$/);
  expect(entries).toEqual([{ path: 'a b.md', type: 'file', version: expect.stringMatching(/^[0-9a-f]{40}$/) }]);
  gitlab.calls.length = 0;
  expect(await host('readTree', { url, version })).toBeNull();
  expect(gitlab.calls).toEqual(['GET /projects/acme/shop/pay/repository/commits/main']);
  const whole = await host('readTree', { url: `${base}/acme/shop/pay/-/tree/feature/one` });
  expect(whole.entries.map(({ path }: { path: string }) => path)).toEqual(['catalog-info.yaml', 'docs/new.md']);
});

test('a thousand repositories: what is unchanged costs one call, a push a few, and a loss is found', async () => {
  const { gitlab, tested, host } = await start();
  for (let id = 2; id <= 1_000; id += 1)
    gitlab.add({
      id,
      path: `acme/p${id}`,
      branch: 'main',
      activeAt: new Date(Date.UTC(2026, 0, 1) - id * 60_000).toISOString(),
      branches: { main: id % 2 === 0 ? { 'catalog-info.yaml': 'kind: Component' } : {} },
    });
  const read = async () => {
    gitlab.calls.length = 0;
    const { entities, cursor } = await tested.call('sources/repositories');
    expect(cursor).toBeUndefined();
    return entities;
  };
  const first = await read();
  expect(first).toHaveLength(501);
  expect(gitlab.calls).toHaveLength(1_010);
  expect(first.find((each: any) => each.spec.target.includes('/pay/'))).toEqual({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: {
      name: expect.stringMatching(/^acme-shop-pay-[0-9a-f]{8}$/),
      annotations: { 'gitlab.com/project-slug': 'acme/shop/pay' },
    },
    spec: { type: 'url', target: `${base}/acme/shop/pay/-/blob/main/catalog-info.yaml`, presence: 'optional' },
  });
  const { target } = first[0].spec;
  const { version } = await host('readFile', { url: target });

  expect(await read()).toEqual(first);
  expect(gitlab.calls).toEqual(['GET /groups/acme/projects']);
  gitlab.calls.length = 0;
  // What was active long before it was read is as it was: nothing is asked at all.
  expect(await host('readFile', { url: target, version })).toBeNull();
  expect(gitlab.calls).toEqual([]);

  Object.assign(gitlab.projects.get(3)!, {
    activeAt: new Date().toISOString(),
    branches: { main: { 'catalog-info.yaml': 'kind: API' } },
  });
  expect(await read()).toHaveLength(502);
  expect(gitlab.calls).toEqual(['GET /groups/acme/projects', 'HEAD /projects/3/repository/files/catalog-info.yaml']);

  gitlab.projects.delete(500);
  expect(await read()).toHaveLength(501);
  expect(gitlab.calls.length).toBeLessThanOrEqual(13);
  await read();
  // GitLab notes activities to the hour: what was active just now is looked at again.
  expect(gitlab.calls).toHaveLength(2);
});

test('lists that tell their next page as a link only are read to their end', async () => {
  const { gitlab, host } = await start();
  for (let id = 2; id <= 250; id += 1) gitlab.add({ ...structuredClone(pay), id, path: `acme/p${id}` });
  gitlab.hideNumbers();
  let cursor: string | undefined;
  const names = new Set<string>();
  do {
    const page = await host('listRepositories', { owner: 'acme', ...(cursor !== undefined && { cursor }) });
    for (const { name } of page.repositories) names.add(name);
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(names.size).toBe(250);
});

test('filters, patterns of descriptors and several sources', async () => {
  const { tested, gitlab } = await start({
    configuration: {
      ...configuration,
      repositories: [
        { group: 'acme', topics: ['SERVICE'], names: 'acme/**/p*', catalogPath: '**/*.{yaml,yml}' },
        { group: 'acme', allowForks: true, withoutTopics: ['service'] },
      ],
    },
  });
  gitlab.projects.get(1)!.branches['main']!['deep/er/x.yml'] = 'kind: API';
  const plain = { branch: 'main', activeAt: pay.activeAt, branches: { main: { 'catalog-info.yaml': '' } } };
  gitlab.add({ id: 2, path: 'acme/old', ...plain, archived: true });
  gitlab.add({ id: 3, path: 'acme/fork', ...plain, fork: true });
  const first = await tested.call('sources/repositories');
  expect(first.entities.map((each: any) => each.spec.target)).toEqual([
    `${base}/acme/shop/pay/-/blob/main/catalog-info.yaml`,
    `${base}/acme/shop/pay/-/blob/main/deep/er/x.yml`,
  ]);
  const second = await tested.call('sources/repositories', { cursor: first.cursor });
  expect(second.entities.map((each: any) => each.spec.target)).toEqual([
    `${base}/acme/fork/-/blob/main/catalog-info.yaml`,
  ]);
  expect(second.cursor).toBeUndefined();
});

test('groups and people, without the accounts of tokens and of those who left', async () => {
  const { tested, gitlab } = await start();
  const ann = {
    id: 7,
    username: 'ann.b',
    name: 'Ann B',
    state: 'active',
    web_url: `${base}/ann.b`,
    public_email: 'ann@example.com',
  };
  gitlab.members[10] = [ann, { id: 8, username: 'project_1_bot_x', state: 'active' }];
  gitlab.members[11] = [ann, { id: 9, username: 'gone', state: 'blocked' }];
  const { entities } = await tested.call('sources/people');
  expect(entities.map(({ kind, metadata }: any) => `${kind} ${metadata.name}`)).toEqual([
    'Group acme',
    'Group acme-shop',
    'User ann.b',
  ]);
  expect(entities[1].spec).toEqual({ type: 'team', profile: { displayName: 'Shop' }, parent: 'acme', children: [] });
  expect(entities[2].spec).toEqual({
    profile: { displayName: 'Ann B', email: 'ann@example.com' },
    memberOf: ['acme', 'acme-shop'],
  });
});

test('the test of connections says what is missing', async () => {
  const { tested } = await start({ scopes: ['read_api'] });
  const ask = async (more: object) =>
    (await tested.call('connections/hosts', { configuration: { ...configuration, ...more } })).items;
  expect(await ask({})).toEqual([
    { title: 'gl.example.com', state: 'good', message: 'GitLab 18.5.1 (abc) answers' },
    {
      title: 'gl.example.com: reading',
      state: 'bad',
      message: 'The token lacks read_repository; it has read_api',
      fix: 'Make a token with read_repository.',
    },
    expect.objectContaining({ title: 'gl.example.com: writing', state: 'warning' }),
    { title: 'gl.example.com/acme', state: 'good', message: '1 projects can be seen' },
  ]);
  const wrong = await ask({
    hosts: [{ host: 'gl.example.com', token: 'other' }],
    repositories: [{ group: 'nobody' }],
    people: [],
  });
  expect(wrong[0]).toMatchObject({ state: 'bad', message: expect.stringContaining('does not take the token') });
  const none = await ask({ repositories: [{ group: 'nobody' }], people: [] });
  expect(none.at(-1)).toMatchObject({ message: 'There is no such group, or the token is not a member of it' });
  expect((await ask({ hosts: [] }))[0]).toMatchObject({ state: 'bad', message: 'There is no host' });
});

test('integrations of the configuration file are hosts as well, and the form comes first', async () => {
  const { host } = await start({
    configuration: { hosts: [{ host: 'gl.example.com', token: 'glpat-1' }] },
    settings: {
      'integrations.gitlab': [
        { host: 'gl.example.com', token: 'other' },
        { host: 'gitlab.com', apiBaseUrl: 'https://gitlab.com/api/v4' },
      ],
    },
  });
  expect(await host('hosts', {})).toEqual([
    { host: 'gl.example.com', type: 'gitlab', title: 'gl.example.com' },
    { host: 'gitlab.com', type: 'gitlab', title: 'GitLab' },
  ]);
  expect((await host('readFile', { url: `${base}/acme/shop/pay/blob/main/catalog-info.yaml` })).text).toBe(
    'kind: Component',
  );
});

test('a webhook counts once, with the right token only', async () => {
  const { tested, host, gitlab } = await start();
  await tested.call('sources/repositories');
  const url = `${base}/acme/shop/pay/-/blob/main/catalog-info.yaml`;
  const { version } = await host('readFile', { url });
  const event = {
    object_kind: 'push',
    project: { path_with_namespace: 'acme/shop/pay', web_url: `${base}/acme/shop/pay` },
  };
  const send = (headers: Record<string, string>) =>
    tested.call('routes/events', {
      method: 'POST',
      path: '/hooks/events',
      params: {},
      query: {},
      headers,
      body: event,
      text: JSON.stringify(event),
    });
  expect((await send({})).status).toBe(401);
  expect((await send({ 'x-gitlab-token': 'Shared' })).status).toBe(401);
  expect(tested.changed).toEqual([]);
  expect((await send({ 'x-gitlab-token': 'shared', 'idempotency-key': 'e1' })).status).toBe(202);
  expect((await send({ 'x-gitlab-token': 'shared', 'idempotency-key': 'e1' })).status).toBe(409);
  expect((await send({ 'x-gitlab-token': 'shared' })).status).toBe(202);
  expect((await send({ 'x-gitlab-token': 'shared' })).status).toBe(409);
  expect(tested.changed.slice(0, 3)).toEqual(['codeHosts/gitlab', 'sources/repositories', 'views/repository']);
  gitlab.projects.get(1)!.branches['main']!['catalog-info.yaml'] = 'kind: API';
  // What was said to be quiet is asked again.
  expect((await host('readFile', { url, version })).text).toBe('kind: API');
});

test('webhooks are registered by a button: for each project where groups have none', async () => {
  const { tested, gitlab } = await start();
  await tested.call('sources/repositories');
  const { rows } = await tested.call('views/webhooks');
  const [{ route, body }] = rows[0].do.actions;
  expect(route).toBe('register');
  const answer = await tested.call('routes/register', { body });
  expect(answer).toMatchObject({ status: 202, body: { message: expect.stringContaining('1 projects get one each') } });
  await tested.call('tasks/webhooks');
  await tested.call('routes/register', { body });
  await tested.call('tasks/webhooks');
  expect(gitlab.made['acme/shop/pay/hooks']).toEqual([
    expect.objectContaining({
      url: 'https://portal.example.com/api/plugins/gitlab/hooks/events',
      token: 'shared',
      push_events: true,
    }),
  ]);
  expect((await tested.call('views/webhooks')).rows[0].state.text).toBe('projects');
});

test('facts of a repository, on the card of an entity', async () => {
  const { host, tested } = await start();
  const facts = await host('facts', { url: `${base}/acme/shop/pay` });
  expect(facts).toMatchObject({
    repository: { owner: 'acme/shop', name: 'pay', defaultBranch: 'main', private: true },
    lastChange: { at: '2026-11-20T09:00:00.000Z', title: 'Pay twice', author: 'Ann' },
    openChanges: 0,
    release: { name: 'v1.2' },
    languages: [
      { name: 'Go', share: 0.905 },
      { name: 'Shell', share: 0.095 },
    ],
    contributors: ['Ann', 'Ben'],
    owners: ['@acme/crew', 'ann@example.com'],
  });
  expect(await host('facts', { url: `${base}/acme/none` })).toBeNull();
  const entity = (annotations: object) => ({
    entity: { apiVersion: 'v1', kind: 'Component', metadata: { name: 'pay', annotations } },
  });
  const card = await tested.call('views/repository', entity({ 'gitlab.com/project-slug': 'acme/shop/pay' }) as never);
  expect(card.items.map(({ label }: any) => label)).toEqual([
    'Repository',
    'Last commit',
    'Its message',
    'Open merge requests',
    'Latest release',
    'Languages',
    'Contributors',
    'Code owners',
  ]);
  const none = await tested.call('views/repository', entity({}) as never);
  expect(none).toMatchObject({ items: [], note: expect.stringContaining('belongs to this entity') });
});

test('names for pickers, and a change that is opened once', async () => {
  const { host, gitlab } = await start();
  const ask = (what: string, more: object = {}) =>
    host('complete', { host: 'gl.example.com', what, token: 'glpat-1', ...more });
  expect((await ask('owners', { search: 'shop' })).items).toEqual([{ value: 'acme/shop', title: 'Shop' }]);
  expect((await ask('repositories', { owner: 'acme/shop' })).items).toEqual([{ value: 'pay', title: 'pay' }]);
  expect((await ask('branches', { owner: 'acme/shop', repository: 'pay' })).items).toEqual([
    { value: 'main' },
    { value: 'feature/one' },
  ]);
  const change = {
    url: `${base}/acme/shop/pay`,
    branch: 'add',
    title: 'Add',
    description: 'x',
    files: [{ path: 'n.txt', text: 'n' }],
  };
  const one = await host('openChange', change);
  expect(one).toEqual({ url: `${base}/acme/shop/pay/-/merge_requests/1`, number: 1 });
  expect(await host('openChange', change)).toEqual(one);
  expect(gitlab.projects.get(1)!.branches['add']).toMatchObject({
    'n.txt': 'n',
    'catalog-info.yaml': 'kind: Component',
  });
});

const repoUrl = 'gl.example.com?owner=acme&repo=new';

test('publish:gitlab makes a project once, and says what it would do', async () => {
  const { act, gitlab, pushed } = await start({ files: { 'a.txt': 'a' } });
  const input = {
    repoUrl,
    defaultBranch: 'main',
    branches: [{ name: 'main', protect: true }],
    projectVariables: [{ key: 'K', value: 'v' }],
  };
  const dry = await act('publish:gitlab', input, { dryRun: true });
  expect(dry.effects).toEqual([
    'Would make the private project acme/new on gl.example.com',
    'Would push the files to its branch main',
    'Would protect the branch main',
    'Would set the variable K',
  ]);
  expect(gitlab.calls).toEqual([]);
  const first = await act('publish:gitlab', input);
  expect(first.output).toEqual({
    remoteUrl: `${base}/acme/new`,
    repoContentsUrl: `${base}/acme/new/-/blob/main`,
    projectId: 1_000,
    commitHash: 'c0ffee'.padEnd(40, '0'),
    created: true,
  });
  expect(pushed[0]).toMatchObject({
    remote: `${base}/acme/new.git`,
    branch: 'main',
    username: 'oauth2',
    password: 'glpat-1',
  });
  // The same step after a restart finds what it made.
  expect((await act('publish:gitlab', input)).output).toEqual(first.output);
  expect(gitlab.projects.size).toBe(2);
  expect(gitlab.made['acme/new/variables']).toHaveLength(1);
  await expect(
    act('publish:gitlab', { repoUrl: 'gl.example.com?owner=acme/shop&repo=pay' }, { key: 'k2' }),
  ).rejects.toThrow('acme/shop/pay exists already on gl.example.com');
  const skipped = await act(
    'publish:gitlab',
    { repoUrl: 'gl.example.com?owner=acme/shop&repo=pay', skipExisting: true },
    { key: 'k3' },
  );
  expect(skipped.output).toMatchObject({ created: false, projectId: 1 });
  await expect(act('publish:gitlab', { repoUrl: 'gl.example.com?owner=none&repo=x' }, { key: 'k4' })).rejects.toThrow(
    'no group or user none',
  );
  await expect(act('publish:gitlab', { repoUrl: 'other.example.com?owner=a&repo=b' })).rejects.toThrow(
    'other.example.com is not among the configured hosts',
  );
});

test('merge requests and pushes commit what differs, and nothing twice', async () => {
  const { act, gitlab } = await start({ files: { 'src/run.sh': 'echo', 'src/catalog-info.yaml': 'kind: System' } });
  const input = {
    repoUrl: 'gl.example.com?owner=acme/shop&repo=pay',
    title: 'Change',
    branchName: 'change',
    sourcePath: 'src',
    reviewers: ['ann'],
    labels: 'a, b',
  };
  const first = await act('publish:gitlab:merge-request', input);
  expect(first.output).toEqual({
    targetBranchName: 'main',
    projectid: 'acme/shop/pay',
    projectPath: 'acme/shop/pay',
    mergeRequestUrl: `${base}/acme/shop/pay/-/merge_requests/1`,
  });
  expect(gitlab.projects.get(1)!.branches['change']).toMatchObject({
    'run.sh': 'echo',
    'catalog-info.yaml': 'kind: System',
    'docs/a b.md': '# A',
  });
  expect(gitlab.made['acme/shop/pay/merge_requests']![0]).toMatchObject({ reviewer_ids: [7], labels: 'a,b' });
  expect((await act('publish:gitlab:merge-request', input)).effects).toEqual([
    'change has these files already',
    'The merge request !1 is open already',
  ]);
  const push = {
    repoUrl: input.repoUrl,
    branchName: 'main',
    commitMessage: 'More',
    sourcePath: 'src',
    targetPath: 'bin',
  };
  const pushed = await act('gitlab:repo:push', push);
  expect(pushed.output.commitHash).toMatch(/^[0-9a-f]{40}$/);
  expect(gitlab.projects.get(1)!.branches['main']).toMatchObject({
    'bin/run.sh': 'echo',
    'catalog-info.yaml': 'kind: Component',
  });
  expect((await act('gitlab:repo:push', push)).output).toEqual({
    projectid: 'acme/shop/pay',
    projectPath: 'acme/shop/pay',
  });
  await expect(act('gitlab:repo:push', { ...push, targetPath: '' })).rejects.toThrow(
    'A file with this name already exists',
  );
  await expect(act('gitlab:repo:push', { ...push, sourcePath: 'none' })).rejects.toThrow('There are no files in none');
});

test('the actions upon groups and projects, each once', async () => {
  const { act, gitlab } = await start();
  const at = { repoUrl: 'gl.example.com?owner=acme&repo=x', projectId: 1 };
  const twice = async (id: string, input: object) => {
    const one = await act(id, input, { key: id });
    return [one, await act(id, input, { key: id })];
  };
  const [group, again] = await twice('gitlab:group:ensureExists', {
    ...at,
    path: ['acme', { name: 'New ones', slug: 'new' }],
  });
  expect([group.output, again.output, again.effects]).toEqual([
    { groupId: 1_000 },
    { groupId: 1_000 },
    ['The group acme/new is there'],
  ]);
  const variable = { ...at, key: 'K', value: 'v', variableType: 'env_var' };
  const [, same] = await twice('gitlab:projectVariable:create', variable);
  expect(same.effects).toEqual(['The variable K has this value already']);
  await expect(act('gitlab:projectVariable:create', { ...variable, value: 'w' }, { key: 'other' })).rejects.toThrow(
    'exists with another value',
  );
  const [, token] = await twice('gitlab:projectAccessToken:create', { ...at, name: 'ci', scopes: ['api'] });
  expect(gitlab.made['acme/shop/pay/access_tokens']).toEqual([
    expect.objectContaining({ token: token.output.access_token, name: 'ci' }),
  ]);
  const [, deploy] = await twice('gitlab:projectDeployToken:create', { ...at, name: 'd', scopes: ['read_registry'] });
  expect(gitlab.made['acme/shop/pay/deploy_tokens']).toEqual([
    expect.objectContaining({ token: deploy.output.deploy_token }),
  ]);
  const [opened, found] = await twice('gitlab:issues:create', { ...at, title: 'Broken' });
  expect(found.output).toEqual(opened.output);
  expect(opened.output).toMatchObject({ issueIid: 1, issueUrl: `${base}/acme/shop/pay/-/issues/1` });
  const [run, runs] = await twice('gitlab:pipeline:trigger', { ...at, tokenDescription: 't', branch: 'main' });
  expect(run.output.pipelineUrl).toMatch(/^https:\/\/gl\.example\.com\/pipelines\/\d+$/);
  expect(runs.output).toEqual(run.output);
  expect(gitlab.made['acme/shop/pay/pipelines']).toHaveLength(1);
  expect(gitlab.made['acme/shop/pay/triggers']).toEqual([]);
  const nowhere = { repoUrl: 'gl.example.com', title: 'Broken' };
  await expect(act('gitlab:issues:create', nowhere)).rejects.toThrow(
    'Neither projectId nor repoUrl says which project',
  );
  const dry = await act('gitlab:issues:create', { ...at, title: 'Broken' }, { dryRun: true });
  expect(dry.effects).toEqual(['Would open the issue “Broken” on gl.example.com']);
});

test.each([
  [401, '{"message":"Unauthorized"}', 'does not take the token'],
  [403, '{"message":"no"}', 'may not'],
  [429, '', 'too many calls'],
  [500, '<html>', 'answered 500'],
  [200, '<html>Sign in</html>', 'is no JSON'],
  [0, '', 'cannot be reached'],
])(
  'a host that answers %s %s: its words stand in the test, and the source keeps what it has',
  async (status, body, words) => {
    const tested = await testPlugin(plugin, {
      configuration: configuration,
      fetch: () => {
        if (status === 0) throw new Error('the host cannot be reached: connect ECONNREFUSED');
        return { status, body };
      },
    });
    const { items } = await tested.call('connections/hosts', { configuration });
    expect(items[0]).toMatchObject({ state: 'bad', message: expect.stringContaining(words), fix: expect.any(String) });
    await expect(tested.call('sources/repositories')).rejects.toThrow(words);
    await expect(tested.call('sources/people')).rejects.toThrow(words);
    expect([...tested.store.keys()]).toEqual([]);
  },
);

test('events of yesterday and the oldest of too many are forgotten', async () => {
  const { tested } = await start();
  const now = Date.now();
  for (let index = 0; index < 2_600; index += 1)
    tested.store.set(`hook/${String(index).padStart(4, '0')}`, now - index * 1_000);
  tested.store.set('hook/old', now - 25 * 3_600_000);
  tested.store.set('step/waits', { at: now - 25 * 3_600_000 });
  await tested.call('tasks/webhooks');
  const left = [...tested.store.keys()].filter((key) => key.startsWith('hook/'));
  expect(left).toHaveLength(2_500);
  expect(left).not.toContain('hook/old');
  expect(left).not.toContain('hook/2500');
  expect(tested.store.has('step/waits')).toBe(true);
});
