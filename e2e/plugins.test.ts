import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectAccessible, overflow, violations } from './support/axe.ts';
import { test } from './support/browser.ts';
import { component, temporaryFolder, writeFiles } from './support/files.ts';
import { buoy, codeHost, ferry, launch, quay, winch } from './support/plugins.ts';
import { runCallboard, startPortal } from './support/portal.ts';
import type { Portal } from './support/portal.ts';

const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
const examples = fileURLToPath(new URL('../examples/plugins/', import.meta.url));

describe('plugins in the browser', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let portal: Portal;
  let folder: string;
  let far: Server;
  let farWorks = true;
  const packages: Record<string, string> = {};

  const pack = async (name: string, path: string) => {
    const packed = await runCallboard(['plugin', 'pack', path], { cwd: folder });
    expect(packed.code, packed.stderr).toBe(0);
    packages[name] = join(folder, packed.stdout.split('\n')[0]!);
  };
  const build = async (name: string, files: Record<string, string>) => {
    await writeFiles(join(folder, name), files);
    if (files['vite.config.mjs']) {
      const child = spawn(process.execPath, [vite, 'build'], {
        cwd: join(folder, name),
        env: { ...process.env, NODE_ENV: 'production' },
        stdio: 'pipe',
      });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number];
      expect(code, said).toBe(0);
    }
    await pack(name, name);
  };
  const send = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${portal.url}/api/admin/plugins${path}`, {
      method,
      headers:
        body instanceof Uint8Array ? { 'content-type': 'application/gzip' } : { 'content-type': 'application/json' },
      body: body instanceof Uint8Array ? new Blob([body as Uint8Array<ArrayBuffer>]) : body && JSON.stringify(body),
    });
    const text = await response.text();
    expect(response.ok, text).toBe(true);
    return text === '' ? undefined : (JSON.parse(text) as { sha256: string });
  };
  const installNow = async (name: string) => {
    const staged = await send('POST', '/staged/upload', new Uint8Array(await readFile(packages[name]!)));
    await send('POST', '', { sha256: staged!.sha256 });
  };
  const main = (page: Page) => page.getByRole('main');
  const rail = (page: Page) => page.getByRole('navigation', { name: 'Main' });

  beforeAll(async () => {
    const temporary = await temporaryFolder();
    folder = temporary.folder;
    closing.push(() => temporary.remove());
    far = createServer((request, response) => {
      const yard = [
        { name: 'gull', afloat: true },
        { name: 'tern', afloat: false },
      ];
      const ships = request.url === '/ships' ? yard : [{ ship: `to ${request.url!.slice(1)}`, late: 65 }];
      response.writeHead(farWorks ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(ships));
    });
    far.listen(0, '127.0.0.1');
    await once(far, 'listening');
    closing.push(async () => far.close());
    await Promise.all([
      build('quay-1.0.0', quay('1.0.0')),
      build('quay-2.0.0', quay('2.0.0')),
      build('buoy', buoy),
      build('ferry', ferry((far.address() as AddressInfo).port)),
      pack('tides', join(examples, 'tides')),
      pack('dockyard', join(examples, 'dockyard')),
      build('winch', winch),
      build('code', codeHost),
    ]);
    await writeFiles(folder, { 'catalog-info.yaml': component('tide-service') + launch });
    portal = await startPortal({ args: [join(folder, 'catalog-info.yaml')] });
    closing.push(() => portal.stop());
  });
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  const spacing = (found: Locator) => found.evaluate((element) => getComputedStyle(element).letterSpacing);
  const service = '/catalog/default/component/tide-service';

  test('are looked at, agreed to and installed, and show at once', async ({ page, problems }) => {
    // A configuration that does not fit is refused.
    problems.allow(/status of 400 .*\/api\/admin\/plugins\)/);
    await page.goto(`${portal.url}/admin/plugins`);
    await page.getByRole('link', { name: 'Add a plugin' }).first().click();
    await page.getByLabel('Drop a tarball here').setInputFiles(packages['quay-1.0.0']!);
    await page.getByRole('heading', { name: 'Quay 1.0.0' }).waitFor();
    await page.getByText('In the page, with the rights of whoever looks at it').waitFor();
    await page.getByText('1 tab of entities:').waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(3);
    await page.getByRole('checkbox', { name: 'Call tides.example.com' }).uncheck();
    expect(await violations(page)).toEqual([]);
    expect(await rail(page).getByRole('link', { name: 'Quay berths' }).count()).toBe(0);
    await page.getByRole('textbox', { name: 'Harbour' }).fill('ab');
    await page.getByRole('button', { name: 'Install 1.0.0' }).click();
    await page.getByText('It was not installed').waitFor();
    await page.getByRole('textbox', { name: 'Harbour' }).fill('Leith');
    await page.getByRole('button', { name: 'Install 1.0.0' }).click();
    await page.waitForURL(`${portal.url}/admin/plugins/quay`);
    expect(await page.getByRole('checkbox', { name: 'Call tides.example.com' }).isChecked()).toBe(false);
    expect(await page.getByRole('checkbox', { name: 'Keep values' }).isChecked()).toBe(true);
    expect(await violations(page)).toEqual([]);

    await rail(page).getByRole('link', { name: 'Quay berths' }).click();
    await page.getByText('Version 1.0.0 of 1.0.0').waitFor();
    await page.getByText('Pier: north of teal').waitFor();
    await page.getByText('Ships: Aurora, Leith').waitFor();
    await page.getByText('lit by 1.0.0').waitFor();
    await page.getByRole('button', { name: 'Tie up' }).click();
    await page.getByRole('button', { name: 'Tie up' }).click();
    await page.getByText('Ropes: 2').waitFor();
    expect(await spacing(page.getByText('Ropes: 2'))).toBe('3px');
    await page.getByRole('button', { name: 'Lee side' }).click();
    await page.getByText('Side: lee').waitFor();
    expect(page.url()).toBe(`${portal.url}/plugins/quay/berths?side=lee`);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'All APIs' }).click();
    await page.waitForURL(`${portal.url}/catalog?kind=api`);
    await page.goto(`${portal.url}/plugins/quay/berths/north/7`);
    await page.getByText('behind: north/7').waitFor();
    // What the plugin has the portal draw looks as the portal draws it, also where that is the first of it in this tab.
    const again = page.getByRole('button', { name: /^Ask again/ });
    await again.waitFor();
    expect(await again.evaluate((button) => getComputedStyle(button).borderTopWidth)).toBe('0px');
    await page.goto(`${portal.url}/harbour-log`);
    await page.getByRole('heading', { level: 1, name: 'Harbour log' }).waitFor();
    await page.getByText('lit by 1.0.0').waitFor();
    await page.goto(`${portal.url}/admin/plugins/quay/pages/fees`);
    await page.getByText('Two coins a night').waitFor();
  });

  test('take lists with secrets in a form, and test them before they are saved', async ({ page }) => {
    await installNow('dockyard');
    await page.goto(`${portal.url}/admin/plugins/dockyard`);
    await page.getByText('Is called from outside by anybody, without signing in: A yard tells of a ship').waitFor();
    await page.getByText('Works in the background every minute: Looks which ships float').waitFor();
    await page.getByRole('button', { name: 'Add to Yards' }).click();
    const port = (far.address() as AddressInfo).port;
    await page.getByRole('textbox', { name: 'Address' }).fill(`http://127.0.0.1:${port}`);
    await page.getByLabel('Token').fill('tar');
    await page.getByRole('button', { name: 'Test the connections' }).click();
    await page.getByRole('status', { name: 'What the test found' }).getByText('2 ships').waitFor();
    await page.getByRole('button', { name: 'Save configuration' }).click();
    await page.getByText('Saved').waitFor();
    await page.reload();
    await page.getByPlaceholder('Is set. Write another to replace it').waitFor();
    expect(await page.getByRole('textbox', { name: 'Address' }).inputValue()).toBe(`http://127.0.0.1:${port}`);
    expect(await violations(page)).toEqual([]);
  });

  test('add columns to the catalog list, which are asked for when they are chosen', async ({ page, problems }) => {
    // The task that looks which ships float begins again, now that it knows the yard.
    await send('POST', '/dockyard/disable');
    await send('POST', '/dockyard/enable');
    const entities = ['component:default/gull', 'component:default/tern'];
    const known = async () => {
      const response = await fetch(`${portal.url}/api/plugins/columns`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ entities, columns: ['dockyard:afloat'] }),
      });
      const { items } = (await response.json()) as { items: { cells: object }[] };
      return Object.keys(items[0]?.cells ?? {}).length;
    };
    await expect.poll(known, { timeout: 30_000 }).toBe(2);
    let asked = 0;
    page.on('request', (request) => (asked += Number(request.url().endsWith('/api/plugins/columns'))));

    await page.goto(`${portal.url}/catalog?kind=component&columns=name,owner`);
    const cell = (name: string) => page.locator(`tr[data-ref="component:default/${name}"] td`).last();
    await page.getByRole('link', { name: 'gull' }).waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    const afloat = page.getByRole('checkbox', { name: 'Afloat Dockyard' });
    expect(await afloat.isChecked()).toBe(false);
    expect(asked).toBe(0);
    await afloat.check();
    await page.waitForURL(/columns=name,owner,dockyard:afloat$/);
    await page.keyboard.press('Escape');
    await cell('gull').locator('[data-level=ok]').getByText('afloat', { exact: true }).waitFor();
    await cell('tern').locator('[data-level=failing]').getByText('sunk', { exact: true }).waitFor();
    expect(await cell('tide-service').innerText()).toBe('');
    const head = page.getByRole('columnheader', { name: 'Afloat' });
    expect(await head.getByRole('link').count()).toBe(0);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('Columns of plugins are left out').waitFor();
    await page.keyboard.press('Escape');
    await expectAccessible(page);
    await page.setViewportSize({ width: 1280, height: 900 });

    // Where it cannot be asked, the list is as it was.
    problems.allow(/status of 403 .*\/api\/plugins\/columns\)/);
    await page.route('**/api/plugins/columns', (route) => route.fulfill({ status: 403, json: {} }));
    await page.goto(`${portal.url}/catalog?columns=name,dockyard:afloat,none:such&sort=dockyard:afloat`);
    await page
      .getByTitle(/^Not known: Dockyard could not be asked/)
      .first()
      .waitFor();
    expect(await page.getByRole('columnheader', { name: 'none:such' }).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });

  test('have buttons in views, which ask before they act', async ({ page }) => {
    await installNow('winch');
    await page.goto(`${portal.url}/plugins/winch/rope`);
    await page.getByText('10 fathoms').waitFor();
    await page.getByRole('button', { name: 'Haul in' }).click();
    await page.getByText('Four fathoms come in.').waitFor();
    await page.getByRole('button', { name: 'Haul in' }).click();
    await page.getByText('6 fathoms').waitFor();
    // Somebody else does it, and the page follows.
    await fetch(`${portal.url}/api/plugins/winch/haul/4`, { method: 'POST' });
    await page.getByText('2 fathoms').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('add tabs and cards to entities, their own and those that the portal draws', async ({ page }) => {
    await installNow('tides');
    await installNow('ferry');
    await page.goto(portal.url + service);
    await main(page).getByRole('region', { name: 'Flag' }).getByText('Flies the flag of tide-service').waitFor();
    await main(page).getByRole('region', { name: 'Tide' }).getByText('No tide is noted').waitFor();
    const relations = main(page).getByRole('region', { name: 'Relations' });
    await relations.getByText('Nothing refers to it, and it refers to nothing but its owner.').waitFor();
    const checks = main(page).getByRole('region', { name: 'Checks' });
    await checks.getByRole('listitem', { name: 'Its tide is noted: fails' }).waitFor();
    const ferries = main(page).getByRole('region', { name: 'Next ferries' });
    await ferries.getByRole('cell', { name: 'to tide-service' }).waitFor();
    await ferries.getByRole('cell', { name: '1 h 5 min' }).waitFor();
    // Where a card has neither figures nor words, there is none.
    const wrecks = main(page).locator('section[aria-label="Wrecks"]');
    await wrecks.locator('[data-nothing]').waitFor({ state: 'attached' });
    expect(await wrecks.isVisible()).toBe(false);
    expect(await violations(page)).toEqual([]);

    // What cannot be asked again is shown with its age.
    farWorks = false;
    await ferries.getByRole('button', { name: 'Ask again for Ships' }).click();
    await ferries.getByText('Not up to date').waitFor();
    await ferries.getByRole('cell', { name: 'to tide-service' }).waitFor();
    farWorks = true;

    // A box that wants to cover everything covers the card.
    await page.getByRole('button', { name: 'Reach out' }).click();
    await page.getByText('is no route of the plugin quay').waitFor();
    await page.getByRole('link', { name: 'Ropes' }).click();
    await page.getByText('tide-service hangs on component:default/tide-service').waitFor();
    expect(page.url()).toBe(`${portal.url}${service}/quay%3Aropes`);
    await page.getByRole('link', { name: 'Ferries' }).click();
    await page.getByRole('cell', { name: 'to tide-service' }).waitFor();
  });

  test('are updated and rolled back while a page is open', async ({ page }) => {
    await page.goto(`${portal.url}/plugins/quay/berths`);
    await page.getByText('Version 1.0.0 of 1.0.0').waitFor();
    await page.evaluate(() => void ((globalThis as { kept?: boolean }).kept = true));
    await installNow('quay-2.0.0');
    await page.getByText('Version 2.0.0 of 2.0.0').waitFor();
    expect(await spacing(page.getByText('Ropes: 0'))).toBe('5px');
    await page.getByText('lit by 2.0.0').waitFor();
    await page.getByText('1.0.0 has run in this page before').waitFor();
    await rail(page).getByRole('link', { name: 'Admin' }).click();
    await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'Plugins' }).click();
    await page.getByRole('table', { name: 'Plugins' }).getByRole('link', { name: 'Quay' }).click();
    await page.getByRole('button', { name: 'Use 1.0.0' }).click();
    await page.getByRole('group', { name: 'Use 1.0.0' }).getByRole('button', { name: 'Use' }).click();
    await page.getByRole('button', { name: 'Use 2.0.0' }).waitFor();
    await rail(page).getByRole('link', { name: 'Quay berths' }).click();
    await page.getByText('Version 1.0.0 of 1.0.0').waitFor();
    expect(await spacing(page.getByText('Ropes: 0'))).toBe('3px');
    expect(await page.evaluate(() => (globalThis as { kept?: boolean }).kept)).toBe(true);
  });

  test('fail in their own place, with their name and version', async ({ page, problems }) => {
    problems.allow(/It ran aground/);
    await page.goto(`${portal.url}/plugins/quay/wreck`);
    await page.getByText('Page “Wreck” of Quay 1.0.0 failed').waitFor();
    await page.getByText('It ran aground').waitFor();
    expect(await violations(page)).toEqual([]);
    await rail(page).getByRole('link', { name: 'Quay berths' }).click();
    await page.getByText('Version 1.0.0 of 1.0.0').waitFor();
  });

  test('run nothing but what was installed', async ({ page, problems }) => {
    problems.allow(/integrity|not the one that was installed/);
    await page.route('**/api/plugins/quay/files/**', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()};document.title = 'tampered';` });
    });
    await page.goto(`${portal.url}/plugins/quay/berths`);
    await page.getByText('Page “Berths” of Quay 1.0.0 failed').waitFor();
    await page.getByText('Its file dist/web.js could not be read, or is not the one that was installed.').waitFor();
    expect(await page.title()).toBe('Berths · Callboard');
  });

  test('with a frame of their own see neither the page nor the session', async ({ page }) => {
    await installNow('buoy');
    await page.goto(`${portal.url}/plugins/buoy/bell`);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('heading', { name: 'Buoy rings at 7 fathoms' }).waitFor();
    await frame.getByText('cookie refused, storage refused, parent refused, portal refused').waitFor();
    await frame.getByText('is no route of the plugin buoy').waitFor();
    expect(await spacing(frame.getByRole('heading'))).toBe('4px');
    expect(await violations(page)).toEqual([]);
    await frame.getByRole('button', { name: 'To the berths' }).click();
    await page.getByText('Version 1.0.0 of 1.0.0').waitFor();
  });

  test('stand on the home page, and go when they are disabled', async ({ page, problems }) => {
    // The page may ask for what it shows in the moment in which the plugin goes.
    problems.allow(/status of 503 .*\/api\/plugins\/quay\/views\/lamp\)/);
    await page.goto(portal.url);
    await page.getByRole('region', { name: 'Harbour lamp' }).getByText('lit by 1.0.0').waitFor();
    await send('POST', '/quay/disable');
    await rail(page).getByRole('link', { name: 'Quay berths' }).waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Harbour lamp' }).waitFor({ state: 'detached' });
    await page.goto(`${portal.url}/plugins/quay/berths`);
    await page.getByText('No plugin quay is on').waitFor();
  });

  test('that serve a host of code complete what a template asks of it', async ({ page, problems }) => {
    // What would be made cannot be said before everything is filled in.
    problems.allow(/status of 400 .*\/plan\)/);
    await installNow('code');
    await page.goto(`${portal.url}/create/templates/default/launch`);
    const field = (name: string) => page.getByRole('combobox', { name, exact: true });
    const option = (name: string) => page.getByRole('option', { name, exact: true });
    await expect.poll(() => field('Host').inputValue()).toBe('code.example.com');
    await field('Group').fill('fl');
    await option('fleet').click();
    await field('Repository').fill('sh');
    await option('fleet-ship').click();
    await field('Branch').fill('ne');
    await option('fleet-ship-next').click();
    expect(await field('Branch').inputValue()).toBe('fleet-ship-next');
    expect(await violations(page)).toEqual([]);
  });

  test('without code are tried out before they are written', async ({ page }) => {
    await page.goto(`${portal.url}/admin/plugins/-/preview`);
    await page.getByRole('cell', { name: 'Aurora' }).waitFor();
    await page.getByRole('textbox', { name: 'jq program' }).fill('{model: "stat", items: [{label: "Ships"}]}');
    await page.getByText('It is not the view model yet').waitFor();
    await page.getByRole('combobox', { name: 'View model' }).selectOption('stat');
    await page
      .getByRole('textbox', { name: 'jq program' })
      .fill('{model: "stat", items: [{label: "Ships", value: (.ships | length)}]}');
    await page.getByRole('definition').getByText('2').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test.for([
    ['admin/plugins', 'Plugins'],
    ['admin/plugins/ferry', 'Ferry'],
    ['admin/plugins/-/add', 'Add a plugin'],
  ])('can be managed by everyone: %s', async ([path, title], { page }) => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(`${portal.url}/${path}`);
      await page.getByRole('heading', { level: 1, name: title! }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
  });
});
