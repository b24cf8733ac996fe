import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectAccessible, overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const entity = (kind: string, name: string, spec: string) => `apiVersion: backstage.io/v1alpha1
kind: ${kind}
metadata: { name: ${name} }
spec: ${spec}
---
`;
const component = (name: string, owner: string, lifecycle = 'production') =>
  entity('Component', name, `{ type: service, lifecycle: ${lifecycle}, owner: ${owner} }`);
const me = entity('User', 'local-administrator', '{ memberOf: [quays], profile: { displayName: Ada Lovelace } }');
const groups =
  entity('Group', 'quays', '{ type: department, children: [], profile: { displayName: Quays } }') +
  entity('Group', 'cranes', '{ type: team, parent: quays, children: [], profile: { displayName: Cranes } }') +
  entity('Group', 'offices', '{ type: team, children: [], profile: { displayName: Offices } }');
const components = (lifecycle = 'production') =>
  component('crane-control', 'cranes', lifecycle) + component('gate', 'quays') + component('canteen', 'offices');
/** Needs something that does not exist: one is my team's, one is somebody else's. */
const broken = (owner: string, name: string) => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name} }
spec: { type: service, lifecycle: production, owner: ${owner}, dependsOn: ['component:nothing'] }
`;

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const rail = (page: Page) => page.getByRole('navigation', { name: 'Main' });
const stored = async (portal: Portal, key: string): Promise<unknown> => {
  const { items } = (await (await fetch(`${portal.url}/api/preferences`)).json()) as {
    items: { key: string; value: unknown }[];
  };
  return items.find((item) => item.key === key)?.value;
};
const put = (portal: Portal, key: string, value: unknown) =>
  fetch(`${portal.url}/api/preferences/${key}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ value }),
  });
const untilThere = async (portal: Portal, path: string) => {
  while (!(await fetch(`${portal.url}/api/catalog/entities/by-name/${path}`)).ok)
    await new Promise((done) => setTimeout(done, 20));
};

/** Other tests run beside this one: a page may be slow. */
const soon = <T>(look: () => T) => expect.poll(look);

