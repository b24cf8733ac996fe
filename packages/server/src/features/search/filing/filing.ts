import type { AnalysedDocument } from '../analysis/analyse.ts';
import { isWord } from '../analysis/analyse.ts';
import { orderOf, tokensOf } from './tokens.ts';
import { vectorOf } from './vectors.ts';

/** How an engine wants the words of a document: as tokens and as a text in order, or as a vector. */
export type FilingForm = 'tokens' | 'vectors';

/** A document as it is stored: `filed` are the texts of its words that the engine has asked for. */
export type FiledDocument = Pick<
  AnalysedDocument,
  'key' | 'title' | 'owner' | 'kind' | 'deprecated' | 'weight' | 'joinedNames' | 'profile' | 'values' | 'body'
> & { filed: string[] };

/** Documents and the words of all of them, separated by spaces, by how likely they are meant: see `DictionaryWord`. Texts are handed over fast, lists are not. */
export type Filing = { documents: FiledDocument[]; words: string[] };

/** Documents that weigh more are what people mostly mean. */
const usualWeight = 90;
/** The level of words of names, titles and tags of these. */
export const headOfThings = 2;

const forms: Record<FilingForm, (document: AnalysedDocument) => string[]> = {
  tokens: (document) => [tokensOf(document), orderOf(document)],
  vectors: (document) => [vectorOf(document)],
};

/** Brings documents into the form in which they are stored. */
export function file(form: FilingForm, analysed: readonly AnalysedDocument[]): Filing {
  const levels: Set<string>[] = [new Set(), new Set(), new Set()];
  const documents = analysed.map((document): FiledDocument => {
    const add = (level: number, lists: Iterable<string>[]) => {
      for (const words of lists) for (const word of words) levels[level]!.add(word);
    };
    add(document.weight > usualWeight ? headOfThings : 1, document.headWords);
    add(0, document.otherWords);
    const { key, title, owner, kind, deprecated, weight, joinedNames, profile, values, body } = document;
    const filed = forms[form](document);
    return { key, title, owner, kind, deprecated, weight, joinedNames, profile, values, body, filed };
  });
  return {
    documents,
    words: levels.map((words, level) =>
      [...words].filter((word) => isWord(word) && !levels.some((other, at) => at > level && other.has(word))).join(' '),
    ),
  };
}
