import type { ReactNode } from 'react';
import type { EntityKey } from '../api.ts';
import { entityTarget } from './EntityLink.tsx';
import { grouped, TabLink, TabStrip } from '../../../core/ui/index.ts';
import classes from './EntityTabs.module.css';

export type Tab = { id: string; label: string; count?: number | undefined; mark?: ReactNode };

/** Tabs are links, so that each can be opened, sent and gone back to. */
export function EntityTabs({ tabs, current, entityKey }: { tabs: Tab[]; current: string; entityKey: EntityKey }) {
  return (
    <TabStrip label="Parts of this entity" current={current}>
      {tabs.map(({ id, label, count, mark }) => (
        <TabLink
          key={id}
          {...entityTarget(entityKey, id || undefined)}
          current={id === current ? 'page' : undefined}
          resetScroll={false}
        >
          {label}
          {mark ?? (count === undefined ? null : <span className={classes.count}>{grouped(count)}</span>)}
        </TabLink>
      ))}
    </TabStrip>
  );
}
