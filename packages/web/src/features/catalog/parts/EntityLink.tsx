import type { Entity } from '@callboard/model';
import { AppLink, Status, Truncated } from '../../../core/ui/index.ts';
import { useBrief } from '../briefs.ts';
import { canonicalRef, nameOf, readRef, shortRef, type EntityRef } from '../entity.ts';
import classes from './EntityLink.module.css';
import { KindIcon } from './KindIcon.tsx';

/** Where an entity's page is. */
export const entityTarget = (ref: EntityRef, tab?: string) => ({
  to: tab ? '/catalog/$namespace/$kind/$name/$tab' : '/catalog/$namespace/$kind/$name',
  params: { namespace: ref.namespace, kind: ref.kind, name: ref.name, ...(tab ? { tab } : {}) },
});

type EntityLinkProps = {
  entityRef: string;
  defaultKind?: string | undefined;
  namespace?: string;
  icon?: boolean;
  tab?: string | undefined;
};

const nameless = (text: string) => <span title="This is not an entity reference">{text}</span>;

/** An entity by its name; one that does not exist is shown as missing, with the reference that was written. */
export function EntityLink({ entityRef, defaultKind, namespace = 'default', icon = true, tab }: EntityLinkProps) {
  const ref = readRef(entityRef, defaultKind, namespace);
  return ref ? <KnownLink entity={ref} icon={icon} tab={tab} /> : nameless(entityRef);
}

function KnownLink({ entity, icon, tab }: { entity: EntityRef; icon: boolean; tab: string | undefined }) {
  const { data } = useBrief(canonicalRef(entity));
  return <BriefLink entity={entity} icon={icon} tab={tab} brief={data} />;
}

type BriefLinkProps = {
  entity: EntityRef;
  icon?: boolean;
  tab?: string | undefined;
  /** What is known of it; null when it does not exist, nothing when that is not known yet. */
  brief: Entity | null | undefined;
};

/** The link alone, where somebody else has asked what the entity is called. */
export function BriefLink({ entity, icon = false, tab, brief }: BriefLinkProps) {
  const label = brief ? nameOf(brief) : shortRef(entity);
  return (
    <span className={classes.entity}>
      {icon ? <KindIcon kind={entity.kind} size="0.875rem" /> : null}
      <AppLink {...entityTarget(entity, tab)} className={classes.link} title={`${label} (${canonicalRef(entity)})`}>
        <Truncated text={label} />
      </AppLink>
      {brief === null ? <Status level="warning" label="No such entity" short="missing" /> : null}
    </span>
  );
}
