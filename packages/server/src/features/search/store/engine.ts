import type { Executor } from '../../../core/db/index.ts';
import type { FiledDocument, FilingForm } from '../filing/filing.ts';
import type { IndexQuery } from '../query/index-query.ts';
import type { Slot } from './tables.ts';
import type { Visible } from './visible.ts';

/** A document that matches, with what ranking needs. */
export type Candidate = {
  id: number;
  type: string;
  key: string;
  title: string;
  kind: string | null;
  owner: string | null;
  deprecated: number;
  weight: number;
  profile: string;
  /** 1 when the words stand side by side in it */
  sequence: number;
  /** how often it was opened after a search, and after this very one; null when it never was */
  opens: number | null;
  opensHere: number | null;
};

/** `head` is `headOfThings`, 1 for words of names, titles and tags of other documents, and 0 for all others. */
export type DictionaryWord = { text: string; head: number };

/** Documents in which the words of phrases are looked at in their order; each costs its whole text. */
export const mostPhrases = 500;

/** What to look up at once: documents that match one of the queries, at most `limit` for each. */
export type Look = {
  queries: readonly IndexQuery[];
  /** what it finds is marked as such */
  sequence?: IndexQuery;
  /** looked up as well where `queries` and `sequence` have found fewer than `limit` documents in all */
  whenFew?: readonly IndexQuery[];
  /** looked up as well where they have found as many */
  whenMany?: readonly IndexQuery[];
  limit: number;
  /** the whole query as one word, as it is counted with what was opened after it */
  term: string;
  visible?: Visible;
};

/** `isAll` when nothing that matches was left out. */
export type Looked = { found: Candidate[]; isAll: boolean };

/** How many documents match, and how their values are distributed. */
export type Facets = {
  total: number;
  types: Map<string, number>;
  values: { name: string; value: string; count: number }[];
};

/** A beginning of words, and how many words with it are wanted. */
export type Beginning = { prefix: string; limit: number };

/**
 * What differs between the two databases: how words are stored and found. Everything else of search is the same on both. Another engine
 * is another implementation of this.
 */
export type SearchEngine = {
  /** how it wants the words of documents */
  form: FilingForm;
  /** Stores the words of documents whose rows are there already. */
  insertWords(tx: Executor, slot: Slot, documents: readonly (FiledDocument & { id: number })[]): Promise<void>;
  deleteWords(tx: Executor, slot: Slot, ids: readonly number[]): Promise<void>;
  /** Makes sure that the dictionary has these words, with the highest `head` that they were ever given. */
  insertDictionary(tx: Executor, slot: Slot, words: readonly DictionaryWord[]): Promise<void>;
  /** Empties an index that does not answer, and makes it ready to take everything at once. */
  clear(tx: Executor, slot: Slot): Promise<void>;
  /** Called in each transaction that fills an index which does not answer yet. */
  loading(tx: Executor): Promise<void>;
  /** Called after documents were written, with the number of those written so far: keeps look-ups quick while an index grows. */
  grown(tx: Executor, slot: Slot, documents: number): Promise<void>;
  /** Called after each transaction that has filled an index which does not answer yet: work on what is full may begin. */
  filled(slot: Slot): void;
  /** Makes an index that has taken everything ready to answer, in transactions of its own. */
  complete(slot: Slot): Promise<void>;
  /** Whether so much has been replaced that building everything anew makes look-ups quicker. */
  isWorn(reader: Executor, slot: Slot): Promise<boolean>;

  candidates(reader: Executor, slot: Slot, look: Look): Promise<Looked>;
  /** How many match, and how their values are distributed, looking at `limit` of them at most. Documents can be named by their ids instead. */
  facets(
    reader: Executor,
    slot: Slot,
    of: IndexQuery | readonly number[],
    options: { names: readonly string[]; limit: number; visible?: Visible },
  ): Promise<Facets>;

  /** Words of the dictionary that hold each of the parts, the likeliest first. */
  wordsWith(reader: Executor, slot: Slot, parts: readonly string[], limit: number): Promise<string[][]>;
  /** Words of the dictionary with each of the beginnings, the likeliest first. */
  wordsFrom(reader: Executor, slot: Slot, beginnings: readonly Beginning[]): Promise<DictionaryWord[][]>;
  /** Those of the words that the dictionary has. */
  wordsAmong(reader: Executor, slot: Slot, words: readonly string[]): Promise<string[]>;
  /** Those of the prefixes with which a word of the dictionary starts. */
  prefixesAmong(reader: Executor, slot: Slot, prefixes: readonly string[]): Promise<string[]>;
  /** Words of the dictionary that look like a word; the caller measures how far they are from it. */
  wordsLike(reader: Executor, slot: Slot, word: string, limit: number): Promise<string[]>;

  /** What documents are called, as `joinedNames` of `AnalysedDocument`, where that holds each of the parts. */
  namesWith(reader: Executor, slot: Slot, parts: readonly string[], limit: number): Promise<string[][]>;
  /** The same where a name, or a part of one, looks like a word; the caller measures how far it is from it. */
  namesLike(reader: Executor, slot: Slot, word: string, limit: number): Promise<string[]>;
};
