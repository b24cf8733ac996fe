/**
 * `npm run screenshots [-- FOLDER]`: every page in light, dark and phone width, from the portal as it is, with the example company. With `--readme`
 * (and names, if not all) it makes the pictures in docs/images anew. Each repository of the company becomes a real one in a temporary folder, at an
 * address that git is told to look for there; nothing is asked of the network.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { findChromium } from '../e2e/support/chromium.ts';
import { startPortal } from '../e2e/support/portal.ts';
import { readPng, writePng } from './png.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const company = join(root, 'examples/company');
const images = join(root, 'docs/images');
const host = 'https://git.tidelane.example';

/** Not read at the start, so that the page for registering has something to look at. */
const unregistered = 'assistant-kit';
/** Claims a name that another repository has: read last, so that the other one keeps it. */
const last = 'timetable-widget';

const usualSize = { width: 1280, height: 800 };

/** The pictures of the documentation: their address, how it is prepared, and the colour scheme. */
const pictures = [
  { name: 'home', path: '/' },
  { name: 'catalog', path: '/catalog?kind=component' },
  { name: 'entity', path: '/catalog/default/component/sailings' },
  { name: 'problems', path: '/problems' },
  { name: 'import', path: '/catalog-import', prepare: lookAtRepository },
  { name: 'catalog-dark', path: '/catalog?kind=api', scheme: 'dark' },
];

/** Every page, with states that are easily forgotten. */
const pages = {
  home: '/',
  catalog: '/catalog?kind=component',
  'catalog-all': '/catalog?kind=all',
  'catalog-grouped': '/catalog?kind=component&group=owner',
  'catalog-empty': '/catalog?kind=component&q=nothing+is+called+this',
  component: '/catalog/default/component/sailings',
  'component-relations': '/catalog/default/component/sailings/relations',
  'component-impact': '/catalog/default/component/sailings/impact',
  'component-apis': '/catalog/default/component/sailings/api',
  'component-history': '/catalog/default/component/fares-studio/history',
  'component-source': '/catalog/default/component/sailings/source',
  api: '/catalog/default/api/sailings-api',
  'api-definition': '/catalog/default/api/sailings-api/definition',
  group: '/catalog/default/group/sailings',
  system: '/catalog/default/system/timetable',
  'entity-missing': '/catalog/default/component/salings',
  apis: '/api-docs',
  search: '/search?query=sailings',
  graph: '/catalog-graph?rootEntityRefs[]=component:default/sailings',
  landscape: '/landscape',
  organization: '/org',
  problems: '/problems',
  register: '/catalog-import',
  sources: '/admin/sources',
  health: '/admin/health',
  jobs: '/admin/jobs',
  events: '/admin/events',
  outbound: '/admin/outbound',
  configuration: '/admin/configuration',
  'not-found': '/no-such-page',
};

const phone = { width: 390, height: 844 };
const everyPage = Object.entries(pages).flatMap(([name, path]) => [
  { name: `${name}-light`, path },
  { name: `${name}-dark`, path, scheme: 'dark' },
  { name: `${name}-phone`, path, size: phone },
]);

async function lookAtRepository(page) {
  await page.getByRole('textbox', { name: /^Address/ }).fill(`${host}/${unregistered}.git`);
  await page.getByRole('button', { name: 'Look' }).click();
  await page.getByRole('button', { name: /^Register/ }).waitFor();
}

/** What people change after the first reading, so that there is something to see under the latest changes. */
const changes = [
  { name: 'foghorn', author: 'Hanna Lindqvist', from: 'in their language, once.', to: 'once, in their language.' },
  { name: 'libraries', author: 'Eilidh Munro', from: 'Young, two services', to: 'Young, three services' },
  { name: 'terminals', author: 'Owen Pritchard', from: 'lifecycle: experimental', to: 'lifecycle: deprecated' },
  { name: 'fares', author: 'Grace Mwangi', from: 'lifecycle: experimental', to: 'lifecycle: production' },
];

const firstAuthor = 'Eilidh Munro';

