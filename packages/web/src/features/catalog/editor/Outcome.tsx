import { count, Status } from '../../../core/ui/index.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { severities } from '../parts/ProblemItem.tsx';
import type { Checked } from './api.ts';
import classes from './EditorPage.module.css';

/** Every fault of the text: a click leads to its place. */
export function Faults({ problems, onGo }: Pick<Checked, 'problems'> & { onGo(line: number, column?: number): void }) {
  if (problems.length === 0) return <Status level="ok" label="No faults" />;
  return (
    <ul className={classes.faults}>
      {problems.map((problem, index) => (
        <li key={`${index} ${problem.code}`}>
          <button type="button" className={classes.fault} onClick={() => onGo(problem.line ?? 1, problem.column)}>
            <Status level={severities[problem.severity].level} label={`Line ${problem.line ?? 1}`} />
            <span>{problem.message}</span>
            <span className={classes.dim}>{problem.fix}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const actions = { created: 'New', updated: 'Changed', unchanged: 'Unchanged', conflict: 'Not taken' } as const;

/** What saving would change in the catalog: entities, their values, relations. */
export function Changes({ checked }: { checked: Checked }) {
  const { entities, removed, relations, entityCount } = checked;
  const changed = entities.filter(({ action }) => action !== 'unchanged');
  const nothing = changed.length + removed.length + relations.added.length + relations.removed.length === 0;
  if (nothing)
    return (
      <p className={classes.dim}>
        {entityCount === 0
          ? 'The text describes no entity.'
          : `Nothing: ${count(entityCount, 'entity', 'entities')} as before.`}
      </p>
    );
  return (
    <ul className={classes.changes}>
      {changed.map((entity) => (
        <li key={entity.entityRef}>
          <span className={classes.action}>{actions[entity.action]}</span>{' '}
          {entity.action === 'created' ? <code>{entity.entityRef}</code> : <EntityLink entityRef={entity.entityRef} />}
          {entity.heldBy ? <p className={classes.dim}>{entity.heldBy} describes it already.</p> : null}
          {entity.changes.length > 0 ? (
            <dl className={classes.values}>
              {entity.changes.map(({ path, before, after }) => (
                <div key={path}>
                  <dt>{path}</dt>
                  <dd>
                    {before === undefined ? null : <del>{show(before)}</del>}
                    {after === undefined ? null : <ins>{show(after)}</ins>}
                  </dd>
                </div>
              ))}
            </dl>
          ) : null}
        </li>
      ))}
      {removed.map((ref) => (
        <li key={ref}>
          <span className={classes.action}>Removed</span> <EntityLink entityRef={ref} />
        </li>
      ))}
      {(['added', 'removed'] as const).flatMap((side) =>
        relations[side].map((edge) => (
          <li key={`${side} ${edge.source} ${edge.type} ${edge.target}`} className={classes.edge}>
            <span className={classes.action}>{side === 'added' ? 'New relation' : 'Relation removed'}</span>{' '}
            <code>{edge.source}</code> {edge.type} <code>{edge.target}</code>
            {side === 'added' && !edge.exists ? (
              <Status level="warning" label="No such entity" short="missing" />
            ) : null}
          </li>
        )),
      )}
    </ul>
  );
}
