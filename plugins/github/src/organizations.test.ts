/** What the emulator lacks, on answers in the shapes of GitHub's GraphQL: organisations, people, facts, limits, webhooks. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { withHost } from './testing/kit.ts';

type Node = { name: string; pushed: number; [key: string]: unknown };
const oid = (number: number) => number.toString(16).padStart(40, '0');
/** A repository as the list tells it, before what a test changes. */
const node = (number: number, more: object = {}): Node => ({
  name: `repo-${number}`,
  url: `https://github.com/acme/repo-${number}`,
  description: null,
  isArchived: false,
  isFork: false,
  visibility: 'PRIVATE',
  owner: { login: 'acme' },
  defaultBranchRef: { name: 'main' },
  repositoryTopics: { nodes: [] },
  head: { oid: oid(number) },
  file: { oid: oid(number + 100_000) },
  pushed: number,
  ...more,
});

/** A host with an organisation, which counts what it is asked. */
function hostWith(nodes: Node[]) {
  const asked: string[] = [];
  const limit = { remaining: 5000 };
  const headers = () => ({
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(limit.remaining),
    'x-ratelimit-reset': '4102444800',
    'x-ratelimit-resource': 'graphql',
  });
  return {
    nodes,
    asked,
    limit,
    answer(url: URL, { method = 'GET', body }: { method?: string; body?: string }) {
      asked.push(`${method} ${url.pathname}`);
      if (url.pathname !== '/graphql') return undefined;
      const { variables } = JSON.parse(body!);
      const start = Number(variables.cursor ?? 0);
      const sorted = nodes.toSorted((one, other) => other.pushed - one.pushed);
      const page = sorted.slice(start, start + 100).map(({ pushed: _pushed, ...rest }) => rest);
      const pageInfo = { hasNextPage: start + 100 < nodes.length, endCursor: String(start + 100) };
      const repositories = { totalCount: nodes.length, pageInfo, nodes: page };
      return { headers: headers(), body: { data: { repositoryOwner: { repositories } } } as never };
    },
  };
}
const oneOrganization = (more: object = {}) => ({ organizations: [{ organization: 'acme', ...more }] });
const targets = ({ entities }: { entities: { spec: { target: string } }[] }) =>
  entities.map(({ spec }) => spec.target.replace('https://github.com/acme/', ''));

test('an organisation of 1,000 repositories costs ten calls at first, one when nothing changed, and its files none', async () => {
  const acme = hostWith(Array.from({ length: 1000 }, (_each, index) => node(index + 1)));
  const github = await withHost(acme.answer, oneOrganization());
  const first = await github.call('sources/repositories');
  expect(first.entities).toHaveLength(1000);
  expect(first.entities[0]).toMatchObject({
    kind: 'Location',
    metadata: { annotations: { 'github.com/project-slug': 'acme/repo-1000' } },
    spec: { type: 'url', target: 'https://github.com/acme/repo-1000/blob/main/catalog-info.yaml' },
  });
  expect(acme.asked.splice(0)).toHaveLength(10);
  expect(await github.call('sources/repositories')).toEqual(first);
  for (const { pushed } of acme.nodes)
    expect(
      await github.call('codeHosts/main/readFile', {
        url: `https://github.com/acme/repo-${pushed}/blob/main/catalog-info.yaml`,
        version: `${oid(pushed + 100_000)} "etag"`,
      }),
    ).toBeNull();
  expect(acme.asked.splice(0)).toEqual(['POST /graphql']);
  // One is pushed to, one comes: both are on the first page. One goes: the count tells.
  Object.assign(acme.nodes[4]!, { pushed: 2000, head: { oid: oid(9) } });
  acme.nodes.push(node(1001, { pushed: 2001 }));
  expect((await github.call('sources/repositories')).entities).toHaveLength(1001);
  expect(acme.asked.splice(0)).toHaveLength(1);
  acme.nodes.splice(10, 1);
  expect((await github.call('sources/repositories')).entities).toHaveLength(1000);
  expect(acme.asked.splice(0)).toHaveLength(10);
});

