/**
 * What to look up in the index, for any engine. A field holds those above it, too: `name` is names and titles, `head` adds tags, owner,
 * operations and facts, `any` adds prose. `key` is a token of `keyToken`.
 */
export type IndexQuery =
  | { all: IndexQuery[] }
  | { any: IndexQuery[] }
  | { not: IndexQuery }
  | { word: string; field: WordField; prefix?: boolean }
  | { stem: string }
  | { phrase: string[] }
  | { key: string };

export type WordField = 'name' | 'head' | 'any';

export const everything: IndexQuery = { all: [] };
export const nothing: IndexQuery = { any: [] };
export const isNothing = (query: IndexQuery): boolean => 'any' in query && query.any.length === 0;
export const allOf = (parts: IndexQuery[]): IndexQuery => (parts.length === 1 ? parts[0]! : { all: parts });
export const anyOf = (parts: IndexQuery[]): IndexQuery => (parts.length === 1 ? parts[0]! : { any: parts });

export const hasPhrase = (query: IndexQuery): boolean => {
  if ('phrase' in query) return true;
  const parts = 'all' in query ? query.all : 'any' in query ? query.any : [];
  return parts.some(hasPhrase);
};

/** The same query with the words of phrases in any order: what an index can answer without looking into documents. */
export function withoutPhrases(query: IndexQuery): IndexQuery {
  if ('phrase' in query) return { all: query.phrase.map((word) => ({ word, field: 'any' })) };
  if ('all' in query) return { all: query.all.map(withoutPhrases) };
  if ('any' in query) return { any: query.any.map(withoutPhrases) };
  return query;
}
