import { readFileSync, writeFileSync } from 'node:fs';
import { descriptorsOf, withDescription } from '../support/catalog.mjs';
import { ask, askJson, pause, until } from '../support/http.mjs';
import { summary } from '../support/statistics.mjs';

const component = 'filter=kind=component';
/** Each first after a change of the catalog: no answer of before can be given again. */
const fresh = {
  list: `/api/catalog/entities/by-query?${component}&orderField=metadata.name,asc&limit=20`,
  facets: '/api/catalog/entity-facets?facet=kind&facet=spec.type',
  facetsDrillDown: `/api/catalog/entity-facets?facet=spec.lifecycle&facet=spec.owner&facet=metadata.tags&${component},spec.type=service`,
};

/**
 * Saves one file with one changed entity, again and again, each time another file: from before the save until the entity's own address
 * shows the change, and until search finds it. Then asks a list and facets, over HTTP, for the first time since the change.
 */
export async function measureChange({ portal, catalog, repeats }) {
  const times = [];
  const searchable = [];
  const asked = Object.fromEntries(Object.keys(fresh).map((name) => [name, []]));
  for (let run = 0; run < repeats; run += 1) {
    const file = catalog.files[Math.floor(((run + 0.5) * catalog.files.length) / repeats)];
    const { text, kind, name } = descriptorsOf(file)[0];
    const stamp = `r${run}x${Date.now()}`;
    const description = `changed in run ${stamp}`;
    const changed = readFileSync(file, 'utf8').replace(text, () => withDescription(text, description));
    const address = `${portal.url}/api/catalog/entities/by-name/${kind.toLowerCase()}/default/${name}`;
    await askJson(address);
    const started = performance.now();
    writeFileSync(file, changed);
    await until(async () => (await askJson(address)).metadata.description === description, {
      everyMs: 2,
      limitMs: 30_000,
      what: `showing the change of ${name}`,
    });
    times.push(performance.now() - started);
    await until(async () => (await askJson(`${portal.url}/api/search/query?term=${stamp}`)).results.length > 0, {
      everyMs: 5,
      limitMs: 60_000,
      what: `finding the change of ${name} by search`,
    });
    searchable.push(performance.now() - started);
    for (const [title, path] of Object.entries(fresh)) asked[title].push((await ask(portal.url + path)).ms);
    await pause(300);
  }
  const firstAfterChangeMs = Object.fromEntries(Object.entries(asked).map(([name, values]) => [name, summary(values)]));
  return { visibleMs: summary(times), searchableMs: summary(searchable), firstAfterChangeMs };
}
