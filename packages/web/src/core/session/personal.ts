import type { HomeLayout, PrincipalResponse, RecentItem, SavedView } from '@callboard/model/http';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { request } from '../api/index.ts';
import { usePreference } from './preferences.ts';

const mostRecent = 50;
const noRefs: string[] = [];
const noRecent: RecentItem[] = [];
const noViews: SavedView[] = [];

/** Who is here; asked once before anything is shown. */
export const principalQuery = queryOptions({
  queryKey: ['access', 'me'],
  queryFn: ({ signal }) => request<PrincipalResponse>('/api/access/me', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Whom the portal takes this person for. */
export const usePrincipal = () => useQuery(principalQuery);

/** A list with one item more or less; what comes in stands first. */
export const toggled = (before: string[], item: string): string[] =>
  before.includes(item) ? before.filter((other) => other !== item) : [item, ...before];

/** Entities with a star. */
export function useStarred() {
  const { value = noRefs, ready, change } = usePreference('starred');
  const toggle = useCallback((ref: string) => change((before = []) => toggled(before, ref)), [change]);
  return { refs: value, ready, toggle };
}

/** The list with this item first, each address once. */
export const withRecent = (before: RecentItem[], item: RecentItem): RecentItem[] =>
  [item, ...before.filter(({ path }) => path !== item.path)].slice(0, mostRecent);

/** What was opened lately, the newest first. */
export function useRecent() {
  const { value = noRecent, ready, change } = usePreference('recent');
  const visit = useCallback(
    (item: Omit<RecentItem, 'at'>) =>
      change((before = []) => withRecent(before, { ...item, at: new Date().toISOString() })),
    [change],
  );
  return { items: value, ready, visit };
}

/** Lists that were saved with their filters: a name for an address. */
export function useSavedViews() {
  const { value = noViews, ready, change } = usePreference('views');
  const save = useCallback(
    (name: string, path: string) =>
      change((before = []) => [
        ...before.filter((view) => view.name !== name),
        { id: crypto.randomUUID?.() ?? String(Date.now()), name, path, at: new Date().toISOString() },
      ]),
    [change],
  );
  const remove = useCallback(
    (id: string) => change((before = []) => before.filter((view) => view.id !== id)),
    [change],
  );
  return { views: value, ready, save, remove };
}

/** How the home page is arranged; nothing until somebody has arranged it. */
export function useHomeLayout() {
  const { value, ready, change } = usePreference('home-layout');
  const arrange = useCallback((layout: HomeLayout) => change(() => layout), [change]);
  return { layout: value, ready, arrange };
}

/** Groups that a person follows beyond those that list them as a member. */
export function useFollowedTeams() {
  const { value = noRefs, ready, change } = usePreference('teams');
  const toggle = useCallback((ref: string) => change((before = []) => toggled(before, ref).toSorted()), [change]);
  return { refs: value, ready, toggle };
}
