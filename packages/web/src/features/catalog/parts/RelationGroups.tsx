import type { Entity } from '@callboard/model';
import { groupRelations, namespaceOf, relationTitle } from '../entity.ts';
import { EntityLink, entityTarget } from './EntityLink.tsx';
import { AppLink } from '../../../core/ui/index.ts';
import classes from './RelationGroups.module.css';

/** What this has to do with others, by kind of relation. `limit` keeps the overview short. */
export function RelationGroups({
  entity,
  limit = Number.POSITIVE_INFINITY,
  without = [],
}: {
  entity: Entity;
  limit?: number;
  without?: string[];
}) {
  const groups = groupRelations(entity).filter(([type]) => !without.includes(type));
  const key = { kind: entity.kind.toLowerCase(), namespace: namespaceOf(entity), name: entity.metadata.name };
  return (
    <div className={classes.groups}>
      {groups.map(([type, targets]) => (
        <section key={type} className={classes.group} aria-label={relationTitle(type)}>
          <h3 className={classes.title}>
            {relationTitle(type)} <span className={classes.count}>{targets.length}</span>
          </h3>
          <ul className={classes.targets}>
            {targets.slice(0, limit).map((target) => (
              <li key={target}>
                <EntityLink entityRef={target} />
              </li>
            ))}
            {targets.length > limit ? (
              <li>
                <AppLink {...entityTarget(key, 'relations')}>{targets.length - limit} more</AppLink>
              </li>
            ) : null}
          </ul>
        </section>
      ))}
    </div>
  );
}
