import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCallboard } from '../testing/callboard.ts';

const company = fileURLToPath(new URL('../../../../examples/company/software-templates/templates', import.meta.url));
let directory: string;

const write = (name: string, text: string) => {
  mkdirSync(dirname(join(directory, name)), { recursive: true });
  writeFileSync(join(directory, name), text);
};
const run = (...args: string[]) => runCallboard(['template', ...args], { cwd: directory, env: { NO_COLOR: '1' } });

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-template-'));
  write(
    'shop/template.yaml',
    `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: shop
spec:
  type: service
  parameters:
    required: [name]
    properties:
      name: { type: string, pattern: '^[a-z]+$' }
  steps:
    - id: files
      action: fetch:template
      input:
        url: ./skeleton
        values:
          name: \${{ parameters.name }}
    - id: publish
      action: publish:git
      input:
        remoteUrl: \${{ parameters.name }}.git
`,
  );
  write('shop/skeleton/README.md', '# ${{ values.name }}\n\nMade.\n');
  write('shop/test/values.yaml', 'name: boats\n');
});

afterAll(() => rmSync(directory, { recursive: true }));

test('check says what is wrong with its line, and fails', async () => {
  expect(await run('check', 'shop')).toMatchObject({ code: 0, stdout: 'Nothing wrong in 1 file, 1 entity.\n' });
  write(
    'wrong/template.yaml',
    'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: wrong\nspec:\n  type: x\n  steps:\n    - action: nobody:knows\n    - name: x\n',
  );
  const { code, stdout } = await run('check', '.');
  expect(code).toBe(1);
  expect(stdout).toContain('wrong/template.yaml:8:7  warning  The action nobody:knows is not registered.');
  expect(stdout).toContain('wrong/template.yaml:9:7  error  A step has no action.');
  const json = JSON.parse((await run('check', 'wrong', '--format', 'json')).stdout);
  expect(json.problems.map(({ path }: { path: string }) => path)).toEqual([
    '/spec/steps/0/action',
    '/spec/steps/1/action',
  ]);
  expect(await run('check', 'shop/skeleton')).toMatchObject({ code: 2, stdout: '' });
  expect((await run('check', 'nowhere')).stderr).toContain('there is nothing at nowhere');
});

test('a trial shows files and effects, and keeps golden files', async () => {
  const shown = await run('test', 'shop', '--values', 'shop/test/values.yaml');
  expect(shown).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stdout: `✓ files: fetch:template
- publish: publish:git

1 file
  README.md (15 bytes)

A run would also do this:
  Creates the repository boats.git if it does not exist, and pushes the files to its branch main
`,
  });
  const updated = await run('test', 'shop', '--values', 'shop/test/values.yaml', '--update');
  expect([updated.code, readFileSync(join(directory, 'shop/test/golden/README.md'), 'utf8')]).toEqual([
    0,
    '# boats\n\nMade.\n',
  ]);
  expect((await run('test', 'shop', '--values', 'shop/test/values.yaml')).stdout).toContain('As expected.');
  write('shop/test/golden/README.md', '# boats\n\nOther.\n');
  write('shop/test/golden/gone.txt', 'x');
  const differs = await run('test', 'shop', '--values', 'shop/test/values.yaml');
  expect(differs.code).toBe(1);
  expect(differs.stdout).toContain(`2 files not as expected (--update accepts what is made):
  ~ README.md has other content
    line 3: expected "Other."
            made     "Made."
  - gone.txt is expected, and not made
`);
});

test('a trial shows what would change in a folder', async () => {
  write('there/README.md', '# boats\n\nOld.\n');
  write('values.yaml', 'name: boats\n');
  const { code, stdout } = await run('test', 'shop', '--values', 'values.yaml', '--against', 'there');
  expect(code).toBe(0);
  expect(stdout).toContain(
    'In there 1 file would change, 0 stay as they are:\n  ~ README.md\n    line 3: now  "Old."\n            then "Made."\n',
  );
  const none = await run('test', 'shop', '--against', 'nowhere');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('there is no folder nowhere')]);
});

test('a trial makes values of its own, and refuses wrong ones', async () => {
  const json = JSON.parse((await run('test', 'shop', '--format', 'json')).stdout);
  expect(json).toMatchObject({
    values: { name: 'example' },
    files: [{ path: 'README.md', base64: Buffer.from('# example\n\nMade.\n').toString('base64'), executable: false }],
    missing: [],
  });
  write('bad.yaml', 'name: 7\n');
  const bad = await run('test', 'shop', '--values', 'bad.yaml', '--format', 'json');
  expect([bad.code, JSON.parse(bad.stdout).error.message]).toEqual([
    1,
    'The values do not fit the template: /name must be string',
  ]);
  expect(await run('test', 'shop', '--values', 'none.yaml')).toMatchObject({ code: 2 });
  expect(await run('test', 'shop', '--update')).toMatchObject({ code: 2 });
});

test.each([
  'add-ci',
  'data-pipeline',
  'docs-site',
  'go-service',
  'node-service',
  'terraform-module',
  'typescript-library',
])('the example template %s can be made', async (name) => {
  const { code, stdout } = await run('test', join(company, name), '--all', '--format', 'json');
  const { files, missing, warnings, effects } = JSON.parse(stdout);
  expect([code, missing, warnings]).toEqual([0, [], []]);
  expect(files.length).toBeGreaterThan(0);
  expect(effects.length).toBeGreaterThan(0);
});
