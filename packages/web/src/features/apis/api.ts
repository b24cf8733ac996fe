import type { ApiDetail, ApiOperation, ApiOverview, ApiSummary, ApiType, Entity } from '@callboard/model';
import type { ApiTryRequest, ApiTryResponse } from '@callboard/model/http';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';

/** Changes of the catalog make these old, too: their keys begin with its word. */
const key = (...rest: unknown[]) => ['catalog', 'apis', ...rest];

const baseOf = (entityRef: string) => {
  const [, namespace = '', name = ''] = /^[^:]+:([^/]+)\/(.+)$/.exec(entityRef) ?? [];
  return `/api/apis/by-name/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
};

export type Overview = ApiOverview & {
  /** Servers at which operations may be tried out. */
  tryItOut: string[];
};

export const overviewQuery = (entityRef: string) =>
  queryOptions({
    queryKey: key('overview', entityRef),
    queryFn: ({ signal }) => request<Overview>(baseOf(entityRef), { signal }),
  });

export const operationQuery = (entityRef: string, id: string) =>
  queryOptions({
    queryKey: key('operation', entityRef, id),
    queryFn: ({ signal }) =>
      request<ApiDetail<ApiOperation>>(`${baseOf(entityRef)}/operation?id=${encodeURIComponent(id)}`, { signal }),
    staleTime: 5 * 60_000,
  });

export const typeQuery = (entityRef: string, id: string) =>
  queryOptions({
    queryKey: key('type', entityRef, id),
    queryFn: ({ signal }) =>
      request<ApiDetail<ApiType>>(`${baseOf(entityRef)}/type?id=${encodeURIComponent(id)}`, { signal }),
    staleTime: 5 * 60_000,
  });

/** Several APIs by ref, in their order; null for one that does not exist. */
export const apisQuery = (entityRefs: string[]) =>
  queryOptions({
    queryKey: key('by-refs', entityRefs),
    queryFn: async ({ signal }) => {
      const fields = ['apiVersion', 'kind', 'metadata', 'spec.type', 'spec.lifecycle', 'spec.owner'];
      const body = { entityRefs, fields };
      const path = '/api/catalog/entities/by-refs';
      return (await request<{ items: (Entity | null)[] }>(path, { method: 'POST', body, signal })).items;
    },
    enabled: entityRefs.length > 0,
  });

export const tryOut = (entityRef: string, id: string, body: ApiTryRequest) =>
  request<ApiTryResponse>(`${baseOf(entityRef)}/operation/try?id=${encodeURIComponent(id)}`, { method: 'POST', body });

type Waiting = { resolve: (summary: ApiSummary | null) => void; reject: (error: unknown) => void };
let waiting = new Map<string, Waiting[]>();
const atMost = 200;

const ask = async (batch: [string, Waiting[]][]) => {
  try {
    const { items } = await request<{ items: (ApiSummary | null)[] }>('/api/apis/summaries', {
      method: 'POST',
      body: { entityRefs: batch.map(([ref]) => ref) },
    });
    batch.forEach(([, each], index) => each.forEach(({ resolve }) => resolve(items[index] ?? null)));
  } catch (error) {
    for (const [, each] of batch) each.forEach(({ reject }) => reject(error));
  }
};

/** Summaries of all rows in view are asked for in one call. */
const summary = (entityRef: string): Promise<ApiSummary | null> =>
  new Promise((resolve, reject) => {
    if (waiting.size === 0)
      setTimeout(() => {
        const all = [...waiting];
        waiting = new Map();
        for (let start = 0; start < all.length; start += atMost) void ask(all.slice(start, start + atMost));
      }, 5);
    waiting.set(entityRef, [...(waiting.get(entityRef) ?? []), { resolve, reject }]);
  });

/** What a list says of an API; null when it has no definition. */
export const useSummary = (entityRef: string) =>
  useQuery({
    queryKey: key('summary', entityRef),
    queryFn: () => summary(entityRef),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
