import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, giteaApi, type HttpResponse } from 'gitea-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from './testing/endpoints.ts';
import { fakeGitea } from './testing/gitea.ts';

/**
 * The stand-in for Gitea, driven by the client that is made of Gitea's own description, as it is: every address that the plugin asks for, with what
 * is read of the answer under the names and types of the description.
 */
const gitea = fakeGitea();
gitea.organizations.push({ id: 10, name: 'acme', username: 'acme', full_name: 'Acme', description: 'Ships' });
gitea.teams['acme'] = [{ id: 5, name: 'crew', description: 'At sea' }];
const ann = { id: 7, login: 'ann', full_name: 'Ann', email: 'ann@example.com', active: true, prohibit_login: false };
gitea.members['acme'] = [ann];
gitea.members['5'] = [ann];
gitea.add({
  id: 1,
  full: 'acme/pay',
  branch: 'main',
  updatedAt: '2026-01-01T10:00:00Z',
  topics: ['service'],
  branches: { main: { 'catalog-info.yaml': 'kind: Component', 'docs/a b.md': '# A' }, 'feature/one': {} },
  release: { id: 3, name: 'First', tag_name: 'v1', published_at: '2026-01-01T00:00:00Z', html_url: 'https://r' },
});

const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const {
    status = 200,
    headers,
    body,
  } = gitea.fetch(`https://git.example.com${request.url}`, {
    method: request.method,
    headers: request.headers as Record<string, string>,
    ...(text !== '' && { body: text }),
  });
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
    ...headers,
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
});
let client: Api<unknown>;
beforeAll(async () => {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  client = giteaApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { token: 'gt-1' });
});
afterAll(() => void server.close());

type Part<Value> = Value extends readonly (infer Item)[]
  ? Part<Item>[]
  : Value extends object
    ? { [Key in keyof Value]?: Part<Value[Key]> }
    : Value;
/** The answer has these values, under names that its type knows. */
const shows = async <Value>(answer: Promise<HttpResponse<Value>>, expected: Part<Value>): Promise<Value> => {
  const { data } = await answer;
  expect(data).toMatchObject(expected as object);
  return data;
};

test('what it says of itself, of people and of organisations', async () => {
  await shows(client.version.getVersion(), { version: '1.24.6' });
  await shows(client.user.userGetCurrent(), { id: 1, login: 'bot' });
  await shows(client.users.userGet('ann'), { id: 7, login: 'ann', full_name: 'Ann' });
  await shows(client.user.orgListCurrentUserOrgs(), [{ id: 10, name: 'acme', username: 'acme', full_name: 'Acme' }]);
  await shows(client.orgs.orgGet('acme'), { id: 10, full_name: 'Acme', description: 'Ships' });
  await shows(client.orgs.orgListMembers('acme'), [ann]);
  await shows(client.orgs.orgListTeams('acme'), [{ id: 5, name: 'crew', description: 'At sea' }]);
  await shows(client.teams.orgListTeamMembers(5), [ann]);
  await expect(client.orgs.orgGet('none')).rejects.toMatchObject({
    status: 404,
    error: { message: "The target couldn't be found." },
  });
});

