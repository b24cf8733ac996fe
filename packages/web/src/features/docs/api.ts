import type {
  DocsPageResponse,
  DocsReportResponse,
  DocsSiteResponse,
  DocsSummariesResponse,
  SearchResponse,
} from '@callboard/model/http';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiError, request } from '../../core/api/index.ts';
import { refOf, type DocsKey } from './address.ts';

/** Changes of documents make these old: their keys begin with the word of such events. */
const key = (...rest: unknown[]) => ['techdocs', ...rest];

const base = ({ namespace, kind, name }: DocsKey) =>
  `/api/techdocs/sites/${[namespace, kind, name].map(encodeURIComponent).join('/')}`;

const withQuery = (path: string, said: Record<string, string | undefined>): string => {
  const entries = Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries).toString()}`;
};

/** All entities that have documents. */
export const sitesQuery = queryOptions({
  queryKey: key('sites'),
  queryFn: async ({ signal }) => (await request<DocsSummariesResponse>('/api/techdocs/sites', { signal })).items,
  // Sites that are read for the first time are counted a moment later.
  refetchInterval: ({ state }) =>
    state.data?.some(({ pages }) => pages === undefined) ? (state.dataUpdateCount < 15 ? 2_000 : 60_000) : false,
});

/** The documents of an entity as a whole. */
export const siteQuery = (site: DocsKey, version?: string) =>
  queryOptions({
    queryKey: key('site', refOf(site), version ?? ''),
    queryFn: ({ signal }) => request<DocsSiteResponse>(withQuery(base(site), { version }), { signal }),
  });

/** One page. */
export const pageQuery = (site: DocsKey, path: string, version?: string) =>
  queryOptions({
    queryKey: key('page', refOf(site), version ?? '', path),
    queryFn: ({ signal }) =>
      request<DocsPageResponse>(withQuery(`${base(site)}/page`, { path: path || undefined, version }), { signal }),
    // The page is there before the colours of its code are.
    refetchInterval: ({ state }) => (state.data?.isPlain === true && state.dataUpdateCount < 20 ? 500 : false),
  });

/** What is wrong with the documents of an entity. */
export const reportQuery = (site: DocsKey) =>
  queryOptions({
    queryKey: key('report', refOf(site)),
    queryFn: ({ signal }) => request<DocsReportResponse>(`${base(site)}/report`, { signal }),
  });

/** Sections of one site that have these words. */
export const findQuery = (entityRef: string, term: string) =>
  queryOptions({
    queryKey: key('find', entityRef, term),
    queryFn: ({ signal }) => {
      const parameters = new URLSearchParams({ term: term.slice(0, 200), pageLimit: '20' });
      parameters.append('types[]', 'techdocs');
      parameters.append('filters[ref]', entityRef);
      return request<SearchResponse>(`/api/search/query?${parameters.toString()}`, { signal });
    },
    enabled: term !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

/** Refs of the entities that these people and groups own, with all groups within. */
export const ownedQuery = (owners: string[]) =>
  queryOptions({
    queryKey: ['catalog', 'docs', 'owned', owners],
    queryFn: async ({ signal }) => {
      const body = {
        query: { 'relations.ownedBy.within': { $in: owners } },
        fields: ['kind', 'metadata.namespace', 'metadata.name'],
        limit: 5000,
      };
      type Found = { items: { kind: string; metadata: { namespace?: string; name: string } }[] };
      const { items } = await request<Found>('/api/catalog/entities/by-query', { method: 'POST', body, signal });
      return items.map(({ kind, metadata }) =>
        `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase(),
      );
    },
    enabled: owners.length > 0,
  });

/** Nothing is there, rather than something being wrong. */
export const isMissing = (error: unknown, code?: string): boolean =>
  error instanceof ApiError && error.status === 404 && (code === undefined || error.code === code);
