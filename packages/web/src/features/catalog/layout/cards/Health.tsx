import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { AppLink, count, RelativeTime, Status } from '../../../../core/ui/index.ts';
import { entityProblemsQuery, provenanceQuery } from '../../api.ts';
import { keyOf } from '../../entity.ts';
import { entityTarget } from '../../parts/EntityLink.tsx';
import classes from './Answers.module.css';

/** Whether all is well with its descriptor and its source, and how old what is shown is. */
export function Health({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  const key = keyOf(entity);
  const problems = useQuery(entityProblemsQuery(entityRef)).data?.items;
  const { data } = useQuery(provenanceQuery(key));
  const errors = problems?.filter(({ severity }) => severity === 'error').length ?? 0;
  const warnings = problems?.filter(({ severity }) => severity === 'warning').length ?? 0;
  const source = data?.source;
  return (
    <ul className={classes.health}>
      <li>
        {problems === undefined ? (
          <Status level="unknown" label="Looking for problems" />
        ) : errors + warnings === 0 ? (
          <Status level="ok" label="No problems in the descriptor" />
        ) : (
          <AppLink {...entityTarget(key, 'problems')}>
            <Status level={errors > 0 ? 'failing' : 'warning'} label={count(errors + warnings, 'problem')} />
          </AppLink>
        )}
      </li>
      {data === undefined ? (
        <li>&nbsp;</li>
      ) : source ? (
        <li>
          {source.state === 'failing' ? (
            <Status level="failing" label="Its source does not answer: this is the last good state" />
          ) : source.state === 'held' ? (
            <Status level="warning" label="Its source shrank and waits to be confirmed" />
          ) : (
            <Status level="ok" label="Its source answers" />
          )}
        </li>
      ) : null}
      <li className={classes.more}>
        {data ? (
          <span>
            Last changed <RelativeTime at={data.updatedAt} />
          </span>
        ) : (
          <span>&nbsp;</span>
        )}
      </li>
    </ul>
  );
}
