import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { AppLink, count, ErrorState, grouped, Status } from '../../../../core/ui/index.ts';
import { keyOf } from '../../entity.ts';
import { impactQuery } from '../../graph/api.ts';
import { EntityLink, entityTarget } from '../../parts/EntityLink.tsx';
import classes from './Answers.module.css';

const shownOwners = 3;

/** What breaks without it, and whose that is. */
export function Impact({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  const { data, error, refetch } = useQuery(impactQuery(entityRef));
  if (error && !data)
    return <ErrorState error={error} what="What needs it could not be read" onRetry={() => void refetch()} />;
  if (!data) return <p>&nbsp;</p>;
  if (data.items.length === 0) return <Status level="ok" label="Nothing that is known here" />;
  const owners = data.owners.slice(0, shownOwners);
  return (
    <>
      <p className={classes.strong}>
        <AppLink {...entityTarget(keyOf(entity), 'impact')}>
          {count(data.items.length, 'entity', 'entities')}
          {data.truncated ? ' or more' : ''} of {count(data.owners.length, 'owner')}
        </AppLink>
      </p>
      <ul className={classes.owners}>
        {owners.map(({ entityRef: owner, count: figure }) => (
          <li key={owner ?? ''}>
            {owner ? <EntityLink entityRef={owner} icon={false} /> : <span>nobody’s</span>}
            <span className={classes.more}>{grouped(figure)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
