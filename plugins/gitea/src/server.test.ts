import { createHmac } from 'node:crypto';
import { testPlugin } from '@callboard/plugin-api/testing';
import { expect, onTestFinished, test } from 'vitest';
import { type FakeRepository, fakeGitea } from './testing/gitea.ts';
import plugin from './server.ts';

const base = 'https://git.example.com';
const pay: FakeRepository = {
  id: 1,
  full: 'acme/pay',
  branch: 'main',
  updatedAt: '2026-01-01T10:00:00Z',
  topics: ['Service'],
  branches: {
    main: {
      'catalog-info.yaml': 'kind: Component',
      'docs/a b.md': '# A',
      CODEOWNERS: '.* @acme/crew ann@example.com\n',
    },
    'feature/one': { 'catalog-info.yaml': 'kind: API' },
  },
};
const configuration = {
  hosts: [{ host: 'git.example.com', token: 'gt-1' }],
  repositories: [{ owner: 'acme' }],
  people: [{ organization: 'acme' }],
  portal: 'https://portal.example.com',
  webhookSecret: 'shared',
};

async function start(options: { configuration?: object; settings?: object; scopes?: string[] } = {}) {
  const gitea = fakeGitea({ scopes: options.scopes });
  onTestFinished(() => expect(gitea.unproven).toEqual([]));
  gitea.organizations.push({ id: 10, name: 'acme', username: 'acme', full_name: 'Acme' });
  gitea.add(structuredClone(pay));
  const pushed: any[] = [];
  const tested = await testPlugin(plugin, {
    configuration: (options.configuration ?? configuration) as never,
    settings: (options.settings ?? {}) as never,
    fetch: gitea.fetch,
    files: { 'a.txt': 'a' },
    push: async (given) => {
      pushed.push(given);
      return { commit: 'c0ffee'.padEnd(40, '0'), isNew: pushed.length === 1 };
    },
  });
  const host = (method: string, input: object) => tested.call(`codeHosts/gitea/${method}`, input as never);
  const publish = (input: object, more: object = {}) =>
    tested.call('actions/publish:gitea', { input, key: 'k1', dryRun: false, ...more } as never, { files: true });
  return { gitea, tested, host, publish, pushed };
}

test('files are read with what is known of them, by every shape of address', async () => {
  const { host, gitea } = await start();
  const url = `${base}/acme/pay/src/branch/main/catalog-info.yaml`;
  const first = await host('readFile', { url });
  expect(first.text).toBe('kind: Component');
  expect(await host('readFile', { url, version: first.version })).toBeNull();
  for (const address of ['src/branch/main/docs/a%20b.md', 'tree/main/docs/a%20b.md', 'raw/branch/main/docs/a%20b.md'])
    expect((await host('readFile', { url: `${base}/acme/pay/${address}` })).text).toBe('# A');
  expect((await host('readFile', { url: `${base}/acme/pay/src/branch/feature/one/catalog-info.yaml` })).text).toBe(
    'kind: API',
  );
  gitea.repositories.get(1)!.branches['main']!['catalog-info.yaml'] = 'kind: Resource';
  expect((await host('readFile', { url, version: first.version })).text).toBe('kind: Resource');
  await expect(host('readFile', { url: `${url}.none` })).rejects.toThrow(
    'acme/pay has no file catalog-info.yaml.none at main',
  );
});

test('a tree costs one call while nothing changes', async () => {
  const { host, gitea } = await start();
  const url = `${base}/acme/pay/src/branch/main/docs`;
  const { entries, version } = await host('readTree', { url });
  expect(entries).toEqual([
    { path: 'a b.md', type: 'file', version: expect.stringMatching(/^[0-9a-f]{40}$/), size: 3 },
  ]);
  gitea.calls.length = 0;
  expect(await host('readTree', { url, version })).toBeNull();
  expect(gitea.calls).toEqual(['GET /repos/acme/pay/git/commits/main']);
  expect((await host('readTree', { url: `${base}/acme/pay` })).entries).toHaveLength(3);
});

