import { stringifyEntityRef, type Entity } from '@callboard/model';
import type { FacetsResponse, QueryEntitiesResponse } from '@callboard/model/http';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../../../core/api/index.ts';

/** One condition of a field's `catalogFilter`: each key has one of some values, or merely exists. */
type Condition = Record<string, string | string[] | { exists?: boolean } | { $eq?: string }>;
export type CatalogFilter = Condition | Condition[];

const offered = 50;

const isText = (value: unknown): value is string => typeof value === 'string';

/** The catalog's own way of writing such a filter: alternatives are parameters, values of a key are listed. */
export function filterParameters(filter: CatalogFilter | undefined): string[] {
  return [filter ?? []].flat().map((condition) =>
    Object.entries(condition)
      .flatMap(([key, wanted]) => {
        if (isText(wanted)) return [`${key}=${wanted}`];
        if (Array.isArray(wanted)) return wanted.filter(isText).map((value) => `${key}=${value}`);
        return 'exists' in wanted && wanted.exists === false ? [] : [key];
      })
      .join(','),
  );
}

/** Entities that a field offers, those whose names have these words. */
export const offeredQuery = (filter: CatalogFilter | undefined, text: string) => {
  const parameters = new URLSearchParams({
    limit: String(offered),
    fields: 'kind,metadata.name,metadata.namespace,metadata.title,metadata.description,spec.profile.displayName',
    orderField: 'metadata.name,asc',
  });
  for (const each of filterParameters(filter)) if (each !== '') parameters.append('filter', each);
  if (text !== '') {
    parameters.set('fullTextFilterTerm', text);
    parameters.set('fullTextFilterFields', 'metadata.name,metadata.title,spec.profile.displayName');
  }
  return queryOptions({
    queryKey: ['catalog', 'offered', parameters.toString()],
    queryFn: ({ signal }) =>
      request<QueryEntitiesResponse>(`/api/catalog/entities/by-query?${parameters.toString()}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
};

/** The reference that a field keeps. */
export const refOf = (entity: Entity): string =>
  stringifyEntityRef({
    kind: entity.kind,
    namespace: entity.metadata.namespace ?? 'default',
    name: entity.metadata.name,
  });

/** Tags in use, with how many entities have each. */
export const tagsQuery = (kinds: string[]) => {
  const parameters = new URLSearchParams({ facet: 'metadata.tags' });
  if (kinds.length > 0) parameters.set('filter', kinds.map((kind) => `kind=${kind}`).join(','));
  return queryOptions({
    queryKey: ['catalog', 'tags', parameters.toString()],
    queryFn: async ({ signal }) => {
      const answer = await request<FacetsResponse>(`/api/catalog/entity-facets?${parameters.toString()}`, {
        signal,
      });
      return answer.facets['metadata.tags'] ?? [];
    },
    staleTime: 60_000,
  });
};
