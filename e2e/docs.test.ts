import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eventually, getJson } from './support/api.ts';
import { violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { everything } from './support/docs-site.ts';
import { temporaryFolder, writeFiles } from './support/files.ts';
import { startPortal, type Portal } from './support/portal.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

const descriptor = (name: string, title: string) => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
  title: ${title}
  annotations: { backstage.io/techdocs-ref: 'dir:.' }
spec: { type: documentation, lifecycle: production, owner: platform }
`;

/** A site in a repository of its own, with a tag that has an older text. */
async function versioned(folder: string): Promise<void> {
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=Li', '-c', 'user.email=li@tidelane.example', ...args], { cwd: folder });
  await writeFiles(folder, {
    'catalog-info.yaml': descriptor('versioned', 'Versioned'),
    'docs/index.md': '# Versioned\n\nThe old text.\n',
    'docs/dropped.md': '# Dropped\n\nOnly here.\n',
  });
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-q', '-m', 'One');
  await git('tag', 'v1');
  await git('rm', '-q', 'docs/dropped.md');
  await writeFiles(folder, { 'docs/index.md': '# Versioned\n\nThe new text.\n' });
  await git('add', '.');
  await git('commit', '-q', '-m', 'Two');
}

/** The documents of people who mean harm, as the server's own tests have them. */
async function hostile(): Promise<{ group: string; text: string }[]> {
  const table = pathToFileURL(join(root, 'packages/server/src/features/techdocs/testing/hostile.ts')).href;
  const script = `const { hostileDocuments } = await import(${JSON.stringify(table)}); process.stdout.write(JSON.stringify(hostileDocuments))`;
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], options);
  return JSON.parse(stdout) as { group: string; text: string }[];
}

/** Diagrams are drawn in the browser: what could act in one. */
const hostileDiagrams = [
  'graph LR\n  A["<img src=x onerror=alert(1)>"] --> B["<script>alert(1)</script>"]',
  'graph LR\n  A --> B\n  click A "javascript:alert(1)"\n  click B call alert(1)',
  '%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "body{display:none}"}}%%\ngraph LR\n  A["<b onclick=alert(1)>x</b>"]',
  '%%{init: {"fontFamily": "x;} body{display:none} a{"}}%%\ngraph LR\n  A --> B',
  'graph LR\n  A --> B\n  style A fill:#fff,background:url(https://evil.example/x.png)',
  '---\ntitle: "<svg onload=alert(1)>"\n---\nsequenceDiagram\n  A->>B: <iframe srcdoc="<script>alert(1)</script>">',
];

const pages = (page: Page) => page.getByRole('navigation', { name: 'Pages', exact: true });
const article = (page: Page) => page.getByRole('article');
const theHeading = (page: Page, name: string) => article(page).getByRole('heading', { level: 1, name });

describe('documents', () => {
  let portal: Portal;
  let work: Awaited<ReturnType<typeof temporaryFolder>>;
  let harm: { group: string; text: string }[];
  const everythingAt = (path = '') => `${portal.url}/docs/default/component/everything${path}`;
  const handbook = (path = '') => `${portal.url}/docs/default/component/engineering-handbook${path}`;

  beforeAll(async () => {
    work = await temporaryFolder();
    const folder = (name: string) => join(work.folder, name);
    await mkdir(folder('versioned'), { recursive: true });
    harm = [
      ...(await hostile()),
      ...hostileDiagrams.map((text) => ({ group: 'diagrams', text: `\`\`\`mermaid\n${text}\n\`\`\`\n` })),
    ];
    const hostilePages = harm.map(({ text }, index) => [
      `docs/p${String(index).padStart(3, '0')}.md`,
      `${text}\n\n# End\n`,
    ]);
    await Promise.all([
      versioned(folder('versioned')),
      writeFiles(folder('everything'), { 'catalog-info.yaml': descriptor('everything', 'Everything'), ...everything }),
      writeFiles(folder('older-tabs'), {
        'catalog-info.yaml': descriptor('older-tabs', 'Older tabs'),
        'mkdocs.yml':
          'site_name: Older tabs\nmarkdown_extensions:\n  - pymdownx.tabbed:\n      alternate_style: false\n',
        'docs/index.md':
          '# Older tabs\n\n=== "One"\n\n    The first.\n\n    - inside\n\n        === "Deep"\n\n            Down there.\n\n=== "Two"\n\n    The second.\n',
      }),
      writeFiles(folder('built'), {
        'catalog-info.yaml': descriptor('built', 'Built elsewhere'),
        'site/index.html':
          "<head><title>x</title><link rel=stylesheet href=look.css?v=1><h1>Made by others</h1><a href=two/#end>Two</a><script>localStorage.setItem('a', 'kept out'); try { parent.document.title = 'reached' } catch { document.title = localStorage.getItem('a') }</script>",
        'site/look.css': 'h1 { color: rgb(1, 2, 3) }',
        'site/two/index.html': '<link rel=stylesheet href=../look.css><h1>The second</h1>',
      }),
      writeFiles(folder('hostile'), {
        'catalog-info.yaml': descriptor('hostile', 'Hostile'),
        'docs/index.md': '# Harm\n',
        ...(Object.fromEntries(hostilePages) as Record<string, string>),
      }),
    ]);
    portal = await startPortal({ args: [join(root, 'examples/company'), work.folder] });
    const sites = ['versioned', 'everything', 'older-tabs', 'built', 'hostile', 'engineering-handbook'];
    await Promise.all(
      sites.map((name) =>
        eventually(
          () => fetch(`${portal.url}/api/techdocs/sites/default/component/${name}`),
          ({ ok }) => ok,
        ),
      ),
    );
  });
  afterAll(async () => {
    await portal?.stop();
    await work?.remove();
  });

  test('are listed, and narrowed by the address', async ({ page }) => {
    await page.goto(portal.url);
    await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForURL(`${portal.url}/docs`);
    const rows = page.getByRole('main').getByRole('listitem');
    await rows.filter({ hasText: 'Engineering handbook' }).getByText('11 pages').waitFor();
    await page.getByRole('searchbox', { name: 'Filter the documents' }).fill('handbook');
    await page.waitForURL(`${portal.url}/docs?q=handbook`);
    await page.getByText('1 site', { exact: true }).waitFor();
    expect(await rows.count()).toBe(1);
    await page.getByRole('button', { name: 'Star Engineering handbook' }).click();
    // Who leaves the page before the star is stored takes it back.
    await expect
      .poll(async () => JSON.stringify(await getJson(`${portal.url}/api/preferences`)))
      .toContain('component:default/engineering-handbook');
    await page.goto(`${portal.url}/docs?show=starred`);
    await rows.filter({ hasText: 'Engineering handbook' }).waitFor();
    expect(await rows.count()).toBe(1);
    await page.goto(`${portal.url}/docs?q=zzz`);
    await page.getByRole('heading', { name: 'No documents here' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('say how to begin when there are none, and what is wrong when they cannot be listed', async ({
    page,
    problems,
  }) => {
    problems.allow(/500/);
    await page.route('**/api/techdocs/sites', (route) => route.fulfill({ json: { items: [] } }));
    await page.goto(`${portal.url}/docs`);
    await page.getByRole('heading', { name: 'No entity has documents yet' }).waitFor();
    await page.getByText('backstage.io/techdocs-ref: dir:.').waitFor();
    const failure = { error: { name: 'Error', message: 'The disk is full.', code: 'X_FULL', fix: 'Make room.' } };
    await page.route('**/api/techdocs/sites', (route) => route.fulfill({ status: 500, json: failure }));
    await page.reload();
    await page.getByRole('alert').getByText('The disk is full.').waitFor();
  });

  test('are read from page to page, and back', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 800 });
    await page.goto(handbook());
    await pages(page).getByRole('link', { name: 'Reviews' }).click();
    await page.waitForURL(handbook('/reviews'));
    await theHeading(page, 'Reviews').waitFor();
    expect(await page.title()).toBe('Reviews · Engineering handbook · Callboard');
    expect(await pages(page).locator('[aria-current="page"]').textContent()).toBe('Reviews');
    await page.goBack();
    await page.waitForURL(handbook());
    await page.goto(everythingAt('/guides/first#part-9'));
    await expect
      .poll(() => page.evaluate<number>("document.getElementById('part-9').getBoundingClientRect().top"))
      .toBeLessThan(130);
    const contents = page.getByRole('navigation', { name: 'On this page' });
    await contents.locator('[aria-current="location"]').getByText('Part 9').waitFor();
    await contents.getByRole('link', { name: 'Part 12' }).click();
    await page.waitForURL(everythingAt('/guides/first#part-12'));
    await contents.locator('[aria-current="location"]').getByText('Part 12').waitFor();
    await page.getByRole('navigation', { name: 'Pages before and after' }).getByRole('link', { name: 'Next' }).click();
    await theHeading(page, 'Second').waitFor();
    expect(await page.evaluate('window.scrollY')).toBe(0);
    await article(page).getByRole('link', { name: 'part nine' }).click();
    await page.waitForURL(everythingAt('/guides/first#part-9'));
    await page.goBack();
    await article(page).getByRole('link', { name: 'another site' }).click();
    await page.waitForURL(`${portal.url}/docs/default/component/versioned`);
    await theHeading(page, 'Versioned').waitFor();
  });

  test('need no pointer', async ({ page }) => {
    await page.goto(everythingAt());
    await theHeading(page, 'Welcome').waitFor();
    await page.keyboard.press('j');
    await page.waitForURL(everythingAt('/guides'));
    await theHeading(page, 'Guides').waitFor();
    await page.keyboard.press('j');
    await page.waitForURL(everythingAt('/guides/first'));
    await theHeading(page, 'First guide').waitFor();
    await page.keyboard.press('k');
    await page.waitForURL(everythingAt('/guides'));
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Find in these documents').waitFor();
    await page.keyboard.press('Escape');
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await pages(page).getByRole('link', { name: 'Welcome' }).focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Guides');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('First');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => pages(page).getByRole('link', { name: 'First' }).count()).toBe(0);
    const query = 'term=lighthouse+keeper&types[]=techdocs&filters[ref]=component:default/everything';
    await eventually(
      () => getJson<{ numberOfResults: number }>(`${portal.url}/api/search/query?${query}`),
      ({ numberOfResults }) => numberOfResults === 1,
    );
    await page.keyboard.press('t');
    await page.keyboard.type('lighthouse keeper');
    await page.getByText('1 place found').waitFor();
    const result = page.getByRole('link', { name: 'Part 7 · First' });
    await result.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(everythingAt('/guides/first#part-7'));
    await theHeading(page, 'First guide').waitFor();
    await page.keyboard.press('t');
    await page.getByRole('link', { name: 'Search everything for “lighthouse keeper”' }).click();
    await page.waitForURL(`${portal.url}/search?query=lighthouse+keeper`);
  });

  test('have the tabs of older sites, whose labels stand between what they show', async ({ page }) => {
    await page.goto(`${portal.url}/docs/default/component/older-tabs`);
    await article(page).getByRole('tab', { name: 'Deep' }).waitFor();
    await article(page).getByText('Down there.').waitFor();
    await article(page).getByRole('tab', { name: 'Two' }).click();
    await article(page).getByText('The second.').waitFor();
    await article(page).getByText('The first.').waitFor({ state: 'hidden' });
  });

  test('are printed without what is around them, dark on light', async ({ page }) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.goto(everythingAt('/elements'));
    await theHeading(page, 'Elements').waitFor();
    for (const around of [page.locator('aside').first(), page.getByRole('banner'), pages(page)])
      expect(await around.isVisible()).toBe(false);
    const colourOf = (name: 'color' | 'backgroundColor') => page.evaluate(`getComputedStyle(document.body).${name}`);
    expect([await colourOf('color'), await colourOf('backgroundColor')]).toEqual([
      'rgb(27, 34, 41)',
      'rgb(255, 255, 255)',
    ]);
  });

  test('have sections that can be shared', async ({ page }) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(everythingAt('/elements'));
    await article(page).getByRole('link', { name: 'Copy the address of “Tables”' }).click();
    await page.waitForURL(everythingAt('/elements#tables'));
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(everythingAt('/elements#tables'));
  });

  test('show everything that an author may write, in light and dark', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(everythingAt('/elements'));
    const tabs = article(page).getByRole('tab', { name: 'Go' });
    await tabs.first().click();
    await article(page).getByText('Text for Go').waitFor();
    await tabs.first().press('ArrowLeft');
    await article(page).getByText('Text for Java').waitFor();
    await tabs.first().click();
    await expect
      .poll(async () => (await getJson<{ items: unknown[] }>(`${portal.url}/api/preferences`)).items)
      .toContainEqual(expect.objectContaining({ key: 'docs', value: { tabs: ['Go', 'Java'] } }));
    await page.goto(everythingAt('/more'));
    await article(page).getByText('More for Go').waitFor();
    await page.goto(everythingAt('/elements'));
    const code = article(page).locator('.code-frame', { hasText: 'app.py' });
    await code.getByRole('button', { name: 'Note 1' }).click();
    await page.getByText('What the note says').waitFor();
    await page.keyboard.press('Escape');
    await code.hover();
    // The page is drawn again when the colours of all languages have come; who presses in that moment presses again.
    await expect
      .poll(async () => {
        await code.getByRole('button', { name: 'Copy this code' }).click();
        return page.evaluate('navigator.clipboard.readText()');
      })
      .toBe('import os\nx = 1  \nprint(x)');
    await article(page).locator('.diagram[data-state="drawn"]').nth(1).waitFor();
    await article(page).getByText('This diagram cannot be drawn').waitFor();
    await article(page).locator('pre.mermaid').getByText('A[broken -->').waitFor();
    expect(await article(page).getByRole('img', { name: 'Diagram: graph' }).count()).toBe(1);
    expect(await article(page).locator('.katex').count()).toBe(2);
    await expect.poll(() => page.evaluate("document.fonts.check('16px KaTeX_Math')")).toBe(true);
    await article(page).getByText('Image missing: gone').waitFor();
    const image = article(page).getByRole('button', { name: 'Enlarge: Plan' });
    await image.press('Enter');
    const large = page.getByRole('dialog', { name: 'Plan' });
    await large.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => large.count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await article(page).locator('.docs-prose[data-scheme="dark"]').waitFor();
    await article(page).locator('.diagram[data-state="drawn"]').nth(1).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('keep open what their reader has opened when the colours of the code come', async ({ page }) => {
    const colours = Promise.withResolvers<void>();
    let asked = 0;
    await page.route('**/everything/page?path=elements', async (route) => {
      asked += 1;
      if (asked > 1) {
        await colours.promise;
        return route.continue();
      }
      const body = (await (await route.fetch()).json()) as { html: string };
      const html = body.html.replaceAll(/class="tok-/g, 'class="later-');
      return route.fulfill({ json: { ...body, html, isPlain: true } });
    });
    await page.goto(everythingAt('/elements'));
    const closed = article(page).locator('details', { hasText: 'Closed' });
    await closed.locator('summary').click();
    const tab = article(page).getByRole('tab', { name: 'Go' }).first();
    await tab.click();
    expect(await article(page).locator('.tok-keyword').count()).toBe(0);
    colours.resolve();
    await article(page).locator('.tok-keyword').first().waitFor();
    expect(await closed.getAttribute('open')).toBe('');
    expect(await tab.getAttribute('aria-selected')).toBe('true');
    await article(page).getByText('Text for Go').waitFor();
    expect(await tab.evaluate((each) => each === document.activeElement)).toBe(true);
  });

  test('are read as each person likes', async ({ page }) => {
    await page.goto(everythingAt());
    await theHeading(page, 'Welcome').waitFor();
    const size = () => page.evaluate("getComputedStyle(document.querySelector('.docs-prose')).fontSize");
    expect(await size()).toBe('16px');
    await page.locator('summary[aria-label="How to read"]').click();
    await page.getByRole('radio', { name: 'Larger' }).click();
    await expect.poll(size).toBe('21px');
    await expect
      .poll(async () => JSON.stringify(await getJson(`${portal.url}/api/preferences`)))
      .toContain('"textSize":"larger"');
    await page.reload();
    await expect.poll(size).toBe('21px');
    await page.locator('summary[aria-label="How to read"]').click();
    await page.getByRole('radio', { name: 'Normal' }).click();
    await expect.poll(size).toBe('16px');
  });

  test('have versions', async ({ page, problems }) => {
    problems.allow(/404/);
    await page.goto(`${portal.url}/docs/default/component/versioned`);
    await article(page).getByText('The new text.').waitFor();
    await article(page)
      .getByText(/changed .* by Li/)
      .waitFor();
    await page.getByRole('combobox', { name: 'Version' }).selectOption('v1');
    await article(page).getByText('The old text.').waitFor();
    await page.getByText('You are reading the version “v1”').waitFor();
    await pages(page).getByRole('link', { name: 'Dropped' }).click();
    await page.waitForURL(`${portal.url}/docs/default/component/versioned/dropped?version=v1`);
    await article(page).getByText('Only here.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Read the current version' }).click();
    await page.getByRole('heading', { name: 'There is no page “dropped”' }).waitFor();
  });

  test('say what is missing and what is wrong', async ({ page, problems }) => {
    problems.allow(/404/);
    await page.goto(everythingAt('/guides/frist'));
    await page.getByRole('heading', { name: 'There is no page “guides/frist”' }).waitFor();
    await article(page).getByRole('link', { name: 'First', exact: true }).click();
    await page.waitForURL(everythingAt('/guides/first'));
    await page.goto(everythingAt('/empty'));
    await article(page).getByText('This page is empty.').waitFor();
    await page.goto(everythingAt());
    await article(page).getByText('1 note for the owner of this page').click();
    await article(page).getByText('The link to nowhere.md leads to nothing').waitFor();
    await page.goto(everythingAt('?view=report'));
    await page.getByRole('button', { name: 'Broken links 1' }).click();
    await page.getByRole('link', { name: 'docs/index.md:3' }).click();
    await page.waitForURL(everythingAt());
    await page.goto(`${portal.url}/docs/default/component/nothing`);
    await page.getByRole('heading', { name: 'There is no component:default/nothing' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('are part of their entity’s page', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/component/everything`);
    await page
      .getByRole('navigation', { name: 'Parts of this entity' })
      .getByRole('link', { name: 'Docs', exact: true })
      .click();
    await page.waitForURL(`${portal.url}/catalog/default/component/everything/docs`);
    await article(page).getByRole('link', { name: 'the first guide' }).click();
    await page.waitForURL(`${portal.url}/catalog/default/component/everything/docs/guides/first`);
    await theHeading(page, 'First guide').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Open alone' }).click();
    await page.waitForURL(everythingAt('/guides/first'));
  });

  test('that were built elsewhere stand in a frame that reaches nothing of the portal', async ({ page }) => {
    await page.goto(`${portal.url}/docs/default/component/built`);
    const frame = page.frameLocator('iframe[title="Built elsewhere"]');
    await frame.getByRole('heading', { name: 'Made by others' }).waitFor();
    expect(await frame.locator('title').textContent()).toBe('kept out');
    expect(await page.title()).toBe('Built elsewhere · Callboard');
    const colour = (name: string) =>
      frame.getByRole('heading', { name }).evaluate((each) => getComputedStyle(each).color);
    await expect.poll(() => colour('Made by others')).toBe('rgb(1, 2, 3)');
    await frame.getByRole('link', { name: 'Two' }).click();
    await expect.poll(() => colour('The second')).toBe('rgb(1, 2, 3)');
    await page.goto(`${portal.url}/docs/default/component/built/two#end`);
    await frame.getByRole('heading', { name: 'The second' }).waitFor();
  });

  test('that were built as a site are searched from the disk', async ({ page, problems }) => {
    // The rules of accessibility read style sheets, which no page from the disk may.
    problems.allow(/docs\.css/);
    const site = join(work.folder, 'everything-site');
    const command = join(root, 'packages/cli/bin/callboard.js');
    await run(process.execPath, [command, 'docs', 'build', join(work.folder, 'everything'), '-o', site]);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(join(site, 'guides/first/index.html')).href);
    await page.keyboard.press('/');
    const search = page.getByRole('search');
    await page.keyboard.type('part 3');
    await search.getByRole('link', { name: /^Part 3/ }).waitFor();
    expect(await search.getByRole('status').textContent()).toMatch(/^\d+ places? found$/);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/guides\/first\/index\.html#part-3$/);
    await search.getByRole('searchbox').fill('nobody ever wrote this');
    await search.getByText('Nothing has these words.').waitFor();
    expect(asked.filter((url) => !url.startsWith(pathToFileURL(site).href) && !url.startsWith('data:'))).toEqual([]);
  });

  test('are read on a phone', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(everythingAt('/elements'));
    await theHeading(page, 'Elements').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Pages and search' }).click();
    const drawer = page.getByRole('dialog', { name: 'Pages of these documents' });
    await drawer.getByRole('link', { name: 'First' }).click();
    await page.waitForURL(everythingAt('/guides/first'));
    await theHeading(page, 'First guide').waitFor();
    await expect.poll(() => drawer.count()).toBe(0);
    await article(page).getByText('On this page').first().click();
    await article(page).getByRole('link', { name: 'Part 3', exact: true }).click();
    await page.waitForURL(everythingAt('/guides/first#part-3'));
    expect(await violations(page)).toEqual([]);
  });

  test('of people who mean harm do nothing', { timeout: 240_000 }, async ({ page, problems }) => {
    // Images that are not there: asked for here, and nowhere else.
    problems.allow(/^console: Failed to load resource: the server responded with a status of (?:400|404)/);
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(`${portal.url}/docs/default/component/hostile`);
    await theHeading(page, 'Harm').waitFor();
    expect(harm.length).toBeGreaterThan(100);
    const seen: string[] = [];
    for (const [index, { group, text }] of harm.entries()) {
      const name = `p${String(index).padStart(3, '0')}`;
      await page.keyboard.press('j');
      await page.waitForURL(`${portal.url}/docs/default/component/hostile/${name}`);
      await page.locator('article[aria-busy="false"]').waitFor();
      if (group === 'diagrams') await article(page).locator('.diagram:not([data-state="drawing"])').waitFor();
      const found = await page.evaluate<string[]>(`[
        ...document.querySelectorAll('.docs-prose :is(script, style, object, embed, form, base, meta, link, frame)'),
      ].map((each) => each.outerHTML)`);
      // The frame of the portal is where it was, and can be pressed.
      const covered = await page.evaluate<boolean>(
        '!document.elementFromPoint(40, 24)?.closest(\'nav[aria-label="Main"]\')',
      );
      if (found.length > 0 || covered || dialogs.length > 0)
        seen.push(
          `${name} ${text.slice(0, 80)}: ${[...found, ...dialogs, covered ? 'covers the portal' : ''].join(' ')}`,
        );
    }
    expect(seen).toEqual([]);
    expect(dialogs).toEqual([]);
  });
});
