import type { Entity } from '@callboard/model';
import type {
  CheckDescriptorResponse,
  DescriptorResponse,
  DescriptorSchemasResponse,
  ProblemExcerptResponse,
  QueryEntitiesResponse,
  SaveDescriptorResponse,
} from '@callboard/model/http';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../core/api/index.ts';

export type Descriptor = DescriptorResponse;
export type Checked = CheckDescriptorResponse;
export type KindSchema = DescriptorSchemasResponse['kinds'][number];
export type Excerpt = ProblemExcerptResponse;

/** Which file is meant: that of an entity, or the one a problem stands in. */
export type DescriptorOf = { entity: string } | { problem: number };

const base = '/api/catalog';

export const descriptorQuery = (of: DescriptorOf) =>
  queryOptions({
    queryKey: ['catalog', 'descriptor', of],
    queryFn: ({ signal }) =>
      request<Descriptor>(
        `${base}/descriptor?${'entity' in of ? `entityRef=${encodeURIComponent(of.entity)}` : `problem=${of.problem}`}`,
        { signal },
      ),
  });

export const schemasQuery = queryOptions({
  queryKey: ['descriptor-schemas'],
  queryFn: ({ signal }) => request<DescriptorSchemasResponse>(`${base}/descriptor/schemas`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const excerptQuery = (problem: number) =>
  queryOptions({
    queryKey: ['catalog', 'excerpt', problem],
    queryFn: ({ signal }) => request<Excerpt>(`${base}/problems/${problem}/excerpt`, { signal }),
  });

export const checkQuery = (document: number, text: string) =>
  queryOptions({
    queryKey: ['descriptor-check', document, text],
    queryFn: ({ signal }) =>
      request<Checked>(`${base}/descriptor/check`, { method: 'POST', body: { document, text }, signal }),
    // Each text is asked about once; only the last few are worth keeping.
    gcTime: 30_000,
  });

export const saveDescriptor = (body: { document: number; text: string; hash: string; withErrors: boolean }) =>
  request<SaveDescriptorResponse>(`${base}/descriptor`, { method: 'PUT', body });

const mostProposed = 50;

/** Entities whose names contain a text, to be proposed where a reference stands. */
export async function proposedEntities(kinds: string[], text: string, signal: AbortSignal): Promise<Entity[]> {
  const { items } = await request<QueryEntitiesResponse>(`${base}/entities/by-query`, {
    method: 'POST',
    signal,
    body: {
      limit: mostProposed,
      fields: ['kind', 'metadata.name', 'metadata.namespace', 'metadata.title', 'spec.profile.displayName'],
      orderBy: [{ field: 'metadata.name', order: 'asc' }],
      ...(kinds.length > 0 && { query: { kind: { $in: kinds.map((kind) => kind.toLowerCase()) } } }),
      ...(text !== '' && {
        fullTextFilter: { term: text, fields: ['metadata.name', 'metadata.title', 'spec.profile.displayName'] },
      }),
    },
  });
  return items;
}

/** Names of annotations that entities of the catalog have. */
export const annotationsQuery = queryOptions({
  queryKey: ['descriptor-annotations'],
  queryFn: async ({ signal }) => {
    const { items } = await request<QueryEntitiesResponse>(`${base}/entities/by-query`, {
      method: 'POST',
      signal,
      body: { limit: 500, fields: ['metadata.annotations'] },
    });
    return [...new Set(items.flatMap(({ metadata }) => Object.keys(metadata?.annotations ?? {})))].toSorted();
  },
  staleTime: 300_000,
});
