import type { OpenedBody, SearchResponse, SearchResult } from '@callboard/model/http';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';
import { questionUrl, type Question } from './address.ts';

/** Results page by page. */
export const resultsQuery = (question: Question) =>
  infiniteQueryOptions({
    queryKey: ['search', question],
    queryFn: ({ pageParam, signal }) => request<SearchResponse>(questionUrl(question, pageParam), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextPageCursor,
    // While a new word is typed the old results stay.
    placeholderData: (before) => before,
  });

/** Tells the portal which result was worth opening. Nobody waits for it, and nothing is lost when it fails. */
export function reportOpened(term: string, { type, key }: Pick<SearchResult, 'type' | 'key'>): void {
  const body: OpenedBody = { term: term.slice(0, 1_000), type, key };
  request('/api/search/opened', { method: 'POST', body }).catch(() => undefined);
}
