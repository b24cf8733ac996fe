import type { Entity } from '@callboard/model';
import type {
  EntitiesByRefsResponse,
  EventsResponse,
  HistoryResponse,
  OwnershipResponse,
  ProblemsResponse,
  QueryEntitiesResponse,
} from '@callboard/model/http';
import { queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';
import { useFollowedTeams, usePrincipal } from '../../core/session/index.ts';
import { nameOf, readRef, targetsOf } from '../catalog/index.ts';

const base = '/api/catalog';
const post = <T>(path: string, body: unknown, signal?: AbortSignal) =>
  request<T>(`${base}${path}`, { method: 'POST', body, signal });

const byName = (ref: string): string => {
  const { kind, namespace, name } = readRef(ref, undefined, 'default')!;
  return `${base}/entities/by-name/${[kind, namespace, name].map(encodeURIComponent).join('/')}`;
};

/** Who this person is in the catalog, and through whom they own things. */
export type Mine = {
  /** Whether the catalog has an entity of this person. */
  known: boolean;
  name: string | undefined;
  /** Groups that list them as a member, and those that they follow. */
  teams: string[];
  /** Everybody whose things are theirs: themselves, their teams and the teams below those. */
  owners: string[];
};

const entitiesOf = async (entityRefs: string[], signal: AbortSignal): Promise<(Entity | null)[]> =>
  (
    await post<EntitiesByRefsResponse>(
      '/entities/by-refs',
      { entityRefs, fields: ['apiVersion', 'kind', 'metadata', 'relations', 'spec.profile'] },
      signal,
    )
  ).items;

const mineQuery = (me: string | undefined, followed: string[]) =>
  queryOptions({
    queryKey: ['catalog', 'mine', me, followed],
    queryFn:
      me === undefined
        ? skipToken
        : async ({ signal }): Promise<Mine> => {
            const [person, ...groups] = await entitiesOf([me, ...followed], signal);
            const followedThere = followed.filter((_, index) => groups[index]);
            const roots = [...(person ? [me] : []), ...followedThere];
            const answers = await Promise.all(
              roots.map((ref) => request<OwnershipResponse>(`${byName(ref)}/ownership`, { signal })),
            );
            const owners = answers.flatMap((answer) => answer.owners.map(({ entityRef }) => entityRef));
            return {
              known: person !== null && person !== undefined,
              name: person ? nameOf(person) : undefined,
              teams: [...new Set([...(person ? targetsOf(person, 'memberOf') : []), ...followedThere])],
              owners: [...new Set(owners)],
            };
          },
  });

/** Whose things are this person's. */
export function useMine() {
  const me = usePrincipal();
  const followed = useFollowedTeams();
  const mine = useQuery(mineQuery(followed.ready ? me.data?.entityRef : undefined, followed.refs));
  return { principal: me.data, mine: mine.data, error: me.error ?? mine.error };
}

const shown = 8;

/** Components that somebody of these owns. */
export const componentsQuery = (owners: string[]) =>
  queryOptions({
    queryKey: ['catalog', 'components-of', owners],
    queryFn: ({ signal }) =>
      post<QueryEntitiesResponse>(
        '/entities/by-query',
        {
          limit: shown,
          orderBy: [{ field: 'metadata.name', order: 'asc' }],
          fields: ['apiVersion', 'kind', 'metadata', 'spec.type', 'spec.lifecycle', 'status'],
          query: {
            $all: [
              { kind: 'component' },
              { relations: { $contains: { type: 'ownedBy', targetRef: { $in: owners } } } },
            ],
          },
        },
        signal,
      ),
  });

/** Beyond this many owners one question for all problems is cheaper than one for each. */
const mostQuestions = 8;

/** Problems of these owners, or of everybody, errors first. */
export const needsQuery = (owners: string[] | undefined) =>
  queryOptions({
    queryKey: ['catalog', 'problems', 'needs', owners ?? 'all'],
    refetchInterval: 15_000,
    queryFn: async ({ signal }) => {
      const ask = (query: string) => request<ProblemsResponse>(`${base}/problems?${query}`, { signal });
      if (!owners) return (await ask('limit=30')).items.filter(({ severity }) => severity !== 'information');
      const answers = await Promise.all(
        owners.length > mostQuestions
          ? [ask('limit=1000')]
          : owners.map((owner) => ask(`limit=30&owner=${encodeURIComponent(owner)}`)),
      );
      const rank = { error: 0, warning: 1, information: 2 };
      return answers
        .flatMap(({ items }) => items)
        .filter(({ severity, owner }) => severity !== 'information' && owner !== undefined && owners.includes(owner))
        .toSorted((a, b) => rank[a.severity] - rank[b.severity] || b.firstSeenAt.localeCompare(a.firstSeenAt));
    },
  });

const mostEvents = 500;

/** What has happened behind a cursor of the feed, newest first; the latest of all when there is no cursor. `isCut`: there is more than is read. */
export const sinceQuery = (cursor: number | undefined) =>
  queryOptions({
    queryKey: ['catalog', 'since', cursor ?? 'ever'],
    queryFn: async ({ signal }) => {
      const now = await request<EventsResponse>('/api/events?limit=1', { signal });
      const floor = Math.max(0, now.cursor - mostEvents);
      // A cursor ahead of the feed is of a database that is gone.
      const wanted = cursor === undefined || cursor > now.cursor ? 0 : cursor;
      const after = Math.max(wanted, floor);
      const { events } = await request<EventsResponse>(
        `/api/events?after=${after}&limit=${mostEvents}&types=catalog.entity.*`,
        { signal },
      );
      return { events: events.toReversed(), isCut: after > wanted };
    },
  });

/** The newest entries of an entity's history. */
export const lastChangesQuery = (ref: string) =>
  queryOptions({
    queryKey: ['catalog', 'last-changes', ref],
    queryFn: ({ signal }) => request<HistoryResponse>(`${byName(ref)}/history?limit=3`, { signal }),
  });

const owned = { kind: { $in: ['component', 'api', 'resource', 'system'] } };

/** How many things should have an owner, and how many have none that exists. */
export const ownerlessQuery = queryOptions({
  queryKey: ['catalog', 'ownerless'],
  queryFn: async ({ signal }) => {
    const total = async (query: object) =>
      (await post<QueryEntitiesResponse>('/entities/by-query', { limit: 0, query }, signal)).totalItems;
    const [all, without] = await Promise.all([
      total(owned),
      total({ $all: [owned, { $not: { 'relations.ownedBy': { $exists: true } } }] }),
    ]);
    return { all, without };
  },
});

/** Groups to choose from. */
export const groupsQuery = queryOptions({
  queryKey: ['catalog', 'groups'],
  queryFn: async ({ signal }) =>
    (
      await post<QueryEntitiesResponse>(
        '/entities/by-query',
        {
          limit: 1000,
          orderBy: [{ field: 'metadata.name', order: 'asc' }],
          fields: [
            'apiVersion',
            'kind',
            'metadata.name',
            'metadata.namespace',
            'metadata.title',
            'spec.profile',
            'spec.type',
          ],
          query: { kind: 'group' },
        },
        signal,
      )
    ).items,
  staleTime: 60_000,
});
