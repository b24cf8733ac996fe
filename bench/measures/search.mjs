import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askJson, pause } from '../support/http.mjs';
import { startPortal } from '../support/portal.mjs';
import { latencies } from '../support/statistics.mjs';

const patienceMs = 60_000;
const restMs = 8_000;

/** `component:x` stands for `component:default/x`; what follows # is an operation of an API. */
function fullKey(text) {
  const [ref, operation] = text.split(/#(.*)/s);
  const full = ref.includes('/') ? ref : ref.replace(':', ':default/');
  return operation ? `${full}#${operation}` : full;
}

/** The queries of a file with their right answers. */
function cases(file) {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const seen = new Map();
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [kind, query, right] = line.split(' | ');
      const place = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, place);
      return { kind, query, right: right.split(', ').map(fullKey), aside: place % 3 === 0 };
    });
}

const share3 = (value) => Math.round(value * 1000) / 1000;

/** How many are right at once, among three, and the mean reciprocal rank. */
function quality(places) {
  const share = (test) => share3(places.filter(test).length / places.length);
  const reciprocal = places.reduce((sum, place) => sum + (place > 0 ? 1 / place : 0), 0) / places.length;
  return {
    queries: places.length,
    first: share((place) => place === 1),
    topThree: share((place) => place >= 1 && place <= 3),
    meanReciprocalRank: share3(reciprocal),
  };
}

/**
 * What people type and mean: whether the right answer comes first, by kind of query, and how soon. Over the example company, or over the
 * collection of descriptors in the folder `corpus`.
 */
export async function measureSearch(database, corpus) {
  const store = await database.create();
  const sources = corpus && ['yaml', 'yml'].map((end) => join(corpus, `**/*.${end}`));
  const portal = await startPortal({ store, ...(sources && { sources }) });
  try {
    const until = Date.now() + patienceMs;
    // The company is read while the portal already answers: the index is complete when it has not grown for a while.
    for (let before = 0, since = Date.now(); Date.now() - since < restMs; await pause(100)) {
      const { behind, builtAt, building, documents } = await askJson(`${portal.url}/api/search/status`);
      const total = Object.values(documents).reduce((sum, count) => sum + count, 0);
      if (!builtAt || building || behind > 0 || total === 0 || total !== before) since = Date.now();
      before = total;
      if (Date.now() > until) throw new Error('The index was not complete in time.');
    }
    const times = [];
    const late = [];
    const answers = [];
    for (const { kind, query, right, aside } of cases(corpus ? 'corpus-queries.txt' : 'search-queries.txt')) {
      const started = performance.now();
      const { results } = await askJson(`${portal.url}/api/search/query?term=${encodeURIComponent(query)}`);
      times.push(performance.now() - started);
      const place = results.findIndex((result) => right.includes(result.key)) + 1;
      answers.push({ kind, aside, place });
      if (place !== 1) late.push({ kind, query, place, first: results[0]?.key });
    }
    const placesOf = (test) => answers.filter(test).map((answer) => answer.place);
    return {
      database: database.name,
      over: corpus ? 'given descriptors' : 'example company',
      all: quality(placesOf(() => true)),
      tuned: quality(placesOf((answer) => !answer.aside)),
      keptAside: quality(placesOf((answer) => answer.aside)),
      byKind: Object.fromEntries(
        [...new Set(answers.map((answer) => answer.kind))].map((kind) => [
          kind,
          quality(placesOf((answer) => answer.kind === kind)),
        ]),
      ),
      notFirst: late,
      answerMs: latencies(times),
    };
  } finally {
    await portal.stop();
    await store.remove();
  }
}