test('a thousand repositories: what is unchanged costs one call, a push a few, and a loss is found', async () => {
  const { gitea, tested, host } = await start();
  for (let id = 2; id <= 1_000; id += 1)
    gitea.add({
      id,
      full: `acme/p${id}`,
      branch: 'main',
      updatedAt: new Date(Date.UTC(2026, 0, 1) - id * 60_000).toISOString(),
      branches: { main: id % 2 === 0 ? { 'catalog-info.yaml': 'kind: Component' } : {} },
    });
  const read = async () => {
    gitea.calls.length = 0;
    return (await tested.call('sources/repositories')).entities;
  };
  const first = await read();
  expect(first).toHaveLength(501);
  // The organisation, twenty pages, and a look into each.
  expect(gitea.calls).toHaveLength(1_021);
  expect(first.find(({ spec }: any) => spec.target.includes('/pay/')).spec).toEqual({
    type: 'url',
    target: `${base}/acme/pay/src/branch/main/catalog-info.yaml`,
    presence: 'optional',
  });
  const { target } = first[0].spec;
  const { version } = await host('readFile', { url: target });
  expect(await read()).toEqual(first);
  expect(gitea.calls).toEqual(['GET /repos/search']);
  gitea.calls.length = 0;
  expect(await host('readFile', { url: target, version })).toBeNull();
  expect(gitea.calls).toEqual([]);
  const changed = { updatedAt: new Date().toISOString(), branches: { main: { 'catalog-info.yaml': 'kind: API' } } };
  Object.assign(gitea.repositories.get(3)!, changed);
  expect(await read()).toHaveLength(502);
  expect(gitea.calls).toEqual(['GET /repos/search', 'GET /repos/acme/p3/raw/catalog-info.yaml']);
  gitea.repositories.delete(500);
  expect(await read()).toHaveLength(501);
  expect(gitea.calls.length).toBeLessThanOrEqual(23);
});

test('filters and patterns of descriptors', async () => {
  const repositories = [
    { owner: 'acme', topics: ['SERVICE'], names: 'acme/p*', catalogPath: '**/*.yaml' },
    { owner: 'acme', allowForks: true, withoutTopics: ['service'] },
  ];
  const { tested, gitea } = await start({ configuration: { ...configuration, repositories } });
  gitea.repositories.get(1)!.branches['main']!['deep/x.yaml'] = 'kind: API';
  const plain = { branch: 'main', updatedAt: pay.updatedAt, branches: { main: { 'catalog-info.yaml': '' } } };
  gitea.add({ id: 2, full: 'acme/old', ...plain, archived: true });
  gitea.add({ id: 3, full: 'acme/fork', ...plain, fork: true });
  const targets = ({ entities }: any) => entities.map(({ spec }: any) => spec.target.replace(`${base}/acme/`, ''));
  const first = await tested.call('sources/repositories');
  expect(targets(first)).toEqual(['pay/src/branch/main/catalog-info.yaml', 'pay/src/branch/main/deep/x.yaml']);
  const second = await tested.call('sources/repositories', { cursor: first.cursor });
  expect(targets(second)).toEqual(['fork/src/branch/main/catalog-info.yaml']);
});

test('organisations, teams and people', async () => {
  const { tested, gitea } = await start();
  const ann = { id: 7, login: 'ann', full_name: 'Ann B', email: 'ann@example.com', active: true };
  gitea.members['acme'] = [ann, { id: 8, login: 'ben', email: 'ben@noreply.git.example.com', prohibit_login: false }];
  gitea.teams['acme'] = [{ id: 4, name: 'Crew', description: 'Sails' }];
  gitea.members['4'] = [ann, { id: 9, login: 'gone', prohibit_login: true }];
  const { entities } = await tested.call('sources/people');
  expect(entities.map(({ kind, metadata }: any) => `${kind} ${metadata.name}`)).toEqual([
    'Group acme',
    'Group acme-Crew',
    'User ann',
    'User ben',
  ]);
  expect(entities[1].spec).toEqual({ type: 'team', profile: { displayName: 'Crew' }, parent: 'acme', children: [] });
  expect(entities[2].spec).toEqual({
    profile: { displayName: 'Ann B', email: 'ann@example.com' },
    memberOf: ['acme', 'acme-Crew'],
  });
  expect(entities[3].spec.profile).toEqual({ displayName: 'ben' });
});

