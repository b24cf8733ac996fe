import type { Node, NodeProps } from '@xyflow/react';
import { IconFocusCentered } from '@tabler/icons-react';
import { AppLink, Truncated } from '../../../core/ui/index.ts';
import { readRef } from '../entity.ts';
import { useKinds } from '../kinds.ts';
import { entityTarget } from '../parts/EntityLink.tsx';
import { KindIcon } from '../parts/KindIcon.tsx';
import type { Fan } from './fans.ts';
import type { GraphNode } from './model.ts';
import classes from './Graph.module.css';

export type EntityBoxNode = Node<
  { node: GraphNode; isRoot: boolean; detail: string; onCentre: ((ref: string) => void) | undefined },
  'entity'
>;
export type FanBoxNode = Node<{ fan: Fan; onOpen: (id: string) => void }, 'fan'>;

/** What stands below the name: the kind's type, or that there is no such thing. */
export const detailOf = (node: GraphNode, titleOf: (kind: string) => string): string =>
  node.exists ? [titleOf(node.kind), node.type].filter(Boolean).join(' · ') : `Missing · ${titleOf(node.kind)}`;

/** One entity: a real link; one arrow key leads to the next. */
function EntityBox({ id, data: { node, isRoot, detail, onCentre } }: NodeProps<EntityBoxNode>) {
  const ref = readRef(node.entityRef, undefined, 'default');
  if (!ref) return null;
  return (
    <div className={classes.box} data-look={isRoot ? 'root' : node.exists ? 'plain' : 'missing'}>
      <AppLink
        {...entityTarget(ref)}
        className={classes.boxLink}
        data-graph-node={id}
        tabIndex={isRoot ? 0 : -1}
        title={`${node.label} (${node.entityRef})`}
        current={isRoot ? 'true' : undefined}
        draggable={false}
      >
        <KindIcon kind={node.kind} size="1rem" />
        <span className={classes.boxText}>
          <span className={classes.boxName}>
            <Truncated text={node.label} />
          </span>
          <span className={classes.boxDetail}>{detail}</span>
        </span>
      </AppLink>
      {onCentre && !isRoot && node.exists ? (
        <button
          type="button"
          tabIndex={-1}
          className={classes.centre}
          title="Look from here (Space)"
          aria-label={`Look from ${node.label}`}
          onClick={() => onCentre(node.entityRef)}
        >
          <IconFocusCentered size="0.875rem" aria-hidden />
        </button>
      ) : null}
    </div>
  );
}

/** Many of a kind as one, until somebody wants to see them. */
function FanBox({ id, data: { fan, onOpen } }: NodeProps<FanBoxNode>) {
  const { pluralOf } = useKinds();
  const what = pluralOf(fan.kind).toLowerCase();
  return (
    <button
      type="button"
      className={classes.box}
      data-look="fan"
      data-graph-node={id}
      tabIndex={-1}
      title={fan.members.map(({ label }) => label).join(', ')}
      onClick={() => onOpen(fan.id)}
    >
      <span className={classes.boxLink}>
        <KindIcon kind={fan.kind} size="1rem" />
        <span className={classes.boxText}>
          <span className={classes.boxName}>+{fan.members.length} more</span>
          <span className={classes.boxDetail}>{fan.kind === 'API' ? 'APIs' : what}, show them</span>
        </span>
      </span>
    </button>
  );
}

export const nodeTypes = { entity: EntityBox, fan: FanBox };
