import { readFileSync, writeFileSync } from 'node:fs';
import { descriptorsOf, withDescription } from '../support/catalog.mjs';
import { askJson, pause, until } from '../support/http.mjs';
import { summary } from '../support/statistics.mjs';

/**
 * Saves one file with one changed entity, again and again, each time another file: from before the save until the entity's own address
 * shows the change.
 */
export async function measureChange({ portal, catalog, repeats }) {
  const times = [];
  for (let run = 0; run < repeats; run += 1) {
    const file = catalog.files[Math.floor(((run + 0.5) * catalog.files.length) / repeats)];
    const { text, kind, name } = descriptorsOf(file)[0];
    const description = `changed by run ${run}`;
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
    await pause(300);
  }
  return { visibleMs: summary(times) };
}
