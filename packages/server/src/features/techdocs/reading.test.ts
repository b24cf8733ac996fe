import { afterAll, beforeAll, expect, test } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPortal, type TestPortal } from '../../testing/portal.ts';

const component = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n  annotations: { backstage.io/techdocs-ref: 'dir:.' }\nspec: { type: service, lifecycle: production, owner: docs-team }\n`;
const under = (name: string, files: Record<string, string>) =>
  Object.fromEntries(
    Object.entries({ 'catalog-info.yaml': component(name), ...files }).map(([path, text]) => [`${name}/${path}`, text]),
  );

let directory: string;
let portal: TestPortal;
const site = async (name: string) => (await portal.get(`/api/techdocs/sites/default/component/${name}`)).body;
const page = async (name: string, path = '') =>
  (await portal.get(`/api/techdocs/sites/default/component/${name}/page?path=${path}`)).body;
const file = (name: string, path: string) => `/api/techdocs/static/docs/default/component/${name}/${path}`;
const short = (items: any[]): unknown[] =>
  items.map((item) => (item.children ? [item.title, short(item.children)] : `${item.title} ${item.url ?? item.path}`));
const notesOf = (body: any) => body.notes.map((note: any) => [note.code, note.file ?? null, note.line ?? null]);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'callboard-docs-reading-'));
  portal = await testPortal({
    place: { directory },
    files: {
      ...under('readme', {
        'README.md':
          '# Readme\n\n![logo](pic.png) <img src="./art/wide.svg"> [how](CONTRIBUTING.md#how) [source](src/a.ts)\n[one](doc/adr/0001-one.md) [secret](.env) [gone](gone.md)\n',
        'pic.png': 'png',
        'art/wide.svg': '<svg/>',
        'CONTRIBUTING.md': '# Contributing\n\n## How\n\n[back](README.md)\n',
        'src/a.ts': 'a',
        '.env': 'TOKEN=1',
        'doc/adr/0001-one.md': '# One\n\n[the readme](../../README.md) [two](0002-two.md)\n',
        'doc/adr/0002-two.md': '# Two\n',
      }),
      ...under('beside', {
        'mkdocs.yml': 'site_name: Beside\nrepo_url: https://github.com/acme/beside\n',
        'README.md': '# Beside\n\n[guide](docs/guide.md) [docs](docs/) ![pic](pic.png) [more](MORE.md)\n',
        'MORE.md': '# More\n',
        'pic.png': 'png',
        'docs/guide.md': '# Guide\n\n[up](../README.md)\n',
      }),
      ...under('decisions', {
        'docs/index.md': '# Docs\n\n[one](../adr/0001-one.md)\n',
        'adr/0001-one.md': '# One\n\n[docs](../docs/index.md)\n',
      }),
      ...under('mono', {
        'mkdocs.yml':
          "site_name: Mono\nnav:\n  - index.md\n  - Billing: '!include ./billing/mkdocs.yml'\n  - Lost: '!include ./lost/mkdocs.yml'\n  - Out: '!include ../readme/mkdocs.yml'\n  - Again: '!include billing/mkdocs.yml'\n",
        'docs/index.md': '# Mono\n',
        'billing/mkdocs.yml': "site_name: billing\nnav:\n  - index.md\n  - Deep: '!include ./deep/mkdocs.yml'\n",
        'billing/docs/index.md': '# Billing\n',
        'billing/deep/mkdocs.yml': 'site_name: deep\nnav: [index.md]\n',
        'billing/deep/docs/index.md': '# Deep\n',
      }),
      ...under('said', {
        'mkdocs.yml':
          'site_name: Said\ndocs_dir: docs\nnav:\n  - index.md\n  - Guides:\n      - Lost: lost.md\n  - Prices: files/prices.pdf\nplugins:\n  - redirects:\n      redirect_maps:\n        old.md: index.md\n        older.md: nowhere.md\nmarkdown_extensions:\n  - admonition\n  - my.own\n',
        'docs/index.md':
          '# Said\n\n```dot\ngraph { broken\n```\n\n!!! note\n\n    ```plantuml\n    A -> B\n    ```\n\n    ```dot\n    digraph {\n    ```\n\n<iframe src="https://elsewhere.example/x"></iframe>\n',
        'docs/files/prices.pdf': 'pdf',
      }),
      ...under('pages', {
        'docs/.pages':
          'nav:\n  - last.md\n  - ... | b*.md\n  - Elsewhere: https://example.com/\n  - Chosen:\n      - deep\n  - ...\n',
        'docs/last.md': '# Last\n',
        'docs/b1.md': '# B1\n',
        'docs/b2.md': '# B2\n',
        'docs/a.md': '# A\n',
        'docs/deep/.pages': 'title: Down\norder: desc\n',
        'docs/deep/1.md': '# One\n',
        'docs/deep/2.md': '# Two\n',
        'docs/lone/.pages': 'collapse_single_pages: true\n',
        'docs/lone/only.md': '# Only\n',
      }),
      ...under('empty', { 'mkdocs.yml': 'site_name: Empty\ndocs_dir: text\n' }),
    },
  });
}, 60_000);
afterAll(async () => {
  await portal?.stop();
  await rm(directory, { recursive: true, force: true });
});

test('a README alone brings its images, and the pages and files that it names', async () => {
  const body = await site('readme');
  expect(short(body.navigation)).toEqual([
    'Readme ',
    'Contributing CONTRIBUTING',
    ['Architecture decisions', ['One adr/0001-one', 'Two adr/0002-two']],
  ]);
  const { html, notes } = await page('readme');
  const docs = '/docs/default/component/readme';
  for (const address of [
    `src="${file('readme', 'pic.png')}"`,
    `src="${file('readme', 'art/wide.svg')}"`,
    `href="${docs}/CONTRIBUTING#how"`,
    `href="${file('readme', 'src/a.ts')}"`,
    `href="${docs}/adr/0001-one"`,
  ])
    expect(html).toContain(address);
  expect(notes.map((note: any) => note.message)).toEqual([
    'The link to .env leads to nothing',
    'The link to gone.md leads to nothing',
  ]);
  expect((await portal.get(file('readme', 'pic.png'))).body).toBe('png');
  expect((await portal.get(file('readme', '.env'))).status).toBe(404);
  const one = await page('readme', 'adr/0001-one');
  expect([one.notes, one.html]).toEqual([[], expect.stringContaining(`href="${docs}/adr/0002-two"`)]);
  expect(one.html).toContain(`href="${docs}"`);
});

test('a README beside documents is their first page, and decisions beside them are part of them', async () => {
  const first = await page('beside');
  expect(first.html).toContain('href="/docs/default/component/beside/guide"');
  expect(first.html).toContain('href="/docs/default/component/beside"');
  expect(first.html).toContain(`src="${file('beside', 'pic.png')}"`);
  expect(first.notes.map((note: any) => note.message)).toEqual(['The link to MORE.md leads to nothing']);
  expect(first.editUrl).toBe('https://github.com/acme/beside/edit/master/README.md');
  expect((await page('beside', 'guide')).notes).toEqual([]);
  expect(short((await site('decisions')).navigation)).toEqual([
    'Docs ',
    ['Architecture decisions', ['One adr/0001-one']],
  ]);
  expect((await page('decisions')).html).toContain('href="/docs/default/component/decisions/adr/0001-one"');
  expect((await page('decisions', 'adr/0001-one')).notes).toEqual([]);
});

test('includes start where they are written, and say with their line what they lack', async () => {
  const body = await site('mono');
  expect(short(body.navigation)).toEqual(['Mono ', ['Billing', ['Billing billing', ['Deep', ['Deep deep']]]]]);
  expect(notesOf(body)).toEqual([
    ['TECHDOCS_INCLUDE_MISSING', 'mkdocs.yml', 5],
    ['TECHDOCS_INCLUDE_REFUSED', 'mkdocs.yml', 6],
    ['TECHDOCS_INCLUDE_REFUSED', 'mkdocs.yml', 7],
  ]);
});

test('what is wrong has its line, in the configuration and on pages', async () => {
  const body = await site('said');
  expect(notesOf(body).toSorted()).toEqual([
    ['TECHDOCS_EXTENSION_UNKNOWN', 'mkdocs.yml', 15],
    ['TECHDOCS_NAV_MISSING', 'mkdocs.yml', 6],
    ['TECHDOCS_REDIRECT_MISSING', 'mkdocs.yml', 12],
  ]);
  expect(short(body.navigation)).toEqual(['Said ', `Prices ${file('said', 'files/prices.pdf')}`]);
  expect(notesOf(await page('said'))).toEqual([
    ['DOCS_PLANTUML_WITHOUT_SERVER', 'docs/index.md', 9],
    ['TECHDOCS_GRAPH_INVALID', 'docs/index.md', 4],
    ['TECHDOCS_GRAPH_INVALID', 'docs/index.md', 14],
    ['TECHDOCS_FRAME_OUTSIDE', 'docs/index.md', 17],
  ]);
});

test('folders are in the order that .pages says', async () => {
  expect(short((await site('pages')).navigation)).toEqual([
    'Last last',
    'B1 b1',
    'B2 b2',
    'Elsewhere https://example.com/',
    ['Chosen', [['Down', ['Two deep/2', 'One deep/1']]]],
    'A a',
    'Only lone/only',
  ]);
});

test('a folder without a page is a problem, not an empty site', async () => {
  expect(notesOf(await site('empty'))).toEqual([['TECHDOCS_NO_PAGES', 'mkdocs.yml', 2]]);
});
