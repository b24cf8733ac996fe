import type { Entity } from '@callboard/model';
import type { PluginViewResponse } from '@callboard/model/http';
import type { ViewModel } from '@callboard/model/plugins';
import type { Api, Asked, Navigation, OwnPlugin, PluginWeb, Session } from '@callboard/plugin-api/web';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { useMemo } from 'react';
import { request } from '../../api/index.ts';
import { usePrincipal } from '../../session/index.ts';
import { viewQuery } from '../api.ts';
import { apiOf } from '../plugin-api.ts';
import { usePluginHere } from '../context.ts';
import { goTo } from '../go.ts';

export function usePlugin(): OwnPlugin {
  const { id, title, version } = usePluginHere();
  return useMemo(() => ({ id, title, version }), [id, title, version]);
}

export function useSession(): Session | undefined {
  const { data } = usePrincipal();
  return useMemo(() => data && { ref: data.entityRef, displayName: data.title }, [data]);
}

export function useNavigation(): Navigation {
  const router = useRouter();
  const { pathname, search } = useRouterState({ select: ({ location }) => location });
  return useMemo(
    () => ({
      path: pathname,
      query: search as Record<string, string | string[]>,
      go: (address, options) => goTo(router, address, options),
    }),
    [router, pathname, search],
  );
}

export function useApi(): Api {
  const { id } = usePluginHere();
  return useMemo(() => apiOf(id), [id]);
}

const asked = <Answer, Data>(
  { data, error, isLoading, refetch }: UseQueryResult<Answer>,
  of: (answer: Answer) => Data,
) =>
  ({
    data: data === undefined ? undefined : of(data),
    error: error ?? undefined,
    isLoading,
    again: () => void refetch(),
  }) satisfies Asked<Data>;

export const useData: PluginWeb['useData'] = (key, ask) => {
  const { id, version } = usePluginHere();
  const query = useQuery({
    // Not below `plugins`: what a plugin knows is not made old by what happens to others.
    queryKey: ['plugin-data', id, version, 'own', key],
    queryFn: () => ask(apiOf(id)),
  });
  return asked(query, (data) => data);
};

export function useEntity(ref: string): Asked<Entity> {
  const [, kind = '', namespace = 'default', name = ''] = /^([^:/]+):(?:([^:/]+)\/)?([^:/]+)$/.exec(ref) ?? [];
  const path = [kind, namespace, name].map(encodeURIComponent).join('/');
  const query = useQuery({
    queryKey: ['catalog', 'entity-of-plugin', ref],
    queryFn: ({ signal }) => request<Entity>(`/api/catalog/entities/by-name/${path}`, { signal }),
  });
  return asked(query, (entity) => entity);
}

export function useView(id: string, { entityRef }: { entityRef?: string } = {}): Asked<ViewModel> {
  const query: UseQueryResult<PluginViewResponse> = useQuery(viewQuery(usePluginHere(), id, entityRef));
  return asked(query, ({ view }) => view as ViewModel);
}
