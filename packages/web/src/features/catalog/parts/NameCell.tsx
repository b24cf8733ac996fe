import type { Entity } from '@callboard/model';
import { Star } from '../../../core/session/index.ts';
import { AppLink, count, Status, Truncated } from '../../../core/ui/index.ts';
import { canonicalRef, errorsOf, nameOf, namespaceOf, ownerOf, refOf, shortRef, textAt } from '../entity.ts';
import { entityTarget } from './EntityLink.tsx';
import { KindGlyph } from './KindIcon.tsx';
import type { CellHelp } from '../list/help.ts';
import classes from './NameCell.module.css';

/** The first column: icon where kinds differ, name, and how many errors it has; on a phone also the line that the other columns would say. */
export function NameCell({ entity, help }: { entity: Entity; help: CellHelp }) {
  const ref = { kind: entity.kind.toLowerCase(), namespace: namespaceOf(entity), name: entity.metadata.name };
  const errors = errorsOf(entity);
  const label = nameOf(entity);
  const entityRef = refOf(entity);
  const first = (
    <>
      <AppLink {...entityTarget(ref)} className={classes.link} data-row-link>
        <Truncated text={label} />
      </AppLink>
      {ref.namespace === 'default' ? null : <span className={classes.namespace}>{ref.namespace}</span>}
      {errors > 0 ? <Status level="failing" label={count(errors, 'error')} short={String(errors)} /> : null}
    </>
  );
  return (
    <div className={classes.cell}>
      <Star
        name={label}
        starred={help.starred.has(entityRef)}
        toggle={() => help.toggleStar(entityRef)}
        size="0.875rem"
      />
      {help.mixed ? <KindGlyph kind={entity.kind} kinds={help.kinds} /> : null}
      {help.narrow ? (
        <div className={classes.text}>
          <div className={classes.first}>{first}</div>
          <div className={classes.second}>{secondLine(entity, help)}</div>
        </div>
      ) : (
        first
      )}
    </div>
  );
}

function secondLine(entity: Entity, { mixed, briefs }: CellHelp): string {
  const owner = ownerOf(entity);
  const brief = owner && briefs.get(canonicalRef(owner));
  return [
    mixed ? entity.kind : undefined,
    textAt(entity, 'spec.type'),
    textAt(entity, 'spec.lifecycle'),
    brief ? nameOf(brief) : owner ? shortRef(owner) : textAt(entity, 'spec.owner'),
  ]
    .filter(Boolean)
    .join(' · ');
}
