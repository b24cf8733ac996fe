import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { AppLink, ErrorState, RelativeTime, SkeletonRows } from '../../../../core/ui/index.ts';
import { historyQuery } from '../../api.ts';
import { keyOf } from '../../entity.ts';
import { entityTarget } from '../../parts/EntityLink.tsx';
import classes from './Answers.module.css';

const shown = 3;
const pathsShown = 2;

/** The latest changes, each in a line. */
export function Changes({ entity }: { entity: Entity }) {
  const key = keyOf(entity);
  const { data, error, refetch } = useQuery(historyQuery(key));
  if (error && !data)
    return <ErrorState error={error} what="The history could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={2} label="Loading the changes" />;
  return (
    <ul className={classes.changes}>
      {data.items.slice(0, shown).map(({ id, at, action, changes }) => (
        <li key={id}>
          <span>
            {action === 'updated' && changes.length > 0
              ? changes
                  .slice(0, pathsShown)
                  .map(({ path }) => path.replace(/^\//, '').replaceAll('/', '.'))
                  .join(', ') + (changes.length > pathsShown ? ` +${changes.length - pathsShown}` : '')
              : action}
          </span>
          <span className={classes.more}>
            <RelativeTime at={at} />
          </span>
        </li>
      ))}
      <li>
        <AppLink {...entityTarget(key, 'history')}>History</AppLink>
      </li>
    </ul>
  );
}
