/** Steps that the emulator does not know, on a host that keeps what it is sent, and what makes them safe to try again. */
import { createHash } from 'node:crypto';
import { testPlugin } from '@callboard/plugin-api/testing';
import { expect, test } from 'vitest';
import plugin from './server.ts';

const repoUrl = 'github.com?owner=acme&repo=pay';
const start = '/repos/acme/pay';
type Answer = { status?: number; body: unknown };

/** A host with answers by method and path; what is not named is there and empty. Everything but questions is written down. */
async function host(answers: Record<string, (body: any) => Answer> = {}, files?: Record<string, string>) {
  const sent: string[] = [];
  const github = await testPlugin(plugin, {
    configuration: { hosts: [{ host: 'github.com', token: 'ghp_test' }] },
    ...(files && { files }),
    push: async ({ branch, remote, username }) => {
      sent.push(`push ${username} ${remote} ${branch}`);
      return { commit: 'c'.repeat(40), isNew: true };
    },
    fetch(url, { method = 'GET', body }) {
      const { pathname } = new URL(url);
      const at = `${method} ${pathname}`;
      if (method !== 'GET') sent.push(`${at.replace(` ${start}`, ' ')} ${body ?? ''}`.trim());
      return (answers[at]?.(body && JSON.parse(body)) ?? { body: method === 'GET' ? [] : {} }) as never;
    },
  });
  const step = (id: string, input: object, key = 'k', dryRun = false) =>
    github.call(`actions/${id}`, { input: { repoUrl, ...input } as never, key, dryRun }, { files: true });
  return { sent, step, github };
}

test('a workflow is started once by a step', async () => {
  const details = { workflow_run_id: 9, run_url: 'https://api.github.com/r/9', html_url: 'https://github.com/r/9' };
  const { sent, step } = await host({
    [`POST ${start}/actions/workflows/build.yml/dispatches`]: () => ({ body: details }),
  });
  const input = {
    workflowId: 'build.yml',
    branchOrTagName: 'main',
    workflowInputs: { fast: 'yes' },
    returnWorkflowRunDetails: true,
  };
  const output = { workflowRunId: 9, workflowRunUrl: details.run_url, workflowRunHtmlUrl: details.html_url };
  expect((await step('github:actions:dispatch', input)).output).toEqual(output);
  expect((await step('github:actions:dispatch', input)).output).toEqual(output);
  expect(sent).toEqual([
    'POST /actions/workflows/build.yml/dispatches' +
      ' {"ref":"main","inputs":{"fast":"yes"},"return_run_details":true}',
  ]);
});

test('an autolink is found, changed where it differs, or made', async () => {
  const input = { keyPrefix: 'PAY-', urlTemplate: 'https://example.com/<num>' };
  const made = '{"key_prefix":"PAY-","url_template":"https://example.com/<num>","is_alphanumeric":true}';
  const there = (url_template: string) => ({
    [`GET ${start}/autolinks`]: () => ({ body: [{ id: 3, key_prefix: 'PAY-', url_template }] }),
  });
  const fresh = await host();
  await fresh.step('github:autolinks:create', input);
  expect(fresh.sent).toEqual([`POST /autolinks ${made}`]);
  const same = await host(there(input.urlTemplate));
  await same.step('github:autolinks:create', input);
  expect(same.sent).toEqual([]);
  const other = await host(there('https://example.com/old/<num>'));
  await other.step('github:autolinks:create', input);
  expect(other.sent).toEqual(['DELETE /autolinks/3', `POST /autolinks ${made}`]);
});

const publicKey = {
  body: {
    key: Buffer.from('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f', 'hex').toString('base64'),
    key_id: '5',
  },
};

test('a deploy key is made once, and its private half is sealed', async () => {
  const input = { publicKey: 'ssh-ed25519 AAAA me', privateKey: 'very private', deployKeyName: 'build key' };
  const answers = { [`GET ${start}/actions/secrets/public-key`]: () => publicKey };
  const fresh = await host(answers);
  const { output, effects } = await fresh.step('github:deployKey:create', input);
  expect(output).toEqual({ privateKeySecretName: 'BUILD_KEY_PRIVATE_KEY' });
  expect(fresh.sent[0]).toBe('POST /keys {"title":"build key","key":"ssh-ed25519 AAAA me"}');
  expect(fresh.sent[1]).toMatch(
    /^PUT \/actions\/secrets\/BUILD_KEY_PRIVATE_KEY \{"encrypted_value":"[\w+/=]{80,}","key_id":"5"\}$/,
  );
  expect(JSON.stringify([fresh.sent, effects])).not.toContain('very private');
  const again = await host({ ...answers, [`GET ${start}/keys`]: () => ({ body: [{ key: 'ssh-ed25519 AAAA' }] }) });
  await again.step('github:deployKey:create', input);
  expect(again.sent.map((line) => line.split(' ')[0])).toEqual(['PUT']);
});

