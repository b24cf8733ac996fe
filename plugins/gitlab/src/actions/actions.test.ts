import { expect, test } from 'vitest';
import { base, start } from '../testing/start.ts';

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
  expect(run.output.pipelineUrl).toBe(`${base}/acme/shop/pay/-/pipelines/0`);
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

test('groups get members and shares, each as it is asked', async () => {
  const { act, gitlab } = await start();
  const at = { repoUrl: 'gl.example.com', path: 'acme', userIds: [7], groupIds: [11] };
  const dry = await act('gitlab:group:access', { ...at, accessLevel: 'Maintainer' }, { dryRun: true });
  expect(dry.effects).toEqual([
    'Would add the user 7 to the group acme on gl.example.com as maintainer',
    'Would add the group 11 to the group acme on gl.example.com as maintainer',
  ]);
  expect(gitlab.calls).toEqual([]);
  const added = await act('gitlab:group:access', at);
  expect(added).toEqual({
    output: { userIds: [7], groupIds: [11], path: 'acme', accessLevel: 30 },
    effects: ['Added the user 7 as developer', 'Shared it with the group 11 as developer'],
  });
  expect((await act('gitlab:group:access', at)).effects).toEqual([
    'The user 7 is a member, as developer',
    'It is shared with the group 11 already',
  ]);
  await act('gitlab:group:access', { ...at, accessLevel: 'owner' });
  expect(gitlab.made['acme/members']).toEqual([expect.objectContaining({ id: 7, access_level: 50 })]);
  expect(gitlab.groups[0]!['shared_with_groups']).toEqual([
    expect.objectContaining({ group_id: 11, group_access_level: 50 }),
  ]);
  const gone = { ...at, action: 'remove' };
  expect((await act('gitlab:group:access', gone)).effects).toEqual(['Removed the user 7', 'Removed the group 11']);
  expect((await act('gitlab:group:access', gone)).effects).toEqual([
    'the user 7 was not in it',
    'the group 11 was not in it',
  ]);
  await expect(act('gitlab:group:access', { repoUrl: 'gl.example.com', path: 'acme' })).rejects.toThrow(
    'Neither userIds nor groupIds names anybody',
  );
  await expect(act('gitlab:group:access', { ...at, accessLevel: 'king' })).rejects.toThrow('no access level king');
});

test('who somebody is, an issue that changes, and a project that comes from elsewhere', async () => {
  const { act, gitlab } = await start();
  const at = { repoUrl: 'gl.example.com?owner=acme/shop&repo=pay', projectId: 1 };
  expect((await act('gitlab:user:info', { repoUrl: 'gl.example.com', userId: 8 })).output).toEqual({
    id: 8,
    username: 'ben',
    name: 'Ben',
    state: 'active',
    webUrl: `${base}/ben`,
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  expect((await act('gitlab:user:info', { repoUrl: 'gl.example.com' })).output).toMatchObject({
    username: 'ann',
    email: 'ann@example.com',
  });
  await act('gitlab:issues:create', { ...at, title: 'Broken' });
  const edit = { ...at, issueIid: 1, stateEvent: 'close', labels: '' };
  const dry = await act('gitlab:issue:edit', edit, { dryRun: true });
  expect(dry.effects).toEqual(['Would change labels, state event of the issue #1 in project 1 on gl.example.com']);
  expect((await act('gitlab:issue:edit', edit)).output).toMatchObject({
    issueIid: 1,
    projectId: 1,
    state: 'closed',
    title: 'Broken',
    issueUrl: `${base}/acme/shop/pay/-/issues/1`,
  });
  await expect(act('gitlab:issue:edit', { ...at, issueIid: 1 })).rejects.toThrow('Nothing says what');
  const bring = {
    destinationAccessToken: 'glpat-1',
    destinationUrl: 'gl.example.com?owner=acme&repo=brought',
    sourceAccessToken: 'other',
    sourceFullPath: 'old/pay',
    sourceUrl: 'https://gitlab.com/',
  };
  expect((await act('gitlab:group:migrate', bring, { dryRun: true })).effects).toEqual([
    'Would have gl.example.com bring old/pay from gitlab.com to acme/brought',
  ]);
  const begun = await act('gitlab:group:migrate', bring, { key: 'm' });
  expect(begun.output).toEqual({
    importedRepoUrl: `${base}/acme/brought`,
    migrationId: gitlab.made['bulk_imports']![0]!['id'],
  });
  expect((await act('gitlab:group:migrate', bring, { key: 'm' })).output).toEqual(begun.output);
  expect(gitlab.made['bulk_imports']).toHaveLength(1);
});
