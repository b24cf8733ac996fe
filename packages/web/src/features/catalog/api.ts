import type { Entity, Problem } from '@callboard/model';
import type {
  CreateLocationResponse,
  EntityPagesResponse,
  FacetsResponse,
  FeedEvent,
  HistoryEntry,
  HistoryResponse,
  KindsResponse,
  LandscapeResponse,
  LocationList,
  ProblemsResponse,
  ProvenanceResponse,
  QueryEntitiesResponse,
  RegisteredLocation,
  Source,
  SourceList,
  StoredProblem,
} from '@callboard/model/http';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';
import { facetBodies, facetBody, listBody, type Question } from './queries.ts';

export type FacetCount = FacetsResponse['facets'][string][number];
export type KindSummary = KindsResponse['items'][number];
export type EntityKey = { kind: string; namespace: string; name: string };
export type { Entity, FeedEvent, HistoryEntry, Problem, RegisteredLocation, Source, StoredProblem };

const base = '/api/catalog';
const post = <T>(path: string, body: unknown, signal?: AbortSignal) =>
  request<T>(`${base}${path}`, { method: 'POST', body, signal });
const nameOf = (ref: EntityKey) =>
  `${encodeURIComponent(ref.kind)}/${encodeURIComponent(ref.namespace)}/${encodeURIComponent(ref.name)}`;

