import { keyToken, ownKeys } from '../analysis/analyse.ts';
import { stemsOf } from '../analysis/stems.ts';
import { longestWord } from '../analysis/words.ts';
import { allOf, anyOf, type IndexQuery, nothing, type WordField } from './index-query.ts';
import type { ParsedQuery, Phrase, Unit } from './parse.ts';

/** Words of the dictionary that a word of the query may stand for, too. */
export type Expansions = Map<string, string[]>;

/**
 * What the words of a query stand for. `starts` are all words of the dictionary that begin with one, where they are few: these are looked
 * up one by one, as a beginning has the index put all that it finds in order before it gives the first.
 */
export type Meanings = { others: Expansions; starts: Expansions };

/** Prefixes shorter than this match too much of the dictionary to be looked up as such. */
export const shortestPrefix = 3;

/** Fewer letters are in names by accident, and are hardly ever several words of one. */
export const shortestInName = 6;

function wordQuery(word: string, field: WordField, { others: expansions, starts }: Meanings): IndexQuery {
  const others = expansions.get(word) ?? [];
  const long = Array.from(word).length >= shortestPrefix;
  const begun = starts.get(word);
  // Several words of a name, filed as one, are not in the dictionary: they begin with the first of them, and with half a word that follows.
  const few = begun && (field !== 'name' || begun.includes(word));
  const direct: IndexQuery[] = few
    ? [...new Set([word, ...begun])].map((each) => ({ word: each, field }))
    : [{ word, field, ...(long && { prefix: true }) }];
  const known = others.map((other): IndexQuery => ({ word: other, field }));
  const stems = field === 'any' && long ? stemsOf(word).flatMap((stem) => stemQueries(word, stem)) : [];
  return anyOf([...direct, ...known, ...stems]);
}

/** A text with the very word that the stem is does not repeat it as a stem. */
const stemQueries = (word: string, stem: string): IndexQuery[] =>
  stem === word ? [{ stem }] : [{ stem }, { word: stem, field: 'any' }];

function unitQuery({ parts, whole }: Unit, field: WordField, expansions: Meanings): IndexQuery {
  const split = allOf(parts.map((part) => wordQuery(part, field, expansions)));
  if (!whole) return split;
  const others = (expansions.others.get(whole) ?? []).map((word): IndexQuery => ({ word, field }));
  return anyOf([{ word: whole, field, prefix: true }, ...others, split]);
}

/** Texts have their words in parts, and with wholes where these were written as one: what is asked for has either form. */
const phraseQuery = ({ parts, wholes }: Phrase): IndexQuery =>
  anyOf((wholes.length === parts.length ? [parts] : [parts, wholes]).map((phrase) => ({ phrase })));

/** Filters as conditions: alternatives of one name, all names. */
export function filterQueries(filters: ReadonlyMap<string, readonly string[]>): IndexQuery[] {
  return [...filters].map(([name, values]) => anyOf(values.map((value) => ({ key: keyToken(name, value) }))));
}

/** Only documents of these types. */
export const typeQuery = (types: readonly string[]): IndexQuery =>
  anyOf(types.map((type) => ({ key: keyToken(ownKeys.type, type) })));

/** Only documents that one of these owns. */
export const ownerQuery = (owners: readonly string[]): IndexQuery =>
  owners.length === 0 ? nothing : anyOf(owners.map((owner) => ({ key: keyToken('owner', owner) })));

/** All words must match within the field or one above it. */
export function wordsQuery(query: ParsedQuery, field: WordField, expansions: Meanings): IndexQuery {
  return allOf([
    ...query.units.filter((unit) => !unit.small).map((unit) => unitQuery(unit, field, expansions)),
    ...query.phrases.map(phraseQuery),
  ]);
}

/** All words but one must match, for each of them. */
export function allButOneQueries(query: ParsedQuery, meanings: Meanings): IndexQuery[] {
  const parts = [
    ...query.units.filter((unit) => !unit.small).map((unit) => unitQuery(unit, 'any', meanings)),
    ...query.phrases.map(phraseQuery),
  ];
  return parts.length < 3 ? [] : parts.map((_, left) => allOf(parts.filter((_part, index) => index !== left)));
}

/** Some word must match: the last resort. */
export function someWordQuery(query: ParsedQuery, expansions: Meanings): IndexQuery {
  return anyOf([
    ...query.units.filter((unit) => !unit.small).map((unit) => unitQuery(unit, 'any', expansions)),
    ...query.phrases.map(phraseQuery),
  ]);
}

/** The thing whose whole name was typed. */
export const exactQuery = (query: ParsedQuery): IndexQuery => ({
  any: [
    ...(query.joined ? [{ key: keyToken(ownKeys.name, query.joined.slice(0, longestWord)) }] : []),
    ...(query.ref ? [{ key: keyToken('ref', query.ref) }] : []),
  ],
});

/** The words side by side, as they were typed. */
export const sequenceQuery = ({ units }: ParsedQuery): IndexQuery | undefined => {
  const parts = units.flatMap((unit) => unit.parts);
  if (parts.length < 2) return undefined;
  // What was written as one is found by its whole name.
  return phraseQuery({ parts, wholes: units.length === 1 ? parts : units.flatMap((unit) => unit.whole ?? unit.parts) });
};

/** A name that starts with all that was typed, however it is split; of one word, `wordsQuery` finds it. */
export const joinedQuery = (query: ParsedQuery): IndexQuery =>
  query.units.flatMap((unit) => unit.parts).length > 1 &&
  query.joined.length >= shortestPrefix &&
  query.joined.length <= longestWord
    ? { word: query.joined, field: 'name', prefix: true }
    : nothing;
