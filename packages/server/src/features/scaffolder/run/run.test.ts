import type { JsonObject } from '@callboard/model';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine, templateOf } from '../testing/engine.ts';
import { exampleValues } from '../formats/backstage/example-values.ts';
import { renderOutput } from './output.ts';
import { checkValues } from './check-values.ts';

const engine = createEngine();
afterAll(() => engine.close());

const value = async (input: unknown, context = {}) => (await engine.renderers.value(input as never, context)).value;

describe('the template language', () => {
  it('keeps the type of a sole expression and makes texts of all others', async () => {
    const context = {
      parameters: { list: [1, { a: null }], n: 3, yes: true, text: 'x' },
      steps: { 'a-b': { output: { c: 1 } } },
    };
    expect(
      await value(
        {
          list: '${{ parameters.list }}',
          number: '${{ parameters.n + 1 }}',
          yes: '${{ parameters.yes }}',
          text: ' ${{ parameters.n }}',
          gone: '${{ parameters.gone }}',
          deep: ['${{ parameters.gone.deeper }}', { kept: '${{ steps["a-b"].output.c }}' }],
          plain: 5,
        },
        context,
      ),
    ).toEqual({ list: [1, { a: null }], number: 4, yes: true, text: ' 3', deep: [null, { kept: 1 }], plain: 5 });
  });

  it.each([
    ['${{ "github.com?owner=o&repo=r" | parseRepoUrl }}', { host: 'github.com', owner: 'o', repo: 'r' }],
    ['${{ "github.com?owner=o&repo=r" | parseRepoUrl | parseRepoUrl | pick("repo") }}', 'r'],
    ['${{ "github.com?owner=o&repo=r" | projectSlug }}', 'o/r'],
    ['${{ "dev.azure.com?organization=x&project=p&repo=r" | parseRepoUrl | pick("project") }}', 'p'],
    ['${{ "group:a/b" | parseEntityRef }}', { kind: 'group', namespace: 'a', name: 'b' }],
    ['${{ "b" | parseEntityRef({ defaultKind: "user" }) | pick("kind") }}', 'user'],
    ['${{ { a: [{ b: 1 }] } | pick("a[0].b") }}', 1],
    ['${{ [{ n: 1 }, { n: 2 }] | map("n") }}', [1, 2]],
    ['${{ { a: [1] } | yaml }}', 'a:\n  - 1\n'],
    ['${{ "{\\"a\\": 1}" | fromJson | pick("a") }}', 1],
    ['${{ "a-b-c" | replaceAll("-", "_") }}', 'a_b_c'],
    ['${{ "a,b" | split(",") }}', ['a', 'b']],
    ['${{ [1, 1, 2] | unique }}', [1, 2]],
    ['${{ 1.005 | fixed(1) }}', '1.0'],
    ['${{ "a" if false else "b" }}', 'b'],
    ['${{ "x" in ["x"] and not false }}', true],
  ])('%s', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });

  it.each([
    ['${{ "unknown.example?owner=o&repo=r" | parseRepoUrl }}', 'not configured under integrations'],
    ['${{ "github.com?owner=o" | parseRepoUrl }}', 'does not say its repo'],
    ['${{ a ? b : c }}', 'Write `a if condition else b`'],
    ['${{ a && b }}', 'Write `and`'],
    ['${{ a || b }}', 'Write `or`'],
    ['${{ "x".replaceAll("a", "b") }}', 'Write `| replaceAll('],
    ['${{ now() }}', 'There is no such function'],
    ['${{ 1 | nope }}', 'There is no such filter'],
    ['${{ 1', 'Close the expression'],
  ])('%s keeps its text and says why', async (expression, reason) => {
    const { value: kept, faults } = await engine.renderers.value({ a: expression }, {});
    expect(kept).toEqual({ a: expression });
    expect(`${faults[0]?.message} ${faults[0]?.hint}`).toContain(reason);
    expect(faults[0]?.path).toBe('/a');
  });

  it('gives back any data without expressions as it is', async () => {
    const data = fc.jsonValue({ noUnicodeString: false, stringUnit: 'grapheme' } as never);
    await fc.assert(
      fc.asyncProperty(data, async (any) => {
        const text = JSON.stringify(any);
        fc.pre(
          !/[{}%#$]{2}|__proto__/.test(text.replace(/"[^"]*"/g, (inside) => inside)) ||
            !/\$\{\{|\{%|\{#|__proto__/.test(text),
        );
        expect(JSON.stringify(await value(any))).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it('gives any data through a sole expression unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (any) => {
        fc.pre(any !== null && !/__proto__|constructor|prototype/.test(JSON.stringify(any)));
        const text = JSON.stringify(any);
        expect(JSON.stringify(await value('${{ parameters.it }}', { parameters: { it: any } }))).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a step', () => {
  const log = (given = {}) => engine.step('debug:log', { message: 'ran ${{ each.key }}=${{ each.value }}' }, given);

  it.each([
    [undefined, 'completed'],
    [true, 'completed'],
    [false, 'skipped'],
    ['${{ parameters.yes }}', 'completed'],
    ['${{ parameters.list }}', 'skipped'],
    ['${{ parameters.none }}', 'skipped'],
    ['${{ not parameters.yes }}', 'skipped'],
    ['${{ parameters.no }} ', 'completed'],
  ])('with if: %j is %s', async (condition, status) => {
    const parameters = { yes: true, no: false, list: [] };
    expect(
      (
        await engine.step(
          'debug:log',
          { message: 'x' },
          { parameters, ...(condition === undefined ? {} : { if: condition }) },
        )
      ).status,
    ).toBe(status);
  });

  it.each([
    [undefined, 'skipped'],
    [true, 'skipped'],
    ['${{ parameters.yes }}', 'skipped'],
    ['${{ always() }}', 'completed'],
    ['${{ failure() }}', 'completed'],
    ['${{ failure() and parameters.no }}', 'skipped'],
  ])('after a failure with if: %j is %s', async (condition, status) => {
    const given = {
      parameters: { yes: true, no: false },
      hasFailed: true,
      ...(condition === undefined ? {} : { if: condition }),
    };
    expect((await engine.step('debug:log', { message: 'x' }, given)).status).toBe(status);
  });

  it('with `failure()` is skipped while nothing failed', async () => {
    expect((await engine.step('debug:log', { message: 'x' }, { if: '${{ failure() }}' })).status).toBe('skipped');
  });

  it('runs for each item of a list and of an object, where `if` holds', async () => {
    const list = await log({ each: '${{ parameters.list }}', parameters: { list: ['a', 'b'] } });
    expect(list.log).toContain('ran 0=a');
    expect(list.log).toContain('ran 1=b');
    const object = await log({ each: { x: 1, y: 2 }, if: '${{ each.value > 1 }}' });
    expect(object.log).not.toContain('ran x');
    expect(object.log).toContain('ran y=2');
    const outputs = await engine.step(
      'roadiehq:utils:serialize:json',
      { data: '${{ each.value }}' },
      { each: [[1], [2]] },
    );
    expect(outputs.output).toEqual({ serialized: ['[1]', '[2]'] });
  });

  it.each(['${{ parameters.gone }}', '${{ 5 }}', 'text', '${{ none }}'])('refuses each: %s', async (each) => {
    expect((await log({ each })).error?.code).toBe('SCAFFOLDER_EACH_INVALID');
  });

  it('checks all iterations before the first runs', async () => {
    const made = await engine.step(
      'roadiehq:utils:fs:write',
      { path: '${{ each.value }}', content: 'x' },
      { each: ['a', 5] },
    );
    expect(made.error?.message).toContain(
      'Invalid input passed to action roadiehq:utils:fs:write[1], instance.path must be string',
    );
    expect(made.files).toEqual({});
  });

  it('points out inputs that nobody reads, and refuses what is missing', async () => {
    const made = await engine.step('debug:log', { message: 'x', mesage: 'y' });
    expect([made.status, made.warnings]).toEqual(['completed', ['debug:log does not read the input mesage.']]);
    expect((await engine.step('fetch:template', { values: {} })).error?.message).toContain(
      "must have required property 'url'",
    );
  });

  it('takes nothing for absent, and in a dry run goes on without an optional input that does not fit', async () => {
    const files = { 'a.txt': '${{ values.n }}' };
    const input = { url: '.', targetPath: null, values: { n: 1 }, token: '${{ secrets.T or false }}' };
    expect((await engine.step('fetch:template', { ...input, token: null }, { files })).files).toEqual({ 'a.txt': '1' });
    const dry = await engine.step('fetch:template', input, { files, isDryRun: true });
    expect([dry.status, dry.files, dry.missing]).toEqual([
      'completed',
      { 'a.txt': '1' },
      [expect.objectContaining({ step: 'it', value: 'token' })],
    ]);
    expect((await engine.step('fetch:template', input, { files })).error?.code).toBe('SCAFFOLDER_INPUT_INVALID');
  });

  it('names the plugin of an action that is not here, if it gets that far', async () => {
    const made = await engine.step('publish:github', { repoUrl: 'github.com?owner=o&repo=r' });
    expect(made.error?.message).toBe("Template action with ID 'publish:github' is not registered");
    expect(made.error?.fix).toContain('@callboard/plugin-github');
    expect((await engine.step('nobody:knows', {}, { if: false })).status).toBe('skipped');
    expect((await engine.step('nobody:knows', {})).error?.fix).toContain('No plugin is known');
  });
});

describe('a dry run', () => {
  it('goes on past what it cannot know', async () => {
    const made = await engine.dry(
      {
        parameters: { properties: { name: { type: 'string' } }, required: ['name'] },
        steps: [
          { action: 'fetch:template', input: { url: './s', values: { n: '${{ parameters.name }}' } } },
          { id: 'gone', action: 'fetch:template', input: { url: './none' } },
          {
            id: 'pub',
            name: 'Publish',
            action: 'publish:github',
            input: { repoUrl: 'github.com?owner=o&repo=${{ parameters.name }}' },
          },
          { id: 'own', action: 'acme:do', input: {} },
          {
            id: 'note',
            action: 'roadiehq:utils:fs:write',
            input: { path: 'url', content: '${{ steps.pub.output.remoteUrl }}|${{ steps.own.output.it }}' },
          },
          {
            id: 'reg',
            action: 'catalog:register',
            input: { repoContentsUrl: '${{ steps.pub.output.repoContentsUrl }}' },
          },
        ],
        output: {
          links: [
            { title: 'a', url: 'x', if: '${{ false }}' },
            { title: 'b', url: '${{ steps.pub.output.remoteUrl }}', if: true },
          ],
          n: '${{ parameters.name }}',
        },
      },
      { name: 'shop' },
      { 's/${{ values.n }}.txt': '${{ values.n }}' },
    );
    expect(made.contents).toEqual({ 'shop.txt': 'shop', url: '<example>|<example>' });
    expect(made.steps.map(({ id, status }) => [id, status])).toEqual([
      ['step-1', 'completed'],
      ['gone', 'completed'],
      ['pub', 'skipped'],
      ['own', 'skipped'],
      ['note', 'completed'],
      ['reg', 'skipped'],
    ]);
    expect(made.effects).toEqual([
      'Creates the repository o/shop on github.com and pushes the files to it',
      'Something that only acme:do knows',
      'Adds /catalog-info.yaml of the repository to the catalog',
    ]);
    expect(made.missing.map(({ step, action, value: what }) => [step, action ?? what])).toEqual([
      ['gone', './none'],
      ['pub', 'publish:github'],
      ['own', 'acme:do'],
    ]);
    expect(made.output).toEqual({ links: [{ title: 'b', url: '<example>' }], n: 'shop' });
    expect(made.error?.code).toBe('SCAFFOLDER_ACTION_UNKNOWN');
  });

  it('stands in for what a known action gives, and for nothing else', async () => {
    const made = await engine.dry(
      {
        steps: [
          { id: 'start', action: 'github:actions:dispatch', input: {} },
          { id: 'pub', action: 'publish:github', input: {} },
        ],
        output: { run: '${{ steps.start.output.workflowRunId }}', no: '${{ steps.pub.output.cloneUrl }}' },
      },
      {},
      {},
    );
    expect(made.output).toEqual({ run: 0 });
  });

  it('says what of the values does not fit, and needs no secrets', async () => {
    const spec = {
      parameters: [{ required: ['a'], properties: { a: { type: 'string', pattern: '^x' } } }],
      secrets: { schema: { required: ['token'], properties: { token: { type: 'string' } } } },
    };
    const made = await engine.dry(spec, { a: 'y' });
    expect(made.error?.message).toBe('The values do not fit the template: /a must match pattern "^x"');
    expect((await engine.dry(spec, { a: 'x' })).error).toBeUndefined();
    const faults = await checkValues(templateOf(spec), { a: 'x' }, engine.renderers, { secrets: {} });
    expect(faults.map(({ message }) => message)).toEqual(['secrets.token is required']);
  });

  it('checks a form as the answers make it', async () => {
    const template = templateOf({
      parameters: [
        {
          required: ['kind', 'port'],
          properties: {
            kind: { type: 'string', enum: ['plain', 'deep'] },
            choice: { type: 'string', enum: "${{ ['x'] if parameters.kind == 'plain' else ['y'] }}" },
            port: { type: 'number', 'ui:if': "${{ parameters.kind == 'deep' }}" },
            nested: { type: 'object', properties: { size: { type: 'number', maximum: '${{ parameters.most }}' } } },
          },
        },
        { if: "${{ parameters.kind == 'deep' }}", required: ['depth'], properties: { depth: { type: 'number' } } },
        { if: '${{ user.ref }}', required: ['reason'] },
      ],
    });
    const faults = async (values: JsonObject, user?: JsonObject) =>
      (await checkValues(template, values, engine.renderers, { user })).map(({ path, message }) => path + message);
    expect(await faults({ kind: 'plain', choice: 'x', nested: { size: 3 } })).toEqual([]);
    expect(await faults({ kind: 'other', choice: 'x' })).toEqual([
      '/kindmust be one of ["plain","deep"]',
      '/choicemust be one of ["y"]',
    ]);
    expect(await faults({ kind: 'deep', nested: { size: 'x' } })).toEqual([
      "must have required property 'port'",
      '/nested/sizemust be number',
      "must have required property 'depth'",
    ]);
    expect(await faults({ kind: 'plain' }, { ref: 'user:default/me' })).toEqual([
      "must have required property 'reason'",
    ]);
    expect(await exampleValues(template, engine.renderers)).toEqual({ values: { kind: 'plain' }, faults: [] });
  });

  it('renders outputs and tells which kept their text', async () => {
    const template = templateOf({
      output: { text: [{ title: 't', content: '${{ a && b }}' }], kept: '${{ steps.x.output.y }}' },
    });
    const { output, warnings } = await renderOutput(
      template,
      { taskId: 't', parameters: {}, steps: { x: { output: { y: [1] } } } },
      engine.renderers,
    );
    expect(output).toEqual({ text: [{ title: 't', content: '${{ a && b }}' }], kept: [1] });
    expect(warnings[0]).toContain('/text/0/content of the output keeps its text');
  });
});

describe('values made from a form', () => {
  it.each([
    ['^[a-z][a-z0-9-]{2,38}[a-z0-9]$', {}],
    ['^[A-Z]{3}-\\d{4}$', {}],
    ['^(?:dev|test)-[^x]+$', {}],
    ['^([a-z]+\\.)+[a-z]{2,}$', {}],
    ['^v?\\d+\\.\\d+$', {}],
    ['^.{12,}$', { minLength: 12 }],
    ['^arn:aws:iam::[0-9]{12}:role/[\\w+=,.@-]+$', {}],
  ])('satisfy %s', async (pattern, more) => {
    const template = templateOf({
      parameters: { required: ['a'], properties: { a: { type: 'string', pattern, ...more } } },
    });
    const { values, faults } = await exampleValues(template, engine.renderers);
    expect(faults).toEqual([]);
    expect(values.a).toMatch(new RegExp(pattern));
  });

  it('follow dependencies, conditions and choices', async () => {
    const template = templateOf({
      parameters: [
        {
          required: ['kind', 'repo', 'owner', 'count'],
          properties: {
            kind: { type: 'string', enum: ['b', 'a'] },
            repo: { type: 'string', 'ui:field': 'RepoUrlPicker', 'ui:options': { allowedHosts: ['gitlab.com'] } },
            owner: { type: 'string', 'ui:field': 'OwnerPicker' },
            count: { type: 'integer', minimum: 3, multipleOf: 2 },
            unasked: { type: 'string' },
          },
          dependencies: {
            kind: {
              oneOf: [
                { properties: { kind: { const: 'a' }, forA: { type: 'string' } }, required: ['forA'] },
                { properties: { kind: { const: 'b' }, forB: { type: 'boolean' } }, required: ['forB'] },
              ],
            },
          },
          if: { properties: { kind: { const: 'b' } } },
          ...JSON.parse('{ "then": { "properties": { "more": { "const": "yes" } }, "required": ["more"] } }'),
        },
      ],
    });
    const { values, faults } = await exampleValues(template, engine.renderers);
    expect([values, faults]).toEqual([
      {
        kind: 'b',
        repo: 'gitlab.com?owner=owner&repo=repo',
        owner: 'group:default/team',
        count: 4,
        forB: false,
        more: 'yes',
      },
      [],
    ]);
    expect((await exampleValues(template, engine.renderers, true)).values.unasked).toBe('example');
  });
});
