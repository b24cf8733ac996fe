import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const component = (name: string, more = '') => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name}, description: Does what ${name} does${more} }
spec: { type: service, lifecycle: production, owner: harbour }
---
`;
const descriptors = `${component('pilotage', ', tags: [go, water]')}${component('pilotage-archive')}${component('auto-pilot')}${component('quay-map', ', tags: [go]')}${Array.from(
  { length: 120 },
  (_, index) => component(`aaa-copilot-${index}`),
).join('')}apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: harbour, title: Harbour Team }
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: ada }
spec: { memberOf: [harbour], profile: { displayName: Ada Pilot, email: ada@example.org } }
`;

const field = (page: Page) => page.getByRole('combobox', { name: 'Search or type a command' });
const labels = async (page: Page) =>
  (await page.locator('#palette-list [role=option]').allInnerTexts()).map((text) => text.split('\n')[0]!);
const active = (page: Page) => page.locator('[role=option][aria-selected=true]');
const open = async (page: Page, text = '') => {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await field(page).waitFor();
  await page.keyboard.type(text);
};

/** Other tests run beside this one: a page may be slow. */
const soon = <T>(look: () => T) => expect.poll(look);

describe('the palette', () => {
  let folder: string;
  let portal: Portal;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-palette-'));
    await writeFile(join(folder, 'catalog-info.yaml'), descriptors);
    portal = await startPortal({ args: [folder] });
    while (!(await fetch(`${portal.url}/api/catalog/entities/by-name/user/default/ada`)).ok)
      await new Promise((done) => setTimeout(done, 20));
  });
  afterAll(async () => {
    await portal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('finds an entity from any page, the best match first, and gives the focus back', async ({ page }) => {
    await page.goto(`${portal.url}/problems`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const opener = page.getByRole('button', { name: 'Search' });
    await opener.focus();
    await open(page, 'pilotage');
    await soon(async () => (await labels(page)).slice(0, 2)).toEqual(['pilotage', 'pilotage-archive']);
    expect(await active(page).innerText()).toContain('pilotage');
    expect(await page.locator('[role=option] mark').first().innerText()).toBe('pilotage');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.evaluate<string>('document.activeElement.innerText')).toContain('Search');

    await open(page, 'pilotage');
    await soon(async () => (await labels(page))[0]).toBe('pilotage');
    await page.keyboard.press('ArrowDown');
    await soon(() => active(page).innerText()).toContain('pilotage-archive');
    expect(await field(page).getAttribute('aria-activedescendant')).toBe(await active(page).getAttribute('id'));
    await page.keyboard.press('Enter');
    await page.waitForURL(`${portal.url}/catalog/default/component/pilotage-archive`);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('loses no key that is typed before its code is there', async ({ page }) => {
    let arrive = () => {};
    const arrived = new Promise<void>((done) => (arrive = done));
    await page.route('**/assets/Palette-*.js', async (route) => {
      await arrived;
      await route.continue();
    });
    await page.goto(`${portal.url}/problems`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('pilotte');
    for (const key of ['Backspace', 'Backspace', 'a', 'g', 'e']) await page.keyboard.press(key);
    arrive();
    await soon(() => field(page).inputValue()).toBe('pilotage');
    await soon(async () => (await labels(page))[0]).toBe('pilotage');
  });

  test('prefers words of a name to the many names that only contain it, and finds refs and descriptions', async ({
    page,
  }) => {
    await page.goto(portal.url);
    await open(page, 'pilot');
    await soon(async () => (await labels(page)).slice(0, 1)).toEqual(['pilotage']);
    expect(await labels(page)).toContain('auto-pilot');
    expect(await labels(page)).toContain('Ada Pilot');
    await field(page).fill('component:default/quay-map');
    await soon(async () => (await labels(page))[0]).toBe('quay-map');
    await field(page).fill('what quay-map does');
    await soon(async () => (await labels(page))[0]).toBe('quay-map');
    await field(page).fill('no such thing');
    await page.getByText('Nothing fits “no such thing”').waitFor();
  });

  test('narrows: Tab to a type, @ to people, # to tags, > to actions', async ({ page }) => {
    await page.goto(portal.url);
    await open(page, '@pil');
    await soon(() => labels(page)).toEqual(['Ada Pilot']);
    await field(page).fill('#');
    await soon(() => labels(page)).toEqual(['go', 'water']);
    await field(page).fill('#wat');
    await soon(() => labels(page)).toEqual(['water']);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${portal.url}/catalog?tag=water`);

    await open(page, 'pilot');
    await soon(async () => (await labels(page))[0]).toBe('pilotage');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Search in Components only: remove' }).waitFor();
    await soon(async () => (await labels(page)).includes('Ada Pilot')).toBe(false);
    await page.keyboard.press('Shift+Tab');
    await soon(async () => (await labels(page)).includes('Ada Pilot')).toBe(true);

    await field(page).fill('> register');
    await soon(() => labels(page)).toEqual(['Register a location']);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${portal.url}/catalog-import`);
  });

  test('opens beside with Ctrl and Enter, and stays', async ({ page }) => {
    await page.goto(portal.url);
    await open(page, 'quay-map');
    await soon(async () => (await labels(page))[0]).toBe('quay-map');
    const [beside] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Control+Enter')]);
    await beside.waitForURL(`${portal.url}/catalog/default/component/quay-map`);
    expect(await field(page).count()).toBe(1);
    expect(page.url()).toBe(`${portal.url}/`);
  });

  test('has what was opened lately first, also in another browser', async ({ page, browser }) => {
    await page.goto(`${portal.url}/catalog/default/component/quay-map`);
    const stored = async () => {
      const { items } = (await (await fetch(`${portal.url}/api/preferences`)).json()) as {
        items: { key: string; value: { title: string }[] }[];
      };
      return items.find(({ key }) => key === 'recent')?.value[0]?.title;
    };
    await soon(stored).toBe('quay-map');
    const other = await browser.newPage();
    await other.goto(portal.url);
    await other.getByRole('heading', { level: 1 }).waitFor();
    await other.keyboard.press('Control+k');
    await soon(async () => (await labels(other))[0]).toBe('quay-map');
    await other.close();
  });

  test('does what the page is about: copies its ref, stars it, saves a view, switches the theme', async ({ page }) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: portal.url });
    await page.goto(`${portal.url}/catalog/default/component/auto-pilot`);
    await page.getByRole('heading', { level: 1, name: 'auto-pilot' }).waitFor();
    await page.keyboard.press('.');
    await soon(async () => (await labels(page)).slice(0, 2)).toEqual([
      'Copy the reference of auto-pilot',
      'Star auto-pilot, or remove the star',
    ]);
    await page.keyboard.press('Enter');
    await soon(() => page.evaluate<string>('navigator.clipboard.readText()')).toBe('component:default/auto-pilot');

    await open(page, '>star');
    await soon(async () => (await labels(page))[0]).toBe('Star auto-pilot, or remove the star');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Star auto-pilot', pressed: true }).waitFor();
    await page.getByRole('region', { name: 'Starred' }).getByRole('link', { name: 'auto-pilot' }).waitFor();

    await page.goto(`${portal.url}/catalog?kind=component&tag=go`);
    await page.locator('[data-row-link]').first().waitFor();
    await open(page, '>save');
    await soon(async () => (await labels(page))[0]).toBe('Save this view…');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Name of the view' }).fill('Ours in Go');
    const stored = page.waitForResponse((response) => response.request().method() === 'PUT' && response.ok());
    await page.keyboard.press('Enter');
    await stored;
    await page.goto(portal.url);
    await open(page, 'ours');
    await soon(async () => (await labels(page))[0]).toBe('Ours in Go');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${portal.url}/catalog?kind=component&tag=go`);

    await open(page, '>dark');
    await soon(async () => (await labels(page))[0]).toBe('Use the dark theme');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  });

  test('says so when the results cannot be had, and still goes to pages', async ({ page, problems }) => {
    problems.allow(/ERR_INTERNET_DISCONNECTED|Failed to load|network/i);
    await page.goto(portal.url);
    await open(page, 'quay-map');
    await soon(async () => (await labels(page))[0]).toBe('quay-map');
    await page.context().setOffline(true);
    await field(page).fill('problems');
    await page.getByRole('alert').getByText('Pages and actions are still here.').waitFor();
    await soon(async () => (await labels(page))[0]).toBe('Problems');
    await page.context().setOffline(false);
    await field(page).fill('quay-map');
    await soon(async () => (await labels(page))[0]).toBe('quay-map');
  });

  test('forgives a mistake, marks what was meant, and leads on to all results', async ({ page }) => {
    await page.goto(portal.url);
    await open(page, 'harbuor');
    await soon(async () => (await labels(page))[0]).toBe('Harbour Team');
    expect(await page.locator('[role=option] mark').first().innerText()).toBe('Harbour');
    await page.getByRole('option', { name: 'All results for “harbuor”' }).click();
    await page.waitForURL(`${portal.url}/search?query=harbuor`);
  });

  test('is accessible in light and dark, on a phone and with large text', async ({ page }) => {
    await page.goto(portal.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await open(page, 'pilot');
    await soon(async () => (await labels(page)).length).toBeGreaterThan(3);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect({ colorScheme, found: await violations(page) }).toEqual({ colorScheme, found: [] });
    }
    const overflow = () =>
      page.evaluate<boolean>(`(() => {
        const dialog = document.querySelector('dialog[open]');
        return dialog.scrollWidth > dialog.clientWidth || dialog.getBoundingClientRect().right > innerWidth;
      })()`);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await violations(page)).toEqual([]);
    expect(await overflow()).toBe(false);
    await page.evaluate('document.documentElement.style.fontSize = "200%"');
    expect(await overflow()).toBe(false);
  });
});

