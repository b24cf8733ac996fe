import { statSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../testing/engine.ts';

const engine = createEngine();
afterAll(() => engine.close());

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]);

describe('fetch:template', () => {
  it('renders names and contents, keeps modes, copies what is binary', async () => {
    const made = await engine.step(
      'fetch:template',
      { url: './skeleton', values: { name: 'shop', list: ['a', 'b'] } },
      {
        files: {
          'skeleton/${{ values.name }}/README.md': '# ${{ values.name | upper }}\n',
          'skeleton/run.sh*': '#!/bin/sh\necho ${{ values.list | join("+") }}\n',
          'skeleton/.hidden': '{% for item in values.list %}<${{ item }}>{% endfor %}',
          'skeleton/logo.png': png,
          'skeleton/plain.txt': '{{ values.name }} {# gone #}$',
        },
      },
    );
    expect(made.error).toBeUndefined();
    expect(made.files).toEqual({
      'shop/README.md': '# SHOP\n',
      'run.sh': '#!/bin/sh\necho a+b\n',
      '.hidden': '<a><b>',
      'logo.png': Buffer.from(png).toString('utf8'),
      'plain.txt': '{{ values.name }} $',
    });
    expect(statSync(made.workspace.resolve('run.sh')).mode & 0o111).not.toBe(0);
    expect(statSync(made.workspace.resolve('shop/README.md')).mode & 0o111).toBe(0);
  });

  it('leaves files out whose name is empty, starts with a slash or has an empty folder in it', async () => {
    const { files, log } = await engine.step(
      'fetch:template',
      { url: '.', values: {} },
      {
        files: {
          "${{ 'x' if values.gone }}": '1',
          "${{ 'x' if values.no }}/inside.txt": '2',
          "a/${{ 'x' if values.no }}/inside.txt": '3',
          "a/${{ 'x' if values.no }}.yaml": '4',
          kept: '5',
        },
      },
    );
    expect(files).toEqual({ 'a/.yaml': '4', kept: '5' });
    expect(log).toContain("The name a/${{ 'x' if values.no }}.yaml became a/.yaml: an expression in it is empty.");
  });

  it('keeps what is there unless it replaces', async () => {
    const given = { files: { 'new.txt': 'new', 'old.txt': 'new' }, workspace: { 'old.txt': 'old' } };
    expect((await engine.step('fetch:template', { url: '.' }, given)).files).toEqual({
      'new.txt': 'new',
      'old.txt': 'old',
    });
    expect((await engine.step('fetch:template', { url: '.', replace: true }, given)).files).toEqual({
      'new.txt': 'new',
      'old.txt': 'new',
    });
  });

  it('copies what copyWithoutTemplating names, with rendered names, and what copyWithoutRender names as it is', async () => {
    const files = { 'flows/${{ values.n }}.yml': '${{ github.sha }}', 'raw/${{ values.n }}.yml': '${{ values.n }}' };
    const input = { url: '.', values: { n: 'x' }, copyWithoutTemplating: ['flows'], copyWithoutRender: ['./raw/**'] };
    expect((await engine.step('fetch:template', input, { files })).files).toEqual({
      'flows/x.yml': '${{ github.sha }}',
      'raw/${{ values.n }}.yml': '${{ values.n }}',
    });
  });

  it('reads a list of globs in its order', async () => {
    const files = { 'a.txt': '${{ 1 }}', 'b.txt': '${{ 1 }}', 'in/c.txt': '${{ 1 }}' };
    const copied = async (...copyWithoutTemplating: string[]) => {
      const made = await engine.step('fetch:template', { url: '.', copyWithoutTemplating }, { files });
      return Object.keys(files).filter((path) => made.files[path] === '${{ 1 }}');
    };
    expect(await copied('**', '!a.txt')).toEqual(['b.txt', 'in/c.txt']);
    expect(await copied('!a.txt', '**')).toEqual(['a.txt', 'b.txt', 'in/c.txt']);
    expect(await copied('*.txt', '!*.txt', 'a.txt')).toEqual(['a.txt']);
    expect(await copied('!a.txt')).toEqual([]);
    expect(await copied('.')).toEqual(['a.txt', 'b.txt', 'in/c.txt']);
    expect(await copied('./a.txt', 'in//c.txt')).toEqual(['a.txt', 'in/c.txt']);
  });

  it('warns before the expressions of a pipeline are rendered to nothing', async () => {
    const { warnings, files } = await engine.step(
      'fetch:template',
      { url: '.' },
      { files: { 'ci.yml': 'a\nrun: ${{ github.sha }}\n', 'raw.yml': '{% raw %}${{ github.sha }}{% endraw %}' } },
    );
    expect(files).toEqual({ 'ci.yml': 'a\nrun: \n', 'raw.yml': '${{ github.sha }}' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('ci.yml, line 2: `run: ${{ github.sha }}` looks like an expression of a pipeline');
  });

  it('renders only files with the extension, and refuses what does not go with it', async () => {
    const files = {
      'a.txt.njk': '${{ values.n }}',
      'b.txt': '${{ values.n }}',
      '${{ values.n }}.md.tpl': '${{ values.n }}',
    };
    const values = { n: 'x' };
    expect(
      (await engine.step('fetch:template', { url: '.', values, templateFileExtension: true }, { files })).files,
    ).toEqual({
      'a.txt': 'x',
      'b.txt': '${{ values.n }}',
      'x.md.tpl': '${{ values.n }}',
    });
    expect(
      (await engine.step('fetch:template', { url: '.', values, templateFileExtension: 'tpl' }, { files })).files,
    ).toEqual({
      'a.txt.njk': '${{ values.n }}',
      'b.txt': '${{ values.n }}',
      'x.md': 'x',
    });
    const both = { url: '.', templateFileExtension: true, copyWithoutTemplating: ['b'] };
    expect((await engine.step('fetch:template', both, { files })).error?.message).toContain(
      '`templateFileExtension` cannot be used with',
    );
  });

  it('reads cookiecutter, and trims blocks', async () => {
    const files = { '{{cookiecutter.name}}.txt': '{{ cookiecutter.name }} ${{ values.name }}' };
    const input = { url: '.', values: { name: 'x' }, cookiecutterCompat: true };
    expect((await engine.step('fetch:template', input, { files })).files).toEqual({ 'x.txt': 'x $' });
    const blocks = { 'a.txt': '  {% if true %}\nyes\n  {% endif %}\n' };
    expect(
      (await engine.step('fetch:template', { url: '.', trimBlocks: true, lstripBlocks: true }, { files: blocks }))
        .files,
    ).toEqual({
      'a.txt': 'yes\n',
    });
    expect((await engine.step('fetch:template', { url: '.' }, { files: blocks })).files).toEqual({
      'a.txt': '  \nyes\n  \n',
    });
  });

  it('stops a run at a broken file and says where; a dry run shows the others', async () => {
    const files = { 'good.txt': 'good', 'bad.txt': 'a\n${{ values.n ? 1 : 2 }}' };
    const run = await engine.step('fetch:template', { url: '.' }, { files });
    expect(run.status).toBe('failed');
    expect(run.error?.code).toBe('SCAFFOLDER_RENDER_FAILED');
    expect(run.error?.message).toBe('bad.txt, line 2: Unexpected character "?"');
    expect(run.error?.fix).toContain('Write `a if condition else b`');
    const dry = await engine.step('fetch:template', { url: '.' }, { files, isDryRun: true });
    expect(dry.status).toBe('completed');
    expect(dry.files).toEqual({ 'good.txt': 'good' });
    expect(dry.missing).toEqual([
      expect.objectContaining({ step: 'it', value: 'bad.txt', reason: 'bad.txt, line 2: Unexpected character "?"' }),
    ]);
  });

  it('keeps links that stay inside', async () => {
    const { workspace, status } = await engine.step(
      'fetch:template',
      { url: '.' },
      { files: { 'a.txt': 'a', 'b.txt': 'link:a.txt' } },
    );
    expect(status).toBe('completed');
    expect((await workspace.read('b.txt')).toString()).toBe('a');
  });
});

describe('the other ways to fetch', () => {
  it('copies a folder and a file as they are', async () => {
    const files = { 'd/${{ x }}.txt': '${{ x }}', 'd/s.sh*': 's', one: '${{ 1 }}' };
    expect((await engine.step('fetch:plain', { url: './d', targetPath: 'to' }, { files })).files).toEqual({
      'to/${{ x }}.txt': '${{ x }}',
      'to/s.sh': 's',
    });
    expect((await engine.step('fetch:plain:file', { url: 'one', targetPath: 'x/two' }, { files })).files).toEqual({
      'x/two': '${{ 1 }}',
    });
  });

  it('renders one file, and keeps one that is there', async () => {
    const given = { files: { t: 'Hi ${{ values.n }}' }, workspace: { old: 'old' } };
    const input = { url: 't', values: { n: 'x' } };
    expect((await engine.step('fetch:template:file', { ...input, targetPath: 'new' }, given)).files).toEqual({
      new: 'Hi x',
      old: 'old',
    });
    expect((await engine.step('fetch:template:file', { ...input, targetPath: 'old' }, given)).files).toEqual({
      old: 'old',
    });
    expect(
      (await engine.step('fetch:template:file', { ...input, targetPath: 'old', replace: true }, given)).files,
    ).toEqual({ old: 'Hi x' });
  });

  it('renders what is in the workspace', async () => {
    const workspace = { 'from/${{ values.n }}': '${{ values.n }}' };
    const values = { n: 'x' };
    expect(
      (await engine.step('workspace:template', { sourcePath: 'from', targetPath: 'to', values }, { workspace })).files,
    ).toEqual({
      'from/${{ values.n }}': '${{ values.n }}',
      'to/x': 'x',
    });
    const inside = await engine.step(
      'workspace:template',
      { sourcePath: 'from', targetPath: 'from/to', values },
      { workspace },
    );
    expect(inside.error?.message).toContain('targetPath must not be within template path');
    const one = { sourcePath: 'from/${{ "$" }}{{ values.n }}', targetPath: 'one', values };
    expect((await engine.step('workspace:template:file', one, { workspace })).files.one).toBe('x');
  });

  it('says what is not there, and in a dry run goes on', async () => {
    const run = await engine.step('fetch:plain', { url: './nowhere' });
    expect(run.error?.message).toBe("There is no folder './nowhere' in the repository of the template");
    const dry = await engine.step(
      'fetch:template',
      { url: 'https://code.example/o/r/tree/main/x' },
      { isDryRun: true },
    );
    expect(dry.status).toBe('completed');
    expect(dry.missing[0]?.reason).toBe(
      'https://code.example/o/r/tree/main/x could not be read: this command uses no network',
    );
  });

  it('renders templates of cookiecutter, and names what it does not run', async () => {
    const files = {
      'cookie/cookiecutter.json': JSON.stringify({
        name: 'Tide Clock',
        slug: "{{ cookiecutter.name | lower | replace(' ', '-') }}",
        licence: ['MIT', 'none'],
        _copy_without_render: ['*.html', 'raw/*'],
        _extensions: ['jinja2_time.TimeExtension'],
      }),
      'cookie/README.md': 'about the template',
      'cookie/hooks/post_gen_project.py': 'print(1)',
      'cookie/{{cookiecutter.slug}}/{{cookiecutter.slug}}.txt': '{{ cookiecutter.name }} {{ cookiecutter.licence }}\n',
      "cookie/{{cookiecutter.slug}}/{% if cookiecutter.licence == 'none' %}gone.txt{% endif %}": 'x',
      'cookie/{{cookiecutter.slug}}/deep/page.html': '{{ cookiecutter.name }}',
      'cookie/{{cookiecutter.slug}}/raw/a/b.txt': '{{ cookiecutter.name }}',
      'cookie/{{cookiecutter.slug}}/labels.json': '{{ cookiecutter.labels | jsonify }}',
    };
    const input = { url: './cookie', targetPath: 'out', values: { name: 'Sea Wall', labels: { a: 1 } } };
    const made = await engine.step('fetch:cookiecutter', input, { files });
    expect(made.files).toEqual({
      'out/deep/page.html': '{{ cookiecutter.name }}',
      'out/labels.json': '{"a":1}',
      'out/raw/a/b.txt': '{{ cookiecutter.name }}',
      'out/sea-wall.txt': 'Sea Wall MIT\n',
    });
    expect(made.warnings).toEqual([
      'Programs in hooks are not run: do their work with steps.',
      'Extensions of Jinja are not here: jinja2_time.TimeExtension',
    ]);
    const none = await engine.step('fetch:cookiecutter', { url: '.' }, { files: { 'a.txt': '' } });
    expect(none.error?.message).toContain('there is no folder with {{ cookiecutter.… }} in its name');
  });
});
