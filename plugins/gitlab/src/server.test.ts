import { testPlugin } from '@callboard/plugin-api/testing';
import { expect, test } from 'vitest';
import { base, configuration, pay, start } from './testing/start.ts';
import plugin from './server.ts';

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
  expect(whole.entries.map(({ path }: { path: string }) => path)).toEqual(['catalog-info.yaml', 'docs', 'docs/new.md']);
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
    { title: 'gl.example.com/acme', state: 'good', message: 'One project can be seen' },
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
  expect(none).toEqual({ model: 'stat', items: [] });
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
