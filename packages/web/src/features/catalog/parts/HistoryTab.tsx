import { useQuery } from '@tanstack/react-query';
import { EmptyState, ErrorState, RelativeTime, SkeletonRows } from '../../../core/ui/index.ts';
import { historyQuery, type EntityKey, type HistoryEntry } from '../api.ts';
import classes from './HistoryTab.module.css';

const show = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
};

/** What changed, when, and by whose hand; the newest first. */
export function HistoryTab({ entityKey }: { entityKey: EntityKey }) {
  const { data, error, refetch } = useQuery(historyQuery(entityKey));
  if (error) return <ErrorState error={error} what="The history could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={6} label="Loading the history" />;
  if (data.items.length === 0)
    return <EmptyState title="Nothing has changed yet">Changes of the descriptor show up here.</EmptyState>;
  return (
    <ol className={classes.history}>
      {data.items.map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  return (
    <li className={classes.entry}>
      <div className={classes.when}>
        <RelativeTime at={entry.at} />
      </div>
      <div className={classes.what}>
        <p>
          <span className={classes.action}>{entry.action}</span> <span className={classes.actor}>by {entry.actor}</span>
        </p>
        <ul>
          {entry.changes.map((change) => (
            <li key={change.path} className={classes.change}>
              <code className={classes.path}>{change.path}</code>
              {change.before === undefined ? null : <del>{show(change.before)}</del>}
              {change.after === undefined ? null : <ins>{show(change.after)}</ins>}
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}
