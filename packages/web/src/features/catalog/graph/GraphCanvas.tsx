import '@xyflow/react/dist/base.css';
import { ReactFlow, ReactFlowProvider, useReactFlow, ViewportPortal, type Viewport } from '@xyflow/react';
import { IconDownload, IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type ReactNode, type SyntheticEvent } from 'react';
import { useKinds } from '../kinds.ts';
import { nodeTypes, detailOf, type EntityBoxNode, type FanBoxNode } from './Boxes.tsx';
import { saveFile, svgOf } from './download.ts';
import type { Picture } from './fans.ts';
import { Lines } from './Lines.tsx';
import { isAcross, showsLabels } from './picture.ts';
import type { Laid } from './use-layout.ts';
import { useWalk } from './use-walk.ts';
import classes from './Graph.module.css';

export type CanvasProps = {
  title: string;
  picture: Picture;
  laid: Laid;
  roots: string[];
  onCentre: ((ref: string) => void) | undefined;
  onOpen: (fan: string) => void;
  /** little room: smaller boxes, words on lines only for one entity at a time */
  compact: boolean;
};

const pad = 12;
/** Room for the buttons below the picture. */
const foot = 44;
const smallest = 0.03;
/** Below this size names cannot be read: rather show the middle of the picture than all of it. */
const leastReadable = { wide: 0.75, compact: 0.6 };

/** Where the picture is first shown from: all of it if that can be read, else around the root. */
function firstView(
  { laid, roots, compact }: Pick<CanvasProps, 'laid' | 'roots' | 'compact'>,
  frame: HTMLElement,
): Viewport {
  const { width, height } = laid.result;
  const room = { width: frame.clientWidth, height: frame.clientHeight - foot };
  const least = compact ? leastReadable.compact : leastReadable.wide;
  const fits = Math.min(room.width / (width + 2 * pad), room.height / (height + 2 * pad));
  const zoom = Math.min(1, Math.max(least, fits));
  const box = laid.input.nodes.find(({ id }) => id === roots[0]);
  const corner = box && laid.result.nodes[box.id];
  const middle =
    fits < least && box && corner
      ? { x: corner.x + box.width / 2, y: corner.y + box.height / 2 }
      : { x: width / 2, y: height / 2 };
  const along = (space: number, size: number, at: number) => {
    const free = space - size * zoom;
    // Never further than the picture goes: emptiness on one side helps nobody.
    return free >= 0 ? free / 2 : Math.min(pad, Math.max(free - pad, space / 2 - at * zoom));
  };
  return { x: along(room.width, width, middle.x), y: along(room.height, height, middle.y), zoom };
}

/** The drawn graph: pan by dragging, zoom by buttons, pinch or Ctrl and wheel. */
export function GraphCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ title, picture, laid, roots, onCentre, onOpen, compact }: CanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const flow = useReactFlow<EntityBoxNode | FanBoxNode>();
  const { titleOf, pluralOf } = useKinds();
  const [active, setActive] = useState<string>();
  const boxes = useMemo(() => laid.input.nodes.map((node) => ({ ...node, ...laid.result.nodes[node.id]! })), [laid]);
  const nodes = useMemo(() => {
    const place = (id: string) => {
      const { x, y, width, height } = boxes.find((box) => box.id === id)!;
      return { id, position: { x, y }, width, height };
    };
    return [
      ...picture.nodes.map((node): EntityBoxNode => ({
        ...place(node.entityRef),
        type: 'entity',
        data: {
          node,
          isRoot: roots.includes(node.entityRef),
          detail: compact && node.exists ? (node.type ?? titleOf(node.kind)) : detailOf(node, titleOf),
          // In small boxes a finger would not find the button.
          onCentre: compact ? undefined : onCentre,
        },
      })),
      ...picture.fans.map((fan): FanBoxNode => ({ ...place(fan.id), type: 'fan', data: { fan, onOpen } })),
    ];
  }, [boxes, picture, roots, onCentre, onOpen, compact, titleOf]);
  const { onKeyDown } = useWalk({ frame, flow, boxes, root: roots[0], onCentre });

  useEffect(() => {
    if (frame.current) void flow.setViewport(firstView({ laid, roots, compact }, frame.current));
  }, [flow, laid, roots, compact]);

  const pointAt = (event: SyntheticEvent) =>
    setActive((event.target as Element).closest('[data-graph-node]')?.getAttribute('data-graph-node') ?? undefined);
  const save = () => {
    if (!frame.current) return;
    const svg = svgOf({
      title,
      picture,
      laid,
      frame: frame.current,
      roots,
      compact,
      detailOf: (node) => detailOf(node, titleOf),
      fanDetail: (fan) => pluralOf(fan.kind),
    });
    saveFile(`${title.replaceAll(/[^\w.-]+/g, '-')}.svg`, 'image/svg+xml', svg);
  };
  return (
    <div ref={frame} className={classes.canvas}>
      <ReactFlow
        aria-label={`${title}. Arrow keys go from one entity to the next, Enter opens it.`}
        onKeyDown={onKeyDown}
        onFocus={pointAt}
        onBlur={() => setActive(undefined)}
        onPointerOver={pointAt}
        nodes={nodes}
        edges={[]}
        nodeTypes={nodeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        zoomActivationKeyCode={['Control', 'Meta']}
        minZoom={smallest}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
      >
        <ViewportPortal>
          <Lines
            edges={picture.edges}
            result={laid.result}
            active={active}
            labelled={showsLabels(picture, compact)}
            across={isAcross(laid.input.direction)}
          />
        </ViewportPortal>
      </ReactFlow>
      <div className={classes.tools} role="group" aria-label="The picture">
        <Tool label="Zoom in" icon={<IconPlus size="1rem" />} onClick={() => void flow.zoomIn()} />
        <Tool label="Zoom out" icon={<IconMinus size="1rem" />} onClick={() => void flow.zoomOut()} />
        <Tool
          label="Show all of it"
          icon={<IconMaximize size="1rem" />}
          onClick={() => void flow.fitView({ padding: 0.03, maxZoom: 1 })}
        />
        <Tool label="Save as SVG" icon={<IconDownload size="1rem" />} onClick={save} />
      </div>
    </div>
  );
}

function Tool({ label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <button type="button" className={classes.tool} aria-label={label} title={label} onClick={onClick}>
      {icon}
    </button>
  );
}
