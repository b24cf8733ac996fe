import type { PluginColumnCell, PluginColumnsResponse } from '@callboard/model/http';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../api/index.ts';
import { createColumnAsking } from './column-asking.ts';

/** What is known of one entity; without a cell nothing is. */
export type ColumnValue = { cell?: PluginColumnCell | undefined; at: string; problem?: string | undefined };

const ask = createColumnAsking(async (column, entities): Promise<(ref: string) => ColumnValue> => {
  const body = { entities, columns: [column] };
  const { items } = await request<PluginColumnsResponse>('/api/plugins/columns', { method: 'POST', body });
  const [found] = items;
  const at = found?.at ?? new Date().toISOString();
  return (ref) => ({ cell: found?.cells[ref], at, problem: found?.problem });
});

/** What a column says of an entity. The portal keeps it for half a minute; while somebody looks, it is asked again. */
export const columnQuery = (plugin: { id: string; version: string }, column: string, entityRef: string) =>
  queryOptions({
    // Not below `plugins`, as with views.
    queryKey: ['plugin-data', plugin.id, plugin.version, 'columns', column, entityRef],
    queryFn: ({ signal }) => ask(`${plugin.id}:${column}`, entityRef, signal),
    staleTime: 30_000,
    refetchInterval: 60_000,
  });
