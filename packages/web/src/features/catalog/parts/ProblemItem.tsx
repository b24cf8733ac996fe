import type { Problem } from '@callboard/model';
import { Copyable, RelativeTime, Status, type StatusLevel } from '../../../core/ui/index.ts';
import type { StoredProblem } from '../api.ts';
import { EntityLink } from './EntityLink.tsx';
import { ProblemActions } from './ProblemActions.tsx';
import classes from './ProblemItem.module.css';

export const severities: Record<Problem['severity'], { level: StatusLevel; word: string }> = {
  error: { level: 'failing', word: 'Error' },
  warning: { level: 'warning', word: 'Warning' },
  information: { level: 'unknown', word: 'Note' },
};

/** "file:/srv/x.yaml", line 14 → "/srv/x.yaml:14": what an editor or a terminal opens. */
export const placeOf = ({ location, line, column }: Problem): string | undefined => {
  if (location === undefined) return undefined;
  const path = location.replace(/^file:/, '').replace(/^url:/, '');
  return [path, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
};

type ProblemItemProps = {
  problem: Problem | StoredProblem;
  showEntity?: boolean;
  compact?: boolean;
};

/** One problem: how bad, what, where, since when, and what to do. */
export function ProblemItem({ problem, showEntity = true, compact = false }: ProblemItemProps) {
  const { level, word } = severities[problem.severity];
  const place = placeOf(problem);
  return (
    <li className={classes.problem}>
      <div className={classes.severity}>
        <Status level={level} label={word} />
      </div>
      <div className={classes.body}>
        <p className={classes.message} data-compact={compact}>
          {problem.message}
        </p>
        <dl className={classes.values}>
          {compact || problem.expected === undefined ? null : (
            <div>
              <dt>Expected</dt>
              <dd>{problem.expected}</dd>
            </div>
          )}
          {compact || problem.found === undefined ? null : (
            <div>
              <dt>Found</dt>
              <dd>
                <code>{problem.found}</code>
              </dd>
            </div>
          )}
          <div>
            <dt>Fix</dt>
            <dd>{problem.fix}</dd>
          </div>
        </dl>
        <div className={classes.facts}>
          {showEntity && problem.entityRef ? <EntityLink entityRef={problem.entityRef} /> : null}
          {compact || place === undefined ? null : (
            <Copyable text={place} label="Copy the place">
              <code className={classes.place}>{place}</code>
            </Copyable>
          )}
          {problem.path && !compact ? <code className={classes.path}>{problem.path}</code> : null}
          {'firstSeenAt' in problem ? (
            <span>
              since <RelativeTime at={problem.firstSeenAt} />
            </span>
          ) : null}
        </div>
        {'id' in problem && !compact ? <ProblemActions problem={problem} /> : null}
      </div>
    </li>
  );
}