test('repositories are chosen by name, topic, visibility, archive, fork and path', async () => {
  const topics = (...names: string[]) => ({ repositoryTopics: { nodes: names.map((name) => ({ topic: { name } })) } });
  const acme = hostWith([
    node(1, { ...topics('portal'), visibility: 'PUBLIC' }),
    node(2, { ...topics('portal', 'secret') }),
    node(3, { isArchived: true, ...topics('portal') }),
    node(4, { isFork: true }),
    node(5, { file: null }),
    node(6, { head: null, defaultBranchRef: null }),
  ]);
  const read = async (more: object) =>
    targets(await (await withHost(acme.answer, oneOrganization(more))).call('sources/repositories'));
  const file = 'blob/main/catalog-info.yaml';
  expect(await read({})).toEqual([`repo-4/${file}`, `repo-2/${file}`, `repo-1/${file}`]);
  expect(await read({ topics: ['portal'], withoutTopics: ['secret'] })).toEqual([`repo-1/${file}`]);
  expect(await read({ filters: { topic: { exclude: ['secret'] }, allowForks: false } })).toEqual([`repo-1/${file}`]);
  expect(await read({ visibility: ['public'] })).toEqual([`repo-1/${file}`]);
  expect(await read({ repository: 'repo-[12]', catalogPath: '/services/*/catalog-info.yaml' })).toEqual([
    'repo-2/tree/main/services/*/catalog-info.yaml',
    'repo-1/tree/main/services/*/catalog-info.yaml',
  ]);
  expect(await read({ allowArchived: true, topics: ['portal'], branch: 'live' })).toContain(
    'repo-3/blob/live/catalog-info.yaml',
  );
  await expect(read({ repository: '(' })).rejects.toThrow("'(' is no regular expression");
});

test('readings in the background stop before the limit is used up; what asks to be left alone is', async () => {
  const acme = hostWith([node(1)]);
  const github = await withHost(acme.answer, oneOrganization());
  acme.limit.remaining = 400;
  await github.call('sources/repositories');
  acme.asked.splice(0);
  await expect(github.call('sources/repositories')).rejects.toThrow(
    'github.com: 400 of 5000 points are left until 00:00 UTC, which are kept for people',
  );
  expect(acme.asked).toEqual([]);
  let calls = 0;
  const busy = await withHost(() => {
    calls += 1;
    return {
      status: 403,
      headers: { 'retry-after': '60' },
      body: { message: 'You have exceeded a secondary rate limit' },
    };
  }, oneOrganization());
  await expect(busy.call('sources/repositories')).rejects.toThrow('its limit of calls is used up');
  await expect(busy.call('sources/repositories')).rejects.toThrow('it asked to be left alone until');
  expect(calls).toBe(1);
});

