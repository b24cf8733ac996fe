import { useMemo } from 'react';
import { useFeatures } from '../../../core/router/index.ts';
import { addedColumn, type Column } from '../columns.tsx';

/**
 * The columns that plugins add: all of them, and those that have something to say of a kind.
 *
 * @param kind - empty for all kinds
 */
export function useAddedColumns(kind: string): { all: Column[]; offered: Column[] } {
  const features = useFeatures();
  return useMemo(() => {
    const added = features.flatMap(({ entityColumns = [] }) => entityColumns);
    const offered = added.filter(({ kinds }) => kind === '' || !kinds || kinds.includes(kind));
    return { all: added.map(addedColumn), offered: offered.map(addedColumn) };
  }, [features, kind]);
}
