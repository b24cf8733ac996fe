import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entity } from '@callboard/model';
import { afterAll, describe, expect, it } from 'vitest';
import { testOutbound, testServer } from '../../../core/outbound/testing.ts';
import { createEngine } from '../testing/engine.ts';
import { createActions } from './registry.ts';

const engine = createEngine();
afterAll(() => engine.close());

const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', env: { PATH: process.env.PATH } }).trim();

describe('files of the workspace', () => {
  const workspace = { 'a/one.txt': '1', 'a/.two': '2', 'b.txt': 'b' };

  it('deletes paths, folders and globs, and nothing where nothing is', async () => {
    expect((await engine.step('fs:delete', { files: ['a'] }, { workspace })).files).toEqual({ 'b.txt': 'b' });
    expect((await engine.step('fs:delete', { files: ['**/*.txt', 'none'] }, { workspace })).files).toEqual({
      'a/.two': '2',
    });
    expect((await engine.step('fs:delete', { files: ['*'] }, { workspace })).files).toEqual({
      'a/one.txt': '1',
      'a/.two': '2',
    });
  });

  it('renames, and replaces only if told', async () => {
    const rename = (files: Record<string, unknown>[]) => engine.step('fs:rename', { files } as never, { workspace });
    expect((await rename([{ from: 'a', to: 'c/d' }])).files).toEqual({
      'c/d/one.txt': '1',
      'c/d/.two': '2',
      'b.txt': 'b',
    });
    expect((await rename([{ from: 'a/one.txt', to: 'b.txt' }])).error?.message).toBe("'b.txt' exists already");
    expect((await rename([{ from: 'a/one.txt', to: 'b.txt', overwrite: true }])).files).toEqual({
      'a/.two': '2',
      'b.txt': '1',
    });
    expect((await rename([{ from: 'none', to: 'x' }])).error?.code).toBe('SCAFFOLDER_PATH_MISSING');
  });

  it('lists folders', async () => {
    const flat = await engine.step('fs:readdir', { paths: ['.'] }, { workspace });
    expect(flat.output).toEqual({
      files: [{ name: 'b.txt', path: 'b.txt', fullPath: flat.workspace.resolve('b.txt') }],
      folders: [{ name: 'a', path: 'a', fullPath: flat.workspace.resolve('a') }],
    });
    const { output } = await engine.step('fs:readdir', { paths: ['.'], recursive: true }, { workspace });
    expect((output.files as { path: string }[]).map(({ path }) => path)).toEqual(['b.txt', 'a/.two', 'a/one.txt']);
  });

  it('logs a message and what is there', async () => {
    const { log } = await engine.step('debug:log', { message: 'Hello', listWorkspace: 'with-contents' }, { workspace });
    expect(log).toContain('Hello');
    expect(log).toContain(' - a/one.txt:\n\n  1');
    expect((await engine.step('debug:log', { listWorkspace: true }, { workspace })).log).toContain(
      '  - b.txt\n  - a/.two\n  - a/one.txt',
    );
  });

  it('waits, not for too long, and stops waiting', async () => {
    expect((await engine.step('debug:wait', { milliseconds: 1 })).status).toBe('completed');
    expect((await engine.step('debug:wait', { minutes: 11 })).error?.code).toBe('SCAFFOLDER_WAIT_TOO_LONG');
    const stop = new AbortController();
    const waiting = engine.step('debug:wait', { minutes: 5 }, { signal: stop.signal });
    stop.abort();
    expect((await waiting).error?.code).toBe('SCAFFOLDER_CANCELLED');
  });
});

