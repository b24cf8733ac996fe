import type { Entity, JsonObject, KindDefinition, Problem } from '@callboard/model';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';
import type { CatalogFilters } from './filters.ts';
import { facetBodies, listBody } from './queries.ts';

export type EntityPage = { items: Entity[]; totalItems: number };
export type FacetCount = { value: string; count: number };
export type FoundProblem = Problem & {
  id: number | string;
  owner?: string | null;
  source?: string | null;
  firstSeenAt: number;
  excerpt?: { firstLine: number; lines: string[] } | null;
};
export type Source = {
  id: number | string;
  type: string;
  target: string;
  origin: string;
  state: string;
  lastAttemptAt?: number | null;
  lastSuccessAt?: number | null;
  failingSince?: number | null;
  error?: Problem | null;
  held?: { entities: string[]; total: number } | null;
  entities: number;
  problems: number;
};
export type RegisteredLocation = { id: string; type: string; target: string; entityRef?: string };
export type Registration = { location: RegisteredLocation; entities: Entity[]; exists?: boolean };
export type Provenance = { location: string; line?: number | null; readAt?: number | null; source?: string | null };
export type Change = { path: string; before?: unknown; after?: unknown };
export type HistoryEntry = {
  id: number | string;
  ref: string;
  at: number;
  actor: string;
  action: string;
  changes?: Change[] | null;
};

const base = '/api/catalog';
const post = <T>(path: string, body: unknown, signal?: AbortSignal) =>
  request<T>(`${base}${path}`, { method: 'POST', body, signal });
const nameOf = (ref: EntityKey) =>
  `${encodeURIComponent(ref.kind)}/${encodeURIComponent(ref.namespace)}/${encodeURIComponent(ref.name)}`;

export type EntityKey = { kind: string; namespace: string; name: string };

export const kindsQuery = queryOptions({
  queryKey: ['catalog', 'kinds'],
  queryFn: ({ signal }) => request<{ items: KindDefinition[] }>(`${base}/kinds`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const listQuery = (filters: CatalogFilters, page: number, fields: string[] = []) => {
  const body = listBody(filters, page, fields);
  return queryOptions({
    queryKey: ['catalog', 'list', body],
    queryFn: ({ signal }) => post<EntityPage>('/entities/by-query', body, signal),
  });
};

export const facetsQuery = (filters: CatalogFilters) => {
  const bodies = facetBodies(filters);
  return queryOptions({
    queryKey: ['catalog', 'facets', bodies],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(
        bodies.map(({ body }) => post<{ facets: Record<string, FacetCount[]> }>('/entity-facets', body, signal)),
      );
      const counts: Record<string, FacetCount[]> = {};
      bodies.forEach(({ ids, body }, index) =>
        ids.forEach((id, position) => (counts[id] = answers[index]!.facets[body.facets[position]!] ?? [])),
      );
      return counts;
    },
    placeholderData: keepPreviousData,
  });
};

export const entityQuery = (key: EntityKey) =>
  queryOptions({
    queryKey: ['catalog', 'entity', key],
    queryFn: ({ signal }) => request<Entity>(`${base}/entities/by-name/${nameOf(key)}`, { signal }),
  });

export const totalsQuery = queryOptions({
  queryKey: ['catalog', 'totals'],
  queryFn: ({ signal }) =>
    post<{ facets: Record<string, FacetCount[]> }>('/entity-facets', { facets: ['kind'] }, signal),
});

export const similarQuery = (name: string) =>
  queryOptions({
    queryKey: ['catalog', 'similar', name],
    queryFn: ({ signal }) =>
      post<EntityPage>(
        '/entities/by-query',
        { limit: 8, fullTextFilter: { term: name, fields: ['metadata.name', 'metadata.title'] } },
        signal,
      ),
  });

export const problemsQuery = queryOptions({
  queryKey: ['catalog', 'problems'],
  queryFn: ({ signal }) => request<{ items: FoundProblem[]; totalItems: number }>(`${base}/problems`, { signal }),
});

export const entityProblemsQuery = (entityRef: string) =>
  queryOptions({
    queryKey: ['catalog', 'problems', entityRef],
    queryFn: ({ signal }) =>
      request<{ items: FoundProblem[] }>(`${base}/problems?entityRef=${encodeURIComponent(entityRef)}`, { signal }),
  });

export const sourcesQuery = queryOptions({
  queryKey: ['catalog', 'sources'],
  queryFn: ({ signal }) => request<{ items: Source[] }>(`${base}/sources`, { signal }),
});

export const refreshSource = (id: Source['id']) => post<unknown>(`/sources/${encodeURIComponent(id)}/refresh`, {});
export const confirmSource = (id: Source['id']) => post<unknown>(`/sources/${encodeURIComponent(id)}/confirm`, {});

export const locationsQuery = queryOptions({
  queryKey: ['catalog', 'locations'],
  queryFn: async ({ signal }) =>
    (await request<{ data: RegisteredLocation }[]>(`${base}/locations`, { signal })).map(({ data }) => data),
});

export const registerLocation = (location: { type: string; target: string }, dryRun: boolean) =>
  post<Registration>(`/locations${dryRun ? '?dryRun=true' : ''}`, location);

export const unregisterLocation = (id: string) =>
  request<unknown>(`${base}/locations/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const refreshEntity = (entityRef: string) => post<unknown>('/refresh', { entityRef });

export type { Entity, JsonObject, KindDefinition, Problem };