export const kindsQuery = queryOptions({
  queryKey: ['catalog', 'kinds'],
  queryFn: ({ signal }) => request<KindsResponse>(`${base}/kinds`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const listQuery = (filters: Question, page: number, fields: string[] = []) => {
  const body = listBody(filters, page, fields);
  return queryOptions({
    queryKey: ['catalog', 'list', body],
    queryFn: ({ signal }) => post<QueryEntitiesResponse>('/entities/by-query', body, signal),
  });
};

/** How often a question's entities have the values of one path. */
export const countsQuery = (question: Question, path: string) => {
  const body = facetBody(question, [path]);
  return queryOptions({
    queryKey: ['catalog', 'counts', body],
    queryFn: async ({ signal }) => (await post<FacetsResponse>('/entity-facets', body, signal)).facets[path] ?? [],
  });
};

/** Domains and systems, without their parts. */
export const landscapeQuery = queryOptions({
  queryKey: ['catalog', 'landscape', 'systems'],
  queryFn: ({ signal }) => request<LandscapeResponse>(`${base}/landscape?parts=0`, { signal }),
});

export const facetsQuery = (filters: Question) => {
  const bodies = facetBodies(filters);
  return queryOptions({
    queryKey: ['catalog', 'facets', bodies],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(bodies.map(({ body }) => post<FacetsResponse>('/entity-facets', body, signal)));
      const counts: Record<string, FacetCount[]> = {};
      bodies.forEach(({ ids, body }, index) =>
        ids.forEach((id, position) => (counts[id] = answers[index]!.facets[body.facets[position]!] ?? [])),
      );
      return counts;
    },
    placeholderData: keepPreviousData,
  });
};

/** Longer texts, such as definitions, are shown by tabs of their own, which ask for them. */
const longestText = 2000;

export const entityQuery = (key: EntityKey) =>
  queryOptions({
    queryKey: ['catalog', 'entity', key],
    queryFn: ({ signal }) =>
      request<Entity>(`${base}/entities/by-name/${nameOf(key)}?longest=${longestText}`, { signal }),
  });

/** An entity with every text whole. */
export const wholeEntityQuery = (key: EntityKey) =>
  queryOptions({
    queryKey: ['catalog', 'whole-entity', key],
    queryFn: ({ signal }) => request<Entity>(`${base}/entities/by-name/${nameOf(key)}`, { signal }),
  });

/** Which tabs and cards the pages of entities have; it changes with a restart only. */
export const entityPagesQuery = queryOptions({
  queryKey: ['entity-pages'],
  queryFn: ({ signal }) => request<EntityPagesResponse>(`${base}/pages`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Where an owner can be reached; null when there is no such entity. */
export const contactQuery = (entityRef: string) =>
  queryOptions({
    queryKey: ['catalog', 'contact', entityRef],
    queryFn: async ({ signal }) => {
      const fields = ['apiVersion', 'kind', 'metadata.name', 'metadata.links', 'spec.profile'];
      const { items } = await post<{ items: (Entity | null)[] }>(
        '/entities/by-refs',
        { entityRefs: [entityRef], fields },
        signal,
      );
      return items[0] ?? null;
    },
  });

/** How many people a group has, and the first of them, without fetching everything that points at it. */
export const membersQuery = (entityRef: string) =>
  queryOptions({
    queryKey: ['catalog', 'members', entityRef],
    queryFn: ({ signal }) =>
      post<QueryEntitiesResponse>(
        '/entities/by-query',
        {
          limit: 3,
          fields: ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace', 'metadata.title', 'spec.profile'],
          orderBy: [{ field: 'metadata.name', order: 'asc' }],
          query: { kind: 'user', 'relations.memberOf.within': entityRef },
        },
        signal,
      ),
  });

/** Entities whose names come near one that does not exist. */
export const similarQuery = (name: string) =>
  queryOptions({
    queryKey: ['catalog', 'similar', name],
    queryFn: async ({ signal }) => {
      const { mostAlike, searchTerms } = await import('./similar.ts');
      const fields = ['metadata.name', 'metadata.title'];
      const answers = await Promise.all(
        searchTerms(name).map((term) =>
          post<QueryEntitiesResponse>(
            '/entities/by-query',
            { limit: 100, fullTextFilter: { term, fields }, fields: ['kind', 'metadata'] },
            signal,
          ),
        ),
      );
      const found = new Map(
        answers.flatMap(({ items }) => items).map((entity) => [entity.metadata.uid ?? entity.metadata.name, entity]),
      );
      return mostAlike(name, [...found.values()], (entity) => entity.metadata.name);
    },
  });

/** Not every problem comes with an event of the feed: what lists them also asks from time to time, while somebody looks. */
const askAgain = { refetchInterval: 15_000 };

export const problemsQuery = queryOptions({
  ...askAgain,
  queryKey: ['catalog', 'problems'],
  queryFn: ({ signal }) => request<ProblemsResponse>(`${base}/problems?limit=1000`, { signal }),
});

/** Only the figures: what the rail and the home page need. */
export const problemCountsQuery = queryOptions({
  ...askAgain,
  queryKey: ['catalog', 'problems', 'counts'],
  queryFn: ({ signal }) => request<ProblemsResponse>(`${base}/problems?limit=5`, { signal }),
});

export const entityProblemsQuery = (entityRef: string) =>
  queryOptions({
    queryKey: ['catalog', 'problems', entityRef],
    queryFn: ({ signal }) =>
      request<ProblemsResponse>(`${base}/problems?entityRef=${encodeURIComponent(entityRef)}`, { signal }),
  });

export const provenanceQuery = (key: EntityKey) =>
  queryOptions({
    queryKey: ['catalog', 'provenance', key],
    queryFn: ({ signal }) =>
      request<ProvenanceResponse>(`${base}/entities/by-name/${nameOf(key)}/provenance`, { signal }),
  });

export const historyQuery = (key: EntityKey) =>
  queryOptions({
    queryKey: ['catalog', 'history', key],
    queryFn: ({ signal }) => request<HistoryResponse>(`${base}/entities/by-name/${nameOf(key)}/history`, { signal }),
  });

export const sourcesQuery = queryOptions({
  ...askAgain,
  queryKey: ['catalog', 'sources'],
  queryFn: ({ signal }) => request<SourceList>(`${base}/sources`, { signal }),
});

export const refreshSource = (id: number) => post<unknown>(`/sources/${id}/refresh`, undefined);
export const confirmSource = (id: number) => post<unknown>(`/sources/${id}/confirm`, undefined);

export const locationsQuery = queryOptions({
  queryKey: ['catalog', 'locations'],
  queryFn: async ({ signal }) => (await request<LocationList>(`${base}/locations`, { signal })).map(({ data }) => data),
});

/** What came of a registration; a look in advance may also say what is wrong with what it found. */
export type Registration = CreateLocationResponse & { problems?: Problem[] };

export const registerLocation = (location: { type: string; target: string }, dryRun: boolean) =>
  post<Registration>(`/locations${dryRun ? '?dryRun=true' : ''}`, location);

export const unregisterLocation = (id: string) =>
  request<unknown>(`${base}/locations/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const refreshEntity = (entityRef: string) => post<unknown>('/refresh', { entityRef });