test('people and teams become users and groups with their memberships', async () => {
  const whole = { pageInfo: { hasNextPage: false, endCursor: null } };
  const logins = (...names: string[]) => names.map((login) => ({ login }));
  const answer: Parameters<typeof withHost>[0] = (_url, { body }) => {
    const { query, variables } = JSON.parse(body!);
    const say = (organization: object) => ({ body: { data: { organization } } as never });
    if (query.includes('membersWithRole'))
      return say({
        membersWithRole: variables.cursor
          ? {
              ...whole,
              nodes: [{ login: 'hubot', name: null, email: '', avatarUrl: '', organizationVerifiedDomainEmails: [] }],
            }
          : {
              pageInfo: { hasNextPage: true, endCursor: 'c' },
              nodes: [
                {
                  login: 'octocat',
                  name: 'The Octocat',
                  email: 'private@example.com',
                  avatarUrl: 'https://example.com/o.png',
                  organizationVerifiedDomainEmails: ['octocat@acme.example'],
                },
              ],
            },
      });
    if (query.includes('team(slug')) return say({ team: { members: { ...whole, nodes: logins('octocat') } } });
    const inner = { pageInfo: { hasNextPage: true, endCursor: 'm' }, nodes: logins('hubot') };
    return say({
      teams: {
        ...whole,
        nodes: [
          {
            slug: 'crew',
            name: 'Crew',
            description: 'Everybody',
            avatarUrl: '',
            parentTeam: null,
            members: { ...whole, nodes: [] },
          },
          {
            slug: 'deck',
            name: 'Deck',
            description: '',
            avatarUrl: '',
            parentTeam: { slug: 'crew' },
            members: inner,
          },
        ],
      },
    });
  };
  const github = await withHost(answer, oneOrganization({ people: true, repositories: false }));
  expect((await github.call('sources/repositories')).entities).toEqual([]);
  const { entities } = await github.call('sources/people');
  const asBackstage = await withHost(
    answer,
    {},
    {
      settings: { 'catalog.providers.githubOrg': { id: 'all', githubUrl: 'https://github.com', orgs: ['acme'] } },
    },
  );
  expect((await asBackstage.call('sources/people')).entities).toEqual(entities);
  expect(entities.map(({ kind, metadata, spec }: any) => [kind, metadata.name, spec.memberOf ?? spec.members])).toEqual(
    [
      ['User', 'octocat', ['deck']],
      ['User', 'hubot', ['deck']],
      ['Group', 'crew', []],
      ['Group', 'deck', ['hubot', 'octocat']],
    ],
  );
  expect(entities[0].spec.profile).toEqual({
    displayName: 'The Octocat',
    email: 'octocat@acme.example',
    picture: 'https://example.com/o.png',
  });
  expect(entities[3]).toMatchObject({
    metadata: { annotations: { 'github.com/team-slug': 'acme/deck' } },
    spec: { type: 'team', parent: 'crew', profile: { displayName: 'Deck' } },
  });
  const blind = await withHost(
    () => ({ body: { data: { organization: null } } as never }),
    oneOrganization({ people: true }),
  );
  await expect(blind.call('sources/people')).rejects.toThrow('the scope read:org');
});

const repository = {
  name: 'pay',
  url: 'https://github.com/acme/pay',
  description: 'Pays',
  isArchived: true,
  isFork: false,
  isPrivate: true,
  owner: { login: 'acme' },
  defaultBranchRef: {
    name: 'main',
    target: {
      committedDate: '2026-11-20T10:00:00Z',
      messageHeadline: 'Round to cents',
      url: 'https://github.com/acme/pay/commit/1',
      author: { name: 'O', user: { login: 'octocat' } },
      history: {
        nodes: [
          { author: { user: { login: 'hubot' } } },
          { author: { user: { login: 'octocat' } } },
          { author: { user: { login: 'octocat' } } },
        ],
      },
    },
  },
  repositoryTopics: { nodes: [] },
  pullRequests: { totalCount: 3 },
  issues: { totalCount: 7 },
  latestRelease: {
    name: null,
    tagName: 'v1.2.0',
    publishedAt: '2026-11-01T00:00:00Z',
    url: 'https://github.com/acme/pay/releases/1',
  },
  languages: {
    totalSize: 400,
    edges: [
      { size: 300, node: { name: 'Go' } },
      { size: 100, node: { name: 'Shell' } },
    ],
  },
  owners: null,
  ownersAtRoot: { text: '# all\n/web @acme/web # the page\n* @acme/crew octocat@example.com\n' },
  ownersInDocs: null,
};
const entity = (annotations: object, links: object[] = []) => ({
  entity: { kind: 'Component', metadata: { name: 'pay', annotations, links } } as never,
});

