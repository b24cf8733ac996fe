import type { Executor } from '../../../core/db/index.ts';
import { isWord } from '../analysis/analyse.ts';
import { allowedEdits, distance, distanceInside, oneEditAway } from '../analysis/distance.ts';
import { headOfThings } from '../filing/filing.ts';
import type { SearchEngine } from '../store/engine.ts';
import type { Slot } from '../store/tables.ts';
import type { ParsedQuery } from './parse.ts';
import { type Expansions, shortestInName, shortestPrefix } from './plan.ts';

const mostWords = 8;
const mostInside = 40;
const mostStarts = 16;
const mostCorrections = 12;
/** Things whose names are looked at for one word, and names: a thing may have several. */
const mostNamed = 100;
const mostNames = 400;
/** So many words with one beginning are too many to be looked up one by one. */
const fewestMany = 24;

/** The words of a query that can stand for others, the wholes of several included. */
const wordsOfQuery = ({ units }: ParsedQuery): string[] =>
  [...new Set(units.flatMap(({ parts, whole }) => (whole ? [...parts, whole] : parts)))].slice(0, mostWords);

type Dictionary = { engine: SearchEngine; reader: Executor; slot: Slot };

const lengthOf = (word: string) => Array.from(word).length;

/**
 * What the dictionary has with the beginnings that the words of a query may be: for one or two letters the likeliest words, which stand
 * for them, and for more than three all of them, itself among them where it is one, if they are few enough to be looked up one by one.
 * `begun` are the words with which something in it begins, `inNames` those with which a word of a name of things does, and `unknown` says that
 * there are words that nothing begins with.
 */
export async function readBeginnings(
  query: ParsedQuery,
  { engine, reader, slot }: Dictionary,
): Promise<{
  short: Expansions;
  starts: Expansions;
  begun: ReadonlySet<string>;
  inNames: ReadonlySet<string>;
  unknown: boolean;
}> {
  const words = wordsOfQuery(query).filter((word) => lengthOf(word) !== shortestPrefix);
  const isShort = (word: string) => lengthOf(word) < shortestPrefix;
  const found = await engine.wordsFrom(
    reader,
    slot,
    words.map((prefix) => ({ prefix, limit: isShort(prefix) ? mostStarts : fewestMany })),
  );
  const pairs = words.map((word, index): [string, string[]] => [word, found[index]!.map(({ text }) => text)]);
  const known = pairs.filter(([, starts]) => starts.length > 0);
  const parts = new Set(query.units.flatMap((unit) => unit.parts));
  return {
    short: new Map(known.filter(([word]) => isShort(word))),
    starts: new Map(known.filter(([word, starts]) => !isShort(word) && starts.length < fewestMany)),
    begun: new Set(known.map(([word]) => word)),
    inNames: new Set(words.filter((_, index) => found[index]!.some(({ head }) => head === headOfThings))),
    // Names that were written as one word, and numbers, are not in the dictionary.
    unknown: pairs.some(([word, starts]) => starts.length === 0 && !isShort(word) && parts.has(word) && isWord(word)),
  };
}

const namesIn = (lists: readonly string[]): string[] =>
  [...new Set(lists.flatMap((list) => list.split(' ')))].slice(0, mostNames);

/**
 * Words that hold the word of the query, and names: "store" stands for "petstore", too, and "storefront" for what is called
 * "pet-store-front"; `inNames` as of `readBeginnings`.
 */
export async function expandInside(
  query: ParsedQuery,
  inNames: ReadonlySet<string>,
  { engine, reader, slot }: Dictionary,
): Promise<Expansions> {
  const words = wordsOfQuery(query).filter((word) => lengthOf(word) >= shortestPrefix);
  // A name in which it is a word of its own is found by that.
  const long = words.filter((word) => lengthOf(word) >= shortestInName && !inNames.has(word));
  const [found, names] = await Promise.all([
    engine.wordsWith(reader, slot, words, mostInside),
    engine.namesWith(reader, slot, long, mostNamed),
  ]);
  const heldBy = new Map(
    long.map((word, index) => [word, namesIn(names[index]!).filter((name) => name.includes(word))]),
  );
  const pairs = words.map((word, index): [string, string[]] => {
    const others = new Set([...found[index]!, ...(heldBy.get(word) ?? []).slice(0, mostInside)]);
    return [word, [...others].filter((other) => !other.startsWith(word))];
  });
  return new Map(pairs.filter(([, others]) => others.length > 0));
}

/** How many edits a name is away from a word; more than are allowed where it is another. */
function editsTo(name: string, word: string, allowed: number): number {
  const edits = distance(word, name, allowed);
  if (edits <= allowed) return edits;
  // The start of a longer name, or a part of it, with one mistake in it: less likely than a whole name with one.
  return distanceInside(word, name, 1) <= 1 ? allowed : edits;
}

/**
 * Words and names that may have been meant: words one edit away by looking all such words up, others by likeness where nothing begins with
 * the word as it is.
 */
async function corrections(word: string, isBegun: boolean, { engine, reader, slot }: Dictionary): Promise<string[]> {
  const edits = allowedEdits(word.length);
  if (edits === 0 || /^\d+$/.test(word)) return [];
  const near = oneEditAway(word);
  const once = await engine.wordsAmong(reader, slot, near);
  if (once.length > 0 || isBegun) return once.slice(0, mostCorrections);
  const [like, named] = await Promise.all([
    engine.wordsLike(reader, slot, word, 80),
    word.length < shortestInName ? [] : engine.namesLike(reader, slot, word, mostNamed),
  ]);
  const measured = [
    ...like.map((found) => ({ found, edits: distance(word, found, edits) })),
    ...namesIn(named).map((found) => ({ found, edits: editsTo(found, word, edits) })),
  ]
    .filter((each) => each.edits <= edits)
    .sort((a, b) => a.edits - b.edits);
  if (measured.length > 0) return [...new Set(measured.map((each) => each.found))].slice(0, mostCorrections);
  if (word.length < 5) return [];
  // The start of a longer word, with one mistake in it; the first letter is hardly ever the wrong one.
  const starts = await engine.prefixesAmong(
    reader,
    slot,
    near.filter((each) => each.length >= 4 && each[0] === word[0]),
  );
  const words = await engine.wordsFrom(
    reader,
    slot,
    starts.slice(0, 6).map((prefix) => ({ prefix, limit: 4 })),
  );
  return [...new Set(words.flat().map(({ text }) => text))].slice(0, mostCorrections);
}

/** What each word may have been meant to be; `begun` as of `readBeginnings`. */
export async function expandTypos(
  query: ParsedQuery,
  begun: ReadonlySet<string>,
  dictionary: Dictionary,
): Promise<Expansions> {
  const found = await Promise.all(
    wordsOfQuery(query).map(async (word): Promise<[string, string[]]> => [
      word,
      await corrections(word, begun.has(word), dictionary),
    ]),
  );
  return new Map(found.filter(([, others]) => others.length > 0));
}

/** All expansions of each word, without repetition. */
export function merge(...all: Expansions[]): Expansions {
  const merged: Expansions = new Map();
  for (const expansions of all)
    for (const [word, others] of expansions) merged.set(word, [...new Set([...(merged.get(word) ?? []), ...others])]);
  return merged;
}
