import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const generate = fileURLToPath(new URL('../bench/generate.mjs', import.meta.url));
const phone = { width: 390, height: 844 };

const fixed = [
  '/',
  '/catalog?kind=component',
  '/catalog?kind=all',
  '/catalog?kind=component&group=owner',
  '/catalog?q=nothing+is+called+this',
  '/api-docs',
  '/search?query=service',
  '/landscape',
  '/org',
  '/catalog-graph',
  '/problems',
  '/catalog-import',
  '/admin/sources',
  '/admin/health',
  '/admin/jobs',
  '/admin/events',
  '/admin/outbound',
  '/admin/configuration',
  '/no-such-page',
];

async function open(page: Page, url: string) {
  await page.goto(url);
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('main [role=status][aria-label^=Loading]') === null);
}

describe('every page, over 10,000 entities', () => {
  let portal: Portal;
  let folder: string;
  let paths: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'every-page-'));
    execFileSync(process.execPath, [generate, '10000', folder]);
    portal = await startPortal({ args: [join(folder, 'catalog-root.yaml')] });
    const first = async (kind: string) => {
      const question = `${portal.url}/api/catalog/entities/by-query?limit=1&filter=kind=${kind}&fields=metadata`;
      for (;;) {
        const { items } = (await (await fetch(question)).json()) as { items: { metadata: Record<string, string> }[] };
        const [entity] = items;
        if (entity) return `/catalog/${entity.metadata['namespace'] ?? 'default'}/${kind}/${entity.metadata['name']}`;
        await new Promise((done) => setTimeout(done, 100));
      }
    };
    const component = await first('component');
    const tabs = ['relations', 'impact', 'history', 'source'].map((tab) => `${component}/${tab}`);
    const kinds = await Promise.all(['api', 'system', 'group', 'user', 'resource', 'domain'].map(first));
    paths = [...fixed, component, ...tabs, ...kinds];
  }, 120_000);

  afterAll(async () => {
    await portal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const scheme of ['light', 'dark'] as const)
    test(`is accessible in the ${scheme} theme`, { timeout: 240_000 }, async ({ page, problems }) => {
      problems.allow(/404/);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      const found: Record<string, string[]> = {};
      for (const path of paths) {
        await open(page, portal.url + path);
        const wrong = await violations(page);
        if (wrong.length > 0) found[path] = wrong;
      }
      expect(found).toEqual({});
    });

  test('has room on a phone, and for text of twice the size', { timeout: 240_000 }, async ({ page, problems }) => {
    problems.allow(/404/);
    const found: Record<string, number> = {};
    for (const [name, size, text] of [
      ['phone', phone, ''],
      ['large text', { width: 1280, height: 800 }, '200%'],
    ] as const) {
      await page.setViewportSize(size);
      for (const path of paths) {
        await open(page, portal.url + path);
        await page.evaluate((value) => (document.documentElement.style.fontSize = value), text);
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
        );
        const beyond = await overflow(page);
        if (beyond > 0) found[`${path} (${name})`] = beyond;
      }
    }
    expect(found).toEqual({});
  });
});
