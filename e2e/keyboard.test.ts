import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eventually } from './support/api.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

/** What has the focus: its name, and whether somebody who looks at the page can tell. */
const inFocus = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return { name: '', isShown: false };
    const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
    const isInWindow = bottom > 0 && right > 0 && top < window.innerHeight && left < window.innerWidth;
    // A field may be marked by what stands around it.
    const marked = [
      element,
      ...(element.matches('input') ? [element.parentElement!, element.parentElement!.parentElement!] : []),
    ].some((each) => {
      const style = getComputedStyle(each);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
    });
    const isField = element.matches('input, textarea');
    const name = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim();
    return { name, isShown: width > 0 && height > 0 && isInWindow && (marked || isField) };
  });

/** Presses a key until something of this name has the focus; every stop on the way must be visible. */
async function reach(page: Page, name: RegExp, key = 'Tab', most = 60): Promise<void> {
  const way: string[] = [];
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press(key);
    const focus = await inFocus(page);
    expect(focus, `after ${way.join(' → ')}`).toMatchObject({ isShown: true });
    if (name.test(focus.name)) return;
    way.push(focus.name.slice(0, 30));
  }
  throw new Error(`${String(name)} was not reached: ${way.join(' → ')}`);
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

describe('the portal without a pointer', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await startPortal();
    await eventually(
      () => fetch(`${portal.url}/api/catalog/entities/by-name/component/default/sailings`),
      ({ ok }) => ok,
    );
  });
  afterAll(async () => {
    await portal?.stop();
  });

  test('is walked from home to an entity, its tabs, the graph, problems, administration and back', async ({ page }) => {
    await page.goto(portal.url);
    await page.getByRole('heading', { name: 'Get started' }).waitFor();

    await reach(page, /^Skip to content$/, 'Tab', 1);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');

    // To an entity by the palette.
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.type('sailings');
    await page
      .locator('[role=option][aria-selected=true]')
      .filter({ hasText: /^Sailings/ })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/catalog\/default\/component\/sailings$/);
    await heading(page, 'Component Sailings');

    // The focus is where the page begins; then through its tabs.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
    await reach(page, /^Relations/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/relations$/);
    await reach(page, /^What breaks/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/impact$/);
    await reach(page, /^Source/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/source$/);
    // The key for it belongs to the browser's window, which is not here.
    for (const tab of ['impact', 'relations']) {
      await page.goBack();
      await page.waitForURL(new RegExp(`/${tab}$`));
    }

    // The graph: into it, along an arrow, open what is in focus, and back.
    await page.getByRole('link', { name: 'Open on a page of its own' }).waitFor();
    await reach(page, /^Open on a page of its own$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/catalog-graph/);
    await page.goBack();
    await page.waitForURL(/\/relations$/);

    // Problems by two keys, the lines of one of them.
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await heading(page, 'Problems');
    await page.getByRole('button', { name: 'Show the lines' }).first().waitFor();
    await reach(page, /^Show the lines$/, 'Tab', 80);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Hide the lines' }).waitFor();

    // The administration by the rail, and from page to page in it.
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.type('admin');
    await page
      .locator('[role=option][aria-selected=true]')
      .filter({ hasText: /^Admin/ })
      .waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'Health');
    await reach(page, /^Configuration$/);
    await page.keyboard.press('Enter');
    await heading(page, 'Configuration');

    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('heading', { name: 'Get started' }).waitFor();
  });
});
