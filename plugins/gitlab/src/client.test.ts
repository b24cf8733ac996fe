import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gitlab } from '@gitbeaker/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from './testing/endpoints.ts';
import { fakeGitlab } from './testing/gitlab.ts';
import { pay } from './testing/start.ts';

/**
 * The stand-in for GitLab, driven by a client of others as it is: every address that the plugin asks for, with what is read of the answer under
 * the names and types that the client knows.
 */
const gitlab = fakeGitlab({ isPremium: true });
gitlab.groups.push({ id: 10, name: 'Acme', path: 'acme', full_path: 'acme', web_url: 'https://gl.example.com/acme' });
gitlab.groups.push({ id: 11, name: 'Shop', path: 'shop', full_path: 'acme/shop', parent_id: 10 });
gitlab.members[10] = [{ id: 7, username: 'ann', name: 'Ann', state: 'active', access_level: 30 }];
gitlab.add(structuredClone(pay));

const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const {
    status = 200,
    headers,
    body,
  } = gitlab.fetch(`https://gl.example.com${request.url}`, {
    method: request.method,
    headers: request.headers as Record<string, string>,
    ...(text !== '' && { body: text }),
  });
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(status === 204 ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
});
let client: InstanceType<typeof Gitlab<false>>;
beforeAll(async () => {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  client = new Gitlab({ host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'glpat-1' });
});
afterAll(() => void server.close());

/** Without what a type allows beside the names that it knows. */
type Known<Value> = Value extends readonly (infer Item)[]
  ? Known<Item>[]
  : Value extends object
    ? { [Key in keyof Value as string extends Key ? never : Key]: Known<Value[Key]> }
    : Value;
type Part<Value> = Value extends readonly (infer Item)[]
  ? Part<Item>[]
  : Value extends object
    ? { [Key in keyof Value]?: Part<Value[Key]> }
    : Value;
/** The answer has these values, under names that its type knows. */
const shows = async <Value>(answer: Promise<Value>, expected: Part<Known<Value>>): Promise<Value> => {
  const value = await answer;
  expect(value).toMatchObject(expected as object);
  return value;
};

const path = 'acme/shop/pay';
const url = `https://gl.example.com/${path}`;

test('what it says of itself, of people and of groups', async () => {
  await shows(client.Metadata.show(), { version: '18.5.1', revision: 'abc' });
  await shows(client.PersonalAccessTokens.show(), { scopes: ['api'], expires_at: '2099-01-01' });
  const ann = { id: 7, username: 'ann', name: 'Ann', state: 'active', web_url: 'https://gl.example.com/ann' };
  await shows(client.Users.showCurrentUser(), { ...ann, email: 'ann@example.com' });
  await shows(client.Users.all({ username: 'ann' }), [ann]);
  await shows(client.Users.show(7), ann);
  await shows(client.Users.allProjects('ann'), []);
  await shows(client.Namespaces.all({ search: 'shop' }), [{ id: 11, full_path: 'acme/shop', name: 'Shop' }]);
  await shows(client.Namespaces.show('acme/shop'), { id: 11, full_path: 'acme/shop' });
  await shows(client.Groups.show('acme'), { id: 10, name: 'Acme', full_path: 'acme' });
  await shows(client.Groups.allDescendantGroups('acme', {}), [{ id: 11, parent_id: 10, full_path: 'acme/shop' }]);
  await shows(client.GroupMembers.all(10), [{ id: 7, username: 'ann', name: 'Ann', state: 'active' }]);
  const made = await shows(client.Groups.create('New', 'new', { parentId: 10 }), { full_path: 'acme/new' });
  await shows(client.GroupMembers.add(made.id, 30, { userId: 7 }), { id: 7, access_level: 30 });
  await expect(client.GroupMembers.add(made.id, 30, { userId: 7 })).rejects.toThrow('Member already exists');
  await shows(client.GroupMembers.edit(made.id, 7, 40), { access_level: 40 });
  await client.GroupMembers.remove(made.id, 7);
  await client.Groups.share(made.id, 11, 30, {});
  expect(await client.Groups.show(made.id)).toMatchObject({
    shared_with_groups: [{ group_id: 11, group_access_level: 30 }],
  });
  await client.Groups.unshare(made.id, 11, {});
  const hook = { pushEvents: true, token: 'shared' };
  const { id } = await shows(client.GroupHooks.add(10, 'https://portal.example.com/hook', hook), { push_events: true });
  await shows(client.GroupHooks.edit(10, id, 'https://portal.example.com/other'), {
    url: 'https://portal.example.com/other',
  });
  await shows(client.GroupHooks.all(10), [{ id, url: 'https://portal.example.com/other' }]);
});

