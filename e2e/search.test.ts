import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const titles = (page: Page) => page.locator('a[data-result]').allInnerTexts();
const soon = <T>(look: () => T) => expect.poll(look);

describe('the search page', () => {
  let portal: Portal;
  const field = (page: Page) => page.getByRole('searchbox', { name: 'Search' });
  const open = async (page: Page, query = '') => {
    await page.goto(`${portal.url}/search${query}`);
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
  };
  beforeAll(async () => {
    portal = await startPortal({});
    for (;;) {
      const answer = await fetch(`${portal.url}/api/search/query?term=createQuote`);
      if (((await answer.json()) as { results: unknown[] }).results.length > 0) break;
      await new Promise((done) => setTimeout(done, 50));
    }
  });
  afterAll(() => portal?.stop());

  test('finds while one types, keeps what is searched in the address, and opens with the keyboard', async ({
    page,
  }) => {
    await open(page);
    await soon(() => page.evaluate(() => document.activeElement?.id)).toBe('search-term');
    await page.keyboard.type('booking datab');
    await soon(async () => (await titles(page))[0]).toBe('Booking database');
    expect(new URL(page.url()).search).toBe('?query=booking+datab');
    expect(await page.locator('mark').first().innerText()).toBe('Booking');
    expect(await violations(page)).toEqual([]);
    await field(page).press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${portal.url}/catalog/default/resource/booking-db`);
    await page.goBack();
    await soon(async () => (await titles(page))[0]).toBe('Booking database');
  });

  test('narrows by type and by what the results have in common, and takes it back', async ({ page }) => {
    await open(page, '?query=booking');
    await page.getByRole('link', { name: /^API operations/ }).click();
    await soon(async () => (await titles(page)).every((title) => title !== 'Booking database')).toBe(true);
    await page.getByRole('link', { name: /^API operations/ }).click();
    await page.getByRole('checkbox', { name: /^Resource / }).click();
    await soon(() => new URL(page.url()).searchParams.get('filters[kind]')).toBe('Resource');
    await soon(async () => (await titles(page))[0]).toBe('Booking database');
    await page.getByRole('checkbox', { name: /^Resource / }).click();
    await soon(() => new URL(page.url()).searchParams.get('filters[kind]')).toBe(null);
  });

  test('has its filters above the results on a phone, folded away', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, '?query=booking');
    const kind = page.getByRole('checkbox', { name: /^Resource / });
    await page.getByText('Filters').waitFor();
    expect(await kind.isVisible()).toBe(false);
    await page.getByText('Filters').click();
    await kind.click();
    await soon(async () => (await titles(page))[0]).toBe('Booking database');
    await page.getByText('Filters (1)').waitFor();
    expect(await kind.isChecked()).toBe(true);
    expect(await violations(page)).toEqual([]);
    await field(page).fill('zzzzqqqq');
    await page.getByText('Nothing found').waitFor();
  });

  test('an operation leads to its place in the definition', async ({ page }) => {
    await open(page, '?query=createQuote+reservations');
    await page.locator('a[data-result]').first().click();
    await page.waitForURL(/\/catalog\/default\/api\/reservations-api\/definition#POST/);
    await page
      .getByRole('heading', { name: /Price a journey|\/quotes/ })
      .first()
      .waitFor();
  });

  test('marks in a title what was typed as one word', async ({ page }) => {
    await open(page, '?query=traveldesk');
    await soon(() => titles(page)).toEqual(['Group travel desk']);
    expect(await page.locator('mark').allInnerTexts()).toEqual(['travel', 'desk']);
    expect(await page.getByRole('status').filter({ hasText: 'result' }).innerText()).toBe('1 result');
  });

  test('says what was meant, what to do when nothing is found, and remembers searches', async ({ page }) => {
    await open(page, '?query=gagnway');
    await soon(() => page.getByText('These are the results for').innerText()).toContain('gangway');
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.locator('a[data-result]').first().click();
    await page.waitForURL(/\/catalog\//);
    await open(page);
    await page.getByRole('region', { name: 'Saved searches' }).getByRole('link', { name: 'gagnway' }).waitFor();
    await page.getByRole('region', { name: 'Recent searches' }).getByRole('link', { name: 'gagnway' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await field(page).fill('zzzzqqqq');
    await page.getByText('Nothing found').waitFor();
  });
});
