import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, askJson, pause } from '../support/http.mjs';
import { removeFolder, root, startPortal, temporaryFolder } from '../support/portal.mjs';
import { latencies, rounded, summary } from '../support/statistics.mjs';

const pages = 500;
/** First pages that are read, of each kind. */
const tries = 5;
const patienceMs = 60_000;
const command = join(root, 'packages/cli/bin/callboard.js');
const descriptor = (name) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec:\n  type: documentation\n  lifecycle: production\n  owner: nobody\n`;

/** Runs a program to its end on one core, where the system can hold it there; wall time. */
function timed(program, args, options = {}) {
  const pinned = process.platform === 'linux' && existsSync('/usr/bin/taskset');
  const started = performance.now();
  const [name, rest] = pinned ? ['/usr/bin/taskset', ['-c', '0', program, ...args]] : [program, args];
  const { status, stderr, error } = spawnSync(name, rest, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.slice(-500)}`);
  return performance.now() - started;
}

/** The configuration for MkDocs, where it is not the same as ours. */
const configFor = (folder) => (existsSync(join(folder, 'mkdocs-material.yml')) ? 'mkdocs-material.yml' : 'mkdocs.yml');

/** The same site without search index and colours, as both read it. */
function withoutExtras(folder) {
  const bare = temporaryFolder('docs-bare');
  cpSync(folder, bare, { recursive: true });
  for (const name of new Set(['mkdocs.yml', configFor(bare)])) {
    const written = readFileSync(join(bare, name), 'utf8');
    const colours = /^ +- pymdownx\./m.test(written) ? 'pymdownx.highlight' : 'codehilite';
    writeFileSync(
      join(bare, name),
      written
        .replace(/^plugins:\n(?: .*\n?)*/m, 'plugins: []\n')
        .replace(/^ +- (?:codehilite|pymdownx\.highlight)\b.*\n(?: {4,}\w.*\n)*/gm, '')
        .replace(/^markdown_extensions:\n/m, `$&  - ${colours}:\n      use_pygments: false\n`),
    );
  }
  return bare;
}

/** Builds a site from nothing, again and again. */
function measureBuild(folder, repeats) {
  const times = Array.from({ length: repeats }, (_, run) => {
    const out = `${folder}-site-${run}`;
    const time = timed(process.execPath, [command, 'docs', 'build', folder, '-o', out]);
    removeFolder(out);
    return time;
  });
  return summary(times);
}

/** MkDocs of this machine, or why it is not measured. */
function measureMkdocs(folder, repeats) {
  const found = spawnSync('mkdocs', ['--version'], { encoding: 'utf8' });
  if (found.status !== 0) return { skipped: 'mkdocs is not installed' };
  const config = configFor(folder);
  const times = Array.from({ length: repeats }, () =>
    timed('mkdocs', ['build', '-q', '-f', config, '-d', join(folder, 'mkdocs-site')], { cwd: folder }),
  );
  return { version: found.stdout.trim(), config, buildMs: summary(times) };
}

async function until(check) {
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(5))
    if (await check().catch(() => false)) return;
  throw new Error('The documents were not there in time.');
}

const describe = (folder, name) => writeFileSync(join(folder, 'catalog-info.yaml'), descriptor(name));

/** A page of a site in a portal, and the milliseconds until it was there. */
async function read(portal, name, path) {
  const started = performance.now();
  const site = `${portal.url}/api/techdocs/sites/default/component/${name}`;
  const answer = await askJson(`${site}/page?path=${encodeURIComponent(path)}`);
  if (!answer.html) throw new Error(`There is no page ${path}.`);
  return { ms: performance.now() - started, isPlain: answer.isPlain === true };
}

/** Waits for an entity as somebody does who looks at its page, or in a list of all, which tells the portal nothing of documents. */
const untilKnown = (portal, name, isNear = true) =>
  until(async () => {
    const path = isNear ? `/by-name/component/default/${name}` : '?fields=metadata.name';
    const { status, text } = await ask(`${portal.url}/api/catalog/entities${path}`);
    return status === 200 && text.includes(`"${name}"`);
  });

const pagesOf = async (portal, name) => {
  const { items } = await askJson(`${portal.url}/api/techdocs/sites`);
  return items.find(({ entityRef }) => entityRef === `component:default/${name}`)?.pages;
};

