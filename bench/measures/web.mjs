import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { untilQueryable } from '../support/catalog.mjs';
import { launchBrowser, openPage } from '../support/browser.mjs';
import { askJson } from '../support/http.mjs';
import { removeFolder, root, startPortal, temporaryFolder } from '../support/portal.mjs';
import { summary } from '../support/statistics.mjs';

const built = join(root, 'packages/web/dist');
const slowdown = 4;
const firstRows = 50;
/** High enough to have that many rows on the screen. */
const tall = 2200;
const restMs = 1500;

/** Documents to read; of a kind that the generated catalog has none of. */
function writeDocuments(folder) {
  const descriptor =
    'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: documented\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec:\n  type: docs\n  steps: []\n';
  const text = Array.from({ length: 20 }, (_, index) => `## Part ${index}\n\n${'Words to be read. '.repeat(40)}\n`);
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'catalog-info.yaml'), descriptor);
  writeFileSync(join(folder, 'docs/index.md'), `# Documented\n\n${text.join('\n')}`);
}

/** Pages that every portal has, and the first entity of some kinds. */
async function routes(url) {
  const entity = async (kind) => {
    const path = `/api/catalog/entities/by-query?limit=1&filter=kind=${kind}&fields=metadata.name,metadata.namespace`;
    const { items } = await askJson(`${url}${path}`);
    const { name, namespace = 'default' } = items[0].metadata;
    return `/catalog/${namespace}/${kind}/${name}`;
  };
  const component = await entity('component');
  return {
    home: '/',
    catalog: '/catalog',
    component,
    relations: `${component}/relations`,
    source: `${component}/source`,
    group: await entity('group'),
    api: await entity('api'),
    apis: '/api-docs',
    docs: '/docs',
    reader: '/docs/default/template/documented',
    search: '/search?query=payments',
    landscape: '/landscape',
    organization: '/org',
    graph: '/catalog-graph',
    problems: '/problems',
    register: '/catalog-import',
    sources: '/admin/sources',
    admin: '/admin/health',
  };
}

const gzipBytes = (path) => {
  const file = join(built, path);
  return existsSync(`${file}.gz`) ? readFileSync(`${file}.gz`).length : readFileSync(file).length;
};

const kilobytes = (paths, extension) =>
  Math.round(paths.filter((path) => path.endsWith(extension)).reduce((sum, path) => sum + gzipBytes(path), 0) / 100) /
  10;

/** What a route brings until it is shown, and what comes while it is at rest; and how much it moves while it builds up. */
async function measureRoute(browser, url, path) {
  const page = await openPage(browser, { slowdown: 1 });
  await page.addInitScript(() => {
    globalThis.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const loaded = new Set();
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/\.(js|css)$/.test(pathname)) loaded.add(pathname);
  });
  await page.goto(url + path, { waitUntil: 'load' });
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll('main [role=status][aria-label^=Loading]').length === 0);
  const shown = [...loaded];
  await page.waitForTimeout(restMs);
  const shift = await page.evaluate(() => globalThis.shifted);
  await page.context().close();
  return {
    jsKb: kilobytes(shown, '.js'),
    cssKb: kilobytes(shown, '.css'),
    atRestJsKb: kilobytes(
      [...loaded].filter((each) => !shown.includes(each)),
      '.js',
    ),
    layoutShift: Math.round(shift * 10_000) / 10_000,
    files: shown,
  };
}

/** Resolves with the milliseconds from the start of the page, or from `act`, until that many rows are drawn. */
const untilRows = (page, count) =>
  page.evaluate(
    (rows) =>
      new Promise((done, fail) => {
        const began = globalThis.began ?? 0;
        const look = () => {
          const shown = document.querySelectorAll('tbody [data-row-link]').length;
          if (shown >= rows) done(performance.now() - began);
          else if (performance.now() - began > 30_000)
            fail(new Error(`Only ${shown} of ${rows} rows came within 30 s.`));
          else requestAnimationFrame(look);
        };
        look();
      }),
    count,
  );

async function measureFirstRows(browser, url) {
  const page = await openPage(browser, { slowdown, height: tall });
  await page.goto(`${url}/catalog?kind=component`, { waitUntil: 'commit' });
  const coldMs = await untilRows(page, firstRows);
  await page.waitForTimeout(restMs);
  await page.getByRole('link', { name: 'Home', exact: true }).first().click();
  await page.waitForURL(`${url}/`);
  await page.waitForTimeout(restMs);
  await page.evaluate(() => {
    globalThis.began = performance.now();
    document.querySelector('aside a[href="/catalog"]').click();
  });
  const laterMs = await untilRows(page, firstRows);
  await page.context().close();
  return { coldMs, laterMs };
}