test('the card shows the repository that evidence leads to, and says by what it was found', async () => {
  const asked: object[] = [];
  const github = await withHost((_url, { body }) => {
    const { variables } = JSON.parse(body!);
    asked.push(variables);
    return { body: { data: { repository: variables.name === 'pay' ? repository : null } } as never };
  });
  const card = await github.call('views/repository', entity({ 'github.com/project-slug': 'acme/pay' }));
  expect(card.note).toBe('Found by the annotation github.com/project-slug. It is archived.');
  expect(card.items.map(({ label, value }: any) => [label, value])).toEqual([
    ['Repository', 'acme/pay'],
    ['Last commit', '2026-11-20 Round to cents, octocat'],
    ['Open pull requests', 3],
    ['Open issues', 7],
    ['Latest release', 'v1.2.0 (2026-11-01)'],
    ['Languages', 'Go 75 %, Shell 25 %'],
    ['Busiest lately', 'octocat, hubot'],
    ['Code owners', '@acme/crew, octocat@example.com, @acme/web'],
  ]);
  const from = 'backstage.io/source-location';
  const byAddress = await github.call(
    'views/repository',
    entity({ [from]: 'url:https://github.com/acme/pay/tree/main/svc/' }),
  );
  expect(byAddress.note).toContain(`Found by the annotation ${from}.`);
  const byLink = await github.call('views/repository', entity({}, [{ url: 'https://github.com/acme/pay' }]));
  expect(byLink.note).toContain('Found by the link to https://github.com/acme/pay.');
  // However its repository is found, it is asked for once.
  expect(asked).toEqual([{ owner: 'acme', name: 'pay' }]);
  const none = await github.call('views/repository', entity({ [from]: 'url:https://gitlab.com/acme/pay' }));
  expect(none).toEqual({ model: 'stat', items: [] });
  const gone = await github.call('views/repository', entity({ 'github.com/project-slug': 'acme/gone' }));
  expect(gone.note).toContain('shows no repository acme/gone');
  const facts = await github.call('codeHosts/main/facts', {
    url: 'https://github.com/acme/pay/blob/main/catalog-info.yaml',
  });
  expect(facts).toMatchObject({
    openChanges: 3,
    release: { name: 'v1.2.0' },
    owners: ['@acme/crew', 'octocat@example.com', '@acme/web'],
  });
});

test('a webhook is registered once with a secret of its own; what is signed counts once', async () => {
  const hooks: any[] = [];
  const acme = hostWith([node(1)]);
  const github = await withHost(
    (url, request) => {
      if (url.pathname === '/graphql') return acme.answer(url, request);
      if (!url.pathname.startsWith('/orgs/acme/hooks')) return undefined;
      if (request.method === 'GET' || request.method === undefined) return { body: hooks };
      const body = JSON.parse(request.body!);
      if (request.method === 'POST') hooks.push({ id: 7, ...body });
      else Object.assign(hooks[0], body);
      return { body: hooks[0] };
    },
    { ...oneOrganization(), portal: 'https://portal.example.com/' },
  );
  const register = () => github.call('routes/register', { body: { host: 'github.com', organization: 'acme' } });
  expect((await register()).body.message).toBe('The webhook of acme is registered');
  expect((await register()).body.message).toContain('was there already');
  expect(hooks).toHaveLength(1);
  expect(hooks[0].config.url).toBe('https://portal.example.com/api/plugins/github/hooks/events');
  await github.call('sources/repositories');
  const overview = await github.call('views/organizations');
  expect(overview.rows[0]).toMatchObject({
    repositories: '1 of 1',
    hook: { text: 'registered', tone: 'good' },
    left: '5000 of 5000',
  });

  const body = { repository: { name: 'repo-1', html_url: 'https://github.com/acme/repo-1', owner: { login: 'acme' } } };
  const deliver = (id: string, secret: string, event = 'push', text = JSON.stringify(body)) =>
    github.call('routes/events', {
      text,
      body: text.startsWith('{') ? body : null,
      headers: {
        'x-github-event': event,
        'x-github-delivery': id,
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
      },
    });
  const { secret } = hooks[0].config;
  expect((await deliver('11111111-a', 'wrong')).status).toBe(401);
  expect(github.changed).toEqual(['views/organizations', 'views/organizations']);
  const version = `${oid(100_001)} "etag"`;
  const url = 'https://github.com/acme/repo-1/blob/main/catalog-info.yaml';
  expect(await github.call('codeHosts/main/readFile', { url, version })).toBeNull();
  expect((await deliver('11111111-a', secret)).status).toBe(202);
  expect(github.changed.slice(2)).toEqual(['views/repository', 'codeHosts/main', 'sources/repositories']);
  // What was known is not trusted any more: the file is asked for, which nothing answers here.
  await expect(github.call('codeHosts/main/readFile', { url, version })).rejects.toThrow('/repos/acme/repo-1/contents');
  expect((await deliver('11111111-a', secret)).status).toBe(409);
  const form = `payload=${encodeURIComponent(JSON.stringify(body))}`;
  expect((await deliver('22222222-b', secret, 'team', form)).status).toBe(202);
  expect(github.changed).toContain('sources/people');
  for (const key of github.store.keys()) if (key.startsWith('delivery/')) github.store.set(key, 0);
  await github.call('tasks/tidy');
  expect([...github.store.keys()].filter((key) => key.startsWith('delivery/'))).toEqual([]);
});

