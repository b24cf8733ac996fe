import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './FilterFold.module.css';
import { useNarrow } from './width.ts';

/**
 * The filters beside a list; folded away above it where there is no room for both.
 *
 * @param props.limitRem - narrower than this there is no room
 * @param props.chosen - how many are chosen, which is to be seen while they are folded away
 */
export function FilterFold({ limitRem, chosen, children }: { limitRem: number; chosen: number; children: ReactNode }) {
  if (!useNarrow(limitRem)) return children;
  return (
    <details className={classes.fold}>
      <summary>
        <IconAdjustmentsHorizontal size="1rem" aria-hidden /> Filters
        {chosen > 0 ? ` (${chosen})` : null}
      </summary>
      {children}
    </details>
  );
}
