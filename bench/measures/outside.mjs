import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { clusters, serviceCount, serviceNames } from '../outside/words.mjs';
import { launchBrowser, openPage } from '../support/browser.mjs';
import { generate } from '../support/catalog.mjs';
import { askJson, pause, until } from '../support/http.mjs';
import { load, treeUsage } from '../support/machine.mjs';
import { insideServer, longestStall, scrape } from '../support/metrics.mjs';
import { removeFolder, startPortal } from '../support/portal.mjs';
import { latencies, rounded, summary } from '../support/statistics.mjs';

const entities = 10_000;
/** As many as a browser opens to one host. */
const connections = 6;
const example = serviceNames[0];

/** Starts the process that answers in place of clusters, code host and monitoring. */
async function startFarSide() {
  const file = fileURLToPath(new URL('../outside/far-side.mjs', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const next = async () => (await once(lines, 'line'))[0];
  return {
    url: await next(),
    async calls() {
      const answer = next();
      child.stdin.write('calls\n');
      return JSON.parse(await answer);
    },
    stop() {
      child.stdin.end();
      return once(child, 'exit');
    },
  };
}

/** The configuration file of a portal with all of it, as somebody would write it. */
function configuration(far, source) {
  const site = far.replace('http://', '');
  const token = 'hawser';
  return {
    catalog: {
      locations: [{ type: 'file', target: source }],
      providers: { github: { bench: { organization: 'acme', host: site } } },
    },
    integrations: { github: [{ host: site, apiBaseUrl: `${far}/github`, token }] },
    plugins: {
      settings: {
        github: {},
        deployments: { github: [{ address: far, apiUrl: `${far}/github`, token }] },
        ci: { hosts: [{ type: 'github', address: far, apiUrl: `${far}/github`, token }] },
        kubernetes: {
          clusters: clusters.map((name) => ({ name, environment: name, url: `${far}/clusters/${name}`, token })),
        },
        prometheus: {
          servers: [{ name: 'main', url: `${far}/prometheus`, alertmanagerUrl: `${far}/alertmanager`, token }],
        },
        grafana: { hosts: [{ id: 'main', url: `${far}/grafana`, token }] },
        'feature-flags': { providers: [{ address: `${far}/unleash`, token }] },
      },
    },
  };
}

/** Waits until every entity is there and, with plugins, everything of clusters and hosts was read. */
async function untilRead(portal, isWithPlugins) {
  const limitMs = 300_000;
  const count = async () => {
    const { facets } = await askJson(`${portal.url}/api/catalog/entity-facets?facet=kind`);
    return facets.kind.filter(({ value }) => value !== 'Location').reduce((sum, each) => sum + each.count, 0);
  };
  await until(async () => (await count()) >= entities, { everyMs: 500, limitMs, what: `having ${entities} entities` });
  if (!isWithPlugins) return;
  const view = async (name, about = '') => (await askJson(`${portal.url}/api/plugins/${name}${about}`)).view;
  await until(
    async () => {
      const { note } = await view('kubernetes/views/workloads', `?entity=component:default/${example}&fresh=true`);
      return !/being read|looked for/.test(note);
    },
    { everyMs: 1000, limitMs, what: 'reading the clusters' },
  );
  await until(
    async () => {
      const { rows } = await view('deployments/views/matrix', '?fresh=true');
      return rows.length >= serviceCount;
    },
    { everyMs: 5000, limitMs, what: 'reading what is deployed' },
  );
}

/** What is asked of the server, and how, when a browser opens the page of an entity and nobody does anything. */
async function requestsOfPage(url) {
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser, { slowdown: 1, height: 3000 });
    const asked = new Map();
    page.on('request', (each) => {
      const { pathname, search } = new URL(each.url());
      const body = each.postData() ?? undefined;
      if (!pathname.startsWith('/api/') || pathname === '/api/events' || each.resourceType() === 'eventsource') return;
      asked.set(`${each.method()} ${pathname}${search} ${body}`, {
        method: each.method(),
        path: `${pathname}${search}`,
        body,
      });
    });
    await page.goto(`${url}/catalog/default/component/${example}`);
    await page.locator('main h1').first().waitFor();
    await page.waitForTimeout(8000);
    return [...asked.values()];
  } finally {
    await browser.close();
  }
}

/** Asks everything of a page, as many at once as a browser does. */
async function askPage(agent, url, asked) {
  const times = [];
  const left = [...asked];
  const began = performance.now();
  const ask = ({ method, path, body }) =>
    new Promise((done, failed) => {
      const started = performance.now();
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const call = request(`${url}${path}`, { method, agent, headers }, (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode >= 400) return failed(new Error(`${path} answered ${response.statusCode}`));
          times.push({ path, ms: performance.now() - started });
          return done();
        });
      });
      call.once('error', failed);
      call.end(body);
    });
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) await ask(next);
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { ms: performance.now() - began, times };
}

