import type {
  ImpactResponse,
  LandscapeResponse,
  NeighbourhoodResponse,
  OrganizationResponse,
  OwnershipResponse,
  QueryEntitiesResponse,
} from '@callboard/model/http';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../../core/api/index.ts';
import { readRef } from '../entity.ts';
import type { GraphSettings } from './settings.ts';

export type Impact = ImpactResponse;
export type ImpactItem = ImpactResponse['items'][number];
export type Landscape = LandscapeResponse;
export type Ownership = OwnershipResponse;
export type OrganizationGroup = OrganizationResponse['groups'][number];

const base = '/api/catalog';
const mostEntities = 400;

const pathOf = (entityRef: string) => {
  const ref = readRef(entityRef, undefined, 'default');
  const words = ref ? [ref.kind, ref.namespace, ref.name] : ['unknown', 'default', entityRef];
  return `${base}/entities/by-name/${words.map(encodeURIComponent).join('/')}`;
};

export const neighbourhoodQuery = (root: string, settings: Omit<GraphSettings, 'roots' | 'layout'>) => {
  const search = new URLSearchParams({
    depth: String(settings.depth),
    direction: settings.follow,
    limit: String(mostEntities),
  });
  for (const kind of settings.kinds) search.append('kind', kind);
  for (const relation of settings.relations) search.append('relation', relation);
  return queryOptions({
    queryKey: ['catalog', 'graph', root, search.toString()],
    queryFn: ({ signal }) => request<NeighbourhoodResponse>(`${pathOf(root)}/relations?${search}`, { signal }),
    placeholderData: keepPreviousData,
  });
};

export const impactQuery = (entityRef: string) =>
  queryOptions({
    queryKey: ['catalog', 'impact', entityRef],
    queryFn: ({ signal }) => request<ImpactResponse>(`${pathOf(entityRef)}/impact`, { signal }),
  });

export const ownershipQuery = (entityRef: string) =>
  queryOptions({
    queryKey: ['catalog', 'ownership', entityRef],
    queryFn: ({ signal }) => request<OwnershipResponse>(`${pathOf(entityRef)}/ownership`, { signal }),
  });

export const organizationQuery = queryOptions({
  queryKey: ['catalog', 'organization'],
  queryFn: ({ signal }) => request<OrganizationResponse>(`${base}/organization`, { signal }),
});

export const landscapeQuery = queryOptions({
  queryKey: ['catalog', 'landscape'],
  queryFn: ({ signal }) => request<LandscapeResponse>(`${base}/landscape`, { signal }),
});

const briefFields = ['kind', 'metadata.name', 'metadata.namespace', 'metadata.title', 'spec.type', 'spec.profile'];

const entitiesQuery = (name: string, body: Record<string, unknown>) =>
  queryOptions({
    queryKey: ['catalog', name, body],
    queryFn: ({ signal }) =>
      request<QueryEntitiesResponse>(`${base}/entities/by-query`, {
        method: 'POST',
        body: { fields: briefFields, orderBy: [{ field: 'metadata.name', order: 'asc' }], ...body },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

/** What a system consists of. */
export const partsQuery = (system: string) =>
  entitiesQuery('parts', { limit: 200, query: { 'relations.partOf': system } });

/** The people of a group, or of all groups below it too. */
export const peopleQuery = (group: string, withSubgroups: boolean) =>
  entitiesQuery('people', {
    limit: 500,
    query: { kind: 'user', [`relations.memberOf${withSubgroups ? '.within' : ''}`]: group },
  });

/** Entities to start a graph from. */
export const startsQuery = (text: string) =>
  entitiesQuery('starts', {
    limit: 8,
    fullTextFilter: { term: text, fields: ['metadata.name', 'metadata.title', 'spec.profile.displayName'] },
  });
