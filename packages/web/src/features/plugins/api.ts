import type {
  InstallPluginBody,
  PluginDetail,
  PluginGrants,
  PluginList,
  PreviewPluginBody,
  PreviewPluginResponse,
  StagedPlugin,
  StagePluginBody,
  TestPluginResponse,
} from '@callboard/model/http';
import { queryOptions } from '@tanstack/react-query';
import { request, sendFile } from '../../core/api/index.ts';

const base = '/api/admin/plugins';
const of = (id: string) => `${base}/${encodeURIComponent(id)}`;
/** Calls and memory change without an event. */
const refetchInterval = 5_000;

export const pluginsQuery = queryOptions({
  queryKey: ['plugins', 'list'],
  queryFn: ({ signal }) => request<PluginList>(base, { signal }),
  refetchInterval,
});

export const pluginQuery = (id: string) =>
  queryOptions({
    queryKey: ['plugins', 'detail', id],
    queryFn: ({ signal }) => request<PluginDetail>(of(id), { signal }),
    refetchInterval,
  });

/** Reads a package without installing it. */
export const stage = (from: StagePluginBody | File): Promise<StagedPlugin> =>
  from instanceof File
    ? sendFile<StagedPlugin>(`${base}/staged/upload`, from, 'application/gzip')
    : request<StagedPlugin>(`${base}/staged`, { method: 'POST', body: from });

export const install = (body: InstallPluginBody) => request<PluginDetail>(base, { method: 'POST', body });
export const setState = (id: string, verb: 'enable' | 'disable') =>
  request<PluginDetail>(`${of(id)}/${verb}`, { method: 'POST' });
export const setVersion = (id: string, version: string) =>
  request<PluginDetail>(`${of(id)}/version`, { method: 'PUT', body: { version } });
export const setGrants = (id: string, grants: PluginGrants) =>
  request<PluginDetail>(`${of(id)}/grants`, { method: 'PUT', body: grants });
export const setConfiguration = (id: string, configuration: Record<string, unknown>) =>
  request<PluginDetail>(`${of(id)}/configuration`, { method: 'PUT', body: { configuration } });
/** Tests what a plugin is connected to, with values that need not be saved. */
export const testConnections = (id: string, configuration: Record<string, unknown>) =>
  request<TestPluginResponse>(`${of(id)}/test`, { method: 'POST', body: { configuration } });
export const remove = (id: string) => request<null>(of(id), { method: 'DELETE' });
export const preview = (body: PreviewPluginBody) =>
  request<PreviewPluginResponse>(`${base}/preview`, { method: 'POST', body });
