import type { Entity } from '@callboard/model';
import { Star } from '../../../core/session/index.ts';
import { AppLink, count, Status, Truncated } from '../../../core/ui/index.ts';
import { errorsOf, nameOf, namespaceOf, readRef, refOf, shortRef, textAt } from '../entity.ts';
import { entityTarget } from './EntityLink.tsx';
import { KindGlyph } from './KindIcon.tsx';
import type { CellHelp } from '../list/help.ts';
import classes from './NameCell.module.css';

/** The first column: icon, name, and how many errors it has; on a phone also the line that the other columns would say. */
export function NameCell({ entity, help }: { entity: Entity; help: CellHelp }) {
  const ref = { kind: entity.kind.toLowerCase(), namespace: namespaceOf(entity), name: entity.metadata.name };
  const errors = errorsOf(entity);
  const owner = textAt(entity, 'spec.owner');
  const ownerRef = owner === undefined ? undefined : readRef(owner, 'group', ref.namespace);
  const second = [entity.kind, textAt(entity, 'spec.type'), ownerRef ? shortRef(ownerRef) : owner]
    .filter(Boolean)
    .join(' · ');
  const label = nameOf(entity);
  const entityRef = refOf(entity);
  return (
    <div className={classes.cell}>
      <Star
        name={label}
        starred={help.starred.has(entityRef)}
        toggle={() => help.toggleStar(entityRef)}
        size="0.875rem"
      />
      <KindGlyph kind={entity.kind} kinds={help.kinds} />
      <div className={classes.text}>
        <div className={classes.first}>
          <AppLink {...entityTarget(ref)} className={classes.link} data-row-link>
            <Truncated text={label} />
          </AppLink>
          {ref.namespace === 'default' ? null : <span className={classes.namespace}>{ref.namespace}</span>}
          {errors > 0 ? <Status level="failing" label={count(errors, 'error')} short={String(errors)} /> : null}
        </div>
        <div className={classes.second}>{second}</div>
      </div>
    </div>
  );
}
