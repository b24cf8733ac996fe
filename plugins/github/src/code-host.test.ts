/** The plugin on the emulator of npm's `emulate`: files, trees, change requests, apps, actions. */
import { testPlugin, type TestedPlugin } from '@callboard/plugin-api/testing';
import { createHash } from 'node:crypto';
import type { Emulator } from 'emulate';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import plugin from './server.ts';
import { startEmulator, token } from './testing/emulator.ts';
import { type Exchange, throughNetwork } from './testing/kit.ts';

let hub: Awaited<ReturnType<typeof startEmulator>>;
let github: TestedPlugin;
const calls: Exchange[] = [];
const api = async (method: string, path: string, body?: object) => {
  const answer = await fetch(`${hub.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  return answer.status === 204 ? undefined : ((await answer.json()) as any);
};
const put = async (path: string, content: string, branch = 'main') => {
  const there = await api('GET', `/repos/octocat/pay/contents/${path}?ref=${branch}`);
  return api('PUT', `/repos/octocat/pay/contents/${path}`, {
    message: `Write ${path}`,
    content: Buffer.from(content).toString('base64'),
    branch,
    ...(there.sha && { sha: there.sha }),
  });
};
const start = (configuration = hub.configuration) =>
  testPlugin(plugin, { configuration, fetch: throughNetwork(calls) });
const page = (path: string) => `http://${hub.host}/octocat/pay/${path}`;

beforeAll(async () => {
  hub = await startEmulator();
  await put('catalog-info.yaml', 'kind: Component');
  await put('docs/index.md', '# Pay');
  github = await start();
});
beforeEach(() => void calls.splice(0));
afterAll(() => (hub as Emulator).close());

test('files are read with the version that is known, and what is not there is told', async () => {
  const first = await github.call('codeHosts/main/readFile', { url: page('blob/main/catalog-info.yaml') });
  expect(first.text).toBe('kind: Component');
  expect(first.version.split(' ')[0]).toBe(createHash('sha1').update('blob 15\0kind: Component').digest('hex'));
  const { version } = first;
  expect(
    await github.call('codeHosts/main/readFile', { url: page('blob/main/catalog-info.yaml'), version }),
  ).toBeNull();
  await put('catalog-info.yaml', 'kind: System');
  const again = await github.call('codeHosts/main/readFile', { url: page('tree/main/catalog-info.yaml'), version });
  expect(again.text).toBe('kind: System');
  await expect(github.call('codeHosts/main/readFile', { url: page('blob/main/none.yaml') })).rejects.toThrow(
    'octocat/pay has no none.yaml in main',
  );
});

test('a branch with slashes is found among the branches', async () => {
  const { commit } = await api('GET', '/repos/octocat/pay/branches/main');
  await api('POST', '/repos/octocat/pay/git/refs', { ref: 'refs/heads/feature/fast', sha: commit.sha });
  await put('docs/index.md', '# Fast', 'feature/fast');
  const read = await github.call('codeHosts/main/readFile', { url: page('blob/feature/fast/docs/index.md') });
  expect(read.text).toBe('# Fast');
});

test('a tree is asked for once as long as its branch ends where it did', async () => {
  const { entries, version } = await github.call('codeHosts/main/readTree', { url: page('tree/main/docs') });
  expect(entries.map(({ path, type }: any) => [path, type])).toEqual([['index.md', 'file']]);
  calls.splice(0);
  expect(await github.call('codeHosts/main/readTree', { url: page('tree/main'), version })).toBeNull();
  expect(calls).toEqual([]);
  const whole = await github.call('codeHosts/main/readTree', { url: page('tree/main') });
  expect(whole.entries.map(({ path }: any) => path)).toContain('docs/index.md');
  expect(calls).toEqual([]);
});

test('names are completed, and a change is proposed once', async () => {
  const complete = (more: object) => github.call('codeHosts/main/complete', { host: hub.host, ...more });
  expect((await complete({ what: 'owners' })).items).toContainEqual({ value: 'octocat' });
  const branches = await complete({ what: 'branches', owner: 'octocat', repository: 'pay', search: 'fea' });
  expect(branches).toEqual({ items: [{ value: 'feature/fast' }], isComplete: true });
  const change = {
    url: page(''),
    branch: 'add-owner',
    title: 'Add an owner',
    description: 'It had none.',
    files: [{ path: 'catalog-info.yaml', text: 'kind: System\nowner: crew' }],
  };
  const opened = await github.call('codeHosts/main/openChange', change);
  expect(await github.call('codeHosts/main/openChange', change)).toEqual(opened);
  const pull = await api('GET', `/repos/octocat/pay/pulls/${opened.number}`);
  expect(pull).toMatchObject({ title: 'Add an owner', body: 'It had none.', head: { ref: 'add-owner' } });
  expect(await github.call('codeHosts/main/gitAccess', { url: page('') })).toEqual({
    username: 'x-access-token',
    password: token,
  });
});

test('an app signs in by its key and reads with a token of its installation, which is used again', async () => {
  const key = hub.generatedSecrets.find(({ kind }) => kind === 'github.app_private_key')!.value;
  const app = { host: hub.host, apiBaseUrl: hub.url, appId: '12345', privateKey: key.replaceAll('\n', '\\n') };
  const withApp = await start({ hosts: [app] });
  const access = () => withApp.call('codeHosts/main/gitAccess', { url: `http://${hub.host}/acme/shop` });
  const first = await access();
  expect(first.password).not.toBe('');
  const { text } = await withApp.call('codeHosts/main/readFile', {
    url: `http://${hub.host}/acme/shop/blob/main/README.md`,
  });
  expect(text).toContain('# shop');
  expect(await access()).toEqual(first);
  expect(calls.filter(({ url }) => url.endsWith('/access_tokens'))).toHaveLength(1);
  await expect(withApp.call('codeHosts/main/gitAccess', { url: page('') })).rejects.toThrow(
    'the app is not installed for octocat',
  );
  const { items } = await withApp.call('connections/hosts', { configuration: { hosts: [app] } });
  expect(items).toContainEqual({
    title: `${hub.host}: app 12345: members for acme`,
    state: 'warning',
    message: 'It may not read members, which is needed for people and teams.',
    fix: 'Give the app the permission members: read if you want that, and accept it for acme.',
  });
  const { items: broken } = await withApp.call('connections/hosts', {
    configuration: { hosts: [{ ...app, privateKey: 'no key' }] },
  });
  expect(JSON.stringify(broken)).toContain('the private key of the app 12345 of');
});

test('steps of templates make a thing once, and say in a dry run what they would make', async () => {
  const repoUrl = `${hub.host}?owner=octocat&repo=pay`;
  const issue = { repoUrl, title: 'It leaks', body: 'At the seam.', labels: ['bug'] };
  const step = (id: string, input: object, key: string, dryRun = false) =>
    github.call(`actions/${id}`, { input: input as never, key, dryRun });
  const planned = await step('github:issues:create', issue, 'k1', true);
  expect(planned.effects).toEqual([`Opens the issue "It leaks" in octocat/pay on ${hub.host}`]);
  expect(calls).toEqual([]);
  const opened = await step('github:issues:create', issue, 'k1');
  expect(await step('github:issues:create', issue, 'k1')).toMatchObject({ output: opened.output });
  expect((await step('github:issues:create', issue, 'k2')).output.issueNumber).not.toBe(opened.output.issueNumber);
  const number = opened.output.issueNumber;
  await step('github:issues:label', { repoUrl, number, labels: ['urgent'] }, 'k3');
  const { labels } = await api('GET', `/repos/octocat/pay/issues/${number}`);
  expect(labels.map(({ name }: any) => name)).toEqual(['bug', 'urgent']);
  const hook = { repoUrl, webhookUrl: 'https://example.com/hook', webhookSecret: 's', events: ['push'] };
  await step('github:webhook', hook, 'k4');
  await step('github:webhook', { ...hook, events: ['push', 'release'] }, 'k5');
  const hooks = await api('GET', '/repos/octocat/pay/hooks');
  expect(hooks.map(({ events, config }: any) => [config.url, events])).toEqual([
    ['https://example.com/hook', ['push', 'release']],
  ]);
  await step('github:branch-protection:create', { repoUrl, requiredApprovingReviewCount: 2 }, 'k6');
  const rules = await api('GET', '/repos/octocat/pay/branches/main/protection');
  expect(rules.required_pull_request_reviews.required_approving_review_count).toBe(2);
  await expect(
    step('github:issues:create', { ...issue, repoUrl: 'elsewhere.example.com?owner=a&repo=b' }, 'k7'),
  ).rejects.toThrow('elsewhere.example.com is not among the hosts');
});

test('a pull request has the files that differ, is found again, and takes another commit with update', async () => {
  const repoUrl = `${hub.host}?owner=octocat&repo=pay`;
  const input = {
    repoUrl,
    branchName: 'move',
    title: 'Move',
    description: 'Over.',
    sourcePath: 'made',
    targetPath: 'svc',
  };
  const propose = async (given: Record<string, string>, more: object = {}) => {
    const run = await testPlugin(plugin, {
      configuration: hub.configuration,
      fetch: throughNetwork(calls),
      files: given,
    });
    const step = { input: { ...input, ...more }, key: 'p', dryRun: false };
    return run.call('actions/publish:github:pull-request', step, { files: true });
  };
  const made = { 'made/run.sh': 'echo', 'made/a/b.txt': 'text', 'other.txt': 'not this' };
  const first = await propose(made);
  expect(first.output).toMatchObject({ targetBranchName: 'main', branchName: 'move' });
  const tree = await api('GET', '/repos/octocat/pay/git/trees/move?recursive=1');
  const inside = tree.tree.filter(({ path, type }: any) => type === 'blob' && path.startsWith('svc/'));
  expect(inside.map(({ path, mode }: any) => [path, mode])).toEqual([
    ['svc/a/b.txt', '100644'],
    ['svc/run.sh', '100755'],
  ]);
  expect((await propose(made)).output).toEqual(first.output);
  const other = { ...made, 'made/a/b.txt': 'other' };
  await expect(propose(other)).rejects.toThrow('has a branch move with other files');
  expect((await propose(other, { update: true, filesToDelete: ['run.sh'] })).output).toEqual(first.output);
  const read = await github.call('codeHosts/main/readFile', { url: page('blob/move/svc/a/b.txt') });
  expect(read.text).toBe('other');
});