test('the test of connections says what is missing', async () => {
  const { tested } = await start({ scopes: ['read:repository'], settings: {} });
  const ask = async (more: object) =>
    (await tested.call('connections/hosts', { configuration: { ...configuration, ...more } })).items;
  expect(await ask({})).toEqual([
    { title: 'git.example.com', state: 'good', message: 'It answers: 1.24.6' },
    {
      title: 'git.example.com: account',
      state: 'bad',
      message: expect.stringContaining('may not read /user'),
      fix: 'Make a token with read:user.',
    },
    { title: 'git.example.com: repositories', state: 'good', message: '1 can be seen' },
    { title: 'git.example.com/acme', state: 'good', message: 'It is there' },
  ]);
  const wrong = await ask({ hosts: [{ host: 'git.example.com', token: 'other' }] });
  expect(wrong[1]).toMatchObject({ state: 'bad', fix: `Make a token at ${base}/user/settings/applications.` });
  const none = await ask({ repositories: [{ owner: 'nobody' }], people: [] });
  expect(none.at(-1)).toMatchObject({
    state: 'bad',
    message: expect.stringContaining('no organisation or user nobody'),
  });
  expect((await ask({ hosts: [] }))[0].message).toBe('There is no host');
});

test('integrations of the configuration file, with a name and password', async () => {
  const { host } = await start({
    configuration: {},
    settings: { 'integrations.gitea': [{ host: 'git.example.com', username: 'bot', password: 'pass' }] },
  });
  expect(await host('hosts', {})).toEqual([{ host: 'git.example.com', type: 'gitea', title: 'git.example.com' }]);
  expect((await host('readFile', { url: `${base}/acme/pay/src/branch/main/catalog-info.yaml` })).text).toBe(
    'kind: Component',
  );
  expect(await host('gitAccess', { url: base })).toEqual({ username: 'bot', password: 'pass' });
});

test('a webhook counts once, with the right signature only', async () => {
  const { tested, host, gitea } = await start();
  await tested.call('sources/repositories');
  const url = `${base}/acme/pay/src/branch/main/catalog-info.yaml`;
  const { version } = await host('readFile', { url });
  const event = { after: 'abc', repository: { full_name: 'acme/pay', html_url: `${base}/acme/pay` } };
  const text = JSON.stringify(event);
  const signed = createHmac('sha256', 'shared').update(text).digest('hex');
  const send = (signature: string, delivery = '1') => {
    const headers = { 'x-gitea-event': 'push', 'x-gitea-signature': signature, 'x-gitea-delivery': delivery };
    return tested.call('routes/events', {
      method: 'POST',
      path: '',
      params: {},
      query: {},
      headers,
      body: event,
      text,
    });
  };
  expect((await send('')).status).toBe(401);
  expect((await send(createHmac('sha256', 'other').update(text).digest('hex'))).status).toBe(401);
  expect(tested.changed).toEqual([]);
  expect((await send(signed)).status).toBe(202);
  // The number of a delivery is not signed: another one makes it no other event.
  expect((await send(signed, '2')).status).toBe(409);
  expect(tested.changed).toEqual(['codeHosts/gitea', 'sources/repositories', 'views/repository']);
  gitea.repositories.get(1)!.branches['main']!['catalog-info.yaml'] = 'kind: API';
  expect((await host('readFile', { url, version })).text).toBe('kind: API');
});

test('webhooks are registered by a button, once', async () => {
  const { tested, gitea } = await start();
  const [{ route, body }] = (await tested.call('views/webhooks')).rows[0].do.actions;
  expect(route).toBe('register');
  for (let time = 0; time < 2; time += 1)
    expect((await tested.call('routes/register', { body })).body.message).toContain('The webhook of acme sends to');
  const config = {
    url: 'https://portal.example.com/api/plugins/gitea/hooks/events',
    content_type: 'json',
    secret: 'shared',
  };
  expect(gitea.made['acme/hooks']).toEqual([expect.objectContaining({ type: 'gitea', active: true, config })]);
});

