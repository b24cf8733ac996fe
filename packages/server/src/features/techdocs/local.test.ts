import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { putFiles } from '../../testing/portal.ts';
import { loadDocumentTools, loadLocal, loadPreview } from './index.ts';

const { buildDocs, checkDocs } = await loadDocumentTools();
const { previewDocs } = await loadPreview();
const { createLocalSite, markdownOf } = await loadLocal();

const files = {
  'mkdocs.yml':
    'site_name: Ship\nnav:\n  - Home: index.md\n  - Deck: deck/plan.md\nmarkdown_extensions:\n  - pymdownx.arithmatex:\n      generic: true\n',
  'docs/index.md': '# Ship\n\n[The deck](deck/plan.md#aft) and [nothing](gone.md)\n',
  'docs/deck/plan.md': '# Deck\n\n## Aft\n\n![plan](../plan.png)\n\n$$\nx^2\n$$\n\n[up](../index.md)\n',
  'docs/plan.png': 'png',
};

const folderWith = async (content: Record<string, string>) => {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-docs-local-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await putFiles(folder, content);
  return folder;
};

test('builds a site that opens from the disk, as techdocs-cli lays it out', async () => {
  const folder = await folderWith(files);
  const out = join(folder, 'site');
  expect(await buildDocs({ folder, out })).toEqual({ pages: 2, problems: 1 });
  const page = await readFile(join(out, 'deck/plan/index.html'), 'utf8');
  expect(page).toContain('href="../../index.html"');
  expect(page).toContain('src="../../plan.png"');
  expect(page).toContain('href="../../assets/katex/katex.min.css"');
  expect(page).toContain('class="katex-display"');
  expect(page).not.toMatch(/(?:src|href)="\/|https?:\/\/(?!www\.w3\.org)/);
  expect(await readFile(join(out, 'index.html'), 'utf8')).toContain('href="deck/plan/index.html#aft"');
  expect(await readFile(join(out, 'plan.png'), 'utf8')).toBe('png');
  const metadata = JSON.parse(await readFile(join(out, 'techdocs_metadata.json'), 'utf8'));
  expect(metadata).toMatchObject({
    site_name: 'Ship',
    files: expect.arrayContaining(['deck/plan/index.html', 'plan.png']),
  });
  const index = JSON.parse(await readFile(join(out, 'search/search_index.json'), 'utf8'));
  expect(index.docs.map((each: any) => each.location)).toEqual(
    expect.arrayContaining(['', 'deck/plan/', 'deck/plan/#aft']),
  );
  expect(page).toContain('<script src="../../assets/search.js" data-base="../../" defer>');
  const script = await readFile(join(out, 'search/search_index.js'), 'utf8');
  expect(JSON.parse(script.replace(/^var callboardDocs=|;\n$/g, ''))).toEqual(index.docs);
  expect((await readFile(join(out, 'assets/search.js'))).length).toBeLessThan(4_000);
  await expect(buildDocs({ folder, out: join(folder, 'docs') })).rejects.toMatchObject({
    code: 'TECHDOCS_BUILD_INTO_DOCS',
  });
});

test('builds without search and without colours where the configuration says so', async () => {
  const folder = await folderWith({
    'mkdocs.yml':
      'site_name: Plain\nplugins: []\nmarkdown_extensions:\n  - pymdownx.highlight:\n      use_pygments: false\n  - pymdownx.superfences\n',
    'docs/index.md': '# Plain\n\n```python\nx = 1\n```\n',
  });
  const out = join(folder, 'site');
  expect(await buildDocs({ folder, out })).toEqual({ pages: 1, problems: 0 });
  const page = await readFile(join(out, 'index.html'), 'utf8');
  expect(page).toContain('<code class="language-python">x = 1\n</code>');
  expect(page).not.toContain('search.js');
  await expect(readFile(join(out, 'search/search_index.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  const { files: listed } = JSON.parse(await readFile(join(out, 'techdocs_metadata.json'), 'utf8'));
  expect(listed).toEqual(['index.html', 'techdocs_metadata.json']);
});

test('checks what the portal would report', async () => {
  const folder = await folderWith(files);
  const { files: pages, problems } = await checkDocs(folder);
  expect(pages).toBe(2);
  expect(problems.map(({ code, location, line }) => [code, location, line])).toEqual([
    ['TECHDOCS_LINK_BROKEN', `file:${folder}/docs/index.md`, 3],
  ]);
});

test('does not take a link to a README that is not there for the page itself', async () => {
  const folder = await folderWith({
    'docs/index.md': '# Start\n',
    'docs/team/charter.md': '[the team](README.md#team)\n',
  });
  const { problems } = await checkDocs(folder);
  expect(problems.map(({ code, location }) => [code, location])).toEqual([
    ['TECHDOCS_LINK_BROKEN', `file:${folder}/docs/team/charter.md`],
  ]);
});

test('shows a change at once and has the browser load it', async () => {
  const folder = await folderWith(files);
  const preview = await previewDocs({ folder, port: 0 });
  try {
    const get = async (path: string) => (await fetch(preview.url + path)).text();
    expect(await get('/')).toContain('href="deck/plan/#aft"');
    expect(await get('/')).toContain('leads to nothing');
    const changes = await fetch(`${preview.url}/-/changes`);
    const reader = changes.body!.getReader();
    await reader.read();
    await putFiles(folder, { 'docs/index.md': '# Another ship\n' });
    let told = '';
    while (!told.includes('event: changed')) told += new TextDecoder().decode((await reader.read()).value);
    expect(await get('/')).toContain('Another ship');
    await reader.cancel();
    expect((await fetch(`${preview.url}/nowhere/`)).status).toBe(404);
    expect((await fetch(`${preview.url}/..%2f..%2fetc%2fpasswd`)).status).toBe(404);
  } finally {
    await preview.stop();
  }
});

test('says of a page of 20 MB and of links that lead out that they are not shown', async () => {
  const folder = await folderWith({ 'docs/index.md': '# Start\n', 'docs/huge.md': 'x '.repeat(10_000_000) });
  await symlink('/etc', join(folder, 'docs/etc'));
  await symlink('/etc/hostname', join(folder, 'docs/name.md'));
  const { files: pages, problems } = await checkDocs(folder);
  expect(pages).toBe(2);
  expect(problems.map(({ code, severity, location }) => [code, severity, location?.replace(folder, '')])).toEqual([
    ['TECHDOCS_LINK_OUTSIDE', 'error', 'file:/docs/etc'],
    ['TECHDOCS_LINK_OUTSIDE', 'error', 'file:/docs/name.md'],
    ['TECHDOCS_PAGE_TOO_LONG', 'error', 'file:/docs/huge.md'],
  ]);
});

// What Python's functions make of this heading.
const slugs = {
  '!!python/name:pymdownx.slugs.uslugify': 'überblick--größe-c_api',
  '!!python/name:pymdownx.slugs.gfm_encoded': '%C3%9Cberblick--gr%C3%B6%C3%9Fe-c_api',
  '!!python/object/apply:pymdownx.slugs.slugify {}': 'Überblick--Größe-C_API',
  '!!python/object/apply:pymdownx.slugs.slugify\n        kwds:\n          case: lower': 'überblick--größe-c_api',
  '!!python/object/apply:pymdownx.slugs.slugify {kwds: {case: fold, normalize: NFKD, percent_encode: true}}':
    'uberblick--grosse-c_api',
  '!!python/name:markdown.extensions.toc.slugify_unicode': 'überblick-größe-c_api',
};

test.each(Object.entries(slugs))('makes the ids of headings as the site says: %s', async (slugify, id) => {
  const folder = await folderWith({
    'mkdocs.yml': `site_name: Ids\nmarkdown_extensions:\n  - toc:\n      slugify: ${slugify}\n`,
    'docs/index.md': '# Überblick & Größe: C++_API\n',
  });
  const local = createLocalSite(folder);
  onTestFinished(() => local.close());
  const open = await local.open();
  expect(await markdownOf(open, open.site.pages[0]!)).toContain(`id="${id}"`);
});