/** The first page of a site in a portal that has just been started with new data, and the same page once its code has colours. */
async function firstOfAll(database, folder, isNear) {
  const store = await database.create();
  const portal = await startPortal({ store, sources: [folder] });
  try {
    await untilKnown(portal, 'bench', isNear);
    const started = performance.now();
    const { ms } = await read(portal, 'bench', '');
    await until(async () => !(await read(portal, 'bench', '')).isPlain);
    return { ms, colouredMs: performance.now() - started };
  } finally {
    await portal.stop();
    await store.remove();
  }
}

/** First pages of sites that nobody has read, each in one try: there is no second one. */
async function measureFirstPages(database, folder) {
  describe(folder, 'bench');
  const times = { near: [], far: [] };
  for (let run = 0; run < tries; run += 1) {
    times.near.push(await firstOfAll(database, folder, true));
    times.far.push(await firstOfAll(database, folder, false));
  }
  return {
    afterStart: summary(times.near.map(({ ms }) => ms)),
    afterStartColoured: summary(times.near.map(({ colouredMs }) => colouredMs)),
    afterStartByAddress: summary(times.far.map(({ ms }) => ms)),
  };
}

/** Pages in a portal to which one site after the other comes. */
async function measurePages(database, folder) {
  const store = await database.create();
  const sites = temporaryFolder('docs-sites');
  const place = (number) => join(sites, String(number));
  rmSync(join(folder, 'catalog-info.yaml'));
  for (let number = 0; number < tries; number += 1) cpSync(folder, place(number), { recursive: true });
  const portal = await startPortal({ store, sources: [sites] });
  try {
    const first = [];
    for (let number = 0; number < tries; number += 1) {
      const name = `bench-${number}`;
      describe(place(number), name);
      await untilKnown(portal, name);
      first.push((await read(portal, name, '')).ms);
      await until(async () => (await pagesOf(portal, name)) === pages);
    }
    const { pages: all } = await askJson(`${portal.url}/api/techdocs/sites/default/component/bench-0`);
    const time = async (path) => (await read(portal, 'bench-0', path)).ms;
    const cached = [];
    for (let count = 0; count < 300; count += 1) cached.push(await time(all[count % 20].path));
    const changed = [];
    for (let count = 0; count < 20; count += 1) {
      const { path } = all[count + 30];
      appendFileSync(join(place(0), 'docs', `${path}.md`), `\nA line that was not there before: ${count}.\n`);
      // What was read a moment ago is taken for current for a second.
      await pause(1_050);
      changed.push(await time(path));
    }
    return { newSite: summary(first), changed: latencies(changed), cached: latencies(cached) };
  } finally {
    await portal.stop();
    await store.remove();
    removeFolder(sites);
  }
}

/** A site of 500 pages: built as a whole from nothing, and read page by page from a portal. */
export async function measureDocs(database, { generator, repeats }) {
  const folder = temporaryFolder('docs');
  const made = JSON.parse(execFileSync(process.execPath, [generator, String(pages), folder], { encoding: 'utf8' }));
  const bare = withoutExtras(folder);
  try {
    const wholeMs = measureBuild(folder, repeats);
    const mkdocs = measureMkdocs(folder, repeats);
    const bareMs = measureBuild(bare, repeats);
    const bareMkdocs = measureMkdocs(bare, repeats);
    rmSync(join(folder, 'mkdocs-site'), { recursive: true, force: true });
    const firstPages = await measureFirstPages(database, folder);
    const shown = await measurePages(database, folder);
    return {
      database: database.name,
      ...made,
      wholeSiteMs: wholeMs,
      firstPageMs: { ...firstPages, newSite: shown.newSite },
      changedPageMs: shown.changed,
      cachedPageMs: shown.cached,
      mkdocs,
      ...(mkdocs.buildMs && { timesFasterThanMkdocs: rounded(mkdocs.buildMs.median / wholeMs.median) }),
      withoutSearchAndColours: {
        wholeSiteMs: bareMs,
        mkdocs: bareMkdocs,
        ...(bareMkdocs.buildMs && { timesFasterThanMkdocs: rounded(bareMkdocs.buildMs.median / bareMs.median) }),
      },
    };
  } finally {
    removeFolder(bare);
    removeFolder(folder);
  }
}
