import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askJson, until } from './http.mjs';
import { temporaryFolder } from './portal.mjs';

/** Runs the generator and reads what it says it made. */
export async function generate(generator, entities) {
  const folder = temporaryFolder(`catalog-${entities}`);
  await promisify(execFile)(process.execPath, [generator, String(entities), folder]);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const files = Array.from({ length: manifest.files }, (_, index) =>
    join(folder, `part-${String(index + 1).padStart(4, '0')}.yaml`),
  );
  return { folder, manifest, files, source: join(folder, 'catalog-root.yaml') };
}

const field = (text, pattern) => pattern.exec(text)?.[1]?.replace(/^"(.*)"$/, '$1');

/** The descriptors of one file, with what is needed to ask for each. */
export function descriptorsOf(file) {
  return readFileSync(file, 'utf8')
    .split(/^---\n/m)
    .map((text) => ({ text, kind: field(text, /^kind: (.+)$/m), name: field(text, /^ {2}name: (.+)$/m) }));
}

/** The same catalog, one file and one folder for each entity, as a folder of clones has it. */
export function asSingleFiles(catalog) {
  const folder = temporaryFolder(`single-${catalog.manifest.n}`);
  const files = catalog.files.flatMap((file) =>
    descriptorsOf(file).map(({ text, kind, name }) => {
      const place = join(folder, kind.toLowerCase(), name);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'catalog-info.yaml'), text);
      return join(place, 'catalog-info.yaml');
    }),
  );
  return { ...catalog, folder, files, source: folder };
}

/** Another text for the same descriptor. */
export const withDescription = (text, description) =>
  text.replace(/^ {2}description: .*$/m, `  description: ${description}`);

const facetTotals = async (url, facet) => {
  const { facets } = await askJson(`${url}/api/catalog/entity-facets?facet=${encodeURIComponent(facet)}`);
  return facets[facet] ?? [];
};

async function kindsAreComplete(url, { kinds }) {
  const counts = new Map((await facetTotals(url, 'kind')).map(({ value, count }) => [value.toLowerCase(), count]));
  return Object.entries(kinds).every(([kind, count]) => counts.get(kind.toLowerCase()) === count);
}

/** Which relation types have another count than the generator made. */
async function wrongRelations(url, { relationsByType }) {
  const wrong = [];
  for (const [type, expected] of Object.entries(relationsByType)) {
    const found = (await facetTotals(url, `relations.${type}`)).reduce((sum, { count }) => sum + count, 0);
    if (found !== expected) wrong.push(`${type}: ${found} instead of ${expected}`);
  }
  return wrong;
}

/** Waits until every entity is counted; then the relations must be there too. */
export async function untilQueryable(url, manifest, limitMs) {
  const everyMs = manifest.n > 20_000 ? 200 : 25;
  await until(() => kindsAreComplete(url, manifest), { everyMs, limitMs, what: `having ${manifest.n} entities` });
  const wrong = await wrongRelations(url, manifest);
  if (wrong.length > 0) throw new Error(`All entities are there, but not their relations: ${wrong.join('; ')}`);
}
