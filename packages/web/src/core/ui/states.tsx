import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiError } from '../api/index.ts';
import { PlainButton } from './LinkButton.tsx';
import { Status } from './Status.tsx';
import classes from './states.module.css';

/** Grey lines of the height that the list will have; they stay hidden for the first 200 ms. */
export function SkeletonRows({ rows, label = 'Loading' }: { rows: number; label?: string }) {
  return (
    <div className={classes.skeleton} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div
          key={index}
          className={classes.bone}
          style={{ '--width': `${92 - ((index * 37) % 45)}%` } as React.CSSProperties}
        />
      ))}
    </div>
  );
}

/** Why there is nothing here, and the one next step. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {action ? <div className={classes.action}>{action}</div> : null}
    </div>
  );
}

type ErrorStateProps = { error: Error; what: string; fix?: string; onRetry?: () => void };

const fixOf = (error: Error): string =>
  error instanceof ApiError ? error.fix : 'Reload the page; if it stays, tell whoever runs the portal.';

/** What went wrong, what to do, and a retry. */
export function ErrorState({ error, what, fix, onRetry }: ErrorStateProps) {
  const code = error instanceof ApiError ? error.code : error.name;
  return (
    <div className={classes.error} role="alert">
      <Status level="failing" label={what} />
      <p className={classes.message}>{error.message}</p>
      <p className={classes.fix}>{fix ?? fixOf(error)}</p>
      <div className={classes.action}>
        {onRetry ? (
          <PlainButton variant="default" leftSection={<IconRefresh size="0.875rem" />} onClick={onRetry}>
            Retry
          </PlainButton>
        ) : null}
        <code>{code}</code>
      </div>
    </div>
  );
}

/** Old data is shown with its age and the reason, rather than taken away. */
export function StaleNote({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <p className={classes.stale} role="status">
      <Status level="warning" label="Not up to date" />
      <span>{error.message}</span>
      <button type="button" className={classes.link} onClick={onRetry}>
        Retry
      </button>
    </p>
  );
}
