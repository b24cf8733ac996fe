import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { AppLink, Status } from '../../../../core/ui/index.ts';
import { entityProblemsQuery } from '../../api.ts';
import { keyOf, textAt } from '../../entity.ts';
import { entityTarget } from '../../parts/EntityLink.tsx';
import { Warnings } from '../../parts/Warnings.tsx';
import { severities } from '../../parts/ProblemItem.tsx';
import classes from './Answers.module.css';

export const isOrphan = (entity: Entity): boolean =>
  textAt(entity, 'metadata.annotations.backstage.io/orphan') === 'true';

const shown = 3;

/** What the warnings say in one line each. */
const summed = new Set(['CATALOG_RELATION_TARGET_MISSING', 'CATALOG_ENTITY_CONFLICT']);

/** What needs a hand, worst first, each with what to do. */
export function Attention({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  const key = keyOf(entity);
  const problems = useQuery(entityProblemsQuery(entityRef)).data?.items ?? [];
  const worst = ['error', 'warning', 'information'].flatMap((severity) =>
    problems.filter((problem) => problem.severity === severity && !summed.has(problem.code)),
  );
  return (
    <>
      <Warnings entity={entity} entityRef={entityRef} />
      <ul className={classes.attention}>
        {worst.slice(0, shown).map((problem) => (
          <li key={problem.id}>
            <Status level={severities[problem.severity].level} label={problem.message} />
            <span className={classes.more}>{problem.fix}</span>
          </li>
        ))}
        {worst.length > shown ? (
          <li>
            <AppLink {...entityTarget(key, 'problems')}>{worst.length - shown} more</AppLink>
          </li>
        ) : null}
      </ul>
    </>
  );
}
