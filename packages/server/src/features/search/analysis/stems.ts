/**
 * Word stems for prose: what is left when endings are taken off. Two words with one stem are taken for the same. English after Porter's
 * algorithm of 1980, German in a lighter form. Names are never stemmed.
 */

const remembered = 20_000;
const vowelBefore = /[aeiouy]/;
const isConsonant = (word: string, index: number): boolean => {
  const letter = word[index]!;
  if ('aeiou'.includes(letter)) return false;
  return letter !== 'y' || index === 0 || !isConsonant(word, index - 1);
};

/** How often consonants follow vowels: Porter's measure. */
function measure(stem: string): number {
  let count = 0;
  let afterVowel = false;
  for (let index = 0; index < stem.length; index += 1) {
    const consonant = isConsonant(stem, index);
    if (consonant && afterVowel) count += 1;
    afterVowel = !consonant;
  }
  return count;
}

const endsDouble = (word: string) => /([^aeiou])\1$/.test(word);
const endsShort = (word: string) => /[^aeiou][aeiouy][^aeiouwxy]$/.test(word);

const derivations: [string, string][] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['ization', 'ize'],
  ['isation', 'ize'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['biliti', 'ble'],
  ['entli', 'ent'],
  ['ousli', 'ous'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['ator', 'ate'],
  ['izer', 'ize'],
  ['alli', 'al'],
  ['abli', 'able'],
  ['eli', 'e'],
  ['icate', 'ic'],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const lastEndings = /(?:ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|ise|al|er|ic|(?<=[st])ion)$/;

function withoutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ies')) return `${word.slice(0, -3)}i`;
  return word.endsWith('s') && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
}

function withoutTense(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = /(?:ed|ing)$/.exec(word)?.[0];
  if (!ending) return word;
  const stem = word.slice(0, -ending.length);
  if (!vowelBefore.test(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

/** Remembers results; texts repeat their words. Forgets everything when it has become too many. */
function remembering(stem: (word: string) => string): (word: string) => string {
  const known = new Map<string, string>();
  return (word) => {
    const found = known.get(word);
    if (found !== undefined) return found;
    if (known.size >= remembered) known.clear();
    const stemmed = stem(word);
    known.set(word, stemmed);
    return stemmed;
  };
}

/** English stem of a folded word. */
export const englishStem = remembering((word) => {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let stem = withoutTense(withoutPlural(word));
  if (/[^aeiou]y$/.test(stem) && stem.length > 2) stem = `${stem.slice(0, -1)}i`;
  for (const [from, to] of derivations) {
    if (!stem.endsWith(from)) continue;
    const base = stem.slice(0, -from.length);
    if (measure(base) > 0) stem = base + to;
    break;
  }
  const base = stem.replace(lastEndings, '');
  if (base !== stem && measure(base) > 1) stem = base;
  if (stem.endsWith('e')) {
    const short = stem.slice(0, -1);
    if (measure(short) > 1 || (measure(short) === 1 && !endsShort(short))) stem = short;
  }
  return stem.endsWith('ll') && measure(stem) > 1 ? stem.slice(0, -1) : stem;
});

/** German stem of a folded word: inflection and the commonest ways to make nouns. */
export const germanStem = remembering((word) => {
  if (word.length < 5 || !/^[a-z]+$/.test(word)) return word;
  let stem = word;
  const shorten = (ending: RegExp, least: number) => {
    const next = stem.replace(ending, '');
    if (next.length >= least) stem = next;
  };
  shorten(/(?:innen|in)$/, 5);
  shorten(/(?:ern|em|en|er|es|e|s|n)$/, 4);
  shorten(/(?:ungen|ung|keit|heit|isch|lich)$/, 4);
  shorten(/(?:en|er|t|st)$/, 4);
  return stem;
});

const germanWords =
  'und der die das den dem des ein eine einer einem ist sind nicht mit von fur auf wird werden zu zum zur auch oder wenn bei aus nach wie'.split(
    ' ',
  );
const englishWords =
  'the and of to in is are for with that this it on be by from or a an as at not can when which will has have'.split(
    ' ',
  );
const smallWords = new Map([
  ...germanWords.map((word): [string, 'german'] => [word, 'german']),
  ...englishWords.map((word): [string, 'english'] => [word, 'english']),
]);

/** Whether a word is so common in prose that it says nothing. */
export const isSmallWord = (word: string): boolean => smallWords.has(word);

/** The stemmer for prose with these words; the language shows in its small words. */
export function stemmerOf(words: readonly string[]): (word: string) => string {
  let german = 0;
  let english = 0;
  for (const word of words) {
    const language = smallWords.get(word);
    if (language === 'german') german += 1;
    else if (language === 'english') english += 1;
  }
  return german > english ? germanStem : englishStem;
}

/** So many first letters of a stem, or its only one, are those of the words that have it. */
export const stemBeginning = 2;

/** Stems that a word of a query may stand for, as its language is not known. */
export function stemsOf(word: string): string[] {
  return [...new Set([englishStem(word), germanStem(word)])];
}
