import { useQuery } from '@tanstack/react-query';
import type { EntityPartProps } from '../../../core/router/index.ts';
import { AppLink, ErrorState, RelativeTime, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { tasksQuery } from '../api.ts';
import classes from './Parts.module.css';
import { Person } from './Person.tsx';
import { statusLevels, statusWords } from './words.ts';

/** The last runs of a template. */
export function TemplateRuns({ entityRef }: EntityPartProps) {
  const { data, error, refetch } = useQuery(tasksQuery({ template: entityRef, limit: 5, offset: 0 }));
  if (error && !data)
    return <ErrorState error={error} what="The runs could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} />;
  if (data.tasks.length === 0) return <p className={classes.dim}>Nobody has run it yet.</p>;
  return (
    <>
      <ul className={classes.list}>
        {data.tasks.map(({ id, status, createdAt, createdBy }) => (
          <li key={id}>
            <AppLink to={`/create/tasks/${id}`}>
              <RelativeTime at={createdAt} />
            </AppLink>
            <Status level={statusLevels[status]} label={statusWords[status]} />
            {createdBy ? <Person personRef={createdBy} /> : null}
          </li>
        ))}
      </ul>
      {data.totalTasks > data.tasks.length ? (
        <p>
          <AppLink to="/create/tasks" search={{ show: 'all', template: entityRef }}>
            All {data.totalTasks} runs
          </AppLink>
        </p>
      ) : null}
    </>
  );
}