describe('home of somebody the catalog knows', () => {
  let folder: string;
  let portal: Portal;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-home-'));
    await writeFile(join(folder, 'people.yaml'), me + groups);
    await writeFile(join(folder, 'catalog-info.yaml'), components());
    await writeFile(join(folder, 'mine.yaml'), broken('cranes', 'hook'));
    await writeFile(join(folder, 'theirs.yaml'), broken('offices', 'coffee'));
    portal = await startPortal({ args: [join(folder, '*.yaml')] });
    for (const path of ['user/default/local-administrator', 'component/default/canteen'])
      await untilThere(portal, path);
  });
  afterAll(async () => {
    await portal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('greets by name and shows what is mine, through all teams below mine', async ({ page }) => {
    await page.goto(portal.url);
    await page.getByRole('heading', { level: 1, name: /^Good \w+, Ada$/ }).waitFor();
    const mine = region(page, 'My teams’ components');
    await mine.getByRole('link', { name: 'crane-control' }).waitFor();
    await mine.getByRole('link', { name: 'gate' }).waitFor();
    expect(await mine.getByRole('link', { name: 'canteen' }).count()).toBe(0);
    const needs = region(page, 'Needs you');
    await needs.getByText('hook').first().waitFor();
    expect(await needs.getByText('coffee').count()).toBe(0);
    await needs.getByRole('link', { name: 'All 2 problems' }).click();
    await page.waitForURL(`${portal.url}/problems`);
    await rail(page).getByRole('link', { name: 'Quays' }).click();
    await page.waitForURL(`${portal.url}/catalog/default/group/quays`);
  });

  test('stars from a page and a list, in the rail and at home, and takes the star away', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/component/gate`);
    await page.getByRole('button', { name: 'Star gate' }).waitFor();
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Star gate', pressed: true }).waitFor();
    await soon(() => stored(portal, 'starred')).toEqual(['component:default/gate']);
    await page.goto(`${portal.url}/catalog?kind=component`);
    await page.getByRole('button', { name: 'Star canteen' }).click();
    await soon(() => stored(portal, 'starred')).toEqual(['component:default/canteen', 'component:default/gate']);
    await page.goto(portal.url);
    const starred = page.getByRole('main').getByRole('region', { name: 'Starred' });
    await starred.getByRole('link', { name: 'canteen' }).waitFor();
    await rail(page).getByRole('link', { name: 'canteen' }).waitFor();
    await starred.getByRole('button', { pressed: true }).first().click();
    await soon(() => rail(page).getByRole('link', { name: 'canteen' }).count()).toBe(0);
    await soon(() => stored(portal, 'starred')).toEqual(['component:default/gate']);
  });

  test('tells in words what changed since the last visit', async ({ page }) => {
    const { cursor } = (await (await fetch(`${portal.url}/api/events?limit=1`)).json()) as { cursor: number };
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    await put(portal, 'last-visit', { seenAt: yesterday, cursor, before: { seenAt: yesterday, cursor } });
    await page.goto(portal.url);
    const since = region(page, 'Since you were last here');
    await since.getByText('Nothing has changed.').waitFor();
    await writeFile(join(folder, 'catalog-info.yaml'), components('deprecated'));
    await since.getByRole('link', { name: 'crane-control' }).waitFor();
    await since.getByText(/^Lifecycle production → .*deprecated$/).waitFor();
    expect(await since.getByRole('link', { name: 'gate' }).count()).toBe(0);
  });

  test('is arranged with buttons, by dragging, and the same in another browser', async ({ page, browser }) => {
    await page.goto(portal.url);
    await page.getByRole('button', { name: 'Arrange' }).click();
    const column = (name: string) =>
      page.getByRole('list', { name, exact: true }).getByRole('listitem').allInnerTexts();
    await page.getByRole('button', { name: 'Move Get started down' }).click();
    await soon(async () => (await column('Left column')).slice(0, 2)).toEqual(['My teams’ components', 'Get started']);
    await page.getByRole('status').getByText('Get started: left column, place 2 of 5').waitFor();
    await page.getByRole('button', { name: 'Hide Recently opened' }).press('Enter');
    await page.getByRole('list', { name: 'Hidden widgets' }).getByText('Recently opened').waitFor();
    await page
      .getByRole('list', { name: 'Left column' })
      .getByRole('listitem')
      .filter({ hasText: 'Starred' })
      .dragTo(page.getByRole('list', { name: 'Right column' }).getByRole('listitem').first());
    await soon(async () => (await column('Right column'))[0]).toBe('Starred');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    const layout = {
      main: ['teams', 'start', 'kinds'],
      side: ['starred', 'problems', 'changes', 'views'],
      hidden: ['recent'],
    };
    await soon(() => stored(portal, 'home-layout')).toEqual(layout);

    const other = await browser.newPage();
    await other.goto(portal.url);
    await region(other, 'Starred').first().waitFor();
    expect(await region(other, 'Recently opened').count()).toBe(0);
    await other.getByRole('button', { name: 'Arrange' }).click();
    await other.getByRole('button', { name: 'Show Recently opened' }).click();
    await other.getByRole('button', { name: 'As it was at first' }).click();
    await other.getByRole('button', { name: 'Done' }).click();
    await region(other, 'Recently opened').waitFor();
    await other.close();
  });

  test('keeps a star that could not be stored, says so, and stores it later', async ({ page, problems }) => {
    problems.allow(/status of 503|Failed to load/);
    await page.goto(`${portal.url}/catalog/default/component/crane-control`);
    await page.getByRole('button', { name: 'Star crane-control' }).waitFor();
    await page.route('**/api/preferences/starred', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/json',
        body: JSON.stringify({
          error: { name: 'ServiceUnavailableError', message: 'The disk is full.', fix: 'Wait.' },
        }),
      }),
    );
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Star crane-control', pressed: true }).waitFor();
    await page.getByText('Your stars are not stored yet').waitFor();
    await page.getByText('The disk is full.').waitFor();
    expect(await violations(page)).toEqual([]);
    // Also on the next page, from what this browser has kept.
    await page.goto('about:blank');
    await page.unroute('**/api/preferences/starred');
    const star = page.getByRole('button', { name: 'Star crane-control', pressed: true });
    // What the page asks while the star is being stored is answered before, and the answer comes after.
    let storing = false;
    let answered = false;
    await page.route('**/api/preferences', async (route) => {
      const isMeanwhile = storing;
      const response = await route.fetch();
      if (isMeanwhile) {
        answered = true;
        await soon(() => page.evaluate('localStorage["callboard.unsaved.starred"]')).toBeUndefined();
      }
      await route.fulfill({ response });
    });
    await page.route('**/api/preferences/starred', async (route) => {
      storing = true;
      await soon(async () => answered || (await star.count()) > 0).toBe(true);
      await route.continue();
    });
    await page.goto(`${portal.url}/catalog/default/component/crane-control`);
    await star.waitFor();
    await soon(() => stored(portal, 'starred')).toContain('component:default/crane-control');
    expect(await page.getByText('not stored yet').count()).toBe(0);
    await page.unrouteAll({ behavior: 'wait' });
  });

  test('is accessible in light and dark, fits a phone and 200 % text', async ({ page }) => {
    await page.goto(portal.url);
    await region(page, 'My teams’ components').getByRole('link', { name: 'gate' }).waitFor();
    await page.evaluate('document.documentElement.style.fontSize = "200%"');
    expect(await overflow(page)).toBe(0);
    await page.evaluate('document.documentElement.style.fontSize = ""');
    await expectAccessible(page);
  });
});

describe('home of a fresh portal', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await startPortal();
    await untilThere(portal, 'component/default/sailings');
  });
  afterAll(() => portal?.stop());

  test('says whom it does not know, and ticks its list from what is true', async ({ page }) => {
    await page.goto(portal.url);
    await page.getByRole('heading', { level: 1, name: /^Good \w+$/ }).waitFor();
    const needs = region(page, 'Needs somebody');
    await needs.getByText('it does not know your teams: these are the problems of everybody').waitFor();
    const start = region(page, 'Get started');
    const step = (title: string) => start.getByRole('listitem').filter({ hasText: title });
    await step('Connect a source of your own (to do)').getByText('the example company').waitFor();
    await step('Write your first template (done)').waitFor();
    await step('See what was found (to do)').waitFor();
    await step('Choose your teams (to do)').getByRole('button', { name: 'Choose teams' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose your teams' });
    await dialog.getByRole('searchbox').fill('board');
    await dialog.getByRole('checkbox', { name: /^Boarding/ }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await step('Choose your teams (done)').waitFor();
    await region(page, 'Needs you').waitFor();
    await region(page, 'My teams’ components').getByRole('link', { name: 'Gangway', exact: true }).waitFor();
    await rail(page).getByRole('link', { name: 'Boarding' }).waitFor();

    await page.goto(`${portal.url}/catalog/default/component/sailings`);
    await soon(() => stored(portal, 'recent')).toBeDefined();
    await page.goto(portal.url);
    await step('See what was found (done)').waitFor();
    await region(page, 'Recently opened').getByRole('link', { name: 'Sailings' }).waitFor();
  });
});