describe('the catalog', () => {
  const entity = { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name: 'shop' } } as Entity;
  const asked: unknown[] = [];
  const catalog = {
    entities: async (refs: string[]) => refs.map((ref) => (ref === 'component:default/shop' ? entity : undefined)),
    async register(target: string, options: { optional: boolean }) {
      asked.push([target, options]);
      return [
        { ref: 'location:default/generated-1', kind: 'Location', name: 'generated-1' },
        { ref: 'api:default/shop', kind: 'API', name: 'shop' },
        { ref: 'component:default/shop', kind: 'Component', name: 'shop' },
      ];
    },
  };
  const given = { services: { catalog } };

  it('reads entities', async () => {
    expect((await engine.step('catalog:fetch', { entityRef: 'shop', defaultKind: 'component' }, given)).output).toEqual(
      { entity },
    );
    const several = { entityRefs: ['component:shop', 'component:none'], optional: true };
    expect((await engine.step('catalog:fetch', several, given)).output).toEqual({ entities: [entity, null] });
    expect((await engine.step('catalog:fetch', { entityRef: 'component:none' }, given)).error?.message).toBe(
      'Entity component:none not found',
    );
    const dry = await engine.step('catalog:fetch', { entityRef: 'component:none' }, { ...given, isDryRun: true });
    expect([dry.status, dry.missing.length]).toEqual(['completed', 1]);
    expect((await engine.step('catalog:fetch', {}, given)).error?.message).toContain(
      'Missing entity reference or references',
    );
  });

  it.each([
    [{ catalogInfoUrl: 'https://h.example/x.yaml' }, 'https://h.example/x.yaml'],
    [{ repoContentsUrl: 'https://h.example/o/r/tree/main' }, 'https://h.example/o/r/blob/main/catalog-info.yaml'],
    [
      { repoContentsUrl: 'git:/repos/x.git/blob/main', catalogInfoPath: '/d/c.yaml' },
      'git:/repos/x.git/blob/main/d/c.yaml',
    ],
    [
      { repoContentsUrl: 'https://h.example/_git/r?path=%2F&version=GBmain' },
      'https://h.example/_git/r?path=%2Fcatalog-info.yaml&version=GBmain',
    ],
  ])('registers %j', async (input, address) => {
    const { output } = await engine.step('catalog:register', input, given);
    expect(output).toEqual({ entityRef: 'component:default/shop', catalogInfoUrl: address });
    expect(asked.at(-1)).toEqual([address, { optional: false, signal: expect.any(AbortSignal) }]);
  });

  it('only plans to register in a dry run', async () => {
    const dry = await engine.step(
      'catalog:register',
      { catalogInfoUrl: 'https://h.example/x.yaml' },
      { ...given, isDryRun: true },
    );
    expect([dry.status, dry.effects]).toEqual(['skipped', ['Adds https://h.example/x.yaml to the catalog']]);
  });

  it('writes a descriptor that says where it comes from', async () => {
    const { files } = await engine.step('catalog:write', {
      entity: { kind: 'Component', metadata: { name: 'x', annotations: { a: 'b' } } },
    });
    expect(files).toEqual({
      'catalog-info.yaml':
        'kind: Component\nmetadata:\n  name: x\n  annotations:\n    a: b\n    backstage.io/source-template: template:default/example\n',
    });
  });
});