test('repositories and what is in them', async () => {
  const shown = {
    id: 1,
    name: 'pay',
    full_name: 'acme/pay',
    owner: { login: 'acme' },
    html_url: 'https://git.example.com/acme/pay',
    default_branch: 'main',
    updated_at: '2026-01-01T10:00:00Z',
    topics: ['service'],
    archived: false,
    fork: false,
    empty: false,
    private: true,
    open_pr_counter: 2,
  };
  await shows(client.repos.repoSearch({ uid: 10, exclusive: true, sort: 'updated', order: 'desc', limit: 50 }), {
    ok: true,
    data: [shown],
  });
  await shows(client.repos.repoGet('acme', 'pay'), shown);
  const raw = await client.repos.repoGetRawFile('acme', 'pay', 'docs/a b.md', { ref: 'main' }, { format: 'text' });
  expect(raw.data).toBe('# A');
  const commit = await client.repos.repoGetSingleCommit('acme', 'pay', 'main', { stat: false });
  await shows(client.repos.getTree('acme', 'pay', commit.data.sha!, { recursive: true }), {
    truncated: false,
    total_count: 2,
    tree: [
      { path: 'catalog-info.yaml', type: 'blob', size: 15 },
      { path: 'docs/a b.md', type: 'blob', size: 3 },
    ],
  });
  await shows(client.repos.repoListBranches('acme', 'pay'), [{ name: 'main' }, { name: 'feature/one' }]);
  await shows(client.repos.repoGetBranch('acme', 'pay', 'feature/one'), { name: 'feature/one' });
  const last = {
    message: 'Pay twice\n\nMore',
    author: { name: 'Ann' },
    committer: { date: '2026-11-20T10:00:00+01:00' },
  };
  await shows(
    client.repos.repoGetAllCommits('acme', 'pay', { limit: 1, stat: false, verification: false, files: false }),
    [{ html_url: 'https://git.example.com/c', created: '2026-11-20T10:00:00+01:00', commit: last }],
  );
  await shows(client.repos.repoGetLanguages('acme', 'pay'), { Go: 900, Shell: 100 });
  await shows(client.repos.repoGetLatestRelease('acme', 'pay'), {
    name: 'First',
    tag_name: 'v1',
    published_at: '2026-01-01T00:00:00Z',
    html_url: 'https://r',
  });
});

test('what templates and buttons make', async () => {
  const made = { name: 'new', description: 'New', private: true, default_branch: 'main', auto_init: false };
  await shows(client.orgs.createOrgRepo('acme', made), { full_name: 'acme/new', empty: true, default_branch: 'main' });
  await shows(client.user.createCurrentUserRepo({ ...made, name: 'own' }), { full_name: 'bot/own' });
  const content = Buffer.from('n').toString('base64');
  const change = {
    branch: 'main',
    new_branch: 'add',
    message: 'Add',
    files: [{ operation: 'create' as const, path: 'n.txt', content }],
  };
  await shows(client.repos.repoChangeFiles('acme', 'pay', change), { files: [{ path: 'n.txt' }] });
  await expect(client.repos.repoChangeFiles('acme', 'pay', { ...change, branch: 'add' })).rejects.toMatchObject({
    status: 422,
  });
  await shows(
    client.repos.repoCreatePullRequest('acme', 'pay', { base: 'main', head: 'add', title: 'Add', body: 'x' }),
    {
      number: 1,
      html_url: 'https://git.example.com/acme/pay/pulls/1',
      head: { ref: 'add' },
    },
  );
  await shows(client.repos.repoListPullRequests('acme', 'pay', { state: 'open' }), [
    { number: 1, head: { ref: 'add' } },
  ]);
  const sha = (await client.repos.repoGetSingleCommit('acme', 'pay', 'add')).data.sha!;
  await shows(client.repos.repoCreateStatus('acme', 'pay', sha, { state: 'success', context: 'portal' }), {
    context: 'portal',
  });
  const config = { url: 'https://portal.example.com/hook', content_type: 'json', secret: 'shared' };
  const asked = { type: 'gitea' as const, active: true, events: ['push'], config };
  const ofOrganization = await shows(client.orgs.orgCreateHook('acme', asked), { active: true, config });
  await shows(client.orgs.orgEditHook('acme', ofOrganization.id!, { active: false }), { active: false });
  await shows(client.orgs.orgListHooks('acme'), [{ id: ofOrganization.id!, config }]);
  const ofRepository = await shows(client.repos.repoCreateHook('acme', 'pay', asked), { events: ['push'], config });
  await shows(client.repos.repoEditHook('acme', 'pay', ofRepository.id!, { events: ['push', 'create'] }), {
    events: ['push', 'create'],
  });
  await shows(client.repos.repoListHooks('acme', 'pay'), [{ id: ofRepository.id!, type: 'gitea', config }]);
});

test('nothing that the plugin asks for was left out', () => {
  expect(endpoints.filter((endpoint) => !gitea.asked.has(endpoint))).toEqual([]);
});
