import { AppLink, Status, Truncated } from '../../../core/ui/index.ts';
import { useBrief } from '../briefs.ts';
import { nameOf, readRef, shortRef, type EntityRef } from '../entity.ts';
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

/** An entity by its name; one that does not exist is shown as missing, with the reference that was written. */
export function EntityLink({ entityRef, defaultKind, namespace = 'default', icon = true, tab }: EntityLinkProps) {
  const ref = readRef(entityRef, defaultKind, namespace);
  if (!ref) return <span title="This is not an entity reference">{entityRef}</span>;
  return <KnownLink entity={ref} icon={icon} tab={tab} />;
}

function KnownLink({ entity, icon, tab }: { entity: EntityRef; icon: boolean; tab: string | undefined }) {
  const canonical = `${entity.kind}:${entity.namespace}/${entity.name}`;
  const { data } = useBrief(canonical);
  const label = data ? nameOf(data) : shortRef(entity);
  return (
    <span className={classes.entity}>
      {icon ? <KindIcon kind={entity.kind} size="0.875rem" /> : null}
      <AppLink {...entityTarget(entity, tab)} className={classes.link} title={`${label} (${canonical})`}>
        <Truncated text={label} />
      </AppLink>
      {data === null ? <Status level="warning" label="No such entity" short="missing" /> : null}
    </span>
  );
}
