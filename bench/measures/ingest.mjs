import { untilQueryable } from '../support/catalog.mjs';
import { askJson, until } from '../support/http.mjs';
import { longestStall, scrape } from '../support/metrics.mjs';
import { startPortal } from '../support/portal.mjs';
import { rounded, summary } from '../support/statistics.mjs';

/**
 * Reads a catalog into an empty database, several times.
 *
 * @returns the figures, and the last portal, which still runs
 */
export async function measureIngest({ database, catalog, repeats, limitMs, say }) {
  const runs = [];
  let portal;
  let store;
  for (let run = 0; run < repeats; run += 1) {
    await portal?.stop();
    await store?.remove();
    store = await database.create();
    portal = await startPortal({ sources: [catalog.source], store });
    await scrape(portal.url);
    await untilQueryable(portal.url, catalog.manifest, limitMs);
    const queryableMs = portal.sinceStart();
    const stall = longestStall(await scrape(portal.url));
    const usage = portal.usage();
    runs.push({ queryableMs, readyMs: portal.readyMs, stall, ...usage });
    say(`ingest run ${run + 1}: ready ${rounded(portal.readyMs)} ms, all queryable ${rounded(queryableMs)} ms`);
  }
  const of = (name) => (runs[0][name] === undefined ? undefined : summary(runs.map((run) => run[name])));
  const figures = {
    readyMs: of('readyMs'),
    queryableMs: of('queryableMs'),
    entitiesPerSecond: Math.round((catalog.manifest.n * 1000) / of('queryableMs').median),
    longestStallMs: of('stall'),
    processorSeconds: of('processorSeconds'),
    peakMiB: of('peakMiB'),
    databaseMiB: Math.round((await store.bytes()) / 1024 / 1024),
  };
  return { figures, portal, store };
}

/** Starts the portal again on what it holds, several times: until it is ready, and until every source was found unchanged. */
export async function measureUnchanged({ catalog, store, repeats }) {
  const runs = [];
  for (let run = 0; run < repeats; run += 1) {
    const portal = await startPortal({ sources: [catalog.source], store });
    await until(() => isVerified(portal), { everyMs: 10, limitMs: 60_000, what: 'finding everything unchanged' });
    runs.push({ readyMs: portal.readyMs, verifiedMs: portal.sinceStart() });
    await portal.stop();
  }
  return {
    readyMs: summary(runs.map((run) => run.readyMs)),
    verifiedUnchangedMs: summary(runs.map((run) => run.verifiedMs)),
  };
}

async function isVerified({ url, startedAt }) {
  const { items } = await askJson(`${url}/api/catalog/sources`);
  return (
    items.length > 0 &&
    items.every(({ lastSuccessAt }) => lastSuccessAt && new Date(lastSuccessAt).getTime() >= startedAt)
  );
}