describe('publishing', () => {
  const workspace = { 'README.md': '# It\n', 'bin/run*': '#!/bin/sh\n' };

  it('makes a bare repository once, finds it a second time, and takes it back', async () => {
    const input = { remoteUrl: 'team/shop.git', gitCommitMessage: 'Begin' };
    const first = await engine.step('publish:git', input, { workspace });
    const remote = join(engine.repositories, 'team/shop.git');
    expect(first.output).toEqual({
      remoteUrl: remote,
      repoContentsUrl: `git:${remote}/blob/main`,
      commitHash: git(remote, 'rev-parse', 'main'),
    });
    expect(git(remote, 'log', '--format=%an <%ae> %s', 'main')).toBe('Portal <portal@example.com> Begin');
    expect(git(remote, 'ls-tree', '-r', '--format=%(objectmode) %(path)', 'main')).toBe(
      '100644 README.md\n100755 bin/run',
    );
    const second = await engine.step('publish:git', input, { workspace });
    expect(second.output).toEqual(first.output);
    expect(git(remote, 'rev-list', '--count', 'main')).toBe('1');
    const other = await engine.step('publish:git', input, { workspace: { other: 'x' } });
    expect(other.error?.code).toBe('SCAFFOLDER_REMOTE_DIFFERS');
    const undo = createActions().get('publish:git')!.undo!;
    const context = { input, services: engine.services, signal: new AbortController().signal, log: () => undefined };
    await undo({ ...context, outputs: { commitHash: 'another' } } as never);
    expect(existsSync(remote)).toBe(true);
    await undo({ ...context, outputs: first.output } as never);
    expect(existsSync(remote)).toBe(false);
  });

  it('proposes a change to a repository, once', async () => {
    await engine.step('publish:git', { remoteUrl: 'old.git' }, { workspace: { 'src/a': 'a', 'README.md': 'old' } });
    const input = {
      remoteUrl: 'old.git',
      branchName: 'add-ci',
      title: 'Add a pipeline',
      description: 'For all.',
      targetPath: 'ci',
    };
    const change = await engine.step('publish:git:change', input, { workspace: { 'pipeline.yaml': 'steps: []' } });
    const remote = join(engine.repositories, 'old.git');
    expect(change.output).toEqual({
      remoteUrl: remote,
      branchName: 'add-ci',
      targetBranchName: 'main',
      commitHash: git(remote, 'rev-parse', 'add-ci'),
    });
    expect(git(remote, 'ls-tree', '-r', '--name-only', 'add-ci').split('\n')).toEqual([
      'README.md',
      'ci/pipeline.yaml',
      'src/a',
    ]);
    expect(git(remote, 'rev-parse', 'add-ci^')).toBe(git(remote, 'rev-parse', 'main'));
    expect(git(remote, 'log', '-1', '--format=%B', 'add-ci')).toBe('Add a pipeline\n\nFor all.');
    const again = await engine.step('publish:git:change', input, { workspace: { 'pipeline.yaml': 'steps: []' } });
    expect(again.output).toEqual(change.output);
    const missing = await engine.step('publish:git:change', { ...input, targetBranchName: 'none' }, { workspace });
    expect(missing.error?.message).toContain('there is no branch none');
  });

  it('says beforehand what would change in a repository', async () => {
    const old = { 'ci/a.yaml': 'one\n', 'ci/same.yaml': 'same\n', 'README.md': 'old' };
    await engine.step('publish:git', { remoteUrl: 'there.git' }, { workspace: old });
    const files = { 'a.yaml': 'two\n', 'same.yaml': 'same\n', 'b*': 'new' };
    const input = { remoteUrl: 'there.git', branchName: 'add', title: 'Add', targetPath: 'ci' };
    const plan = (given: object, action = 'publish:git:change') =>
      engine.step(action, { ...input, ...given }, { workspace: files, isDryRun: true, compare: true });
    const { comparisons, missing } = await plan({});
    expect(missing).toEqual([]);
    expect(comparisons).toEqual([
      {
        step: 'it',
        place: 'there.git',
        branch: 'main',
        same: 1,
        changes: [
          {
            path: 'ci/a.yaml',
            kind: 'changed',
            before: Buffer.from('one\n'),
            content: Buffer.from('two\n'),
            executable: false,
          },
          { path: 'ci/b', kind: 'added', content: Buffer.from('new'), executable: true },
        ],
      },
    ]);
    expect((await plan({ targetBranchName: 'none' })).missing[0]?.reason).toContain('there is no branch none');
    expect((await plan({ targetPath: '../out' })).missing[0]?.reason).toContain('leads out of the repository');
    expect((await plan({ remoteUrl: 'new.git' }, 'publish:git')).comparisons).toEqual([]);
    const taken = await plan({ remoteUrl: 'there.git' }, 'publish:git');
    expect(taken.warnings.at(-1)).toContain('there.git exists already');
    expect(taken.comparisons[0]?.changes.map(({ path, kind }) => [path, kind])).toEqual([
      ['a.yaml', 'added'],
      ['b', 'added'],
      ['same.yaml', 'added'],
    ]);
  });

  it('works with git step by step', async () => {
    const none = await engine.step('git:commit', {}, { workspace });
    expect(none.error?.message).toContain('git:init comes first');
    const made = await engine.dry({
      steps: [
        { id: 'write', action: 'roadiehq:utils:fs:write', input: { path: 'a', content: 'a' } },
        { id: 'init', action: 'git:init', input: {} },
        { id: 'commit', action: 'git:commit', input: { message: 'Begin' } },
        { id: 'push', action: 'git:push', input: { remoteUrl: 'x.git' } },
      ],
      output: { commit: '${{ steps.commit.output.commitHash }}' },
    });
    expect(made.contents).toEqual({ a: 'a' });
    expect(made.output.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(made.effects).toEqual(['Pushes to the branch main of x.git']);
    const pushed = await engine.step('git:init', {}, { workspace });
    git(
      pushed.workspace.directory,
      '-c',
      'user.name=x',
      '-c',
      'user.email=x@example.com',
      'commit',
      '--allow-empty',
      '-qm',
      'x',
    );
    expect(existsSync(join(engine.repositories, 'x.git'))).toBe(false);
  });

  it('copies into the portal’s own folder, once', async () => {
    const first = await engine.step('publish:file', { path: 'made' }, { workspace });
    expect(readFileSync(join(engine.repositories, 'made/README.md'), 'utf8')).toBe('# It\n');
    expect((await engine.step('publish:file', { path: 'made' }, { workspace })).output).toEqual(first.output);
    expect((await engine.step('publish:file', { path: 'made' }, { workspace: { x: 'x' } })).error?.code).toBe(
      'SCAFFOLDER_PATH_EXISTS',
    );
  });
});

describe('http:request', () => {
  it('sends and reads, and fails on bad answers unless told otherwise', async () => {
    const server = await testServer((request, response) => {
      response.writeHead(request.url?.startsWith('/bad') ? 409 : 201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ method: request.method, url: request.url, type: request.headers['content-type'] }));
    });
    const given = { services: { outbound: testOutbound({ allow: [new URL(server.url).hostname] }) } };
    const input = { url: `${server.url}/x`, method: 'POST', body: { a: 1 }, params: { q: 'a b' } };
    const made = await engine.step('http:request', input, given);
    expect(made.output).toMatchObject({
      code: 201,
      body: { method: 'POST', url: '/x?q=a+b', type: 'application/json' },
    });
    expect((await engine.step('http:request', { url: `${server.url}/bad` }, given)).error?.message).toContain(
      'answered 409',
    );
    const kept = await engine.step('http:request', { url: `${server.url}/bad`, continueOnBadResponse: true }, given);
    expect(kept.output.code).toBe(409);
    const dry = await engine.step('http:request', input, { ...given, isDryRun: true });
    expect([dry.status, dry.effects]).toEqual(['skipped', [`Sends POST to ${server.url}/x`]]);
  });
});