describe('the keyboard', () => {
  let folder: string;
  let portal: Portal;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-keys-'));
    await writeFile(join(folder, 'catalog-info.yaml'), component('pilotage') + component('quay-map'));
    portal = await startPortal({ args: [folder] });
    while (!(await fetch(`${portal.url}/api/catalog/entities/by-name/component/default/quay-map`)).ok)
      await new Promise((done) => setTimeout(done, 20));
  });
  afterAll(async () => {
    await portal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('goes to pages, filters, walks rows and stars', async ({ page }) => {
    await page.goto(portal.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.type('gp');
    await page.waitForURL(`${portal.url}/problems`);
    await page.keyboard.type('gc');
    await page.waitForURL(`${portal.url}/catalog`);
    await page.locator('[data-row-link]').first().waitFor();
    await page.keyboard.press('j');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toContain('pilotage');
    await page.keyboard.press('j');
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Star quay-map', pressed: true }).waitFor();
    await page.keyboard.press('.');
    await soon(async () => (await labels(page))[0]).toBe('Copy the reference of quay-map');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('gh?[');
    // Keys belong to what is being written.
    expect(await page.getByRole('searchbox', { name: 'Filter by text' }).inputValue()).toBe('gh?[');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Filter by text' }).blur();
    await page.keyboard.press('[');
    await page.getByRole('button', { name: 'Widen the navigation' }).waitFor();
    await page.keyboard.press('[');
    await page.getByRole('button', { name: 'Collapse the navigation to icons' }).waitFor();
  });

  test('shows its map on ?, and letters can be switched off', async ({ page }) => {
    await page.goto(`${portal.url}/catalog`);
    await page.locator('[data-row-link]').first().waitFor();
    await page.keyboard.press('?');
    const map = page.getByRole('dialog', { name: 'Keyboard' });
    await map.getByText('Search and commands').waitFor();
    expect(await violations(page)).toEqual([]);
    await map.getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await soon(() => map.count()).toBe(0);
    await page.keyboard.type('gh');
    await page.keyboard.press('Control+k');
    await field(page).waitFor();
    expect(page.url()).toBe(`${portal.url}/catalog`);
  });
});
