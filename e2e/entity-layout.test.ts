import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const definition = `openapi: 3.1.0
info: { title: Tides, version: 2.4.0, description: "${'High and low water. '.repeat(300)}" }
servers: [{ url: "https://tides.example.org/v2", description: Production }]
paths: { /tides: { get: { operationId: listTides, responses: { "200": { description: fine } } } } }
`;

const descriptors = `apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: harbour
  links: [{ url: "https://chat.example.org/harbour", title: "#harbour", type: chat }, { url: "https://duty.example.org/", title: On call }]
spec: { type: team, children: [], profile: { displayName: Harbour Team, email: harbour@example.org } }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: ada }
spec: { memberOf: [harbour], profile: { displayName: Ada } }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: tide-service, annotations: { example.org/runbook: "1" }, links: [{ url: "https://dash.example.org/", title: Dashboard }] }
spec: { type: service, lifecycle: production, owner: harbour, providesApis: [tides] }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: tide-site }
spec: { type: website, lifecycle: production, owner: harbour, consumesApis: [tides] }
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: tides }
spec:
  type: openapi
  lifecycle: production
  owner: harbour
  definition: |
${definition.replaceAll(/^(?=.)/gm, '    ')}
`;

const config = `catalog:
  locations: [{ type: file, target: ./catalog-info.yaml }]
  pages:
    - kind: component
      when: { annotation: example.org/runbook }
      tabs:
        - overview
        - { tab: runbook, label: Runbook, cards: [{ card: links, title: Where to look, width: full }, ci:runs] }
        - { tab: source, label: Descriptor }
      cards: [health, { card: owner, title: Whose, width: two-thirds }]
`;

const regions = (page: Page) =>
  page
    .getByRole('main')
    .getByRole('region')
    .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));

describe('the layout of entities’ pages', () => {
  let folder: string;
  let portal: Portal;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-layout-'));
    await writeFile(join(folder, 'catalog-info.yaml'), descriptors);
    await writeFile(join(folder, 'callboard.yaml'), config);
    portal = await startPortal({ cwd: folder });
    const last = `${portal.url}/api/catalog/entities/by-name/api/default/tides`;
    while (!(await fetch(last)).ok) await new Promise((done) => setTimeout(done, 20));
  });
  afterAll(async () => {
    await portal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('is that of the configuration where one fits', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/component/tide-service`);
    const tabs = page.getByRole('navigation', { name: 'Parts of this entity' });
    await tabs.waitFor();
    expect(await tabs.getByRole('link').allInnerTexts()).toEqual(['Overview', 'Runbook', 'Descriptor']);
    expect(await regions(page)).toEqual(['Health', 'Whose']);
    const widths = await page
      .getByRole('main')
      .getByRole('region')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().width));
    expect(widths[1]! / widths[0]!).toBeGreaterThan(1.9);
    await tabs.getByRole('link', { name: 'Runbook' }).click();
    await page.waitForURL(`${portal.url}/catalog/default/component/tide-service/runbook`);
    await page.getByRole('region', { name: 'Where to look' }).getByRole('link', { name: 'Dashboard' }).waitFor();
    await page
      .getByRole('region', { name: 'ci:runs' })
      .getByText('No feature or plugin has a card “ci:runs”')
      .waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('answers first where nothing is configured, without the whole definition', async ({ page }) => {
    const bodies: Promise<string>[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/entities/by-name/api/default/tides?')) bodies.push(response.text());
    });
    await page.goto(`${portal.url}/catalog/default/api/tides`);
    const region = (name: string) => page.getByRole('main').getByRole('region', { name });
    await region('Owner').getByText('1 person: Ada').waitFor();
    await region('How to reach').getByRole('link', { name: 'On call' }).waitFor();
    expect(await region('How to reach').getByRole('link').allInnerTexts()).toEqual([
      '#harbour',
      'On call',
      'harbour@example.org',
    ]);
    await region('How to call it').getByRole('link', { name: '2.4.0 · OpenAPI 3.1.0 · 1 operation' }).waitFor();
    await region('How to call it').getByText('https://tides.example.org/v2').waitFor();
    await region('What breaks without it').getByRole('link', { name: '1 entity of 1 owner' }).waitFor();
    expect(bodies).toHaveLength(1);
    expect((JSON.parse(await bodies[0]!) as { spec: { definition: string } }).spec.definition).toHaveLength(2001);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    await page.getByRole('link', { name: 'Source', exact: true }).click();
    await page.getByText('operationId: listTides').first().waitFor();
  });

  test('has a page for what does not fit, and goes with the keyboard', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/component/tide-site`);
    await page.getByRole('region', { name: 'About' }).waitFor();
    await page.goto(`${portal.url}/catalog/default/group/harbour`);
    await page.getByRole('region', { name: 'About' }).waitFor();
    expect(
      await page
        .getByRole('main')
        .getByRole('region', { name: /^(Owner|Relations)$/ })
        .count(),
    ).toBe(0);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.waitForURL(`${portal.url}/api-docs`);
  });
});