describe('data', () => {
  const step = (action: string, input: object, workspace = {}) =>
    engine.step(`roadiehq:utils:${action}`, input as never, { workspace });

  it('writes, appends and reads', async () => {
    expect((await step('fs:write', { path: 'd/a.json', content: '{"a":1}', preserveFormatting: true })).files).toEqual({
      'd/a.json': '{\n  "a": 1\n}',
    });
    expect((await step('fs:append', { path: 'a', content: '2' }, { a: '1' })).files).toEqual({ a: '12' });
    expect((await step('fs:append', { path: 'new', content: '2' })).files).toEqual({ new: '2' });
    expect((await step('fs:parse', { path: 'a', parser: 'yaml' }, { a: 'x: [1]' })).output).toEqual({
      content: { x: [1] },
    });
    expect((await step('fs:parse', { path: 'a', parser: 'multiyaml' }, { a: 'x: 1\n---\ny: 2' })).output).toEqual({
      content: [{ x: 1 }, { y: 2 }],
    });
    expect((await step('fs:parse', { path: 'a' }, { a: 'x: 1' })).output).toEqual({ content: 'x: 1' });
  });

  it('replaces', async () => {
    const files = [
      { file: '**/*.md', find: 'a', replaceWith: 'b' },
      { file: 'x.txt', find: '[0-9]+', matchRegex: true, replaceWith: '#' },
    ];
    const made = await step('fs:replace', { files }, { 'd/y.md': 'aa', '.h.md': 'a', 'x.txt': '12 3' });
    expect(made.files).toEqual({ 'd/y.md': 'bb', '.h.md': 'a', 'x.txt': '# #' });
  });

  it('merges JSON and YAML, with comments if wished', async () => {
    const content = { list: [2], deep: { b: 2 } };
    const before = { 'a.json': '{"list":[1],"deep":{"a":1}}', 'a.yaml': '# kept\nlist: [1]\ndeep:\n  a: 1 # here\n' };
    expect((await step('json:merge', { path: 'a.json', content }, before)).files['a.json']).toBe(
      JSON.stringify({ list: [2], deep: { a: 1, b: 2 } }, null, 2),
    );
    expect((await step('merge', { path: 'a.json', content, mergeArrays: true }, before)).files['a.json']).toBe(
      JSON.stringify({ list: [1, 2], deep: { a: 1, b: 2 } }, null, 2),
    );
    expect((await step('merge', { path: 'a.yaml', content: 'deep: { b: 2 }' }, before)).files['a.yaml']).toBe(
      'list:\n  - 1\ndeep:\n  a: 1\n  b: 2\n',
    );
    expect(
      (await step('merge', { path: 'a.yaml', content: { deep: { b: 2 } }, preserveYamlComments: true }, before)).files[
        'a.yaml'
      ],
    ).toBe('# kept\nlist: [ 1 ]\ndeep:\n  a: 1 # here\n  b: 2\n');
    const two = { 'a.yaml': 'kind: A\n---\nkind: B\n' };
    expect((await step('merge', { path: 'a.yaml', content: {} }, two)).error?.message).toContain(
      'Multiple documents found',
    );
    const useDocumentIncludingField = { key: 'kind', value: 'B' };
    expect(
      (await step('merge', { path: 'a.yaml', content: { x: 1 }, useDocumentIncludingField }, two)).files['a.yaml'],
    ).toBe('kind: A\n---\nkind: B\nx: 1\n');
  });

  it('serialises and asks', async () => {
    expect((await step('serialize:json', { data: { a: [1] }, space: ' ' })).output).toEqual({
      serialized: '{\n "a": [\n  1\n ]\n}',
    });
    expect((await step('serialize:yaml', { data: { a: [1] } })).output).toEqual({ serialized: 'a:\n  - 1\n' });
    expect((await step('jsonata', { data: { a: [1, 2] }, expression: '$sum(a)' })).output).toEqual({ result: 3 });
    expect(
      (await step('jsonata:json:transform', { path: 'a', expression: '{"b": a}', as: 'object' }, { a: '{"a":1}' }))
        .output,
    ).toEqual({ result: { b: 1 } });
    expect((await step('jsonata:yaml:transform', { path: 'a', expression: '{"b": a}' }, { a: 'a: 1' })).output).toEqual(
      { result: 'b: 1\n' },
    );
    expect((await step('jsonata', { data: 1, expression: '((' })).status).toBe('failed');
    expect((await step('sleep', { amount: 0 })).status).toBe('completed');
  });
});

it('packs folders and files', async () => {
  const files = { 'app/a.txt': 'one', 'app/bin/run*': 'two', 'b.txt': 'three' };
  const zip = (path: string) =>
    engine.step('roadiehq:utils:zip', { path, outputPath: 'out/all.zip' }, { workspace: files });
  const { output, workspace } = await zip('app');
  expect(output).toEqual({ outputPath: workspace.resolve('out/all.zip') });
  const bytes = (await workspace.read('out/all.zip')).toString('latin1');
  expect([bytes.slice(0, 2), bytes.includes('a.txt'), bytes.includes('bin/run'), bytes.includes('b.txt')]).toEqual([
    'PK',
    true,
    true,
    false,
  ]);
  const one = await zip('b.txt');
  expect((await one.workspace.read('out/all.zip')).toString('latin1')).toContain('b.txt');
  expect((await zip('none')).error?.code).toBe('SCAFFOLDER_PATH_MISSING');
});

it('describes every action with a schema and an example or a description', () => {
  const actions = createActions().all();
  expect(actions.length).toBe(35);
  for (const { id, description, schema } of actions)
    expect([id, description.length > 5, schema.input.type]).toEqual([id, true, 'object']);
});
