import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { Copyable, count, EmptyState, ErrorState, grouped, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { nameOf as entityName, relationTitle } from '../entity.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { impactQuery, type ImpactItem } from './api.ts';
import { NodeLink } from './NodeLink.tsx';
import classes from './Impact.module.css';

const effects: Record<ImpactItem['effect'], { level: 'failing' | 'warning'; word: string }> = {
  gone: { level: 'failing', word: 'Goes with it' },
  broken: { level: 'failing', word: 'Breaks' },
  incomplete: { level: 'warning', word: 'Loses a part' },
};

const phrases: Record<string, string> = {
  apiProvidedBy: 'is provided by',
  consumesApi: 'consumes',
  dependsOn: 'depends on',
  hasPart: 'contains',
  partOf: 'is part of',
};

const nameOf = (ref: string) => ref.slice(ref.indexOf('/') + 1);

/** "checkout depends on ledger": the last step of the way, in words; the whole way on hover. */
function Way({ item, root, labels }: { item: ImpactItem; root: string; labels: Map<string, string> }) {
  const labelOf = (ref: string) => labels.get(ref) ?? nameOf(ref);
  const steps = item.path.map(({ entityRef, relation }, index) => {
    const before = index === 0 ? root : labelOf(item.path[index - 1]!.entityRef);
    return `${labelOf(entityRef)} ${phrases[relation] ?? relationTitle(relation).toLowerCase()} ${before}`;
  });
  return <span title={steps.join('; ')}>{steps.at(-1)}</span>;
}

/** What breaks if this goes, and whom to tell: everything that needs it, directly or through others, by owner. */
export function ImpactTab({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  const name = entityName(entity);
  const { data, error, refetch } = useQuery(impactQuery(entityRef));
  if (error && !data)
    return <ErrorState error={error} what="What depends on it could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label="Looking for what depends on it" />;
  if (data.items.length === 0)
    return (
      <EmptyState title="Nothing that is known here breaks">
        No relation says that anything depends on {name}, consumes its APIs or is a part of it. What nobody has written
        down cannot be seen here.
      </EmptyState>
    );
  const broken = data.items.filter(({ effect }) => effect !== 'incomplete').length;
  const incomplete = data.items.length - broken;
  const labels = new Map(data.items.map((item) => [item.entityRef, item.label]));
  const groups = Map.groupBy(data.items, ({ owner }) => owner);
  const refs = data.owners.flatMap((owner) => owner.entityRef ?? []).join('\n');
  return (
    <>
      <div className={classes.head}>
        <p className={classes.answer}>
          If {name} goes, <strong>{count(broken, 'thing')}</strong> {broken === 1 ? 'breaks or goes' : 'break or go'}{' '}
          with it
          {incomplete > 0 ? ` and ${count(incomplete, 'other')} ${incomplete === 1 ? 'loses' : 'lose'} a part` : ''},
          owned by {count(data.owners.length, 'team', 'teams or people')}.
        </p>
        {refs ? (
          <Copyable text={refs} label="Copy the owners">
            Copy the owners
          </Copyable>
        ) : null}
      </div>
      {data.truncated ? (
        <p className={classes.note} role="note">
          <Status level="warning" label={`The nearest ${grouped(data.items.length)} are shown: there is more.`} />
        </p>
      ) : null}
      {data.owners.map(({ entityRef: owner, count: figure, nearest }) => (
        <section key={owner ?? ''} className={classes.group} aria-label={owner ? nameOf(owner) : 'Nobody'}>
          <h2 className={classes.owner}>
            {owner ? <EntityLink entityRef={owner} /> : <Status level="warning" label="Nobody owns these" />}
            <span className={classes.figure}>
              {count(figure, 'entity', 'entities')}, nearest {count(nearest, 'step')} away
            </span>
          </h2>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Entity</th>
                <th scope="col">What happens</th>
                <th scope="col">Steps</th>
                <th scope="col">Because</th>
              </tr>
            </thead>
            <tbody>
              {groups.get(owner)!.map((item) => (
                <tr key={item.entityRef}>
                  <td>
                    <NodeLink node={item} />
                  </td>
                  <td>
                    <Status {...{ level: effects[item.effect].level, label: effects[item.effect].word }} />
                  </td>
                  <td className={classes.steps}>{item.distance}</td>
                  <td className={classes.way}>
                    <Way item={item} root={name} labels={labels} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  );
}
