import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import { root } from './portal.mjs';

/** The browser of the tests: what finds it is run as a program, since nothing of the product is imported here. */
function executable() {
  const script = `import { findChromium } from './e2e/support/chromium.ts'; process.stdout.write(JSON.stringify(findChromium()));`;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' });
  return JSON.parse(text);
}

/** Starts Chromium, headless. */
export function launchBrowser() {
  const { executablePath, env } = executable();
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
    env: { ...process.env, ...env },
  });
}

/**
 * A page with nothing in its cache, on a processor that is slower than this one.
 *
 * @param options.slowdown - how many times slower
 */
export async function openPage(browser, { slowdown, height = 900 }) {
  const context = await browser.newContext({ viewport: { width: 1440, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return page;
}