test('an environment gets its rules, reviewers, variables and secrets', async () => {
  const at = `${start}/environments/live`;
  const { sent, step } = await host({
    'GET /users/octocat': () => ({ body: { id: 1 } }),
    'GET /orgs/acme/teams/crew': () => ({ body: { id: 2 } }),
    [`GET ${at}/deployment-branch-policies`]: () => ({ body: { branch_policies: [{ name: 'main', type: 'branch' }] } }),
    [`POST ${at}/variables`]: () => ({ status: 409, body: { message: 'Already exists' } }),
    [`GET ${at}/secrets/public-key`]: () => publicKey,
  });
  await step('github:environment:create', {
    name: 'live',
    deploymentBranchPolicy: { protected_branches: false, custom_branch_policies: true },
    customBranchPolicyNames: ['main', 'release/*'],
    customTagPolicyNames: ['v*'],
    environmentVariables: { STAGE: 'live' },
    secrets: { KEY: 'x' },
    waitTimer: 5,
    reviewers: ['user:default/octocat', 'group:default/crew'],
  });
  expect(sent.map((line) => line.replace('/environments/live', '~')).slice(0, 5)).toEqual([
    'PUT ~ {"deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true},"wait_timer":5,"prevent_self_review":false,"reviewers":[{"type":"User","id":1},{"type":"Team","id":2}]}',
    'POST ~/deployment-branch-policies {"name":"release/*","type":"branch"}',
    'POST ~/deployment-branch-policies {"name":"v*","type":"tag"}',
    'POST ~/variables {"name":"STAGE","value":"live"}',
    'PATCH ~/variables/STAGE {"name":"STAGE","value":"live"}',
  ]);
  expect(sent[5]).toContain('PUT /environments/live/secrets/KEY');
  const nobody = await host({ 'GET /users/none': () => ({ status: 404, body: {} }) });
  await expect(nobody.step('github:environment:create', { name: 'live', reviewers: ['none'] })).rejects.toThrow(
    'there is no account none for none',
  );
});

test('pages are switched on, or brought in line', async () => {
  const { sent, step } = await host({ [`POST ${start}/pages`]: () => ({ status: 409, body: {} }) });
  await step('github:pages:enable', { sourcePath: '/docs' });
  const body = '{"build_type":"workflow","source":{"branch":"main","path":"/docs"}}';
  expect(sent).toEqual([`POST /pages ${body}`, `PUT /pages ${body}`]);
});

test('a repository that an interrupted try has made is set up and pushed to by the next', async () => {
  let exists = false;
  let faults = 1;
  const { sent, step } = await host({
    [`GET ${start}`]: () => (exists ? { body: { default_branch: 'main' } } : { status: 404, body: {} }),
    'GET /users/acme': () => ({ body: { type: 'Organization' } }),
    'POST /orgs/acme/repos': () => ((exists = true), { body: {} }),
    [`PUT ${start}/topics`]: () => (faults-- > 0 ? { status: 500, body: {} } : { body: {} }),
  });
  const input = {
    description: 'Pays',
    repoVisibility: 'internal',
    topics: ['Portal'],
    access: 'acme/crew',
    collaborators: [{ user: 'hubot', access: 'push' }],
    repoVariables: { STAGE: 'live' },
    defaultBranch: 'main',
    requiredStatusCheckContexts: ['build'],
  };
  const planned = await step('publish:github', input, 'k', true);
  expect(planned.effects).toEqual([
    'Makes the internal repository acme/pay on github.com, or finds it if this step has made it before',
    'Gives it the topics Portal',
    'Lets acme/crew administer it',
    'Gives hubot the right push',
    'Sets the variable STAGE',
    'Pushes the files to the branch main of acme/pay on github.com',
    'Protects the branch main',
  ]);
  expect(sent).toEqual([]);
  await expect(step('publish:github', input)).rejects.toThrow(
    'it answered 500 when asked to set the topics of acme/pay',
  );
  const { output } = await step('publish:github', input);
  expect(output).toEqual({
    remoteUrl: 'https://github.com/acme/pay.git',
    repoContentsUrl: 'https://github.com/acme/pay/blob/main',
    commitHash: 'c'.repeat(40),
  });
  expect(sent.map((line) => line.split(' {')[0])).toEqual([
    'POST /orgs/acme/repos',
    'PUT /orgs/acme/teams/crew/repos/acme/pay',
    'PUT /collaborators/hubot',
    'PUT /topics',
    'PUT /orgs/acme/teams/crew/repos/acme/pay',
    'PUT /collaborators/hubot',
    'PUT /topics',
    'POST /actions/variables',
    'push x-access-token https://github.com/acme/pay.git main',
    'PUT /branches/main/protection',
  ]);
  expect(sent[0]).toContain('"visibility":"internal"');
  expect(sent.at(-1)).toContain('"required_status_checks":{"strict":true,"contexts":["build"]}');
  // Another step has not made it.
  await expect(step('publish:github', input, 'other')).rejects.toThrow('exists already, and this step has not made it');
});