/** The page of an entity, again and again: all its requests together, each of them, and what of that was inside the server. */
async function measurePage(url, rounds) {
  const asked = await requestsOfPage(url);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  await askPage(agent, url, asked);
  const before = await scrape(url);
  const pages = [];
  for (let round = 0; round < rounds; round += 1) pages.push(await askPage(agent, url, asked));
  const after = await scrape(url);
  agent.destroy();
  const slowest = pages.flatMap(({ times }) => times).toSorted((one, other) => other.ms - one.ms)[0];
  return {
    requests: asked.length,
    ofPlugins: asked.filter(({ path }) => path.startsWith('/api/plugins/')).length,
    pageMs: summary(pages.map(({ ms }) => ms)),
    requestMs: latencies(pages.flatMap(({ times }) => times.map(({ ms }) => ms))),
    slowest: { ...slowest, ms: rounded(slowest.ms) },
    insideServerMs: insideServer(before, after),
  };
}

const quietPercent = 15;
const sliceMs = 10_000;

/** Waits until what came with the first reading, such as the index for search, is done: three slices of time in a row cost little. */
async function untilQuiet(portal) {
  let quiet = 0;
  let before = treeUsage(portal.pid).processorSeconds;
  await until(
    async () => {
      await pause(sliceMs);
      const now = treeUsage(portal.pid).processorSeconds;
      quiet = (100 * (now - before)) / (sliceMs / 1000) < quietPercent ? quiet + 1 : 0;
      before = now;
      return quiet >= 3;
    },
    { everyMs: 1, limitMs: 300_000, what: 'coming to rest' },
  );
}

/** Processor time in each minute when nobody asks and nothing changes, as a share of one core; the memory at the end. */
async function measureIdle(portal, far, minutes) {
  await far?.calls();
  await scrape(portal.url);
  const shares = [];
  let before = treeUsage(portal.pid);
  const memory = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    const began = performance.now();
    await pause(60_000);
    const now = treeUsage(portal.pid);
    const seconds = (performance.now() - began) / 1000;
    shares.push((100 * (now.processorSeconds - before.processorSeconds)) / seconds);
    memory.push(now.memoryMiB);
    before = now;
  }
  return {
    minutes,
    processes: before.processes,
    processorPercent: {
      mean: rounded(shares.reduce((sum, each) => sum + each, 0) / shares.length),
      perMinute: shares.map(rounded),
    },
    memoryMiB: Math.round(memory.at(-1)),
    longestStallMs: longestStall(await scrape(portal.url)),
    ...(far && { calls: await far.calls() }),
    load: load()[0],
  };
}

/**
 * A portal of 10,000 entities with five clusters, 1,000 repositories, builds, monitoring and flags beside one of the same size without: what
 * that costs when nothing changes, its memory, and the page of an entity.
 */
export async function measureOutside({ database, generator, minutes, rounds, say }) {
  const far = await startFarSide();
  const run = async (catalog, config, work) => {
    const store = await database.create();
    const file = join(catalog.folder, 'callboard.json');
    if (config) writeFileSync(file, JSON.stringify(config));
    const given = config ? { config: file } : { sources: [catalog.source] };
    const portal = await startPortal({ store, ...given });
    try {
      await untilRead(portal, config !== undefined);
      await untilQuiet(portal);
      return await work(portal);
    } finally {
      await portal.stop();
      await store.remove();
    }
  };
  const alone = await generate(generator, entities);
  const fewer = await generate(generator, entities - serviceCount);
  try {
    say('without these plugins');
    const without = await run(alone, undefined, (portal) => measureIdle(portal, undefined, minutes));
    say('with them');
    const found = await run(fewer, configuration(far.url, fewer.source), async (portal) => {
      say('nobody asks');
      const idle = await measureIdle(portal, far, minutes);
      say('the page of an entity');
      return { idle, page: await measurePage(portal.url, rounds) };
    });
    return {
      database: database.name,
      entities,
      without,
      with: found.idle,
      moreMemoryMiB: found.idle.memoryMiB - without.memoryMiB,
      moreProcessorPercent: rounded(found.idle.processorPercent.mean - without.processorPercent.mean),
      page: found.page,
    };
  } finally {
    removeFolder(alone.folder);
    removeFolder(fewer.folder);
    await far.stop();
  }
}
