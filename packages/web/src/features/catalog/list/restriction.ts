import { useMemo } from 'react';
import { useFollowedTeams, usePrincipal, useStarred } from '../../../core/session/index.ts';
import type { Show } from '../filters.ts';
import type { Predicate } from '../queries.ts';

/** References as a condition: few lists of names, however many references there are. */
export function isOneOf(refs: string[]): Predicate {
  const names = new Map<string, string[]>();
  for (const ref of refs) {
    const slash = ref.indexOf('/');
    const place = ref.slice(0, slash);
    names.set(place, [...(names.get(place) ?? []), ref.slice(slash + 1)]);
  }
  return {
    $any: [...names].map(([place, each]) => {
      const [kind, namespace] = place.split(':');
      return { kind, 'metadata.namespace': namespace, 'metadata.name': { $in: each } };
    }),
  };
}

/** What "owned" and "starred" mean for whoever is here; not ready until the portal has said it, `none` when that is nothing at all. */
export function useRestriction(show: Show): { ready: boolean; none: boolean; restriction: Predicate | undefined } {
  const principal = usePrincipal();
  const teams = useFollowedTeams();
  const starred = useStarred();
  return useMemo(() => {
    if (show === 'owned') {
      const owners = [principal.data?.entityRef ?? [], teams.refs].flat();
      const restriction = { 'relations.ownedBy.within': { $in: owners } };
      return { ready: principal.data !== undefined && teams.ready, none: false, restriction };
    }
    if (show === 'starred')
      return { ready: starred.ready, none: starred.refs.length === 0, restriction: isOneOf(starred.refs) };
    return { ready: true, none: false, restriction: undefined };
  }, [show, principal.data, teams.refs, teams.ready, starred.refs, starred.ready]);
}