test('projects and what is in them', async () => {
  const known = { id: 1, path: 'pay', path_with_namespace: path, web_url: url, http_url_to_repo: `${url}.git` };
  const shown = { ...known, default_branch: 'main', topics: ['Service'], last_activity_at: pay.activeAt };
  await shows(client.Projects.all({ orderBy: 'last_activity_at', sort: 'desc' }), [{ ...shown, archived: false }]);
  await shows(client.Projects.show(path), { ...shown, visibility: 'private', archived: false, namespace: { id: 11 } });
  await shows(client.Groups.allProjects('acme', { includeSubgroups: true }), [shown]);
  await shows(client.Projects.showLanguages(1), { Go: 90.5, Shell: 9.5 });
  await shows(client.ProjectReleases.all(1), [
    { name: 'v1.2', tag_name: 'v1.2', released_at: '2026-11-01T00:00:00.000Z' },
  ]);
  await shows(client.Repositories.allContributors(1), [{ name: 'Ann', commits: 2 }, { name: 'Ben' }]);
  await shows(client.Repositories.allRepositoryTrees(1, { recursive: true, path: 'docs' }), [
    { type: 'blob', path: 'docs/a b.md', name: 'a b.md' },
  ]);
  expect((await client.Repositories.allRepositoryTrees(1)).map(({ type, path: each }) => `${type} ${each}`)).toEqual([
    'blob catalog-info.yaml',
    'tree docs',
    'blob CODEOWNERS',
  ]);
  await shows(client.RepositoryFiles.show(1, 'docs/a b.md', 'main'), {
    file_path: 'docs/a b.md',
    encoding: 'base64',
    content: Buffer.from('# A').toString('base64'),
  });
  expect(await client.RepositoryFiles.showRaw(1, 'docs/a b.md', 'HEAD')).toBe('# A');
  const [last] = await shows(client.Commits.all(1, { perPage: 1, maxPages: 1 }), [
    { title: 'Pay twice', author_name: 'Ann', committed_date: '2026-11-20T10:00:00.000+01:00' },
  ]);
  await shows(client.Commits.show(1, 'main'), { id: last!.id, web_url: `${url}/-/commit/${last!.id}` });
  await shows(client.Branches.all(1, { search: '^feature/' }), [{ name: 'feature/one' }]);
  await shows(client.Branches.show(1, 'feature/one'), { name: 'feature/one', default: false });
  await expect(client.Branches.show(1, 'none')).rejects.toThrow('404 Branch Not Found');
});

