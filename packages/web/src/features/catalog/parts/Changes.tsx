import { useQuery } from '@tanstack/react-query';
import { ErrorState, RelativeTime, SkeletonRows } from '../../../core/ui/index.ts';
import { changesQuery, type FeedEvent } from '../api.ts';
import { EntityLink } from './EntityLink.tsx';
import classes from './Changes.module.css';

const verbs: Record<string, string> = { created: 'added', updated: 'changed', deleted: 'deleted', moved: 'moved' };
const shown = 12;

const actionOf = (event: FeedEvent) => event.type.split('.').at(-1) ?? '';

/** Only the last thing that happened to each entity: the page says what is new, not every step to it. */
export function lastOfEach(events: FeedEvent[]): FeedEvent[] {
  const seen = new Set<string>();
  return events.filter(({ subject }) => !seen.has(subject) && seen.add(subject));
}

/** What happened lately in the catalog. */
export function Changes() {
  const { data, error, refetch } = useQuery(changesQuery);
  if (error && !data)
    return <ErrorState error={error} what="The changes could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={shown} label="Loading the changes" />;
  if (data.length === 0)
    return <p className={classes.none}>Nothing has changed yet. A saved descriptor shows up here within a second.</p>;
  return (
    <ul>
      {lastOfEach(data)
        .slice(0, shown)
        .map((event) => (
          <li key={event.id} className={classes.change}>
            {actionOf(event) === 'deleted' ? (
              <span className={classes.gone}>{event.subject}</span>
            ) : (
              <EntityLink entityRef={event.subject} />
            )}
            <span className={classes.verb}>{verbs[actionOf(event)] ?? actionOf(event)}</span>
            <span className={classes.when}>
              <RelativeTime at={event.at} />
            </span>
          </li>
        ))}
    </ul>
  );
}
