import { descriptorsOf } from '../support/catalog.mjs';
import { ask, askJson, pause, until } from '../support/http.mjs';
import { insideServer, longestStall, scrape } from '../support/metrics.mjs';
import { removeFolder, startPortal } from '../support/portal.mjs';
import { makeSections, numbers, sectionText, wordOf } from '../support/sections.mjs';
import { latencies, rounded } from '../support/statistics.mjs';

const patienceMs = 1_800_000;
const seed = 99;

/** What is typed, by kind; `palette` asks while somebody is still typing. */
function queries({ names, sections }) {
  const below = numbers(seed);
  const some = (count) => Array.from({ length: count }, () => wordOf(below)).join(' ');
  const start = (length) => wordOf(below).slice(0, length);
  const mistake = (word) => {
    const place = 1 + below(word.length - 1);
    return `${word.slice(0, place)}q${word.slice(place + 1)}`;
  };
  const three = () => {
    const words = sectionText(below(sections)).split(' ');
    const place = below(words.length - 3);
    return `"${words.slice(place, place + 3).join(' ')}"`;
  };
  return {
    exactName: { make: () => names[below(names.length)] },
    oneWord: { make: () => some(1) },
    twoWords: { make: () => some(2) },
    threeWords: { make: () => some(3) },
    typingMistake: { make: () => mistake(wordOf(below)) },
    insideAWord: { make: () => wordOf(below).slice(1, 5) },
    phrase: { make: three },
    filtered: { make: () => `kind:component tag:java ${some(1)}` },
    palette1: { make: () => start(1), palette: true },
    palette2: { make: () => start(2), palette: true },
    palette3: { make: () => start(3), palette: true },
    palette4: { make: () => start(4), palette: true },
    palette6: { make: () => start(6), palette: true },
    mistakenName: { make: () => mistake(names[below(names.length)].replaceAll('-', '')) },
    insideAName: { make: () => names[below(names.length)].replaceAll('-', '').slice(4) },
  };
}

const complete = async (url, least) => {
  const { behind, builtAt, building, documents } = await askJson(`${url}/api/search/status`);
  const enough = Object.entries(least).every(([type, count]) => documents[type] >= count);
  return builtAt && !building && behind === 0 && enough;
};

/** Builds the index anew and says how long that took, and what it cost meanwhile. */
async function rebuild(portal) {
  const { url } = portal;
  const { builtAt } = await askJson(`${url}/api/search/status`);
  const cpu = portal.usage();
  await scrape(url);
  const started = performance.now();
  await ask(`${url}/api/search/rebuild`, { method: 'POST' });
  const done = async () => {
    const status = await askJson(`${url}/api/search/status`);
    return !status.building && status.builtAt !== builtAt;
  };
  await until(done, { everyMs: 250, limitMs: patienceMs, what: 'the new index' });
  const buildMs = Math.round(performance.now() - started);
  const after = portal.usage();
  return {
    buildMs,
    longestStallMs: longestStall(await scrape(url)),
    residentMiB: { before: cpu?.residentMiB, after: after?.residentMiB, peak: after?.peakMiB },
  };
}

/** As many sections of documents as entities: building the index, and what people type. */
export async function measureSearchSize({ database, catalog, requests, say }) {
  const sections = catalog.manifest.n;
  const folder = makeSections(sections);
  const store = await database.create();
  const portal = await startPortal({ store, sources: [catalog.source, folder] });
  try {
    say('reading');
    const least = { 'software-catalog': catalog.manifest.n, techdocs: sections };
    const ready = () => complete(portal.url, least).catch(() => false);
    await until(ready, { everyMs: 500, limitMs: patienceMs, what: 'the index' });
    say('building the index anew');
    const building = await rebuild(portal);
    await pause(2_000);
    say('asking');
    const names = descriptorsOf(catalog.files[0]).map(({ name }) => name);
    const figures = {};
    for (const [title, { make, palette }] of Object.entries(queries({ names, sections }))) {
      const path = `/api/search/${palette ? 'suggest' : 'query'}?term=`;
      const times = [];
      let before;
      for (let index = -10; index < requests; index += 1) {
        if (index === 0) before = await scrape(portal.url);
        const { status, ms, text } = await ask(portal.url + path + encodeURIComponent(make()));
        if (status !== 200) throw new Error(`${path} answered ${status}: ${text.slice(0, 300)}`);
        if (index >= 0) times.push(ms);
      }
      figures[title] = {
        overHttpMs: latencies(times),
        insideServerMs: insideServer(before, await scrape(portal.url)),
      };
    }
    const all = Object.entries(figures);
    const worst = (part, of) => rounded(Math.max(...all.filter(([title]) => part(title)).map(([, each]) => of(each))));
    const isPalette = (title) => title.startsWith('palette');
    return {
      database: database.name,
      entities: catalog.manifest.n,
      sections,
      ...building,
      slowestKind: {
        p50: worst(
          (title) => !isPalette(title),
          (each) => each.overHttpMs.p50,
        ),
        p99: worst(
          () => true,
          (each) => each.overHttpMs.p99,
        ),
        paletteP50: worst(isPalette, (each) => each.overHttpMs.p50),
      },
      queries: figures,
    };
  } finally {
    await portal.stop();
    await store.remove();
    removeFolder(folder);
  }
}
