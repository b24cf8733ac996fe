/**
 * `npm run bench`: how fast and how small the portal is, through its command and its HTTP interface only. Prints JSON to standard output and
 * progress to standard error. docs/reference/performance.md says what each figure means.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureAccess } from './measures/access.mjs';
import { measureChange } from './measures/change.mjs';
import { measureDocs } from './measures/docs.mjs';
import { measureIngest, measureUnchanged } from './measures/ingest.mjs';
import { measureOutside } from './measures/outside.mjs';
import { measurePlugins } from './measures/plugins.mjs';
import { measureQueries } from './measures/queries.mjs';
import { measureRaw } from './measures/raw.mjs';
import { measureScaffolder } from './measures/scaffolder.mjs';
import { measureSearchSize } from './measures/search-size.mjs';
import { measureSearch } from './measures/search.mjs';
import { exampleMemory, readyWhenNew } from './measures/start.mjs';
import { measureWeb } from './measures/web.mjs';
import { asSingleFiles, generate } from './support/catalog.mjs';
import { openDatabases } from './support/databases.mjs';
import { goals } from './support/goals.mjs';
import { pause } from './support/http.mjs';
import { load, machineFacts } from './support/machine.mjs';
import { removeFolder, root, startPortal } from './support/portal.mjs';

const parts = [
  'start',
  'ingest',
  'unchanged',
  'change',
  'queries',
  'memory',
  'raw',
  'search',
  'web',
  'docs',
  'scaffolder',
  'plugins',
  'outside',
  'access',
];
const help = `usage: npm run bench -- [measurement ...] [folder] [options]

  folder                descriptors over which search is asked as well (bench/corpus-queries.txt)

  --entities N,N        sizes of the catalog (10000,100000)
  --database NAME,NAME  sqlite, postgres (both)
  --postgres URL        PostgreSQL server to use (TEST_DATABASE_URL, else a private one is started)
  --generator FILE      program that makes the catalog, called with N and a folder (bench/generate.mjs)
  --docs-generator FILE program that makes the documents, called with N and a folder (bench/generate-docs.mjs)
  --only NAME,NAME      ${parts.join(', ')} (all); the same as naming them first
  --repeats N           runs of what is measured as a whole (5; a third for more than 20,000 entities)
  --requests N          requests of each query (300)
  --idle SECONDS        how long a portal is left alone before its memory is read (30)
  --minutes N           how long outside systems are followed while nothing changes (6)
`;

function options() {
  const text = (value) => ({ type: 'string', default: value });
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      entities: text('10000,100000'),
      database: text('sqlite,postgres'),
      postgres: text(process.env.TEST_DATABASE_URL),
      generator: text(fileURLToPath(new URL('generate.mjs', import.meta.url))),
      'docs-generator': text(fileURLToPath(new URL('generate-docs.mjs', import.meta.url))),
      only: text(parts.join(',')),
      repeats: text('5'),
      requests: text('300'),
      idle: text('30'),
      minutes: text('6'),
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stderr.write(help);
    process.exit(0);
  }
  const list = (value) => value.split(',').filter(Boolean);
  const number = (name, least) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} takes a whole number from ${least}.`);
    return value;
  };
  const isFolder = (name) => statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
  const corpus = positionals.find((name) => !parts.includes(name) && isFolder(name));
  const named = positionals.filter((name) => name !== corpus);
  const only = named.length > 0 ? named : list(values.only);
  const unknown = only.find((name) => !parts.includes(name));
  if (unknown) throw new Error(`There is no measurement '${unknown}': use ${parts.join(', ')}.`);
  return {
    sizes: list(values.entities).map(Number),
    databases: list(values.database),
    postgres: values.postgres,
    generator: resolve(values.generator),
    docsGenerator: resolve(values['docs-generator']),
    only,
    corpus: corpus && resolve(corpus),
    repeats: number('repeats', 1),
    requests: number('requests', 10),
    idleSeconds: number('idle', 1),
    minutes: number('minutes', 1),
  };
}

const say = (line) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

async function measureStart(database, { repeats, idleSeconds, only }) {
  const figures = { database: database.name };
  if (only.includes('start')) {
    say(`${database.name}: start with nothing and with the example`);
    figures.readyMs = {
      empty: await readyWhenNew(database, [], repeats),
      example: await readyWhenNew(database, undefined, repeats),
    };
  }
  if (only.includes('memory')) {
    say(`${database.name}: memory with the example`);
    figures.exampleMemory = await exampleMemory(database, idleSeconds);
  }
  return figures;
}

/** Everything about one size of catalog on one database; each step goes on with what the one before has left. */
async function measureCatalog(database, catalog, { only, repeats, requests, idleSeconds }) {
  const wants = (name) => only.includes(name);
  const entities = catalog.manifest.n;
  const tell = (line) => say(`${database.name}, ${entities} entities: ${line}`);
  const some = entities > 20_000 ? Math.ceil(repeats / 3) : repeats;
  tell('ingest');
  const limitMs = 60_000 + entities * 3;
  const ingested = await measureIngest({ database, catalog, repeats: wants('ingest') ? some : 1, limitMs, say: tell });
  const { store, figures: ingest } = ingested;
  let { portal } = ingested;
  const figures = {
    database: database.name,
    entities,
    files: catalog.files.length,
    bytes: catalog.manifest.bytes,
    ingest,
  };
  try {
    if (wants('memory')) {
      tell('memory');
      await pause(idleSeconds * 1000);
      figures.memory = { idleSeconds, ...pickMemory(portal.usage(), 'AfterIngest') };
    }
    if (wants('queries')) {
      tell('queries');
      Object.assign(figures, await measureQueries({ portal, catalog, requests }));
    }
    if (wants('change')) {
      tell('one changed file');
      figures.change = await measureChange({ portal, catalog, repeats: 20 });
    }
    await portal.stop();
    if (wants('raw')) {
      tell('the same rows by the bare driver');
      figures.raw = await measureRaw({ store, repeats: some, ingestMs: ingest.queryableMs.median });
    }
    if (wants('unchanged')) {
      tell('restart, nothing changed');
      figures.unchangedRestart = await measureUnchanged({ catalog, store, repeats: some });
    }
    if (wants('memory')) {
      portal = await startPortal({ sources: [catalog.source], store });
      await pause(idleSeconds * 1000);
      Object.assign(figures.memory, pickMemory(portal.usage(), 'AfterRestart'));
    }
  } finally {
    await portal.stop();
    await store.remove();
  }
  return figures;
}

