import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@callboard/model';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../load.ts';
import { compareFiles, writeFiles } from '../../golden.ts';
import { gitSource } from '../../files/source.ts';
import { sourceOf } from '../../files/source-of.ts';
import { git } from '../../files/git.ts';
import { isBinary } from '../../files/binary.ts';
import { createEngine, templateOf, writeTree } from '../../testing/engine.ts';
import { minutesOf } from './duration.ts';
import { formOf } from './form.ts';
import { parseTemplate } from './template.ts';
import { repositoryPlace } from './tree-url.ts';

const engine = createEngine();
const directory = mkdtempSync(join(tmpdir(), 'callboard-templates-'));
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

const file = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: shop
  annotations:
    backstage.io/time-saved: 2 hours
spec:
  type: service
  parameters:
    - $yaml: ../shared/page.yaml
  step: []
  steps:
    - id: a
      action: fetch:template
      inputs: {}
    - id: a
      action: publish:github
      if: always
      input:
        x: \${{ steps.b.output.y }}
    - input: 5
`;

describe('a file with a template', () => {
  it('is read with its placeholders, and every fault has its line', async () => {
    const root = join(directory, 'faults');
    writeTree(root, { 'shared/page.yaml': 'title: About\nproperties: {}\n', 'shop/template.yaml': file });
    const [loaded, ...others] = await loadTemplates(join(root, 'shop'), { root });
    expect(others).toEqual([]);
    expect(loaded?.template?.parameters).toEqual([{ title: 'About', properties: {} }]);
    expect(loaded?.problems.map(({ line, severity, message }) => [line, severity, message])).toEqual([
      [11, 'warning', "A template has no 'step'."],
      [15, 'warning', "A step has no 'inputs'."],
      [18, 'warning', '`if: always` is a text and therefore always true.'],
      [17, 'warning', 'The action publish:github is not registered.'],
      [21, 'error', 'A step has no action.'],
      [16, 'error', "Two steps have the id 'a'."],
      [20, 'warning', "There is no step 'b'."],
      [6, 'warning', "'2 hours' is not a duration."],
    ]);
    expect(loaded?.problems[0]?.fix).toBe('Did you mean steps?');
  });

  it('says where it is no YAML, and what it may not read', async () => {
    writeTree(join(directory, 'broken'), {
      'a/template.yaml': 'kind: Template\nmetadata:\n  name: Create ${{ x }}: y\n',
      'b/template.yaml':
        'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: b}\nspec: {type: x, steps: [], parameters: {$yaml: ../../../x}}\n',
    });
    const [broken, reaching] = await loadTemplates(join(directory, 'broken'));
    expect([broken?.template, broken?.problems[0]?.line]).toEqual([undefined, 3]);
    expect(reaching?.problems[0]?.message).toContain(
      "The path '../../../x' leads out of the repository of the template",
    );
  });

  it('is compared with golden files', async () => {
    const golden = join(directory, 'golden');
    const made = (path: string, content: string, executable = false) => ({
      path,
      content: Buffer.from(content),
      executable,
      symlink: false,
    });
    await writeFiles([made('a', '1'), made('d/b', '2', true), made('c', '3')], golden);
    expect(await compareFiles([made('a', '1'), made('d/b', '2', true), made('c', '3')], golden)).toEqual([]);
    expect(await compareFiles([made('a', 'x'), made('d/b', '2'), made('e', '4')], golden)).toEqual([
      { path: 'a', kind: 'changed', before: '1', after: 'x' },
      { path: 'c', kind: 'missing' },
      { path: 'd/b', kind: 'mode' },
      { path: 'e', kind: 'added', after: '4' },
    ]);
  });
});

describe('a template entity', () => {
  it('is understood with its defaults', () => {
    const { template, problems } = parseTemplate({
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: 'Shop', namespace: 'Team', annotations: { 'backstage.io/time-saved': 'PT2H30M' } },
      spec: {
        type: 'x',
        steps: [{ action: 'debug:log', 'backstage:permissions': { tags: ['t'] } }],
        secrets: { schema: { type: 'object' } },
      },
    });
    expect(problems).toEqual([]);
    expect(template).toMatchObject({
      ref: 'template:team/shop',
      title: 'Shop',
      minutesSaved: 150,
      secretsSchema: { type: 'object' },
      steps: [{ id: 'step-1', name: 'debug:log', action: 'debug:log', permissionTags: ['t'] }],
    });
  });

  it.each([
    [{ apiVersion: 'backstage.io/v1beta2' }, '/apiVersion'],
    [{ kind: 'Component' }, '/kind'],
    [{ metadata: {} }, '/metadata/name'],
    [{ spec: undefined }, '/spec'],
    [{ spec: { type: 'x' } }, '/spec/steps'],
  ])('%j cannot run', (wrong, path) => {
    const entity = {
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: 'a' },
      spec: { type: 'x', steps: [] },
    };
    const { template, problems } = parseTemplate({ ...entity, ...wrong } as never);
    expect([template, problems.map((problem) => problem.path)]).toEqual([undefined, [path]]);
  });

  it('is looked at with what stands beside `spec`, which is named as a fault', () => {
    const parsed = parseTemplate({
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: 'a' },
      spec: { type: 'x', parameters: [{ title: 'Kept' }] },
      parameters: [{ title: 'Left' }],
      steps: [{ id: 'log', action: 'debug:log' }],
      output: { text: [] },
    });
    const code = 'SCAFFOLDER_TEMPLATE_INVALID';
    const fix = 'Indent it, so that it stands in `spec`.';
    expect(parsed.problems).toEqual([
      { severity: 'error', code, path: '/steps', message: '`steps` stands beside `spec`.', fix },
      { severity: 'error', code, path: '/output', message: '`output` stands beside `spec`.', fix },
    ]);
    expect(parsed.template).toMatchObject({
      steps: [{ id: 'log', action: 'debug:log' }],
      parameters: [{ title: 'Kept' }],
      output: { text: [] },
    });
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (spec, step) => {
        const entity = {
          apiVersion: 'scaffolder.backstage.io/v1beta3',
          kind: 'Template',
          metadata: { name: 'a' },
          spec,
        };
        expect(parseTemplate(entity as never).problems).toBeInstanceOf(Array);
        expect(
          parseTemplate({
            ...entity,
            spec: { type: 'x', steps: [step], parameters: step, output: { links: step } },
          } as never).problems,
        ).toBeInstanceOf(Array);
      }),
    );
  });
});

describe('its form', () => {
  const template = templateOf({
    parameters: [
      {
        title: 'One',
        properties: {
          kind: { type: 'string' },
          beta: { type: 'string', 'backstage:featureFlag': 'beta' },
          name: { type: 'string', default: '${{ parameters.kind }}-1', enum: '${{ parameters.names }}' },
          extra: { type: 'string', 'ui:if': "${{ parameters.kind == 'b' }}" },
        },
        required: ['kind', 'extra'],
      },
      { if: "${{ parameters.kind == 'b' }}", properties: {} },
      { 'backstage:featureFlag': 'beta', title: 'Beta', properties: {} },
      JSON.parse(
        '{ "if": { "properties": { "a": { "const": 1 } } }, "then": { "required": ["b"] }, "properties": {} }',
      ),
    ],
  });

  it('follows answers and flags', async () => {
    const form = await formOf(template, engine.renderers, { answers: { kind: 'a', names: ['a-1', 'a-2'] } });
    expect(form.steps.map(({ title, isShown }) => [title, isShown])).toEqual([
      ['One', true],
      ['Please enter the following information', false],
      ['Please enter the following information', true],
    ]);
    expect(form.steps[0]?.schema).toEqual({
      title: 'One',
      properties: { kind: { type: 'string' }, name: { type: 'string', default: 'a-1', enum: ['a-1', 'a-2'] } },
      required: ['kind'],
    });
    expect(form.steps[2]?.schema.then).toEqual({ required: ['b'] });
    const other = await formOf(template, engine.renderers, { answers: { kind: 'b' }, flags: ['beta'] });
    expect(other.steps.map(({ isShown }) => isShown)).toEqual([true, true, true, true]);
    expect(Object.keys(other.steps[0]?.schema.properties as object)).toEqual(['kind', 'beta', 'name', 'extra']);
  });
});

it('counts what a form answers by itself as an answer', async () => {
  const template = templateOf({
    parameters: [
      {
        properties: {
          kind: { type: 'string', default: 'web' },
          name: { type: 'string', default: 'a-${{ parameters.kind }}' },
        },
      },
      { if: "${{ parameters.kind == 'web' }}", properties: { size: { type: 'number', default: 3 } } },
      { if: "${{ parameters.kind != 'web' }}", properties: { size: { type: 'number', default: 9 } } },
      { properties: { label: { type: 'string', default: '${{ parameters.name }}/${{ parameters.size }}' } } },
    ],
  });
  const shown = async (answers?: JsonObject) => {
    const { steps } = await formOf(template, engine.renderers, { answers });
    const { label } = steps.at(-1)!.schema.properties as { label: JsonObject };
    return [label.default, ...steps.map(({ isShown }) => isShown)];
  };
  expect(await shown()).toEqual(['a-web/3', true, true, false, true]);
  expect(await shown({ kind: 'app', name: 'own' })).toEqual(['own/9', true, false, true, true]);
});

it.each([
  ['PT2H', 120],
  ['P1DT1M', 1441],
  ['P1W', 10_080],
  ['PT30S', 0.5],
  ['P', undefined],
  ['PT', undefined],
  ['2h', undefined],
])('the duration %s is %s minutes', (text, minutes) => expect(minutesOf(text)).toBe(minutes));

it.each([
  ['https://h.example/o/r', { remote: 'https://h.example/o/r.git', path: '' }],
  ['https://h.example/o/r/tree/main/a/b', { remote: 'https://h.example/o/r.git', ref: 'main', path: 'a/b' }],
  ['https://h.example/g/s/r/-/blob/v1/a.txt', { remote: 'https://h.example/g/s/r.git', ref: 'v1', path: 'a.txt' }],
  ['https://h.example/o/r/src/branch/main/a', { remote: 'https://h.example/o/r.git', ref: 'main', path: 'a' }],
  ['https://h.example/o/p/_git/r?path=/a&version=GBx', { remote: 'https://h.example/o/p/_git/r', ref: 'x', path: 'a' }],
  ['file:///x', undefined],
  ['https://h.example/x', undefined],
])('%s is a place in a repository', (url, place) => expect(repositoryPlace(url)).toEqual(place));

it.each([
  ['', false],
  ['plain text', false],
  ['a\0b', true],
  ['%PDF-1.7', true],
  ['\u{feff}text\0', false],
  ['grüße, 你好, 🚢', false],
  [Buffer.from([0xff, 0xfe, 0x41, 0]), false],
  [Buffer.alloc(100, 0xff), true],
  [Buffer.from([0x08, 0x96, 0x01, 0xff, 0xff]), true],
])('%j is binary: %s', (bytes, expected) => expect(isBinary(Buffer.from(bytes as string))).toBe(expected));

it('reads the files of a commit, and its whole repository only', async () => {
  const repository = join(directory, 'repository');
  writeTree(repository, { 'shared/x': 'shared', 'templates/a/template.yaml': '', 'templates/a/skeleton/run*': 'run' });
  await git(['init', '--quiet', '--', repository]);
  const author = {
    GIT_AUTHOR_NAME: 'x',
    GIT_AUTHOR_EMAIL: 'x@example.com',
    GIT_COMMITTER_NAME: 'x',
    GIT_COMMITTER_EMAIL: 'x@example.com',
  };
  await git(['add', '--all'], { directory: repository });
  await git(['commit', '--quiet', '-m', 'x'], { directory: repository, environment: author });
  const commit = (await git(['rev-parse', 'HEAD'], { directory: repository })).trim();
  writeTree(repository, { 'shared/x': 'changed since' });
  const source = gitSource({ repository, commit, path: 'templates/a/template.yaml' });
  expect((await source.file('../../shared/x')).toString()).toBe('shared');
  expect((await source.file('skeleton/run')).toString()).toBe('run');
  await expect(source.file('../../../x')).rejects.toMatchObject({ code: 'SCAFFOLDER_PATH_OUTSIDE' });
  await expect(source.folder('./none')).rejects.toMatchObject({ code: 'SCAFFOLDER_PATH_MISSING' });
  await source.close();
  const signal = new AbortController().signal;
  const known = await sourceOf(`git:${repository}/blob/${commit}/templates/a/template.yaml`, { signal });
  expect((await known.file('../../shared/x')).toString()).toBe('shared');
  await known.close();
  const cloned = await sourceOf(`git:https://h.example/o/r/blob/${commit}/templates/a/template.yaml`, {
    signal,
    cloneOf: async () => repository,
  });
  expect((await cloned.file('skeleton/run')).toString()).toBe('run');
  await cloned.close();
  const beside = await sourceOf(`file:${repository}/templates/a/template.yaml`, { signal });
  expect((await beside.file('../../shared/x')).toString()).toBe('changed since');
  const away = await sourceOf('url:https://h.example/o/r/blob/main/templates/a/template.yaml', { signal });
  await expect(away.folder('./skeleton')).rejects.toMatchObject({ code: 'SCAFFOLDER_REPOSITORY_UNREADABLE' });
  await away.close();
  await expect(sourceOf('data:x', { signal })).rejects.toMatchObject({ code: 'SCAFFOLDER_ADDRESS_REFUSED' });
});
