import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { countsQuery, landscapeQuery, type FacetCount } from '../api.ts';
import type { Grouping } from '../filters.ts';
import type { Predicate, Question } from '../queries.ts';
import type { Part } from './lines.ts';

/** A part of a grouped list: what has the same owner, system or domain; without a reference what has none. */
export type Group = Part & { entityRef: string | undefined; condition: Predicate };

type Landscape = { systems: { entityRef: string; parent?: string }[] };

const paths: Record<Exclude<Grouping, ''>, string> = {
  owner: 'relations.ownedBy',
  system: 'relations.partOf',
  domain: 'relations.partOf',
};

const nameIn = (entityRef: string) => entityRef.slice(entityRef.indexOf('/') + 1);

/** The references under which each group is found: a domain has what is in its systems. */
function targetsOf(by: Exclude<Grouping, ''>, counts: FacetCount[], landscape: Landscape | undefined) {
  const domainOf = new Map(landscape?.systems.map(({ entityRef, parent }) => [entityRef, parent]) ?? []);
  const targets = new Map<string, { refs: string[]; count: number }>();
  for (const { value, count } of counts) {
    const key =
      by === 'owner' || value.startsWith(`${by}:`) ? value : by === 'domain' ? domainOf.get(value) : undefined;
    if (key === undefined) continue;
    const group = targets.get(key) ?? { refs: [], count: 0 };
    group.refs.push(value);
    group.count += count;
    targets.set(key, group);
  }
  return targets;
}

/**
 * The groups of a list, by name, and last what is in none.
 *
 * @param total - how many entities the list has
 */
export function groupsOf(
  by: Exclude<Grouping, ''>,
  total: number,
  counts: FacetCount[],
  landscape?: Landscape,
): Group[] {
  const targets = targetsOf(by, counts, landscape);
  const groups = [...targets]
    .toSorted(([a], [b]) => nameIn(a).localeCompare(nameIn(b)) || a.localeCompare(b))
    .map(([entityRef, { refs, count }]) => ({
      key: entityRef,
      entityRef,
      count,
      condition: { [paths[by]]: { $in: refs } },
    }));
  const rest = total - groups.reduce((sum, { count }) => sum + count, 0);
  if (rest <= 0) return groups;
  const named = { [paths[by]]: { $in: [...targets.values()].flatMap(({ refs }) => refs) } };
  const condition: Predicate = targets.size === 0 ? { $all: [] } : { $not: named };
  return [...groups, { key: '', entityRef: undefined, count: rest, condition }];
}

/** The groups of a list; nothing as long as they are not known. */
export function useGroups(question: Question, total: number): { groups: Group[] | undefined; error: Error | null } {
  const by = question.group;
  const counts = useQuery({ ...countsQuery(question, by === '' ? '' : paths[by]), enabled: by !== '' });
  const landscape = useQuery({ ...landscapeQuery, enabled: by === 'domain' });
  const error = counts.error ?? landscape.error;
  const groups = useMemo(
    () =>
      by === '' || !counts.data || (by === 'domain' && !landscape.data)
        ? undefined
        : groupsOf(by, total, counts.data, landscape.data),
    [by, total, counts.data, landscape.data],
  );
  return { groups, error: groups ? null : error };
}

/** The question that only asks for one group. */
export const within = (question: Question, { condition }: Group): Question => ({
  ...question,
  restriction: question.restriction ? { $all: [question.restriction, condition] } : condition,
});
