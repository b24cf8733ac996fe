import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectAccessible, openWhole, overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const rowNames = (page: Page) => page.locator('tbody [data-row-link]').allInnerTexts();
const status = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();
const columns = (page: Page) =>
  page.getByRole('columnheader').evaluateAll((heads) => heads.map((head) => head.textContent).filter(Boolean));
const count = async (portal: Portal, query: unknown) => {
  const answer = await fetch(`${portal.url}/api/catalog/entities/by-query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, limit: 0 }),
  });
  return ((await answer.json()) as { totalItems: number }).totalItems;
};
/** Waits until so many entities are there, and no more come. */
const settled = async (portal: Portal, least: number) => {
  for (let before = -1; ;) {
    const now = await count(portal, {});
    if (now >= least && now === before) return;
    before = now;
    await new Promise((done) => setTimeout(done, 500));
  }
};
const fileOf = async (page: Page, press: () => Promise<void>) => {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
};
const tabTo = async (page: Page, matches: string) => {
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(matches)})`)) return;
  }
  throw new Error(`Tab does not reach ${matches}`);
};

describe('the list of the example company', () => {
  let portal: Portal;
  let components: number;
  beforeAll(async () => {
    portal = await startPortal();
    await settled(portal, 200);
    components = await count(portal, { kind: 'component' });
  });
  afterAll(() => portal?.stop());

  test('shows components first, and all kinds after one click', async ({ page }) => {
    await page.goto(`${portal.url}/catalog`);
    await status(page, `${components} entities`);
    await page.getByRole('heading', { level: 1, name: 'Components' }).waitFor();
    await page.getByRole('link', { name: 'All kinds' }).click();
    await page.waitForURL(`${portal.url}/catalog?kind=all`);
    await status(page, `${await count(portal, {})} entities`);
    await page.goBack();
    await status(page, `${components} entities`);
  });

  test('cuts no type and no lifecycle at 1280 pixels', async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    for (const path of ['/catalog', '/catalog?kind=all']) {
      await page.goto(portal.url + path);
      await page.locator('[data-row-link]').first().waitFor();
      const cut = await page.evaluate(() => {
        const heads = [...document.querySelectorAll('thead th')].map((head) => head.textContent);
        const wanted = ['Kind', 'Type', 'Lifecycle'].map((head) => heads.indexOf(head)).filter((index) => index >= 0);
        const cells = [...document.querySelectorAll('tbody tr')].flatMap((row) => wanted.map((at) => row.children[at]));
        const parts = cells.flatMap((cell) => (cell ? [cell, ...cell.querySelectorAll('*')] : []));
        return parts.filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0).length;
      });
      expect({ path, cut }).toEqual({ path, cut: 0 });
      expect(await page.locator('tbody [data-row-link]').count()).toBeGreaterThanOrEqual(20);
    }
  });

  test('counts beside a text what a click would leave', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=component&q=fare`);
    const service = page.getByRole('complementary', { name: 'Filters' }).getByRole('link', { name: /^service/ });
    await service.waitFor();
    const figure = Number(/\d+/.exec(await service.innerText())?.[0]);
    expect(figure).toBeGreaterThan(0);
    await service.click();
    await status(page, new RegExp(`^${figure} results?$`));
  });

  test('follows a group into all groups below it', async ({ page }) => {
    const within = { kind: 'component', 'relations.ownedBy.within': 'group:default/marine-systems' };
    const named = { kind: 'component', 'relations.ownedBy': 'group:default/marine-systems' };
    expect(await count(portal, within)).toBeGreaterThan(await count(portal, named));
    await page.goto(`${portal.url}/catalog?kind=component&owner=marine-systems`);
    await status(page, `${await count(portal, within)} results`);
    const owner = page.getByRole('region', { name: 'Owner' }).getByRole('link', { name: /^Marine systems/ });
    expect(await owner.innerText()).toContain(String(await count(portal, within)));
  });

  test('sorts by one column within another, and keeps that in the address', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=component`);
    const head = (name: string) => page.getByRole('columnheader', { name }).getByRole('link');
    await head('Lifecycle').click();
    await page.waitForURL(/sort=lifecycle$/);
    await head('Name').click({ modifiers: ['Shift'] });
    await head('Name').click({ modifiers: ['Shift'] });
    await page.waitForURL(/sort=lifecycle&sort=-name$/);
    const asked = '/api/catalog/entities/by-query?filter=kind=component&limit=4';
    const order = '&orderField=spec.lifecycle,asc&orderField=metadata.name,desc';
    const { items } = (await (await fetch(portal.url + asked + order)).json()) as {
      items: { metadata: { name: string }; spec: { lifecycle: string } }[];
    };
    expect(items.map(({ spec }) => spec.lifecycle)).toEqual(Array(4).fill('deprecated'));
    const names = () =>
      page
        .locator('tbody tr[data-ref]')
        .evaluateAll((all) => all.slice(0, 4).map((row) => row.getAttribute('data-ref')!.split('/')[1]));
    await expect.poll(names).toEqual(items.map(({ metadata }) => metadata.name));
  });

  test('has the columns that somebody chooses, in their order', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=component`);
    await page.getByRole('button', { name: 'Columns' }).click();
    const panel = page.getByRole('dialog', { name: 'Columns' });
    for (const name of ['System', 'Type', 'Tags', 'Lifecycle', 'Description']) {
      await panel.getByRole('checkbox', { name, exact: true }).uncheck();
    }
    await panel.getByRole('checkbox', { name: 'Health' }).check();
    await panel.getByRole('button', { name: 'Move Health forward' }).click();
    await panel.getByRole('textbox', { name: 'Another field' }).fill('metadata.namespace');
    await page.keyboard.press('Enter');
    await page.waitForURL(/columns=name,health,owner,namespace$/);
    await page.keyboard.press('Escape');
    expect(await panel.count()).toBe(0);
    expect(await columns(page)).toEqual(['Name', 'Health', 'Owner', 'Namespace']);
    await page.reload();
    await expect.poll(() => columns(page)).toEqual(['Name', 'Health', 'Owner', 'Namespace']);
  });

  test('groups by owner, system and domain; groups fold', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=component`);
    for (const by of ['owner', 'system', 'domain']) {
      await page.getByRole('combobox', { name: 'Group by' }).selectOption(by);
      await page.waitForURL(`${portal.url}/catalog?kind=component&group=${by}`);
      const heading = page.locator('tbody th[scope=rowgroup]').first();
      await heading.waitFor();
      const size = Number(/(\d+) entit/.exec(await heading.innerText())?.[1]);
      const rows = () =>
        page.evaluate(() => {
          const all = [...document.querySelectorAll('tbody tr:not([aria-hidden])')];
          return all.findIndex((row, index) => index > 0 && row.querySelector('th')) - 1;
        });
      await expect.poll(rows).toBe(size);
      await heading.getByRole('button').click();
      await expect.poll(rows).toBe(0);
    }
  });

  test('keeps a list under a name, on the server, and takes it back', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=component&type=library&sort=-name`);
    await page.getByRole('button', { name: 'Views' }).click();
    const panel = page.getByRole('dialog', { name: 'Views' });
    await panel.getByRole('textbox', { name: 'Save this list as' }).fill('Libraries backwards');
    await page.keyboard.press('Enter');
    await panel.getByText('Saved as Libraries backwards').waitFor();
    const kept = async () => JSON.stringify(await (await fetch(`${portal.url}/api/preferences`)).json());
    await expect.poll(kept).toContain('/catalog?kind=component&type=library&sort=-name');
    await page.goto(`${portal.url}/catalog`);
    await page.getByRole('button', { name: 'Views' }).click();
    await panel.getByRole('link', { name: 'Libraries backwards' }).click();
    await page.waitForURL(`${portal.url}/catalog?kind=component&type=library&sort=-name`);
    await expect.poll(() => panel.count()).toBe(0);
    await page.getByRole('button', { name: 'Views' }).click();
    await panel.getByRole('button', { name: 'Remove the view Libraries backwards' }).click();
    await expect.poll(kept).not.toContain('Libraries backwards');
  });

  test('shows what has a star', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?show=starred`);
    await page.getByRole('heading', { name: 'Nothing here has a star' }).waitFor();
    await page.getByRole('link', { name: 'Show all' }).click();
    await page.getByRole('button', { name: 'Star Bosun' }).click();
    await page.getByRole('link', { name: 'Starred', exact: true }).click();
    await page.waitForURL(`${portal.url}/catalog?show=starred`);
    await expect.poll(() => rowNames(page)).toEqual(['Bosun']);
    await page.getByRole('main').getByRole('button', { name: 'Star Bosun' }).click();
    await page.getByRole('heading', { name: 'Nothing here has a star' }).waitFor();
    await page.getByRole('link', { name: 'Owned', exact: true }).click();
    await page.getByRole('heading', { name: 'Nothing here is yours' }).waitFor();
  });

  test('exports every row that fits, as CSV and JSON', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=component&columns=type,owner`);
    await page.getByRole('button', { name: 'Export' }).click();
    const panel = page.getByRole('dialog', { name: 'Export' });
    const csv = await fileOf(page, () => panel.getByRole('button', { name: 'CSV' }).click());
    expect(csv.name).toBe('components.csv');
    const lines = csv.text.replace('\u{FEFF}', '').trimEnd().split('\r\n');
    expect(lines).toHaveLength(components + 1);
    expect(lines[0]).toBe('Reference,Name,Type,Owner');
    expect(lines.some((line) => line.startsWith('component:default/bosun,bosun,cli,'))).toBe(true);
    const json = await fileOf(page, () => panel.getByRole('button', { name: 'JSON' }).click());
    const entities = JSON.parse(json.text) as { kind: string; relations: unknown[] }[];
    expect([entities.length, entities[0]!.kind, entities[0]!.relations.length > 0]).toEqual([
      components,
      'Component',
      true,
    ]);
  });

  test('copies and exports what was chosen', async ({ page }) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${portal.url}/catalog?kind=component`);
    await page.getByRole('checkbox', { name: 'Choose Bosun' }).check();
    await page.getByRole('checkbox', { name: 'Choose Barnacle scan' }).check();
    const bar = page.getByRole('region', { name: 'Chosen rows' });
    await bar.getByRole('button', { name: 'Copy references' }).click();
    await bar.getByText('2 references copied').waitFor();
    expect((await page.evaluate(() => navigator.clipboard.readText())).split('\n')).toEqual([
      'component:default/bosun',
      'component:default/barnacle-scan',
    ]);
    const csv = await fileOf(page, () => bar.getByRole('button', { name: 'CSV' }).click());
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(3);
    await bar.getByRole('button', { name: `Choose all ${components}` }).click();
    await bar.getByText(`${components} chosen`).waitFor();
    await bar.getByRole('button', { name: 'Choose none' }).click();
    await expect.poll(() => bar.count()).toBe(0);
  });

  test('shows more of a row on hover and on focus, and hides it with Escape', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=component`);
    await page.getByRole('link', { name: 'Customer desk' }).hover();
    const peek = page.getByRole('complementary', { name: 'About Customer desk' });
    await peek.getByText('Everything about a passenger on one screen').waitFor();
    await peek.getByRole('link', { name: 'Open the desk' }).hover();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => peek.count()).toBe(0);
    await page.mouse.move(0, 0);
    await page.getByRole('link', { name: 'Customer desk' }).focus();
    await peek.waitFor();
  });

  test('needs no pointer', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=component`);
    await page.locator('[data-row-link]').first().waitFor();
    await tabTo(page, 'button[aria-haspopup=dialog][aria-expanded=false]');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate<boolean>('document.activeElement.closest("[role=dialog]") !== null'))
      .toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Views');
    await tabTo(page, '[data-row-link]');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('region', { name: 'Chosen rows' }).getByText('2 chosen').waitFor();
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${portal.url}/catalog/default/component/barnacle-scan`);
  });

  const pages = [
    '/catalog',
    '/catalog?kind=all&group=system&sort=owner&sort=-name',
    '/catalog?kind=component&show=owned',
  ];
  test.for(pages)('is accessible in light and dark, and fits a phone: %s', async (path, { page }) => {
    await openWhole(page, portal.url + path);
    await expectAccessible(page, async (scheme) => {
      // A panel half covers links below it, which would be too small if they stayed so: it is looked at alone.
      for (const panel of ['Views', 'Columns', 'Export']) {
        await page.getByRole('button', { name: panel }).click();
        await page.getByRole('dialog', { name: panel }).getByRole('button').first().waitFor();
        const found = await violations(page, '[role=dialog]');
        expect({ scheme, panel, found }).toEqual({ scheme, panel, found: [] });
        await page.keyboard.press('Escape');
      }
    });
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('dialog', { name: 'Columns' }).getByRole('button').first().waitFor();
    expect(await overflow(page)).toBe(0);
  });

  test('has the rows and columns of a large text where the text is large', async ({ page }) => {
    await page.goto(`${portal.url}/catalog`);
    const name = page.locator('tbody [data-row-link]').first();
    await name.waitFor();
    const heightOfRow = () =>
      page
        .locator('tbody tr[data-ref]')
        .first()
        .evaluate((row) => row.getBoundingClientRect().height);
    expect(await heightOfRow()).toBe(32);
    const before = (await columns(page)).length;
    await page.evaluate('document.documentElement.style.fontSize = "200%"');
    await expect.poll(async () => (await columns(page)).length).toBeLessThan(before);
    // 1280 pixels have room for 40 characters of this size, as a phone has: two lines.
    await expect.poll(heightOfRow).toBe(96);
    expect(await overflow(page)).toBe(0);
    await page.evaluate('document.documentElement.style.fontSize = ""');
    await expect.poll(heightOfRow).toBe(32);
    expect(await columns(page)).toHaveLength(before);
  });
});

describe('the list of 10,000 entities', () => {
  let folder: string;
  let portal: Portal;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-many-'));
    const generate = fileURLToPath(new URL('../bench/generate.mjs', import.meta.url));
    execFileSync(process.execPath, [generate, '10000', folder]);
    portal = await startPortal({ args: [join(folder, 'catalog-root.yaml')] });
    await settled(portal, 10_000);
  }, 120_000);
  afterAll(async () => {
    await portal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('goes to its end, in groups too, and exports all of it', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=all`);
    const total = await count(portal, {});
    await status(page, `${total.toLocaleString('en-US')} entities`);
    await page.keyboard.press('End');
    await page.locator(`tr[aria-rowindex="${total + 1}"] [data-row-link]`).waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThan(90);
    await page.goto(`${portal.url}/catalog?kind=component&group=owner`);
    await page.locator('tbody [data-row-link]').first().waitFor();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.locator('tbody tr[data-ref]').last().getAttribute('aria-rowindex').then(Number))
      .toBeGreaterThan(4950);
    await page.goto(`${portal.url}/catalog?kind=all&columns=owner`);
    await page.getByRole('button', { name: 'Export' }).click();
    const csv = await fileOf(page, () => page.getByRole('dialog').getByRole('button', { name: 'CSV' }).click());
    const lines = csv.text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(total + 1);
    expect(new Set(lines.map((line) => line.split(',')[0])).size).toBe(total + 1);
  });

  test('stays smooth while it scrolls', async ({ page }) => {
    await page.goto(`${portal.url}/catalog?kind=all`);
    await page.locator('tbody [data-row-link]').first().waitFor();
    const walk = () =>
      page.evaluate(async () => {
        const end = document.documentElement.scrollHeight;
        let worst = 0;
        let before = performance.now();
        for (let place = 0; place < end; place += end / 120) {
          window.scrollTo(0, place);
          await new Promise(requestAnimationFrame);
          const now = performance.now();
          worst = Math.max(worst, now - before);
          before = now;
        }
        return worst;
      });
    // Whatever else this machine does may disturb one walk, or several.
    await expect.poll(walk, { timeout: 90_000 }).toBeLessThan(200);
  });
});
