import type { MayResponse } from '@callboard/model/http';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { request } from '../api/index.ts';

/** What whoever is here may do; a role that is given or taken away meanwhile shows within a minute. */
const mayQuery = queryOptions({
  queryKey: ['access', 'may'],
  queryFn: ({ signal }) => request<MayResponse>('/api/access/may', { signal }),
  staleTime: 60_000,
});

/**
 * Whether a person may do something, to hide it or to say why it cannot be done. The server decides in any case.
 *
 * @param permission - its name, such as `catalog.location.create`
 * @returns `allowed` is true while it is not known yet; `reason` says what is missing
 */
export function useMay(permission: string): { allowed: boolean; reason?: string } {
  const { data } = useQuery(mayQuery);
  const found = data?.items.find((item) => item.permission === permission);
  if (!data || (found && found.result !== 'deny')) return { allowed: true };
  return {
    allowed: false,
    reason: `You need the permission ${permission}. Ask an administrator for a role that has it.`,
  };
}