test('facts, names for pickers, and a change that is opened once', async () => {
  const { host, tested, gitea } = await start();
  expect(await host('facts', { url: `${base}/acme/pay` })).toMatchObject({
    repository: { owner: 'acme', name: 'pay', defaultBranch: 'main', private: true },
    lastChange: { at: '2026-11-20T09:00:00.000Z', title: 'Pay twice', author: 'Ann' },
    openChanges: 2,
    contributors: ['Ann', 'Ben'],
    languages: [
      { name: 'Go', share: 0.9 },
      { name: 'Shell', share: 0.1 },
    ],
    owners: ['@acme/crew', 'ann@example.com'],
  });
  const annotations = { 'backstage.io/source-location': `url:${base}/acme/pay/src/branch/main/` };
  const entity = { apiVersion: 'v1', kind: 'Component', metadata: { name: 'pay', annotations } };
  const card = await tested.call('views/repository', { entity });
  expect(card.items.map(({ label }: any) => label)).toEqual([
    'Repository',
    'Last commit',
    'Its message',
    'Open pull requests',
    'Languages',
    'Contributors lately',
    'Code owners',
  ]);
  const elsewhere = { ...entity, metadata: { name: 'pay', annotations: { 'gitlab.com/project-slug': 'acme/pay' } } };
  expect(await tested.call('views/repository', { entity: elsewhere })).toEqual({ model: 'stat', items: [] });
  const ask = async (what: string, more: object = {}) =>
    (await host('complete', { host: 'git.example.com', what, ...more })).items;
  expect(await ask('owners', { search: 'ac' })).toEqual([{ value: 'acme', title: 'Acme' }]);
  expect(await ask('repositories', { owner: 'acme', search: 'pa' })).toEqual([{ value: 'pay' }]);
  expect(await ask('branches', { owner: 'acme', repository: 'pay' })).toEqual([
    { value: 'main' },
    { value: 'feature/one' },
  ]);
  const files = [
    { path: 'n.txt', text: 'n' },
    { path: 'catalog-info.yaml', text: 'kind: System' },
  ];
  const change = { url: `${base}/acme/pay`, branch: 'add', title: 'Add', description: 'x', files };
  const one = await host('openChange', change);
  expect(one).toEqual({ url: `${base}/acme/pay/pulls/1`, number: 1 });
  expect(await host('openChange', change)).toEqual(one);
  expect(gitea.repositories.get(1)!.branches['add']).toMatchObject({
    'n.txt': 'n',
    'catalog-info.yaml': 'kind: System',
  });
});

test('publish:gitea makes a repository once, and says what it would do', async () => {
  const { publish, gitea, pushed } = await start();
  const input = { repoUrl: 'git.example.com?owner=acme&repo=new', description: 'New', repoVisibility: 'private' };
  expect((await publish(input, { dryRun: true })).effects).toEqual([
    'Would make the private repository acme/new on git.example.com',
    'Would push the files to its branch main',
  ]);
  expect(gitea.calls).toEqual([]);
  const first = await publish(input);
  expect(first.output).toEqual({
    remoteUrl: `${base}/acme/new.git`,
    repoContentsUrl: `${base}/acme/new/src/branch/main/`,
    commitHash: 'c0ffee'.padEnd(40, '0'),
  });
  expect(pushed[0]).toMatchObject({ remote: `${base}/acme/new.git`, branch: 'main', password: 'gt-1' });
  expect((await publish(input)).output).toEqual(first.output);
  expect(gitea.repositories.size).toBe(2);
  await expect(publish({ repoUrl: 'git.example.com?owner=acme&repo=pay' }, { key: 'k2' })).rejects.toThrow(
    'acme/pay exists already',
  );
  await expect(publish({ repoUrl: 'git.example.com?owner=other&repo=x' }, { key: 'k3' })).rejects.toThrow(
    'has no organisation other',
  );
  expect((await publish({ repoUrl: 'git.example.com?owner=bot&repo=own' }, { key: 'k4' })).output.remoteUrl).toBe(
    `${base}/bot/own.git`,
  );
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
