import type { AnalysedDocument } from '../analysis/analyse.ts';
import { isWord } from '../analysis/analyse.ts';
import { orderOf, tokensOf } from './tokens.ts';
import { vectorOf } from './vectors.ts';

/** How an engine wants the words of a document: as tokens and as a text in order, or as a vector. */
export type FilingForm = 'tokens' | 'vectors';

/** A document as it is stored: `filed` are the texts of its words that the engine has asked for. */
export type FiledDocument = Pick<
  AnalysedDocument,
  'key' | 'title' | 'owner' | 'kind' | 'deprecated' | 'weight' | 'profile' | 'values' | 'body'
> & { filed: string[] };

/** Documents and the words of all of them, separated by spaces: those of names, titles and tags, and all others. Texts are handed over fast, lists are not. */
export type Filing = { documents: FiledDocument[]; headWords: string; otherWords: string };

const forms: Record<FilingForm, (document: AnalysedDocument) => string[]> = {
  tokens: (document) => [tokensOf(document), orderOf(document)],
  vectors: (document) => [vectorOf(document)],
};

/** Brings documents into the form in which they are stored. */
export function file(form: FilingForm, analysed: readonly AnalysedDocument[]): Filing {
  const head = new Set<string>();
  const other = new Set<string>();
  const documents = analysed.map((document): FiledDocument => {
    for (const words of document.headWords) for (const word of words) head.add(word);
    for (const words of document.otherWords) for (const word of words) other.add(word);
    const { key, title, owner, kind, deprecated, weight, profile, values, body } = document;
    return { key, title, owner, kind, deprecated, weight, profile, values, body, filed: forms[form](document) };
  });
  return {
    documents,
    headWords: [...head].filter(isWord).join(' '),
    otherWords: [...other].filter((word) => !head.has(word) && isWord(word)).join(' '),
  };
}