test('hosts of the file and of the form are one list, each with its own API', async () => {
  const asked: [string, string | undefined][] = [];
  const github = await withHost(
    (url, { headers }) => {
      asked.push([url.href, headers?.['authorization']]);
      return { body: [] };
    },
    {},
    {
      settings: {
        'integrations.github': [
          { host: 'ghe.example.com', token: 'ghe_1' },
          { host: 'public.example.com' },
          { host: 'github.com', token: 'other' },
        ],
      },
    },
  );
  expect((await github.call('codeHosts/main/hosts')).map(({ host }: any) => host)).toEqual([
    'github.com',
    'ghe.example.com',
  ]);
  const owns = (url: string) => github.call('codeHosts/main/owns', { url });
  expect(await owns('https://ghe.example.com/a/b')).toBe(true);
  // Without a token its API would be of little use.
  expect(await owns('https://public.example.com/a/b')).toBe(false);
  expect(await owns('https://gitlab.com/a/b')).toBe(false);
  for (const host of ['ghe.example.com', 'github.com'])
    await github.call('codeHosts/main/complete', { host, what: 'branches', owner: 'a', repository: 'b' });
  expect(asked).toEqual([
    ['https://ghe.example.com/api/v3/repos/a/b/branches?per_page=100', 'Bearer ghe_1'],
    ['https://api.github.com/repos/a/b/branches?per_page=100', 'Bearer ghp_test'],
  ]);
});

test('whatever the host answers, what is wrong is said in words', async () => {
  const words = async (given: { status?: number; headers?: Record<string, string>; body: unknown } | Error) => {
    const github = await withHost(() => {
      if (given instanceof Error) throw given;
      return given as never;
    }, oneOrganization());
    const url = 'https://github.com/acme/pay/blob/main/catalog-info.yaml';
    const said = (target: string, input: object) =>
      github.call(target, input as never).then(
        () => 'no error',
        (error: Error) => error.message,
      );
    return [await said('codeHosts/main/readFile', { url }), await said('sources/repositories', {})];
  };
  const scopes = { 'x-oauth-scopes': 'gist', 'x-accepted-oauth-scopes': 'repo' };
  const permissions = { 'x-accepted-github-permissions': 'contents=read' };
  const single = { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso' };
  const limited = { 'x-ratelimit-remaining': '0' };
  const cases: [Parameters<typeof words>[0], string, string?][] = [
    [{ status: 401, body: { message: 'Bad credentials' } }, 'it does not take the token (Bad credentials)'],
    [{ status: 403, headers: scopes, body: {} }, 'the token has the scopes gist, and one of repo is needed'],
    [{ status: 403, headers: permissions, body: {} }, 'the token or app needs the permission contents: read'],
    [{ status: 403, headers: single, body: {} }, 'open https://github.com/orgs/acme/sso'],
    [{ status: 403, headers: limited, body: {} }, 'its limit of calls is used up'],
    [{ status: 404, body: {} }, 'acme/pay has no catalog-info.yaml in main', 'there is no such thing'],
    [{ status: 500, body: '<html>' }, 'it answered 500 when asked to'],
    [{ status: 200, body: '{"type": "fi' }, 'what it answered is no JSON'],
    [{ status: 200, body: '<html>Sign in</html>' }, 'what it answered is no JSON'],
    [{ status: 200, body: [] }, 'acme/pay has no catalog-info.yaml in main', 'there is no organisation acme'],
    [new Error('github.com cannot be reached: nothing listens there'), 'cannot be reached: nothing listens there'],
  ];
  for (const [given, ofFile, ofSource = ofFile] of cases) {
    const [file, source] = await words(given);
    expect(file).toContain(ofFile);
    expect(source).toContain(ofSource);
  }
});