function git(folder, author, ...args) {
  const email = `${author.toLowerCase().replaceAll(' ', '.')}@tidelane.example`;
  const identity = ['-c', `user.name=${author}`, '-c', `user.email=${email}`];
  execFileSync('git', ['-C', folder, ...identity, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Makes a repository of each folder of the company that has a descriptor. Returns their names. */
function makeRepositories(folder) {
  const names = readdirSync(company).filter((name) => existsSync(join(company, name, 'catalog-info.yaml')));
  for (const name of names) {
    const path = join(folder, `${name}.git`);
    cpSync(join(company, name), path, { recursive: true });
    git(path, firstAuthor, 'init', '--quiet', '--initial-branch=main');
    git(path, firstAuthor, 'add', '--all');
    git(path, firstAuthor, 'commit', '--quiet', '--message', 'Describe what is here');
  }
  return names;
}

function commitChange(folder, { name, author, from, to }) {
  const path = join(folder, `${name}.git`);
  const file = join(path, 'catalog-info.yaml');
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${name} has no "${from}" to change`);
  writeFileSync(file, text.replace(from, to));
  git(path, author, 'commit', '--quiet', '--all', '--message', 'Bring the descriptor up to date');
}

const configuration = (names) =>
  [
    'organization: { name: Tidelane }',
    'catalog:',
    '  locations:',
    ...names.map((name) => `    - { type: git, target: '${host}/${name}.git' }`),
    '',
  ].join('\n');

async function until(what, condition) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`30 s have passed, and ${what} is not the case`);
}

async function readAgain(url, name) {
  const { items } = await (await fetch(`${url}/api/catalog/sources`)).json();
  const { id } = items.find(({ target }) => target === `${host}/${name}.git`);
  await fetch(`${url}/api/catalog/sources/${id}/refresh`, { method: 'POST' });
}

async function changesSince(url, cursor) {
  const { events } = await (await fetch(`${url}/api/events?after=${cursor}&types=catalog.entity.updated`)).json();
  return events.length;
}

/** One family for all weights and a real one for code: what a machine without a desktop mixes is not what people see. */
function fontsFor(env) {
  if (!env.FONTCONFIG_FILE || !existsSync('/usr/share/fonts')) return env;
  const prefer = (family, fonts) =>
    `<match target="pattern"><test name="family" compare="eq"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong">${fonts
      .map((font) => `<string>${font}</string>`)
      .join('')}</edit></match>`;
  const sans = ['Inter', 'Noto Sans', 'Lato', 'DejaVu Sans'];
  const code = ['JetBrains Mono', 'Noto Sans Mono', 'DejaVu Sans Mono'];
  const file = join(scratch, 'fonts.conf');
  const rules = [
    ...['system-ui', 'sans-serif', 'sans'].map((family) => prefer(family, sans)),
    prefer('monospace', code),
  ];
  const text = readFileSync(env.FONTCONFIG_FILE, 'utf8')
    .replace('</fontconfig>', `${rules.join('')}</fontconfig>`)
    // The browser's own has one weight only.
    .replace(/<dir>[^<]*node_modules[^<]*<\/dir>/, '');
  writeFileSync(file, text);
  return { ...env, FONTCONFIG_FILE: file };
}

async function takePictures(url, chosen, folder) {
  const { executablePath, env: found } = findChromium();
  const env = fontsFor(found);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
    env: { ...process.env, ...env },
  });
  try {
    for (const { name, path, prepare, scheme = 'light', size = usualSize } of chosen) {
      const context = await browser.newContext({
        viewport: size,
        colorScheme: scheme,
        reducedMotion: 'reduce',
        locale: 'en-GB',
      });
      const page = await context.newPage();
      await page.goto(url + path, { waitUntil: 'load' });
      await page.locator('main :is(h1, h2)').first().waitFor();
      // The event stream stays open, so the network is never idle: what counts is that nothing is being loaded.
      await until(`${path} is loaded`, async () => (await page.locator('[aria-busy=true]').count()) === 0);
      // Parts of a page that come one after the other show grey lines until then; the picture of one that never comes shows them.
      const skeletons = page.locator('main [role=status][aria-label]');
      for (let wait = 0; wait < 40 && (await skeletons.count()) > 0; wait += 1) await page.waitForTimeout(100);
      await prepare?.(page);
      await page.waitForTimeout(500);
      const bytes = writePng(readPng(await page.screenshot({ animations: 'disabled', caret: 'hide' })));
      writeFileSync(join(folder, `${name}.png`), bytes);
      process.stdout.write(`${name}.png  ${Math.round(bytes.length / 1000)} kB\n`);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { readme: { type: 'boolean', default: false } },
});
const wanted = values.readme ? positionals : [];
const chosen = values.readme ? pictures.filter(({ name }) => wanted.length === 0 || wanted.includes(name)) : everyPage;
const folder = values.readme ? images : resolve(positionals[0] ?? join(root, '.screenshots'));
const scratch = mkdtempSync(join(tmpdir(), 'callboard-pictures-'));
let portal;
try {
  mkdirSync(folder, { recursive: true });
  const repositories = join(scratch, 'repositories');
  const names = makeRepositories(repositories).filter((name) => name !== unregistered && name !== last);
  const home = join(scratch, 'home');
  mkdirSync(home);
  writeFileSync(join(home, '.gitconfig'), `[url "file://${repositories}/"]\n  insteadOf = ${host}/\n`);
  writeFileSync(join(scratch, 'callboard.yaml'), configuration([...names, last]));
  portal = await startPortal({ cwd: scratch, directory: join(scratch, 'data'), env: { HOME: home } });
  await until('the first reading', () => /^Read \d+ entities/m.test(portal.output()));
  const { cursor } = await (await fetch(`${portal.url}/api/events`)).json();
  for (const [done, change] of changes.entries()) {
    commitChange(repositories, change);
    await readAgain(portal.url, change.name);
    await until('the change is read', async () => (await changesSince(portal.url, cursor)) > done);
  }
  await takePictures(portal.url, chosen, folder);
} finally {
  await portal?.stop();
  rmSync(scratch, { recursive: true, force: true });
}
