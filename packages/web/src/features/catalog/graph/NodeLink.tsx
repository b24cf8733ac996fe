import { AppLink, Status, Truncated } from '../../../core/ui/index.ts';
import { readRef } from '../entity.ts';
import { entityTarget } from '../parts/EntityLink.tsx';
import linkClasses from '../parts/EntityLink.module.css';
import { KindIcon } from '../parts/KindIcon.tsx';

export type Named = { entityRef: string; label: string; kind: string; exists?: boolean };

/** An entity whose name is known already: nothing has to be asked for it. */
export function NodeLink({ node, icon = true }: { node: Named; icon?: boolean }) {
  const ref = readRef(node.entityRef, undefined, 'default');
  if (!ref) return <span>{node.entityRef}</span>;
  return (
    <span className={linkClasses.entity}>
      {icon ? <KindIcon kind={node.kind} size="0.875rem" /> : null}
      <AppLink {...entityTarget(ref)} className={linkClasses.link} title={`${node.label} (${node.entityRef})`}>
        <Truncated text={node.label} />
      </AppLink>
      {node.exists === false ? <Status level="warning" label="No such entity" short="missing" /> : null}
    </span>
  );
}
