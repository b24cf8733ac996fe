import type { Executor } from '../../../core/db/index.ts';
import { allowedEdits, distance, oneEditAway } from '../analysis/distance.ts';
import type { SearchEngine } from '../store/engine.ts';
import type { Slot } from '../store/tables.ts';
import type { ParsedQuery } from './parse.ts';
import { type Expansions, shortestPrefix } from './plan.ts';

const mostWords = 8;
const mostInside = 40;
const mostStarts = 16;
const mostCorrections = 12;
/** So many words with one beginning are too many to be looked up one by one. */
const fewestMany = 24;

/** The words of a query that can stand for others, the wholes of several included. */
const wordsOfQuery = ({ units }: ParsedQuery): string[] =>
  [...new Set(units.flatMap(({ parts, whole }) => (whole ? [...parts, whole] : parts)))].slice(0, mostWords);

type Dictionary = { engine: SearchEngine; reader: Executor; slot: Slot };

async function expand(query: ParsedQuery, find: (word: string) => Promise<string[]>): Promise<Expansions> {
  const found = await Promise.all(
    wordsOfQuery(query).map(async (word): Promise<[string, string[]]> => [word, await find(word)]),
  );
  return new Map(found.filter(([, others]) => others.length > 0));
}

/** One or two letters stand for the likeliest words that start with them. */
export const expandStarts = (query: ParsedQuery, { engine, reader, slot }: Dictionary): Promise<Expansions> =>
  expand(query, async (word) =>
    Array.from(word).length < shortestPrefix ? engine.wordsFrom(reader, slot, word, mostStarts) : [],
  );

/** The words that begin with a word, itself among them where it is one, if they are few enough to be looked up one by one. */
export async function fewStarts(query: ParsedQuery, { engine, reader, slot }: Dictionary): Promise<Expansions> {
  const words = wordsOfQuery(query).filter((word) => Array.from(word).length > shortestPrefix);
  const found = await Promise.all(
    words.map(async (word): Promise<[string, string[]]> => [
      word,
      await engine.wordsFrom(reader, slot, word, fewestMany),
    ]),
  );
  return new Map(found.filter(([, starts]) => starts.length > 0 && starts.length < fewestMany));
}

/** Words that hold the word of the query: "store" stands for "petstore", too. */
export const expandInside = (query: ParsedQuery, { engine, reader, slot }: Dictionary): Promise<Expansions> =>
  expand(query, async (word) =>
    (await engine.wordsWith(reader, slot, word, mostInside)).filter((found) => !found.startsWith(word)),
  );

/** Words that may have been meant: one edit away by looking all such words up, two by likeness. */
async function corrections(word: string, { engine, reader, slot }: Dictionary): Promise<string[]> {
  const edits = allowedEdits(word.length);
  if (edits === 0 || /^\d+$/.test(word)) return [];
  const near = oneEditAway(word);
  const once = await engine.wordsAmong(reader, slot, near);
  if (once.length > 0) return once.slice(0, mostCorrections);
  const like = await engine.wordsLike(reader, slot, word, 80);
  const measured = like
    .map((found) => ({ found, edits: distance(word, found, edits) }))
    .filter((each) => each.edits <= edits)
    .sort((a, b) => a.edits - b.edits);
  if (measured.length > 0) return measured.slice(0, mostCorrections).map((each) => each.found);
  if (word.length < 5) return [];
  // The start of a longer word, with one mistake in it; the first letter is hardly ever the wrong one.
  const starts = await engine.prefixesAmong(
    reader,
    slot,
    near.filter((each) => each.length >= 4 && each[0] === word[0]),
  );
  const words = await Promise.all(starts.slice(0, 6).map((start) => engine.wordsFrom(reader, slot, start, 4)));
  return [...new Set(words.flat())].slice(0, mostCorrections);
}

/** What each word may have been meant to be. */
export const expandTypos = (query: ParsedQuery, dictionary: Dictionary): Promise<Expansions> =>
  expand(query, (word) => corrections(word, dictionary));

/** All expansions of each word, without repetition. */
export function merge(...all: Expansions[]): Expansions {
  const merged: Expansions = new Map();
  for (const expansions of all)
    for (const [word, others] of expansions) merged.set(word, [...new Set([...(merged.get(word) ?? []), ...others])]);
  return merged;
}