const pickMemory = (usage, when) =>
  usage && { [`resident${when}MiB`]: usage.residentMiB, [`peak${when}MiB`]: usage.peakMiB };

/** One file for each entity: the case of a folder full of clones. */
async function measureSingleFiles(database, catalog, { repeats }) {
  const single = asSingleFiles(catalog);
  const tell = (line) => say(`${database.name}, ${single.files.length} single files: ${line}`);
  tell('ingest');
  const limitMs = 60_000 + single.files.length * 3;
  const { figures, portal, store } = await measureIngest({ database, catalog: single, repeats: 1, limitMs, say: tell });
  try {
    tell('one changed file');
    const change = await measureChange({ portal, catalog: single, repeats: 20 });
    await portal.stop();
    tell('restart, nothing changed');
    const unchangedRestart = await measureUnchanged({ catalog: single, store, repeats: Math.min(3, repeats) });
    return {
      database: database.name,
      entities: single.manifest.n,
      files: single.files.length,
      ingest: figures,
      change,
      unchangedRestart,
    };
  } finally {
    await portal.stop();
    await store.remove();
    removeFolder(single.folder);
  }
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < 24)
    throw new Error(`The benchmark needs Node.js 24; this is ${process.version}. Use npm run bench.`);
  const chosen = options();
  const databases = await openDatabases(chosen.databases, chosen.postgres);
  const result = {
    startedAt: new Date().toISOString(),
    machine: machineFacts(root),
    loadAverage: { before: load() },
    options: { ...chosen, postgres: chosen.postgres && '(given)', corpus: chosen.corpus && '(given)' },
    databases: {},
    start: [],
    catalogs: [],
    singleFiles: [],
    search: [],
    searchSize: [],
    web: [],
    docs: [],
    plugins: [],
    outside: [],
    access: [],
  };
  const perCatalog = chosen.only.some(
    (name) => !['start', 'search', 'web', 'docs', 'scaffolder', 'plugins', 'outside', 'access'].includes(name),
  );
  try {
    for (const database of databases) {
      result.databases[database.name] = await database.facts();
      if (chosen.only.includes('search')) {
        say(`${database.name}: what people type and mean`);
        result.search.push(await measureSearch(database));
        if (chosen.corpus) result.search.push(await measureSearch(database, chosen.corpus));
        const size = Math.max(...chosen.sizes);
        const tell = (line) => say(`${database.name}, ${size} entities and ${size} sections of documents: ${line}`);
        tell('making');
        const catalog = await generate(chosen.generator, size);
        const { requests } = chosen;
        result.searchSize.push(await measureSearchSize({ database, catalog, requests, say: tell }));
        removeFolder(catalog.folder);
      }
      if (chosen.only.includes('docs')) {
        say(`${database.name}: documents`);
        result.docs.push(
          await measureDocs(database, { generator: chosen.docsGenerator, repeats: Math.ceil(chosen.repeats / 2) }),
        );
      }
      if (chosen.only.includes('access'))
        for (const size of chosen.sizes) {
          say(`${database.name}: filtering by permissions, ${size} entities`);
          const catalog = await generate(chosen.generator, size);
          result.access.push(await measureAccess({ database, catalog, requests: chosen.requests }));
          removeFolder(catalog.folder);
        }
      if (chosen.only.includes('plugins')) {
        say(`${database.name}: plugins`);
        result.plugins.push(await measurePlugins(database, chosen.repeats, chosen.requests));
      }
      if (chosen.only.includes('outside')) {
        const { generator, minutes, requests } = chosen;
        const tell = (line) => say(`${database.name}, outside systems: ${line}`);
        const rounds = Math.ceil(requests / 10);
        result.outside.push(await measureOutside({ database, generator, minutes, rounds, say: tell }));
      }
      result.start.push(await measureStart(database, chosen));
    }
    if (chosen.only.includes('scaffolder')) {
      say('templates');
      result.scaffolder = await measureScaffolder(chosen.repeats);
    }
    if (chosen.only.includes('web')) {
      say('web app over 10,000 entities');
      const catalog = await generate(chosen.generator, 10_000);
      result.web.push(await measureWeb({ database: databases[0], catalog, repeats: chosen.repeats }));
      removeFolder(catalog.folder);
    }
    for (const size of perCatalog ? chosen.sizes : []) {
      say(`making ${size} entities`);
      const catalog = await generate(chosen.generator, size);
      for (const database of databases) {
        result.catalogs.push(await measureCatalog(database, catalog, chosen));
        if (chosen.only.includes('change') && size <= 10_000)
          result.singleFiles.push(await measureSingleFiles(database, catalog, chosen));
      }
      removeFolder(catalog.folder);
    }
  } finally {
    for (const database of databases) await database.stop();
  }
  result.loadAverage.after = load();
  result.finishedAt = new Date().toISOString();
  result.goals = goals(result);
  console.log(JSON.stringify(result, null, 2));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
// A connection that is kept open must not keep the process.
setTimeout(() => process.exit(), 1000).unref();