/** From the click on a facet until other rows stand there and their number is told. */
async function measureFilter(browser, url) {
  const page = await openPage(browser, { slowdown });
  await page.goto(`${url}/catalog?kind=component`);
  await untilRows(page, 20);
  await page.waitForTimeout(restMs);
  const choice = page.getByRole('complementary', { name: 'Filters' }).locator('a[href*="type="]').first();
  const ms = await choice.evaluate(
    (link) =>
      new Promise((done, fail) => {
        const told = () => document.querySelector('main [role=status]')?.textContent;
        const before = told();
        const began = performance.now();
        link.click();
        const look = () => {
          if (told() !== before && document.querySelector('tbody [data-row-link]')) done(performance.now() - began);
          else if (performance.now() - began > 30_000) fail(new Error('The filter changed nothing within 30 s.'));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  await page.context().close();
  return ms;
}

/** The longest time between two frames while the whole table goes by, three quarters of a screen at a time. */
async function measureScroll(browser, url) {
  const page = await openPage(browser, { slowdown });
  await page.goto(`${url}/catalog?kind=all`);
  await untilRows(page, 20);
  await page.waitForTimeout(restMs);
  const frames = await page.evaluate(
    () =>
      new Promise((done) => {
        const lengths = [];
        let last = performance.now();
        const step = () => {
          const now = performance.now();
          lengths.push(now - last);
          last = now;
          const before = scrollY;
          scrollBy(0, innerHeight * 0.75);
          if (scrollY === before || lengths.length > 20_000) done(lengths);
          else requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
  );
  await page.context().close();
  return { longestMs: Math.max(...frames.slice(1)), frames: frames.length };
}

/** From each key until the palette shows what it found; the median of the keys of a word. */
async function measurePalette(browser, url) {
  const page = await openPage(browser, { slowdown });
  await page.goto(`${url}/catalog`);
  await untilRows(page, 20);
  await page.waitForTimeout(restMs);
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search or type a command' });
  await field.waitFor();
  await page.waitForTimeout(restMs);
  await page.evaluate(() => {
    globalThis.shownAfter = [];
    let pressed;
    addEventListener('keydown', () => (pressed = performance.now()), true);
    new MutationObserver(() => {
      if (pressed === undefined || !document.querySelector('[role=option] mark')) return;
      const since = pressed;
      pressed = undefined;
      requestAnimationFrame(() => globalThis.shownAfter.push(performance.now() - since));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  for (const key of 'servi') {
    await page.keyboard.press(key);
    await page.waitForTimeout(600);
  }
  const times = await page.evaluate(() => globalThis.shownAfter);
  await page.context().close();
  if (times.length === 0) throw new Error('The palette showed nothing that was found.');
  return times;
}

/** How heavy each route is, and how soon the catalog answers on a processor four times slower than this one. */
export async function measureWeb({ database, catalog, repeats }) {
  const store = await database.create();
  const documents = temporaryFolder('web-docs');
  writeDocuments(documents);
  const portal = await startPortal({ store, sources: [catalog.source, documents] });
  const browser = await launchBrowser();
  try {
    await untilQueryable(portal.url, catalog.manifest, 60_000);
    const perRoute = {};
    let common;
    for (const [name, path] of Object.entries(await routes(portal.url))) {
      const { files, ...figures } = await measureRoute(browser, portal.url, path);
      common ??= new Set(files);
      const added = files.filter((file) => !common.has(file));
      perRoute[name] = { ...figures, addedJsKb: kilobytes(added, '.js'), addedCssKb: kilobytes(added, '.css') };
    }
    const runs = { coldMs: [], laterMs: [], filterMs: [], scrollMs: [], paletteMs: [] };
    for (let run = 0; run < repeats; run += 1) {
      const { coldMs, laterMs } = await measureFirstRows(browser, portal.url);
      runs.coldMs.push(coldMs);
      runs.laterMs.push(laterMs);
      runs.filterMs.push(await measureFilter(browser, portal.url));
      runs.scrollMs.push((await measureScroll(browser, portal.url)).longestMs);
      runs.paletteMs.push(...(await measurePalette(browser, portal.url)));
    }
    return {
      database: database.name,
      entities: catalog.manifest.n,
      slowdown,
      routes: perRoute,
      largestLayoutShift: Math.max(...Object.values(perRoute).map(({ layoutShift }) => layoutShift)),
      catalogFirstRowsMs: { cold: summary(runs.coldMs), later: summary(runs.laterMs) },
      filterMs: summary(runs.filterMs),
      longestFrameInScrollMs: summary(runs.scrollMs),
      paletteMs: summary(runs.paletteMs),
    };
  } finally {
    await browser.close();
    await portal.stop();
    await store.remove();
    removeFolder(documents);
  }
}
