import type { ApiType } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { typeQuery } from '../api.ts';

type Known = { entityRef: string; types: Record<string, ApiType> };

/** The types that came with what is shown. */
export const KnownTypes = createContext<Known>({ entityRef: '', types: {} });

/** A type that is known already, or is asked for now. */
export function useType(id: string | undefined, wanted: boolean): ApiType | undefined {
  const { entityRef, types } = useContext(KnownTypes);
  const known = id === undefined ? undefined : types[id];
  const { data } = useQuery({
    ...typeQuery(entityRef, id ?? ''),
    enabled: wanted && id !== undefined && known === undefined,
  });
  return known ?? data?.item;
}
