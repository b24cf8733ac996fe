import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { AppLink, Status } from '../../../../core/ui/index.ts';
import { entityProblemsQuery, provenanceQuery } from '../../api.ts';
import { keyOf, textAt } from '../../entity.ts';
import { entityTarget } from '../../parts/EntityLink.tsx';
import { severities } from '../../parts/ProblemItem.tsx';
import classes from './Answers.module.css';

export const isOrphan = (entity: Entity): boolean =>
  textAt(entity, 'metadata.annotations.backstage.io/orphan') === 'true';

const shown = 3;

/** What needs a hand, worst first, each with what to do. */
export function Attention({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  const key = keyOf(entity);
  const problems = useQuery(entityProblemsQuery(entityRef)).data?.items ?? [];
  const claims = useQuery(provenanceQuery(key)).data?.claims ?? [];
  const worst = ['error', 'warning', 'information'].flatMap((severity) =>
    problems.filter((problem) => problem.severity === severity),
  );
  return (
    <ul className={classes.attention}>
      {isOrphan(entity) ? (
        <li>
          <Status level="warning" label="Its source no longer names it" />
          <span className={classes.more}>Put the descriptor back, or delete the entity.</span>
        </li>
      ) : null}
      {worst.slice(0, shown).map((problem) => (
        <li key={problem.id}>
          <Status level={severities[problem.severity].level} label={problem.message} />
          <span className={classes.more}>{problem.fix}</span>
        </li>
      ))}
      {claims.length > 0 && problems.length === 0 ? (
        <li>
          <Status level="warning" label={`Also described by ${claims[0]}`} />
          <span className={classes.more}>Keep one of the two descriptors.</span>
        </li>
      ) : null}
      {worst.length > shown ? (
        <li>
          <AppLink {...entityTarget(key, 'problems')}>{worst.length - shown} more</AppLink>
        </li>
      ) : null}
    </ul>
  );
}
