import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect } from 'vitest';
import { test } from './browser.ts';
import { createPostgresSchema } from './database.ts';
import { runCallboard, startPortal } from './portal.ts';
import type { Portal } from './portal.ts';

/** What a test leaves behind, removed in the opposite order. */
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const start = async (options: Parameters<typeof startPortal>[0]): Promise<Portal> => {
  const portal = await startPortal(options);
  cleanUp.push(() => portal.stop());
  return portal;
};

describe.each(['sqlite', 'postgres'])('a portal on %s', (dialect) => {
  const database = async () => {
    if (dialect === 'sqlite') return {};
    const schema = await createPostgresSchema();
    cleanUp.push(() => schema.remove());
    return { databaseUrl: schema.url };
  };

  test('starts as a user starts it, shows its page, and stops', async ({ page }) => {
    const portal = await start({ ...(await database()), args: ['--no-example'] });
    await page.goto(portal.url);
    await page.waitForSelector('main h1');
    expect(await page.title()).toContain('Callboard');
    expect(portal.output()).toContain(`:${new URL(portal.url).port}`);
    // A page that loses its portal has every reason to complain.
    await page.goto('about:blank');
    await portal.stop();
    expect(existsSync(portal.directory)).toBe(false);
    await expect(fetch(portal.url)).rejects.toThrow('fetch failed');
  });

  test('starts again on the data of a portal that was killed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'callboard-e2e-'));
    cleanUp.push(() => rm(directory, { recursive: true }));
    const options = { ...(await database()), directory, args: ['--no-example'] };
    const first = await start(options);
    await first.kill();
    const second = await start(options);
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
  });
});

test('a portal that cannot start fails with what it said', async () => {
  const portal = await start({ args: ['--no-example'] });
  const port = Number(new URL(portal.url).port);
  const taken = await runCallboard([
    'start',
    '--no-example',
    '--port',
    String(port),
    '--data',
    join(portal.directory, 'other'),
  ]);
  expect(taken.code).not.toBe(0);
  expect(taken.stderr).toContain(String(port));
  await expect(startPortal({ args: ['--unknown-flag'] })).rejects.toThrow(
    /^The portal ended with \d+: callboard start --unknown-flag .*unknown-flag/s,
  );
});