test('what templates make', async () => {
  const made = await shows(
    client.Projects.create({ name: 'new', path: 'new', namespaceId: 10, visibility: 'private' }),
    {
      path_with_namespace: 'acme/new',
      default_branch: 'main',
    },
  );
  const action = { action: 'create', filePath: 'a.txt', content: 'a' } as const;
  const first = await client.Commits.create(made.id, 'main', 'First', [action]);
  await expect(client.Commits.create(made.id, 'main', 'Again', [action])).rejects.toThrow('already exists');
  await shows(client.Commits.editStatus(made.id, first.id, 'success', { name: 'portal' }), { name: 'portal' });
  await shows(client.Branches.create(made.id, 'change', 'main'), { name: 'change' });
  await shows(client.ProtectedBranches.protect(made.id, 'main'), { name: 'main' });
  await expect(client.ProtectedBranches.protect(made.id, 'main')).rejects.toThrow('already exists');
  await shows(client.ProjectMembers.add(made.id, 50, { userId: 7 }), { id: 7, access_level: 50 });
  const asked = { description: 'Why', labels: 'a,b', reviewerIds: [7] };
  await shows(client.MergeRequests.create(made.id, 'change', 'main', 'Change', asked), {
    iid: 1,
    title: 'Change',
    source_branch: 'change',
    web_url: 'https://gl.example.com/acme/new/-/merge_requests/1',
  });
  await shows(client.MergeRequests.all({ projectId: made.id, state: 'opened', sourceBranch: 'change' }), [{ iid: 1 }]);
  await shows(client.MergeRequestApprovals.showApprovalState(made.id, 1), {
    rules: [{ eligible_approvers: [{ id: 8 }] }],
  });
  await shows(client.MergeRequests.edit(made.id, 1, { reviewerIds: [7, 8] }), { iid: 1 });
  await expect(client.MergeRequests.merge(made.id, 1)).rejects.toThrow('405');
  await shows(client.Issues.create(made.id, 'Broken', { confidential: true }), {
    iid: 1,
    project_id: made.id,
    title: 'Broken',
    state: 'opened',
    web_url: 'https://gl.example.com/acme/new/-/issues/1',
  });
  await shows(client.Issues.edit(made.id, 1, { stateEvent: 'close' }), { state: 'closed' });
  await shows(client.Issues.all({ projectId: made.id, search: 'Broken', in: 'title' }), [{ iid: 1 }]);
  const scope = { filter: { environment_scope: '*' } };
  await shows(client.ProjectVariables.create(made.id, 'KEY', 'v', { masked: true }), { key: 'KEY', value: 'v' });
  await shows(client.ProjectVariables.edit(made.id, 'KEY', 'w', scope), { value: 'w', masked: true });
  await shows(client.ProjectVariables.show(made.id, 'KEY', scope), { value: 'w', environment_scope: '*' });
  const token = await client.ProjectAccessTokens.create(made.id, 'ci', ['api'], '2027-01-01');
  expect(token.token).toMatch(/^glpat-/);
  await client.ProjectAccessTokens.revoke(made.id, token.id);
  const deploy = await client.DeployTokens.create('d', ['read_registry'], { projectId: made.id });
  expect([deploy.token, deploy.username]).toEqual([expect.stringMatching(/^gldt-/), 'gitlab+deploy-token-1']);
  await client.DeployTokens.remove(deploy.id, { projectId: made.id });
  const trigger = await shows(client.PipelineTriggerTokens.create(made.id, 't'), { description: 't' });
  const pipeline = await shows(client.PipelineTriggerTokens.trigger(made.id, 'main', trigger.token), { ref: 'main' });
  await client.PipelineTriggerTokens.remove(made.id, trigger.id);
  await shows(client.Pipelines.all(made.id, { ref: 'main' }), [{ id: pipeline.id, web_url: pipeline.web_url }]);
  const hook = await client.ProjectHooks.add(made.id, 'https://portal.example.com/hook', { pushEvents: true });
  await shows(client.ProjectHooks.edit(made.id, hook.id, 'https://portal.example.com/other'), { push_events: true });
  await shows(client.ProjectHooks.all(made.id), [{ id: hook.id, url: 'https://portal.example.com/other' }]);
  const from = { url: 'https://gitlab.com/', accessToken: 'x' } as never;
  const entity = { sourceType: 'project_entity', sourceFullPath: 'old/pay', destinationSlug: 'pay' } as never;
  await shows(client.Migrations.create(from, [entity]), { status: 'created' });
});

test('nothing that the plugin asks for was left out', () => {
  expect(endpoints.filter((endpoint) => !gitlab.asked.has(endpoint))).toEqual([]);
});
