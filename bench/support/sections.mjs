import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './portal.mjs';

const perPage = 50;
const pagesPerSite = 20;
const wordsPerSection = 120;
const vocabularySize = 20_000;

/** A linear congruential generator: the same texts on every machine. */
export function numbers(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
}

const syllables = ['b', 'c', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z'].flatMap((first) =>
  ['a', 'e', 'i', 'o', 'u'].map((second) => first + second),
);
const frequent =
  'anchor basket beacon berth bridge canal cargo carrier compass container courier crew deck dispatch engine fleet harbour invoice journal ledger manifest mooring parcel pilot port radar route schedule signal tariff terminal vessel voyage'.split(
    ' ',
  );
const vocabulary = Array.from({ length: vocabularySize }, (_, index) => {
  if (index < frequent.length) return frequent[index];
  const below = numbers(index * 7_919 + 3);
  return Array.from({ length: 2 + below(3) }, () => syllables[below(syllables.length)]).join('');
});
const small = ['the', 'of', 'and', 'to', 'in', 'is', 'for', 'with', 'on', 'by'];

/** A word as texts have them: few words are frequent, most are rare. */
export const wordOf = (below) => vocabulary[Math.floor(vocabularySize * (below(100_000) / 100_000) ** 3.5)];

const prose = (below, length) =>
  Array.from({ length }, (_, index) => (index % 4 === 3 ? small[below(small.length)] : wordOf(below))).join(' ');

/** The text of a section, by its number. */
export const sectionText = (index) => prose(numbers(index * 3 + 5), wordsPerSection);

/** Components whose documents have so many sections in all, in a folder of their own. */
export function makeSections(total) {
  const folder = temporaryFolder(`sections-${total}`);
  const sites = Math.ceil(total / (perPage * pagesPerSite));
  for (let site = 0; site < sites; site += 1) {
    const place = join(folder, `documented-${site}`);
    mkdirSync(join(place, 'docs'), { recursive: true });
    writeFileSync(
      join(place, 'catalog-info.yaml'),
      `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: documented-${site}\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec:\n  type: documentation\n  lifecycle: production\n  owner: nobody\n`,
    );
    writeFileSync(join(place, 'mkdocs.yml'), `site_name: Documented ${site}\n`);
    for (let page = 0; page < pagesPerSite; page += 1) {
      const first = (site * pagesPerSite + page) * perPage;
      const sections = Array.from({ length: Math.max(0, Math.min(perPage, total - first)) }, (_, index) => {
        const text = sectionText(first + index);
        return `## ${text.split(' ').slice(0, 3).join(' ')} ${first + index}\n\n${text}\n`;
      });
      if (sections.length > 0)
        writeFileSync(join(place, 'docs', page === 0 ? 'index.md' : `page${page}.md`), sections.join('\n'));
    }
  }
  return folder;
}
