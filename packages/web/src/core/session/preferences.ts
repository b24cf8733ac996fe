import type { PreferenceKey, Preferences, PreferencesResponse } from '@callboard/model/http';
import { queryOptions, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { ApiError, request } from '../api/index.ts';

type Kept = Partial<Preferences>;
type Change = (before: never) => unknown;

/** What could not be stored: it stays on the screen and in this browser, and is tried again. */
export type Unsaved = { key: PreferenceKey; error: Error; refused: boolean };

const base = '/api/preferences';
const queryKey = ['preferences'] as const;
const retryAfter = 15_000;
const waiting = new Map<PreferenceKey, Change[]>();
const running = new Set<PreferenceKey>();
const unsaved = new Map<PreferenceKey, Unsaved>();
const listeners = new Set<() => void>();
let shown: Unsaved[] = [];
let timer: number | undefined;

const tell = () => {
  shown = [...unsaved.values()];
  for (const listener of listeners) listener();
};

/** Changes that this browser could not store before it was closed are made again. */
const rescue = {
  name: (key: PreferenceKey) => `callboard.unsaved.${key}`,
  keep(key: PreferenceKey, value: unknown) {
    try {
      localStorage.setItem(rescue.name(key), JSON.stringify(value));
    } catch {
      // Storage is switched off or full: the value lives as long as the page.
    }
  },
  drop(key: PreferenceKey) {
    try {
      localStorage.removeItem(rescue.name(key));
    } catch {
      // As above.
    }
  },
  found(): [PreferenceKey, unknown][] {
    try {
      return Object.keys(localStorage)
        .filter((name) => name.startsWith('callboard.unsaved.'))
        .map((name) => [
          name.slice('callboard.unsaved.'.length) as PreferenceKey,
          JSON.parse(localStorage.getItem(name)!) as unknown,
        ]);
    } catch {
      return [];
    }
  },
};

const apply = (kept: Kept, key: PreferenceKey, changes: Change[]): Kept =>
  changes.length === 0
    ? kept
    : { ...kept, [key]: changes.reduce((value, change) => change(value as never), kept[key] as unknown) };

const fetchKept = async (signal?: AbortSignal): Promise<Kept> => {
  const { items } = await request<PreferencesResponse>(base, { signal });
  return Object.fromEntries(items.map(({ key, value }) => [key, value]));
};

const withWaiting = (kept: Kept): Kept => [...waiting].reduce((sum, [key, changes]) => apply(sum, key, changes), kept);

const preferencesQuery = queryOptions({
  queryKey,
  queryFn: async ({ signal }) => withWaiting(await fetchKept(signal)),
  staleTime: 60_000,
});

const isRefusal = (error: unknown) => error instanceof ApiError && error.status >= 400 && error.status < 500;

/** Stores the waiting changes of one key on top of what is stored now, so that two tabs do not undo each other. */
async function save(client: QueryClient, key: PreferenceKey): Promise<void> {
  if (running.has(key)) return;
  running.add(key);
  const changes = [...(waiting.get(key) ?? [])];
  try {
    const value = apply(await fetchKept(), key, changes)[key];
    await request(`${base}/${key}`, { method: 'PUT', body: { value } });
    settle(key, changes.length);
    unsaved.delete(key);
    // An answer that is still under way may have been given before this was stored.
    if (client.isFetching({ queryKey }) > 0) {
      await client.cancelQueries({ queryKey });
      void client.invalidateQueries({ queryKey });
    }
  } catch (error) {
    const refused = isRefusal(error);
    if (refused) {
      settle(key, changes.length);
      void client.invalidateQueries({ queryKey });
    } else {
      rescue.keep(key, client.getQueryData<Kept>(queryKey)?.[key]);
      timer ??= window.setTimeout(() => retryUnsaved(client), retryAfter);
    }
    unsaved.set(key, { key, error: error as Error, refused });
  } finally {
    running.delete(key);
    tell();
  }
  if ((waiting.get(key) ?? []).length > 0 && !unsaved.has(key)) await save(client, key);
}

/** The first changes of a key are dealt with; later ones wait on. What is on the screen is right already. */
function settle(key: PreferenceKey, done: number): void {
  const rest = (waiting.get(key) ?? []).slice(done);
  if (rest.length > 0) waiting.set(key, rest);
  else waiting.delete(key);
  rescue.drop(key);
}

/** Tries again to store what could not be stored. */
export function retryUnsaved(client: QueryClient): void {
  window.clearTimeout(timer);
  timer = undefined;
  for (const { key, refused } of shown) {
    if (refused) unsaved.delete(key);
    else void save(client, key);
  }
  tell();
}

/** Changes a preference: at once on the screen, then on the server. */
export function changePreference<K extends PreferenceKey>(
  client: QueryClient,
  key: K,
  change: (before: Preferences[K] | undefined) => Preferences[K],
): void {
  waiting.set(key, [...(waiting.get(key) ?? []), change]);
  const kept = client.getQueryData<Kept>(queryKey);
  // What is still to come is changed when it comes.
  if (kept) {
    void client.cancelQueries({ queryKey });
    client.setQueryData<Kept>(queryKey, apply(kept, key, [change]));
  }
  void save(client, key);
}

/** Takes up what an earlier page could not store, and stores again when the network is back. */
export function startPreferences(client: QueryClient): void {
  for (const [key, value] of rescue.found()) {
    waiting.set(key, [() => value]);
    void save(client, key);
  }
  window.addEventListener('online', () => retryUnsaved(client));
}

/** One preference of whoever is here. `ready` is false until the server has answered once. */
export function usePreference<K extends PreferenceKey>(key: K) {
  const client = useQueryClient();
  const { data, error } = useQuery(preferencesQuery);
  const change = useCallback(
    (next: (before: Preferences[K] | undefined) => Preferences[K]) => changePreference(client, key, next),
    [client, key],
  );
  return { value: data?.[key], ready: data !== undefined, error, change };
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** What could not be stored right now. */
export const useUnsaved = (): Unsaved[] => useSyncExternalStore(subscribe, () => shown);
