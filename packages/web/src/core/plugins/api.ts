import type { PluginChecksResponse, PluginViewResponse, WebPlugins } from '@callboard/model/http';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../api/index.ts';

/** What enabled plugins add to the app. An event of a plugin makes it old. */
export const webPluginsQuery = queryOptions({
  queryKey: ['plugins', 'web'],
  queryFn: ({ signal }) => request<WebPlugins>('/api/plugins/web', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

const againMs = 5_000;

/** The data of a view, with its age. */
export const viewQuery = (plugin: { id: string; version: string }, view: string, entityRef?: string) =>
  queryOptions({
    // Not below `plugins`: while a plugin is being taken away, nobody asks it anything more. Events of `plugin-data` make it old.
    queryKey: ['plugin-data', plugin.id, plugin.version, 'views', view, entityRef ?? ''],
    queryFn: ({ signal }) => readView(plugin.id, view, { entityRef, signal }),
    // What could not be had when it was asked for follows by itself.
    refetchInterval: ({ state }) => (state.data?.stale ? againMs : false),
  });

/** What checks of plugins say of an entity. */
export const checksQuery = (entityRef: string) =>
  queryOptions({
    queryKey: ['plugin-data', 'checks', entityRef],
    queryFn: ({ signal }) =>
      request<PluginChecksResponse>(`/api/plugins/checks?entity=${encodeURIComponent(entityRef)}`, { signal }),
    staleTime: 30_000,
  });

type ViewOptions = { entityRef?: string | undefined; fresh?: boolean; signal?: AbortSignal };

export function readView(plugin: string, view: string, { entityRef, fresh, signal }: ViewOptions = {}) {
  const query = new URLSearchParams();
  if (entityRef !== undefined) query.set('entity', entityRef);
  if (fresh) query.set('fresh', 'true');
  const address = `/api/plugins/${plugin}/views/${encodeURIComponent(view)}`;
  return request<PluginViewResponse>(query.size > 0 ? `${address}?${query}` : address, { signal });
}
