/**
 * Compares what Callboard makes of MkDocs sites with what MkDocs, Material's theme and pymdownx on this machine make of them: per page the
 * visible text, headings with ids, links with targets, images, code with its language, tables and admonitions. Prints equal/total for each
 * site and the differences; docs/reference/differences.md says which of them are meant.
 *
 *   npm run conformance:docs -- FOLDER… [--profile site|techdocs|mkdocs|both] [--limit 5] [--json]
 *
 * A folder may hold many sites. MkDocs is installed by apt where that is allowed.
 */
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadLocal } from '../packages/server/src/features/techdocs/index.ts';
import { differences, digest } from './conformance-docs/digest.mjs';

const { createLocalSite, markdownOf } = await loadLocal();

const python = '/usr/bin/python3';
const helper = fileURLToPath(new URL('conformance-docs/reference.py', import.meta.url));
const packages = ['mkdocs', 'mkdocs-material', 'python3-pymdownx', 'python3-pygments'];

const given = process.argv.slice(2);
const flag = (name) => {
  const index = given.indexOf(`--${name}`);
  return index < 0 ? undefined : given.splice(index, 2)[1];
};
const limit = Number(flag('limit') ?? 3);
const wanted = flag('profile') ?? 'site';
const asJson = given.includes('--json');
const folders = given.filter((one) => !one.startsWith('--'));

function requireMkdocs() {
  const ready = () => spawnSync(python, ['-c', 'import mkdocs, pymdownx, pygments']).status === 0;
  if (ready()) return;
  console.error(`MkDocs is not here; trying to install ${packages.join(', ')} …`);
  const installed = spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
    stdio: 'ignore',
  });
  if (installed.status === 0 && ready()) return;
  console.error(
    `This comparison needs MkDocs. Install it with: apt-get install --no-install-recommends ${packages.join(' ')}`,
  );
  process.exit(2);
}

function* filesBelow(folder, prefix = '') {
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = posix.join(prefix, entry.name);
    if (entry.isDirectory()) yield* filesBelow(folder, path);
    else if (entry.isFile()) yield path;
  }
}

/** Every page of a site as Callboard reads it, and the extensions that it takes to be on. */
async function renderSite(configPath, profile) {
  const local = createLocalSite(dirname(configPath), profile === 'site' ? undefined : profile);
  try {
    const open = await local.open();
    const pages = [];
    for (const page of open.site.pages)
      pages.push({
        path: page.file,
        base: page.path === '' ? '/' : `/${page.path}/`,
        html: await markdownOf(open, page),
      });
    return { profile: open.site.profile, pages };
  } finally {
    await local.close();
  }
}

async function compareSite(configPath, wantedProfile) {
  const { profile, pages: ours } = await renderSite(configPath, wantedProfile);
  const { stdout } = await promisify(execFile)(python, [helper, configPath, profile], {
    maxBuffer: 1 << 30,
    encoding: 'utf8',
  });
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  if (!lines[0].docs) return { dropped: [], failed: [`site: ${lines[0].failed}`], pages: [] };
  const theirs = new Map(
    lines.filter((line) => line.path && line.html !== undefined).map((line) => [line.path, line.html]),
  );
  // A page that one has and the other has not differs as a whole.
  const pages = ours.filter(({ path }) => theirs.has(path));
  const failed = lines.filter((line) => line.failed).map((line) => `${line.path ?? 'site'}: ${line.failed}`);
  return {
    dropped: lines[0].dropped,
    failed,
    pages: pages.map(({ path, base, html }) => ({
      path,
      differences: differences(digest(html, base), digest(theirs.get(path), base)),
    })),
  };
}

if (folders.length === 0) {
  console.error('Give one folder or more with MkDocs sites: npm run conformance:docs -- FOLDER…');
  process.exit(2);
}
requireMkdocs();
const start = process.env.INIT_CWD ?? process.cwd();
const sites = folders
  .map((one) => (isAbsolute(one) ? one : resolve(start, one)))
  .flatMap((folder) =>
    [...filesBelow(folder)]
      .filter((path) => /(?:^|\/)(?:mkdocs|properdocs|zensical)\.ya?ml$/.test(path))
      .map((path) => join(folder, path)),
  );

const report = [];
for (const profile of wanted === 'both' ? ['techdocs', 'mkdocs'] : [wanted]) {
  const total = { pages: 0, equal: 0, kinds: {} };
  for (const site of sites) {
    let result;
    try {
      result = await compareSite(site, profile);
    } catch (error) {
      console.error(
        `${site}: ${String(error.stderr ?? error)
          .split('\n')
          .slice(-3)
          .join(' ')}`,
      );
      continue;
    }
    const equal = result.pages.filter((page) => page.differences.length === 0).length;
    total.pages += result.pages.length;
    total.equal += equal;
    report.push({ profile, site, equal, total: result.pages.length, ...result });
    if (!asJson) {
      console.log(`${profile} ${relative(start, site)}: ${equal}/${result.pages.length}`);
      for (const one of [...result.dropped, ...result.failed]) console.log(`  left out: ${one}`);
    }
    let shown = 0;
    for (const page of result.pages) {
      for (const one of page.differences) total.kinds[one.kind] = (total.kinds[one.kind] ?? 0) + 1;
      const [first] = page.differences;
      if (!first || asJson || shown++ >= limit) continue;
      console.log(
        `  ${page.path}: ${page.differences.map(({ kind }) => kind).join(', ')}\n    ours:   ${first.ours}\n    theirs: ${first.theirs}`,
      );
    }
  }
  if (!asJson) {
    const share = total.pages > 0 ? ((total.equal / total.pages) * 100).toFixed(1) : '0';
    console.log(
      `${profile}: ${total.equal} of ${total.pages} pages are equal (${share} %); pages that differ in ${JSON.stringify(total.kinds)}`,
    );
  }
}
if (asJson) console.log(JSON.stringify(report, null, 2));
