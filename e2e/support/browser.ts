import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { test as base, expect } from 'vitest';
import { findChromium } from './chromium.ts';

/** Nothing but this machine can be reached: a page that asks for anything else must be seen to fail. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** Starts the browser of the npm package, headless. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = findChromium();
  return chromium.launch({ executablePath, args: flags, env: { ...(process.env as Record<string, string>), ...env } });
}

/** What went wrong in a page that no assertion looked at. */
export type PageProblems = {
  /** Everything noted so far: console errors, exceptions, requests to another origin. */
  all: string[];
  /** Says that problems which match are the point of this test. */
  allow(pattern: RegExp): void;
};

/** Notes console errors, exceptions and requests that leave the origin of the page's first document. */
export function watchPage(page: Page): PageProblems {
  const all: string[] = [];
  const allowed: RegExp[] = [];
  const note = (problem: string) => void (allowed.some((pattern) => pattern.test(problem)) || all.push(problem));
  let origin: string | undefined;
  page.on('console', (message) => {
    if (message.type() === 'error') note(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => note(`exception: ${error.stack || `${error.name}: ${error.message}`}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!/^(https?|wss?):$/.test(url.protocol)) return;
    origin ??= url.host;
    if (url.host !== origin) note(`request to another origin: ${request.method()} ${request.url()}`);
  });
  return {
    all,
    allow(pattern) {
      allowed.push(pattern);
      all.splice(0, all.length, ...all.filter((problem) => !pattern.test(problem)));
    },
  };
}

/**
 * A Vitest `test` with a page in a browser of its own context. The test fails on console errors, exceptions and requests to another origin,
 * unless it calls `problems.allow(…)`.
 */
export const test = base.extend<{
  browser: Browser;
  context: { page: Page; problems: PageProblems };
  page: Page;
  problems: PageProblems;
}>({
  browser: [
    async ({}, use) => {
      const browser = await launchBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: 'file' },
  ],
  context: async ({ browser }, use) => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    const page = await context.newPage();
    const problems = watchPage(page);
    await use({ page, problems });
    await context.close();
    expect(problems.all, 'problems in the page').toEqual([]);
  },
  page: async ({ context }, use) => use(context.page),
  problems: async ({ context }, use) => use(context.problems),
});