test('a pull request may come from a fork, and without a difference none is opened', async () => {
  const content = 'same';
  const sha = createHash('sha1').update(`blob 4\0${content}`).digest('hex');
  const tree = { tree: [{ path: 'a.txt', sha, mode: '100644', type: 'blob' }] };
  const answers = {
    [`GET ${start}`]: () => ({ body: { default_branch: 'main' } }),
    'GET /user': () => ({ body: { login: 'octocat' } }),
    [`GET ${start}/git/ref/heads/main`]: () => ({ body: { object: { sha: 'base' } } }),
    [`GET ${start}/git/ref/heads/move`]: () => ({ status: 404, body: {} }),
    'GET /repos/octocat/pay/git/ref/heads/move': () => ({ status: 404, body: {} }),
    [`GET ${start}/git/commits/base`]: () => ({ body: { tree: { sha: 'tree' } } }),
    [`GET ${start}/git/trees/tree`]: () => ({ body: tree }),
    'POST /repos/octocat/pay/git/trees': () => ({ body: { sha: 'new' } }),
    'POST /repos/octocat/pay/git/commits': () => ({ body: { sha: 'made' } }),
    [`POST ${start}/pulls`]: () => ({ body: { number: 4, html_url: 'https://github.com/acme/pay/pull/4' } }),
    [`POST ${start}/pulls/4/requested_reviewers`]: () => ({ status: 422, body: { message: 'not a collaborator' } }),
  };
  const input = { branchName: 'move', title: 'Move', description: '', createWhenEmpty: false };
  const nothing = await host(answers, { 'a.txt': content });
  expect(await nothing.step('publish:github:pull-request', input)).toEqual({
    output: { targetBranchName: 'main' },
    effects: ['Nothing differs from main: no pull request is needed'],
  });
  expect(nothing.sent).toEqual([]);
  const forked = await host(answers, { 'a.txt': content, 'b.txt': 'new' });
  const { output, effects } = await forked.step('publish:github:pull-request', {
    ...input,
    forceFork: true,
    reviewers: ['hubot'],
  });
  expect(output.pullRequestNumber).toBe(4);
  expect(effects.at(-1)).toContain('hubot could not be asked');
  expect(forked.sent).toEqual([
    'POST /forks {}',
    'POST /repos/octocat/pay/git/trees {"base_tree":"tree","tree":[{"path":"b.txt","mode":"100644","type":"blob","content":"new"}]}',
    'POST /repos/octocat/pay/git/commits {"message":"Move","tree":"new","parents":["base"]}',
    'POST /repos/octocat/pay/git/refs {"ref":"refs/heads/move","sha":"made"}',
    'POST /pulls {"title":"Move","body":"","draft":false,"head":"octocat:move","base":"main","maintainer_can_modify":true}',
    'POST /pulls/4/requested_reviewers {"reviewers":["hubot"],"team_reviewers":[]}',
  ]);
});

test('nothing that is written into a form leads elsewhere in the API', async () => {
  const { sent, step, github } = await host({}, { 'a.txt': 'a' });
  const label = (address: string) => step('github:issues:label', { repoUrl: address, number: 1, labels: ['x'] });
  for (const address of [
    'github.com?owner=acme&repo=pay/../../../orgs/acme/hooks',
    'github.com?owner=..&repo=pay',
    'github.com?owner=acme%2F..&repo=pay',
    'github.com?owner=acme&repo=pay%3Fx',
  ])
    await expect(label(address)).rejects.toThrow('repoUrl must name owner and repository');
  await expect(step('github:branch-protection:create', { branch: '../../other' })).rejects.toThrow('is no path');
  await expect(step('github:environment:create', { name: 'live', reviewers: ['user:default/a b'] })).rejects.toThrow(
    'is no name',
  );
  await expect(step('github:environment:create', { name: '..' })).rejects.toThrow('is no path');
  const complete = { host: 'github.com', what: 'branches', owner: 'acme', repository: '../../user' };
  expect(await github.call('codeHosts/main/complete', complete)).toEqual({ items: [] });
  const url = 'https://github.com/acme/pay/blob/main/a%2F..%2F..%2F..%2Fhooks';
  await expect(github.call('codeHosts/main/readFile', { url })).rejects.toThrow('is no path');
  expect(sent).toEqual([]);
});
