import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntityKey } from '../api.ts';
import { entityTarget } from './EntityLink.tsx';
import classes from './EntityTabs.module.css';

export type Tab = { id: string; label: string; count?: number | undefined; mark?: ReactNode };

/** Tabs are links, so that each can be opened, sent and gone back to. */
export function EntityTabs({ tabs, current, entityKey }: { tabs: Tab[]; current: string; entityKey: EntityKey }) {
  return (
    <nav aria-label="Parts of this entity" className={classes.tabs}>
      {tabs.map(({ id, label, count, mark }) => (
        <Link
          key={id}
          {...entityTarget(entityKey, id || undefined)}
          className={classes.tab}
          aria-current={id === current ? 'page' : undefined}
          activeProps={{}}
          resetScroll={false}
        >
          {label}
          {mark ??
            (count === undefined ? null : <span className={classes.count}>{count.toLocaleString('en-US')}</span>)}
        </Link>
      ))}
    </nav>
  );
}
