import type { Term } from '@callboard/model';

/**
 * The terms of an entity as one text. Between threads, and in memory while they wait to be written, a text costs a fraction of what
 * dozens of small arrays for each entity do.
 */
export type TermText = string;

// No part of a term has this character; see `entityTerms`.
const end = '\0';
const partsOfTerm = 4;

export const termText = (terms: readonly Term[]): TermText =>
  terms.map(([key, value, original, item]) => `${key}${end}${value}${end}${original ?? ''}${end}${item}`).join(end);

/** Calls `take` with each term, in the order of the entity. */
export function eachTerm(text: TermText, take: (...term: Term) => void): void {
  if (text === '') return;
  const parts = text.split(end);
  for (let start = 0; start < parts.length; start += partsOfTerm)
    // Where a value is as it was written, no other is kept: none of those that are kept is empty.
    take(parts[start]!, parts[start + 1]!, parts[start + 2]! || null, parts[start + 3] === '1' ? 1 : 0);
}
