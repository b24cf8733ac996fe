import { stringifyEntityRef } from '@callboard/model';
import type { Entity } from '@callboard/model';
import type { BindingSchema, BindingsResponse, QueryEntitiesResponse } from '@callboard/model/http';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';

/** A role that a group has: by a binding of its own, or through a group above it. */
export type GroupRole = { role: string; through?: string; when?: string };

/** A group of the catalog, and what it may. */
export type GroupItem = {
  entityRef: string;
  namespace: string;
  name: string;
  title: string;
  type: string;
  members: number;
  parents: string[];
  roles: GroupRole[];
};

type Related = Entity & { relations?: { type: string; targetRef: string }[] };

const related = ({ relations = [] }: Related, type: string) =>
  relations.flatMap((relation) => (relation.type === type ? [relation.targetRef.toLowerCase()] : []));

/**
 * The roles of a group, its own first, then those of the groups above it, nearest first.
 *
 * @param parents - of each group that is known, by its ref
 */
export function rolesOf(group: string, parents: Map<string, string[]>, bindings: BindingSchema[]): GroupRole[] {
  const seen = new Set([group]);
  // Grows while it is walked: a group above another is met after those below it, and circles end.
  for (const each of seen) for (const parent of parents.get(each) ?? []) seen.add(parent);
  return [...seen].flatMap((each) =>
    bindings
      .filter(({ subject }) => subject.toLowerCase() === each)
      .map(({ role, whenText }) => ({
        role,
        ...(each !== group && { through: each }),
        ...(whenText !== undefined && { when: whenText }),
      })),
  );
}

const catalog = '/api/catalog/entities';
const fields = ['kind', 'metadata.name', 'metadata.namespace', 'metadata.title', 'spec.type', 'spec.profile.displayName', 'relations']; // prettier-ignore
const searched = ['metadata.name', 'metadata.title', 'spec.profile.displayName'];
const pageSize = 100;

/** The parents of some groups and of all above them. */
async function readParents(groups: Related[], signal: AbortSignal): Promise<Map<string, string[]>> {
  const parents = new Map<string, string[]>();
  let level = groups;
  while (level.length > 0) {
    for (const group of level) parents.set(stringifyEntityRef(group), related(group, 'childOf'));
    const entityRefs = [...new Set([...parents.values()].flat())].filter((ref) => !parents.has(ref));
    if (entityRefs.length === 0) break;
    for (const ref of entityRefs) parents.set(ref, []);
    const body = { entityRefs, fields: ['kind', 'metadata.name', 'metadata.namespace', 'relations'] };
    const { items } = await request<{ items: (Related | null)[] }>(`${catalog}/by-refs`, { method: 'POST', body, signal }); // prettier-ignore
    level = items.filter((item) => item !== null);
  }
  return parents;
}

/** One page of the groups that the reader may see. */
export const groupsQuery = ({ text, cursor }: { text?: string; cursor?: string }) =>
  queryOptions({
    queryKey: ['access', 'groups', text, cursor],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const asked = cursor
        ? { cursor }
        : {
            query: { kind: 'group' },
            orderBy: [{ field: 'metadata.name', order: 'asc' }],
            limit: pageSize,
            ...(text && { fullTextFilter: { term: text, fields: searched } }),
          };
      const [page, { items: bindings }] = await Promise.all([
        request<QueryEntitiesResponse>(`${catalog}/by-query`, { method: 'POST', body: { fields, ...asked }, signal }),
        request<BindingsResponse>('/api/access/bindings', { signal }),
      ]);
      const groups = page.items as Related[];
      const parents = await readParents(groups, signal);
      return {
        total: page.totalItems,
        next: page.pageInfo.nextCursor,
        items: groups.map((group): GroupItem => {
          const entityRef = stringifyEntityRef(group);
          const { metadata } = group;
          const spec = group.spec as { type?: string; profile?: { displayName?: string } } | undefined;
          return {
            entityRef,
            namespace: metadata.namespace ?? 'default',
            name: metadata.name,
            title: spec?.profile?.displayName ?? metadata.title ?? metadata.name,
            type: spec?.type ?? '',
            members: related(group, 'hasMember').length,
            parents: parents.get(entityRef) ?? [],
            roles: rolesOf(entityRef, parents, bindings),
          };
        }),
      };
    },
  });
