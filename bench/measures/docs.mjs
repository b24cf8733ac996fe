import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, askJson, pause } from '../support/http.mjs';
import { removeFolder, root, startPortal, temporaryFolder } from '../support/portal.mjs';
import { latencies, rounded, summary } from '../support/statistics.mjs';

const pages = 500;
const patienceMs = 60_000;
const command = join(root, 'packages/cli/bin/callboard.js');
const descriptor =
  'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: bench\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec:\n  type: documentation\n  lifecycle: production\n  owner: nobody\n';

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

/** A site of 500 pages: built as a whole from nothing, and read page by page from a portal. */
export async function measureDocs(database, { generator, repeats }) {
  const folder = temporaryFolder('docs');
  const made = JSON.parse(execFileSync(process.execPath, [generator, String(pages), folder], { encoding: 'utf8' }));
  const store = await database.create();
  try {
    const wholeMs = measureBuild(folder, repeats);
    const mkdocs = measureMkdocs(folder, repeats);
    const bare = withoutExtras(folder);
    const bareMs = measureBuild(bare, repeats);
    const bareMkdocs = measureMkdocs(bare, repeats);
    removeFolder(bare);
    const portal = await startPortal({ store, sources: [folder] });
    try {
      writeFileSync(join(folder, 'catalog-info.yaml'), descriptor);
      await until(
        async () => (await ask(`${portal.url}/api/catalog/entities/by-name/component/default/bench`)).status === 200,
      );
      const page = (path) =>
        `${portal.url}/api/techdocs/sites/default/component/bench/page?path=${encodeURIComponent(path)}`;
      const time = async (path) => {
        const started = performance.now();
        const answer = await askJson(page(path));
        if (!answer.html) throw new Error(`There is no page ${path}.`);
        return performance.now() - started;
      };
      const started = performance.now();
      const firstMs = await time('');
      // The page is there before the colours of its code are.
      await until(async () => (await askJson(page(''))).isPlain !== true);
      const firstColouredMs = performance.now() - started;
      await until(async () => (await askJson(`${portal.url}/api/techdocs/sites`)).items[0]?.pages === pages);
      const { pages: all } = await askJson(`${portal.url}/api/techdocs/sites/default/component/bench`);
      const cached = [];
      for (let count = 0; count < 300; count += 1) cached.push(await time(all[count % 20].path));
      const changed = [];
      for (let count = 0; count < 20; count += 1) {
        const { path, file } = { path: all[count + 30].path, file: `${all[count + 30].path}.md` };
        appendFileSync(join(folder, 'docs', file), `\nA line that was not there before: ${count}.\n`);
        // What was read a moment ago is taken for current for a second.
        await pause(1_050);
        changed.push(await time(path));
      }
      return {
        database: database.name,
        ...made,
        wholeSiteMs: wholeMs,
        firstPageMs: rounded(firstMs),
        firstPageColouredMs: rounded(firstColouredMs),
        changedPageMs: latencies(changed),
        cachedPageMs: latencies(cached),
        mkdocs,
        ...(mkdocs.buildMs && { timesFasterThanMkdocs: rounded(mkdocs.buildMs.median / wholeMs.median) }),
        withoutSearchAndColours: {
          wholeSiteMs: bareMs,
          mkdocs: bareMkdocs,
          ...(bareMkdocs.buildMs && { timesFasterThanMkdocs: rounded(bareMkdocs.buildMs.median / bareMs.median) }),
        },
      };
    } finally {
      await portal.stop();
    }
  } finally {
    await store.remove();
    removeFolder(folder);
  }
}
