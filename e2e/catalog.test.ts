import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { expectAccessible, openWhole } from './support/axe.ts';
import { test } from './support/browser.ts';
import { freePort, startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const longName = 'harbour-master-notification-relay-for-very-small-ports-v2';

const descriptors = `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: harbour, description: Keeps the quays }
spec: { type: team, children: [], profile: { displayName: Harbour Team, email: harbour@example.org } }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: ada }
spec: { memberOf: [harbour], profile: { displayName: Ada } }
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: port }
spec: { owner: harbour }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: tide-service
  description: Says when the water is high
  tags: [go, water]
  links: [{ url: "https://tides.example.org/", title: Dashboard }, { url: "https://runbooks.example.org/", title: Runbook }]
spec: { type: service, lifecycle: production, owner: harbour, system: port, providesApis: [tides], dependsOn: ["resource:gauge"] }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: tide-lib, tags: [go] }
spec: { type: library, lifecycle: experimental, owner: harbour, system: port }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${longName}, title: Harbour master's relay }
spec: { type: website, lifecycle: production, owner: nobody-known }
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: tides }
spec: { type: openapi, lifecycle: production, owner: harbour, definition: "openapi: 3.1.0" }
`;

const broken = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: lock-gate
spec:
  type: service
  owner: harbour
`;

const elsewhere = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: lighthouse, title: Lighthouse }
spec: { type: service, lifecycle: production, owner: harbour }
`;

const rowNames = (page: Page) => page.locator('tbody [data-row-link]').allInnerTexts();

describe('the catalog in the browser', () => {
  let folder: string;
  let portal: Portal;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-web-'));
    await writeFile(join(folder, 'catalog-info.yaml'), descriptors);
    await mkdir(join(folder, 'lock-gate'));
    await writeFile(join(folder, 'lock-gate', 'catalog-info.yaml'), broken);
    portal = await startPortal({ args: [folder] });
    const last = `${portal.url}/api/catalog/entities/by-name/api/default/tides`;
    while (!(await fetch(last)).ok) await new Promise((done) => setTimeout(done, 20));
  });
  afterAll(async () => {
    await portal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('says on the first page what it knows, and leads there', async ({ page }) => {
    await page.goto(portal.url);
    const summary = page.locator('main header');
    await summary.getByRole('link', { name: '8 entities' }).waitFor();
    await summary.getByRole('link', { name: '1 source' }).waitFor();
    await page.getByRole('button', { name: /^Search services/ }).click();
    await page.getByRole('combobox', { name: 'Search or type a command' }).fill('tide');
    await page.getByRole('option', { name: 'All results for “tide”' }).click();
    await page.waitForURL(`${portal.url}/search?query=tide`);
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
    for (const name of ['tide-lib', 'tide-service', 'tides'])
      await page.getByRole('main').getByRole('link', { name, exact: true }).first().waitFor();
  });

  test('filters by text, and keeps it in the address', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=all`);
    await page.getByRole('searchbox', { name: 'Filter by text' }).fill('tide');
    await page.waitForURL((url) => url.searchParams.get('q') === 'tide');
    await page.getByRole('status').filter({ hasText: '3 results' }).waitFor();
    expect((await rowNames(page)).toSorted()).toEqual(['tide-lib', 'tide-service', 'tides']);
  });

  test('keeps every filter in the address, and goes back', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=all`);
    await page.getByRole('status').filter({ hasText: '8 entities' }).waitFor();
    const filters = page.getByRole('complementary', { name: 'Filters' });
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('component');
    await page.waitForURL(`${portal.url}/catalog?kind=component`);
    await filters.getByRole('link', { name: /^service/ }).click();
    await filters.getByRole('link', { name: /^library/ }).click();
    await page.waitForURL(`${portal.url}/catalog?kind=component&type=service&type=library`);
    await expect.poll(() => rowNames(page)).toEqual(['tide-lib', 'tide-service']);
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('link').click();
    await expect.poll(() => rowNames(page)).toEqual(['tide-service', 'tide-lib']);
    expect(page.url()).toBe(`${portal.url}/catalog?kind=component&type=service&type=library&sort=-name`);
    await page.reload();
    await expect.poll(() => rowNames(page)).toEqual(['tide-service', 'tide-lib']);
    await page.goBack();
    await page.waitForURL(`${portal.url}/catalog?kind=component&type=service`);
    await expect.poll(() => rowNames(page)).toEqual(['tide-service']);
    await page.getByRole('searchbox', { name: 'Filter by text' }).fill('no such thing');
    await page.getByRole('heading', { name: 'Nothing fits all of these filters' }).waitFor();
    await page.getByRole('link', { name: 'Clear all filters' }).click();
    await page.getByRole('status').filter({ hasText: '8 entities' }).waitFor();
  });

  test('opens the addresses that Backstage makes', async ({ page }) => {
    await page.goto(
      `${portal.url}/catalog?filters[kind]=component&filters[user]=all&filters[owners][0]=harbour&filters[tags]=water`,
    );
    await page.waitForURL(`${portal.url}/catalog?kind=component&owner=group:default/harbour&tag=water`);
    await expect.poll(() => rowNames(page)).toEqual(['tide-service']);
    await page.goto(`${portal.url}/api-docs`);
    await expect.poll(() => rowNames(page)).toEqual(['tides']);
    await page.goto(`${portal.url}/catalog/Default/Component/Tide-Service`);
    await page.getByRole('heading', { level: 1, name: 'tide-service' }).waitFor();
  });

  test('answers on an entity’s page who, where, how and since when', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/component/tide-service`);
    const main = page.getByRole('main');
    await main.getByRole('region', { name: 'Owner' }).getByRole('link', { name: 'Harbour Team' }).waitFor();
    await main
      .getByRole('region', { name: 'How to reach' })
      .getByRole('link', { name: 'harbour@example.org' })
      .waitFor();
    expect(await main.getByRole('link', { name: 'Dashboard' }).getAttribute('href')).toBe('https://tides.example.org/');
    await main.getByText(`from ${folder}/catalog-info.yaml line 16`).waitFor();
    await main.getByRole('region', { name: 'Provides API' }).getByRole('link', { name: 'tides' }).waitFor();
    expect(await main.getByRole('region', { name: 'Depends on' }).innerText()).toMatch(/gauge[\s\S]*missing/);
    await page.getByRole('link', { name: 'Source' }).last().click();
    await page.waitForURL(`${portal.url}/catalog/default/component/tide-service/source`);
    expect(await page.getByLabel('YAML', { exact: true }).innerText()).toContain(
      'description: Says when the water is high',
    );
    await page.getByRole('link', { name: 'History' }).click();
    await main.getByText('Came into the catalog').waitFor();
    await page.goto(`${portal.url}/catalog/default/api/tides/definition`);
    expect(await page.getByLabel('Definition', { exact: true }).last().innerText()).toContain('openapi: 3.1.0');
  });

  test('helps where an entity does not exist', async ({ page, problems }) => {
    problems.allow(/404/);
    await page.goto(`${portal.url}/catalog/default/component/tide-servce`);
    await page.getByRole('heading', { name: 'There is no component:default/tide-servce' }).waitFor();
    await page.getByRole('region', { name: 'Similar names' }).getByRole('link', { name: 'tide-service' }).click();
    await page.waitForURL(`${portal.url}/catalog/default/component/tide-service`);
  });

  test('shows problems with their place and what to do', async ({ page }) => {
    await page.goto(`${portal.url}/problems`);
    const problem = page.getByRole('listitem').filter({ hasText: 'lock-gate/catalog-info.yaml' }).last();
    await problem.waitFor();
    expect(await problem.innerText()).toMatch(
      /Error[\s\S]*lifecycle[\s\S]*Fix[\s\S]*lock-gate\/catalog-info\.yaml:\d+/,
    );
    await page
      .getByRole('list', { name: 'Severity' })
      .getByRole('link', { name: /^■ Error|Error/ })
      .click();
    await page.waitForURL(`${portal.url}/problems?severity=error`);
    await page.getByRole('searchbox', { name: 'Filter by text' }).fill('zzz');
    await page.getByRole('heading', { name: 'No problem fits these filters' }).waitFor();
  });

  test('shows a saved file without a reload', async ({ page }) => {
    const file = join(folder, 'catalog-info.yaml');
    await page.goto(`${portal.url}/catalog/default/component/tide-service`);
    await page.getByText('Says when the water is high').first().waitFor();
    await page.getByText('Live', { exact: true }).first().waitFor();
    await page.evaluate(() => Object.assign(globalThis, { stillHere: true }));
    await writeFile(file, descriptors.replace('Says when the water is high', 'Says when the water is low'));
    await page.getByText('Says when the water is low').first().waitFor();
    expect(await page.evaluate(() => (globalThis as { stillHere?: boolean }).stillHere)).toBe(true);
    await writeFile(file, descriptors);
    await page.getByText('Says when the water is high').first().waitFor();
  });

  test('keeps the focus on the entity that has it, not on its place', async ({ page, problems }) => {
    // A row with the focus shows more of its entity, which is asked for once more when it goes.
    problems.allow(/by-name\/component\/default\/aground/);
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    const more = join(folder, 'aground');
    onTestFinished(() => rm(more, { recursive: true, force: true }));
    await mkdir(more);
    await page.goto(`${portal.url}/catalog?kind=component`);
    await page.getByText('Live', { exact: true }).first().waitFor();
    await page.locator('[data-row-link]', { hasText: 'tide-lib' }).focus();
    const before = await rowNames(page);
    const descriptor = elsewhere.replace('name: lighthouse, title: Lighthouse', 'name: aground');
    await writeFile(join(more, 'catalog-info.yaml'), descriptor);
    await expect.poll(() => rowNames(page)).toEqual(['aground', ...before]);
    expect(await focused()).toBe('tide-lib');
    // What it was on is gone: the row in its place has it.
    await page.locator('[data-row-link]', { hasText: 'aground' }).focus();
    await rm(more, { recursive: true });
    await expect.poll(() => rowNames(page)).toEqual(before);
    expect(await focused()).toBe(before[0]);
  });

  test('registers a location after a look at what it would bring', async ({ page, problems }) => {
    problems.allow(/status of 400/);
    const server = createServer((request, response) => {
      const found = request.url === '/catalog-info.yaml';
      response.writeHead(found ? 200 : 404, { 'content-type': 'text/yaml' }).end(found ? elsewhere : '');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const address = page.getByRole('textbox', { name: 'Address' });
    const look = page.getByRole('button', { name: 'Look', exact: true });

    await page.goto(`${portal.url}/catalog-import`);
    await address.fill(`${base}/missing.yaml`);
    await look.click();
    await page.getByRole('alert').getByText(`Nothing can be read from ${base}/missing.yaml`).waitFor();
    await address.fill('/');
    await look.click();
    await page.getByRole('alert').getByText('/ is the whole disk').waitFor();
    const beside = join(folder, '..', `${basename(folder)}-beside`);
    await mkdir(beside);
    await writeFile(join(beside, 'catalog-info.yaml'), elsewhere.replaceAll('ighthouse', 'ightship'));
    await address.fill(beside);
    await look.click();
    await page.getByRole('heading', { name: '1 entity would come in' }).waitFor();
    await page.getByText('Lightship').waitFor();
    await rm(beside, { recursive: true });
    await address.fill(`${base}/catalog-info.yaml`);
    await look.click();
    await page.getByRole('heading', { name: '1 entity would come in' }).waitFor();
    await page.getByText('Lighthouse').waitFor();
    await page.getByRole('button', { name: 'Register location' }).click();
    await page.getByText('Registered. Its entities come in now').waitFor();
    await page.goto(`${portal.url}/catalog/default/component/lighthouse`);
    await page.getByRole('heading', { level: 1, name: 'Lighthouse' }).waitFor();

    await page.goto(`${portal.url}/catalog-import`);
    await page.getByRole('button', { name: `Unregister ${base}/catalog-info.yaml` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unregister' }).click();
    await page.getByText('None yet.').waitFor();
    server.close();
  });

  test('shows where everything comes from', async ({ page }) => {
    await page.goto(`${portal.url}/admin/sources`);
    const row = page.getByRole('row').filter({ hasText: folder });
    await row.getByText('Up to date').waitFor();
    expect(await row.innerText()).toMatch(/file, configuration[\s\S]*watched, next in \d+ min[\s\S]*\b8\b/);
    await row.getByRole('button', { name: /Read now/ }).click();
    await row.getByText('Up to date').waitFor();
  });

  test('is dark when asked to be, and remembers', async ({ page }) => {
    await page.goto(portal.url);
    const theme = page.getByRole('combobox', { name: 'Colour theme' });
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(255, 255, 255)');
    await theme.selectOption('dark');
    expect(await background()).toBe('rgb(20, 23, 27)');
    await page.reload();
    expect(await background()).toBe('rgb(20, 23, 27)');
    await theme.selectOption('auto');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(background).toBe('rgb(255, 255, 255)');
  });

  test('needs no pointer: from home to an owner', async ({ page }) => {
    await page.goto(portal.url);
    await page.getByRole('button', { name: /^Search services/ }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('content');
    const tabTo = async (matches: string) => {
      for (let step = 0; step < 60; step += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(matches)})`)) return;
      }
      throw new Error(`Tab does not reach ${matches}`);
    };
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('searchbox', { name: 'Filter by text' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('tide-');
    await page.waitForURL(`${portal.url}/catalog?kind=component&q=tide-`);
    await page
      .getByRole('status')
      .filter({ hasText: /^\d+ results$/ })
      .waitFor();
    await tabTo('[data-row-link]');
    await page.keyboard.press('j');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toContain('tide-service');
    await page.keyboard.press('k');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toContain('tide-lib');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${portal.url}/catalog/default/component/tide-service`);
    await page.getByRole('region', { name: 'Owner' }).getByRole('link', { name: 'Harbour Team' }).waitFor();
  });

  const pages = [
    '/',
    '/catalog',
    '/catalog?kind=component&owner=group:default/harbour&q=tide',
    '/api-docs',
    '/catalog/default/component/tide-service',
    '/catalog/default/component/tide-service/relations',
    '/catalog/default/component/tide-service/source',
    '/catalog/default/component/tide-service/history',
    '/catalog/default/group/harbour',
    `/catalog/default/component/${longName}`,
    '/problems',
    '/catalog-import',
    '/admin/sources',
    '/no/such/page',
  ];
  test.for(pages)('is accessible in light and dark, and fits a phone: %s', async (path, { page }) => {
    await openWhole(page, portal.url + path);
    await expectAccessible(page);
  });

  test('has its navigation in a drawer on a phone', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(portal.url);
    await page.getByRole('button', { name: 'Open the navigation' }).click();
    await page
      .getByRole('dialog', { name: 'Navigation' })
      .getByRole('link', { name: /^Problems/ })
      .click();
    await page.waitForURL(`${portal.url}/problems`);
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Open the navigation' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  test('keeps the last good state in sight, and says so, while the portal is away', async ({ page, problems }) => {
    problems.allow(/ERR_|Failed to load resource|preload CSS|dynamically imported/);
    const directory = await mkdtemp(join(tmpdir(), 'callboard-away-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const port = await freePort();
    const start = async () => {
      const started = await startPortal({ args: [folder], directory, port });
      onTestFinished(() => started.stop());
      return started;
    };
    const first = await start();
    await page.goto(`${first.url}/catalog?kind=all`);
    await page.getByRole('status').filter({ hasText: '8 entities' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Search and commands' }).getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    await first.stop();
    await page.getByText('Reconnecting').first().waitFor();
    expect(await rowNames(page)).toContain('tide-service');
    // This would fetch code ahead, in vain; a browser does not fetch again what failed once.
    await page.getByRole('button', { name: 'Columns' }).hover();
    const second = await start();
    await page.getByText('Live', { exact: true }).first().waitFor();
    expect(await rowNames(page)).toContain('tide-service');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('dialog', { name: 'Columns' }).getByRole('button').first().waitFor();
    // A page whose code has not been fetched says so, and comes when the portal is back.
    await second.stop();
    await page.getByText('Reconnecting').first().waitFor();
    await page.getByRole('link', { name: 'Landscape' }).click();
    await page.getByRole('heading', { level: 1, name: 'This page is not here yet' }).waitFor();
    await start();
    await page.getByRole('heading', { level: 1, name: 'Landscape' }).waitFor();
  });
});

describe('the example company', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await startPortal();
  });
  afterAll(() => portal?.stop());

  test('is on the first page of a portal that was told nothing', async ({ page }) => {
    const total = async () => {
      const answer = await fetch(`${portal.url}/api/catalog/entities/by-query?limit=0`);
      return ((await answer.json()) as { totalItems: number }).totalItems;
    };
    await expect.poll(total).toBeGreaterThanOrEqual(120);
    await page.goto(portal.url);
    await page.getByRole('link', { name: `${await total()} entities` }).click();
    await page
      .getByRole('status')
      .filter({ hasText: `${await total()} entities` })
      .waitFor();
    expect((await rowNames(page)).length).toBeGreaterThan(15);
    // The last row exists only once it is in view: the list is as long as it says.
    const last = page.locator(`tr[aria-rowindex="${(await total()) + 1}"]`);
    expect(await last.count()).toBe(0);
    await page.keyboard.press('End');
    await last.locator('[data-row-link]').waitFor();
  });
});
