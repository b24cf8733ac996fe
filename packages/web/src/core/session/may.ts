import type { MayResponse } from '@callboard/model/http';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useCallback, type ReactNode } from 'react';
import { request } from '../api/index.ts';

/** What whoever is here may do; a role that is given or taken away meanwhile shows within a minute. */
export const mayQuery = queryOptions({
  queryKey: ['access', 'may'],
  queryFn: ({ signal }) => request<MayResponse>('/api/access/may', { signal }),
  staleTime: 60_000,
});

/** What the page knows of permissions, to choose among links: what is not known yet is allowed. */
export function useMayAll(): (permission: string | undefined) => boolean {
  const { data } = useQuery(mayQuery);
  return useCallback(
    (permission) =>
      !data ||
      permission === undefined ||
      data.items.some((item) => item.permission === permission && item.result !== 'deny'),
    [data],
  );
}

/** What only those see who have a permission. */
export const May = ({ permission, children }: { permission: string; children: ReactNode }) =>
  useMayAll()(permission) ? children : null;
