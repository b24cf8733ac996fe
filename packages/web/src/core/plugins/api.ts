import type { PluginViewResponse, WebPlugins } from '@callboard/model/http';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../api/index.ts';

/** What enabled plugins add to the app. An event of a plugin makes it old. */
export const webPluginsQuery = queryOptions({
  queryKey: ['plugins', 'web'],
  queryFn: ({ signal }) => request<WebPlugins>('/api/plugins/web', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The data of a view, with its age. */
export const viewQuery = (plugin: { id: string; version: string }, view: string, entityRef?: string) =>
  queryOptions({
    // Not below `plugins`: while a plugin is being taken away, nobody asks it anything more.
    queryKey: ['plugin-views', plugin.id, plugin.version, view, entityRef ?? ''],
    queryFn: ({ signal }) => readView(plugin.id, view, { entityRef, signal }),
  });

type ViewOptions = { entityRef?: string | undefined; fresh?: boolean; signal?: AbortSignal };

export function readView(plugin: string, view: string, { entityRef, fresh, signal }: ViewOptions = {}) {
  const query = new URLSearchParams();
  if (entityRef !== undefined) query.set('entity', entityRef);
  if (fresh) query.set('fresh', 'true');
  const address = `/api/plugins/${plugin}/views/${encodeURIComponent(view)}`;
  return request<PluginViewResponse>(query.size > 0 ? `${address}?${query}` : address, { signal });
}
