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
};

export type DictionaryWord = { text: string; head: 0 | 1 };

/** Documents in which the words of phrases are looked at in their order; each costs its whole text. */
export const mostPhrases = 500;

/** What to look up at once. */
export type Look = { queries: readonly IndexQuery[]; sequence?: IndexQuery; limit: number; visible?: Visible };

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
  /** Makes sure that the dictionary has these words; `head` marks those of names, titles and tags. */
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

  /** Documents that match one of the queries, at most `limit` for each. What `sequence` finds is marked as such. */
  candidates(reader: Executor, slot: Slot, look: Look): Promise<Candidate[]>;
  /** How many match, and how their values are distributed, looking at `limit` of them at most. */
  facets(
    reader: Executor,
    slot: Slot,
    query: IndexQuery,
    options: { names: readonly string[]; limit: number; visible?: Visible },
  ): Promise<{ total: number; types: Map<string, number>; values: { name: string; value: string; count: number }[] }>;

  /** Words of the dictionary that hold a part, the likeliest first. */
  wordsWith(reader: Executor, slot: Slot, part: string, limit: number): Promise<string[]>;
  /** Words of the dictionary that start so, the likeliest first. */
  wordsFrom(reader: Executor, slot: Slot, prefix: string, limit: number): Promise<string[]>;
  /** Those of the words that the dictionary has. */
  wordsAmong(reader: Executor, slot: Slot, words: readonly string[]): Promise<string[]>;
  /** Those of the prefixes with which a word of the dictionary starts. */
  prefixesAmong(reader: Executor, slot: Slot, prefixes: readonly string[]): Promise<string[]>;
  /** Words of the dictionary that look like a word; the caller measures how far they are from it. */
  wordsLike(reader: Executor, slot: Slot, word: string, limit: number): Promise<string[]>;
};
