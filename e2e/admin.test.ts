import { afterAll, beforeAll, describe, expect } from 'vitest';
import { overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const pages = ['health', 'jobs', 'search', 'events', 'outbound', 'configuration'];

describe('the administration in the browser', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await startPortal({ args: [] });
  });
  afterAll(async () => {
    await portal?.stop();
  });

  test('leads from the rail through its pages', async ({ page }) => {
    await page.goto(portal.url);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Admin' }).click();
    await page.waitForURL(`${portal.url}/admin/health`);
    await page.getByText('SQLite, embedded').waitFor();
    const administration = page.getByRole('navigation', { name: 'Administration' });
    for (const label of ['Jobs', 'Search index', 'Events', 'Outbound', 'Configuration']) {
      await administration.getByRole('link', { name: label }).click();
      await page.getByRole('heading', { level: 1, name: label }).waitFor();
    }
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Outbound' }).waitFor();
  });

  test('runs a job now and shows how it went', async ({ page }) => {
    await page.goto(`${portal.url}/admin/jobs`);
    const row = page.getByRole('row').filter({ hasText: 'core.prune-events' });
    await row.getByText('Not yet').waitFor();
    await row.getByRole('button', { name: 'Run now: core.prune-events' }).click();
    await row.getByText('just now').waitFor();
  });

  test('shows the search index, what was searched in vain, and rebuilds it', async ({ page }) => {
    await expect
      .poll(
        async () => {
          const { documents, behind } = (await (await fetch(`${portal.url}/api/search/status`)).json()) as {
            documents: Record<string, number>;
            behind: number;
          };
          return behind === 0 && documents['software-catalog']! > 200;
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    expect((await fetch(`${portal.url}/api/search/query?term=qqzzxx+wwkkjj`)).status).toBe(200);
    await page.goto(`${portal.url}/admin/search`);
    const documents = page.getByRole('table', { name: 'Documents' });
    await documents.getByRole('row', { name: /Catalog software-catalog \d+/ }).waitFor();
    await documents.getByRole('row', { name: /API operations api-operations \d+/ }).waitFor();
    await page.getByRole('table', { name: 'Searched in vain' }).getByText('qqzzxx wwkkjj').waitFor();
    const builtAt = async () =>
      ((await (await fetch(`${portal.url}/api/search/status`)).json()) as { builtAt: string }).builtAt;
    const before = await builtAt();
    await page.getByRole('button', { name: 'Rebuild the index' }).click();
    await expect.poll(builtAt, { timeout: 30_000 }).not.toBe(before);
    await page.getByText('Up to date').waitFor();
  });

  test('shows what has happened, and every setting with its origin', async ({ page }) => {
    await page.goto(`${portal.url}/admin/events`);
    await page.getByRole('row').filter({ hasText: 'catalog.entity.created' }).first().waitFor();
    await page.goto(`${portal.url}/admin/configuration`);
    await page.getByRole('textbox', { name: 'Filter settings' }).fill('server.port');
    const row = page.getByRole('row').filter({ hasText: 'server.port' });
    expect(await row.innerText()).toMatch(/flag --port/);
    expect(await page.getByRole('row').count()).toBe(2);
  });

  test.for(pages)('can be used by everyone: %s', async (name, { page }) => {
    for (const [width, scheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.goto(`${portal.url}/admin/${name}`);
      await page.getByRole('main').locator('table, dl').first().waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
  });
});
