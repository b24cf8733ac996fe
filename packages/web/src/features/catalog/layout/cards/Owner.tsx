import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { count, grouped, Status } from '../../../../core/ui/index.ts';
import { membersQuery } from '../../api.ts';
import { nameOf, targetsOf } from '../../entity.ts';
import { EntityLink } from '../../parts/EntityLink.tsx';
import classes from './Answers.module.css';

/** Who has it, and who these are. */
export function Owner({ entity }: { entity: Entity }) {
  const [owner, ...others] = targetsOf(entity, 'ownedBy');
  if (owner === undefined)
    return (
      <>
        <Status level="warning" label="Nobody owns this" />
        <p className={classes.more}>Set spec.owner in its descriptor.</p>
      </>
    );
  return (
    <>
      <p className={classes.strong}>
        <EntityLink entityRef={owner} />
      </p>
      {owner.startsWith('group:') ? <Members group={owner} /> : null}
      {others.map((other) => (
        <p key={other}>
          <EntityLink entityRef={other} />
        </p>
      ))}
    </>
  );
}

function Members({ group }: { group: string }) {
  const { data } = useQuery(membersQuery(group));
  if (!data) return <p className={classes.more}>&nbsp;</p>;
  if (data.totalItems === 0) return <p className={classes.more}>Nobody is in this group</p>;
  const others = data.totalItems - data.items.length;
  return (
    <p className={classes.more}>
      {count(data.totalItems, 'person', 'people')}: {data.items.map(nameOf).join(', ')}
      {others > 0 ? ` and ${grouped(others)} more` : ''}
    </p>
  );
}
