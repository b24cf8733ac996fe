import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const example = fileURLToPath(new URL('../examples/company', import.meta.url));
const generate = fileURLToPath(new URL('../bench/generate.mjs', import.meta.url));
const phone = { width: 390, height: 844 };
const sailings = '/catalog-graph?rootEntityRefs[]=component:default/sailings';

const boxes = (page: Page) => page.locator('[data-graph-node]');
const box = (page: Page, ref: string) => page.locator(`[data-graph-node="${ref}"]`);
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-graph-node'));
const drawn = (page: Page) => page.getByRole('status').filter({ hasText: /^\d+ entit/ });

/** Pairs of boxes that lie on top of each other. */
const overlaps = (page: Page) =>
  boxes(page).evaluateAll((elements) => {
    const places = elements.map((element) => element.getBoundingClientRect());
    return places.flatMap((one, index) =>
      places
        .slice(index + 1)
        .filter(
          (other) =>
            one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom,
        ),
    ).length;
  });

async function waitForEntity(portal: Portal, path: string) {
  while (!(await fetch(`${portal.url}/api/catalog/entities/by-name/${path}`)).ok)
    await new Promise((done) => setTimeout(done, 50));
}

describe('the graph on the example company', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await startPortal({ args: [example] });
    await waitForEntity(portal, 'component/default/sailings');
    await waitForEntity(portal, 'group/default/digital');
  });
  afterAll(async () => portal?.stop());

  test('shows the relations of an entity, and keeps what is shown in the address', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/component/sailings`);
    await page.getByRole('link', { name: /^Relations/ }).click();
    await box(page, 'component:default/sailings').waitFor();
    await box(page, 'group:default/sailings').waitFor();
    expect(page.workers().map((worker) => new URL(worker.url()).origin)).toEqual([portal.url]);
    expect(await overlaps(page)).toBe(0);
    await page.getByLabel('Follow').selectOption({ label: 'What points to it' });
    await page.waitForURL(/\/relations\?follow=incoming$/);
    await box(page, 'group:default/sailings').waitFor({ state: 'detached' });
    await page.getByLabel('Steps').selectOption('2');
    await page.waitForURL(/maxDepth=2/);
    await page
      .getByRole('status')
      .filter({ hasText: /^28 entities/ })
      .waitFor();
    const two = await drawn(page).innerText();
    await page.reload();
    await expect.poll(() => drawn(page).innerText()).toBe(two);
    await page.getByRole('link', { name: 'Open on a page of its own' }).click();
    await page.waitForURL(
      `${portal.url}/catalog-graph?rootEntityRefs[]=component:default/sailings&maxDepth=2&follow=incoming`,
    );
    await expect.poll(() => drawn(page).innerText()).toBe(two);
  });

  test('opens the addresses that Backstage makes, and marks what is missing', async ({ page }) => {
    const more =
      'selectedKinds%5B%5D=component&selectedKinds%5B%5D=api&unidirectional=true&mergeRelations=true&direction=TB';
    await page.goto(
      `${portal.url}/catalog-graph?rootEntityRefs%5B%5D=component%3Adefault%2Fsailings&maxDepth=1&${more}`,
    );
    await box(page, 'component:default/sailings').waitFor();
    const kinds = await boxes(page).evaluateAll((all) =>
      all.map((each) =>
        each
          .getAttribute('data-graph-node')!
          .replace(/^fan .* /, '')
          .split(':')[0]!
          .toLowerCase(),
      ),
    );
    expect([...new Set(kinds)].toSorted()).toEqual(['api', 'component']);
    await page.goto(`${portal.url}${sailings}&rootEntityRefs[]=group:default/booking`);
    await box(page, 'group:default/booking').waitFor();
    expect(await page.locator('[data-look="root"]').count()).toBe(2);
    await page.getByRole('link', { name: 'Take group:default/booking out' }).click();
    await page.waitForURL(`${portal.url}${sailings}`);
    const missing = page.locator('[data-look="missing"]');
    await page.goto(`${portal.url}${sailings}&maxDepth=2`);
    await missing.first().waitFor();
    expect(await missing.first().innerText()).toContain('Missing');
  });

  test('is walked with the keyboard alone', async ({ page }) => {
    await page.goto(`${portal.url}${sailings}`);
    await box(page, 'component:default/sailings').waitFor();
    await page.getByRole('checkbox', { name: 'Only outwards' }).focus();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('component:default/sailings');
    await page.keyboard.press('ArrowRight');
    const right = (await focused(page))!;
    expect(right).not.toBe('component:default/sailings');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).not.toBe(right);
    await page.keyboard.press('Home');
    expect(await focused(page)).toBe('component:default/sailings');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.waitForURL((url) => url.searchParams.get('rootEntityRefs[]') === right);
    await page.goBack();
    await box(page, 'component:default/sailings').waitFor();
    await box(page, 'component:default/sailings').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const [kind, rest] = right.split(':') as [string, string];
    await page.waitForURL(`${portal.url}/catalog/${rest.split('/')[0]}/${kind}/${rest.split('/')[1]}`);
  });

  test('opens what was folded', async ({ page }) => {
    await page.goto(`${portal.url}${sailings}`);
    const fan = page.getByRole('button', { name: /\+4 more/ });
    await fan.waitFor();
    const before = await boxes(page).count();
    await fan.click();
    await expect.poll(() => boxes(page).count()).toBe(before + 3);
    await fan.waitFor({ state: 'detached' });
  });

  test('has the same relations as a list', async ({ page }) => {
    const answer = (await (
      await fetch(`${portal.url}/api/catalog/entities/by-name/component/default/sailings/relations`)
    ).json()) as { edges: unknown[] };
    await page.goto(`${portal.url}${sailings}`);
    await page.getByText('As a list').click();
    const table = page.getByRole('table', { name: 'Relations in the picture' });
    expect(await table.getByRole('row').count()).toBe(answer.edges.length + 1);
    await table
      .getByRole('row', { name: 'Component Sailings Depends on Resource Event bus' })
      .getByRole('link', { name: 'Event bus' })
      .waitFor();
  });

  test('is saved as a file that stands alone', async ({ page, browser }) => {
    await page.goto(`${portal.url}${sailings}`);
    await box(page, 'component:default/sailings').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as SVG' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('Relations-of-Sailings.svg');
    const svg = await readFile(await file.path(), 'utf8');
    expect(svg).not.toMatch(/var\(|class=|href=|<script|currentcolor:/i);
    const folder = await mkdtemp(join(tmpdir(), 'callboard-svg-'));
    const path = join(folder, 'graph.svg');
    await writeFile(path, svg);
    const alone = await browser.newPage();
    await alone.goto(`file://${path}`);
    const seen = await alone.evaluate(() => ({
      root: document.documentElement.nodeName,
      texts: [...document.querySelectorAll('text')].map((text) => text.textContent),
      boxes: document.querySelectorAll('g > rect[rx="6"]').length,
      icons: document.querySelectorAll('g > g > svg').length,
    }));
    await alone.close();
    await rm(folder, { recursive: true });
    expect(seen.root).toBe('svg');
    expect(seen.texts).toEqual(expect.arrayContaining(['Sailings', 'Event bus', 'depends on', '+4 more']));
    expect([seen.boxes, seen.icons]).toEqual([await boxes(page).count(), await boxes(page).count()]);
  });

  test('says what breaks, by owner and distance', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/resource/event-bus`);
    await page.getByRole('link', { name: 'What breaks' }).click();
    await page.waitForURL(/\/impact$/);
    await page.getByText(/If Event bus goes, \d+ things/).waitFor();
    const row = page.getByRole('row', { name: /Timetable publisher/ });
    expect(await row.innerText()).toMatch(/Breaks\s+3\s+Timetable publisher consumes Sailings API/);
    expect(
      await page.getByRole('region', { name: 'sailings', exact: true }).getByRole('heading').innerText(),
    ).toContain('1 step away');
  });

  test('shows a group: its place, its people, and what it owns with the groups below', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/group/digital`);
    const place = page.getByRole('region', { name: 'Place in the organization' });
    await place.getByRole('link', { name: 'Tidelane' }).waitFor();
    expect(await place.getByRole('list', { name: 'Groups below' }).getByRole('listitem').count()).toBe(4);
    const people = page.getByRole('region', { name: 'People' });
    await people.getByRole('radio', { name: /With groups below/ }).check();
    await expect.poll(() => people.getByRole('listitem').count()).toBe(14);
    const owns = page.getByRole('region', { name: 'Owns' });
    const services = owns
      .getByRole('row', { name: /service/ })
      .first()
      .getByRole('link')
      .last();
    const figure = await services.innerText();
    await services.click();
    await page.getByText(`${figure} results`).first().waitFor();
  });

  test('shows a person: their groups, and what they own through them', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/user/abena.owusu`);
    await page.getByRole('region', { name: 'Groups' }).getByRole('link', { name: 'Freight and ports' }).waitFor();
    const through = page.getByRole('list', { name: 'Through' });
    await through.getByRole('link', { name: 'Terminals', exact: true }).waitFor();
    expect(await through.getByRole('listitem').allInnerTexts()).toContain('Freight\n15');
  });

  test('shows the organization as a tree for the keyboard', async ({ page }) => {
    await page.goto(`${portal.url}/org`);
    const tree = page.getByRole('tree', { name: 'Groups' });
    await tree.getByRole('treeitem', { name: /^Group Tidelane/ }).focus();
    const all = await tree.getByRole('treeitem').count();
    expect(all).toBe(20);
    await page.keyboard.press('ArrowLeft');
    expect(await tree.getByRole('treeitem').count()).toBe(2);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('group:default/digital');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('group:default/tidelane');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/catalog\/default\/group\/accessibility-guild$/);
  });

  test('shows the landscape as boxes in boxes', async ({ page }) => {
    await page.goto(`${portal.url}/landscape`);
    const foundations = page.getByRole('region', { name: 'Foundations' });
    const platform = foundations.getByRole('region', { name: 'Developer platform' });
    expect(await platform.innerText()).toContain('12\u00A0components');
    await platform.getByRole('link', { name: 'Event bus' }).waitFor();
    await foundations.getByRole('region', { name: 'Insight' }).getByRole('link', { name: 'Warehouse' }).first().click();
    await page.waitForURL(/\/catalog\/data\/system\/warehouse$/);
  });

  const pages = [
    sailings,
    `${sailings}&maxDepth=2`,
    '/catalog-graph',
    '/org',
    '/landscape',
    '/catalog/default/component/sailings/relations',
    '/catalog/default/resource/event-bus/impact',
    '/catalog/default/group/digital',
    '/catalog/default/user/abena.owusu',
  ];

  test.for(['light', 'dark'] as const)(
    'has no fault of accessibility in %s, nor on a phone',
    async (scheme, { page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      for (const size of [{ width: 1280, height: 900 }, phone]) {
        await page.setViewportSize(size);
        for (const path of pages) {
          await page.goto(`${portal.url}${path}`);
          await page.waitForLoadState('networkidle');
          if (path.includes('Refs') || path.includes('/relations')) await boxes(page).first().waitFor();
          expect(await violations(page), `${path} at ${size.width}`).toEqual([]);
          expect(await overflow(page), `${path} at ${size.width}`).toBeLessThanOrEqual(0);
        }
      }
    },
  );
});

describe('the graph of 10,000 entities', () => {
  let folder: string;
  let portal: Portal;
  let resource: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-graph-'));
    execFileSync(process.execPath, [generate, '10000', folder], { stdio: 'ignore' });
    portal = await startPortal({ args: [join(folder, 'catalog-root.yaml')] });
    const query = `${portal.url}/api/catalog/entities/by-query?fields=metadata.name&limit=1`;
    const ask = async (filter: string) =>
      (await (await fetch(`${query}${filter}`)).json()) as {
        items: { metadata: { name: string } }[];
        totalItems: number;
      };
    // The entities, and the two locations that lead to them.
    while ((await ask('')).totalItems < 10_002) await new Promise((done) => setTimeout(done, 100));
    resource = (await ask('&filter=kind=resource')).items[0]!.metadata.name;
  });
  afterAll(async () => {
    await portal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('is folded until it can be read, and every box can be reached', async ({ page }) => {
    await page.goto(`${portal.url}/catalog-graph?rootEntityRefs[]=resource:default/${resource}&maxDepth=3`);
    await boxes(page).nth(100).waitFor();
    expect(await drawn(page).innerText()).toMatch(/^400 entities, \d+ lines, \d+ folded into “more”\. There are more/);
    expect(await overlaps(page)).toBe(0);
    // From the root, a walk by arrow keys keeps the box in sight.
    await box(page, `resource:default/${resource}`).focus();
    for (let step = 0; step < 12; step += 1) await page.keyboard.press('ArrowDown');
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
    const inside = () =>
      page.evaluate(() => {
        const frame = document.querySelector('.react-flow')!.getBoundingClientRect();
        const here = document.activeElement!.getBoundingClientRect();
        return (
          here.top >= frame.top && here.bottom <= frame.bottom && here.left >= frame.left && here.right <= frame.right
        );
      });
    expect(await focused(page)).not.toBe(`resource:default/${resource}`);
    await expect.poll(inside).toBe(true);
    await page.getByRole('button', { name: 'Show all of it' }).click();
    const outside = () =>
      boxes(page).evaluateAll((all) => {
        const frame = document.querySelector('.react-flow')!.getBoundingClientRect();
        return all.filter((each) => each.getBoundingClientRect().bottom > frame.bottom).length;
      });
    await expect.poll(outside).toBe(0);
    expect(await violations(page)).toEqual([]);
  });

  test('tells what breaks, the organization and the landscape without a fault', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/resource/${resource}/impact`);
    await page.getByText('The nearest 500 are shown: there is more.').waitFor();
    await page.goto(`${portal.url}/org`);
    await page.getByText('300 groups and 1,400 people').waitFor();
    const tree = page.getByRole('tree', { name: 'Groups' });
    expect(await tree.getByRole('treeitem').count()).toBe(6);
    await tree.getByRole('treeitem').first().focus();
    await page.keyboard.press('*');
    expect(await tree.getByRole('treeitem').count()).toBe(300);
    expect(await violations(page)).toEqual([]);
    await page.goto(`${portal.url}/landscape`);
    await page.getByText('300 systems in 50 domains.').waitFor();
    const system = page.getByRole('region', { name: /^sys / }).first();
    const [, components] = /(\d+)\u00A0components/.exec(await system.innerText())!;
    await system.getByText('Show them').click();
    await expect
      .poll(() => system.getByRole('listitem').getByRole('link', { name: /^svc/ }).count())
      .toBe(Number(components));
    expect(await violations(page)).toEqual([]);
  });
});
