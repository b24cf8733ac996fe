import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { request } from '../api/index.ts';
import { mayQuery } from './may.ts';

type Authorized = { items: { result?: unknown }[] };

/** Whether a permission that holds for some entities holds for this one. */
const mayWithQuery = (permission: string, resourceRef: string) =>
  queryOptions({
    queryKey: ['access', 'may', permission, resourceRef],
    queryFn: async ({ signal }) => {
      const body = { items: [{ id: permission, permission: { name: permission }, resourceRef }] };
      const answer = await request<Authorized>('/api/permission/authorize', { method: 'POST', body, signal });
      return answer.items[0]?.result === 'ALLOW';
    },
    staleTime: 60_000,
  });

/**
 * Whether a person may do something, to hide it or to say why it cannot be done. The server decides in any case.
 *
 * @param permission - its name, such as `catalog.location.create`
 * @param entityRef - what it would be done to, for a permission that may hold for some entities only
 * @returns `allowed` is true while it is not known yet; `reason` says what is missing
 */
export function useMay(permission: string, entityRef?: string): { allowed: boolean; reason?: string } {
  const { data } = useQuery(mayQuery);
  const result = data?.items.find((item) => item.permission === permission)?.result ?? 'deny';
  const depends = data !== undefined && result === 'conditional' && entityRef !== undefined;
  const { data: own } = useQuery({ ...mayWithQuery(permission, entityRef ?? ''), enabled: depends });
  if (!data || (depends ? own !== false : result !== 'deny')) return { allowed: true };
  const missing = depends ? `${permission} for ${entityRef}` : permission;
  return {
    allowed: false,
    reason: `You need the permission ${missing}. Ask an administrator for a role that has it.`,
  };
}

type MayOrWhyProps = {
  permission: string;
  /** what it would be done to */
  entityRef?: string | undefined;
  children: ReactNode;
};

/** What only those see who may do it; for the others, what is missing stands in its place. */
export function MayOrWhy({ permission, entityRef, children }: MayOrWhyProps) {
  const { allowed, reason } = useMay(permission, entityRef);
  return allowed ? children : <p style={{ color: 'var(--cb-dimmed)' }}>{reason}</p>;
}
