import { Graph, layout as arrange } from '@dagrejs/dagre';
import type { GraphSettings } from './settings.ts';

export type Point = { x: number; y: number };
export type LayoutInput = {
  direction: GraphSettings['layout'];
  nodes: { id: string; width: number; height: number }[];
  edges: { id: string; source: string; target: string; labelWidth: number; labelHeight: number }[];
};
export type LayoutResult = {
  width: number;
  height: number;
  /** left upper corners */
  nodes: Record<string, Point>;
  /** bends from the edge of the source to that of the target, and where the middle of the label is */
  edges: Record<string, { points: Point[]; label: Point }>;
};

const margin = 16;

type Box = Point & { width: number; height: number };

/** The middle of the side of a box that looks to a point, in the direction of the layout. */
function sideTowards(box: Box, point: Point, across: boolean): Point {
  if (across) return { x: box.x + (point.x < box.x ? -box.width : box.width) / 2, y: box.y };
  return { x: box.x, y: box.y + (point.y < box.y ? -box.height : box.height) / 2 };
}

/** Places a graph in layers. Slow for hundreds of nodes, so it runs in a worker. */
export function layoutGraph({ direction, nodes, edges }: LayoutInput): LayoutResult {
  const graph = new Graph({ multigraph: true });
  const across = direction === 'LR' || direction === 'RL';
  graph.setGraph({
    rankdir: direction,
    // The simplex ranker takes four times as long for 500 nodes.
    ranker: 'tight-tree',
    nodesep: across ? 12 : 24,
    edgesep: 12,
    ranksep: across ? 56 : 44,
    marginx: margin,
    marginy: margin,
  });
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
  for (const { id, source, target, labelWidth, labelHeight } of edges)
    graph.setEdge(source, target, { width: labelWidth, height: labelHeight, labelpos: 'c' }, id);
  arrange(graph);
  const size = graph.graph() as { width?: number; height?: number };
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    nodes: Object.fromEntries(
      nodes.map(({ id, width, height }) => {
        const { x, y } = graph.node(id) as Point;
        return [id, { x: x - width / 2, y: y - height / 2 }];
      }),
    ),
    edges: Object.fromEntries(
      edges.map(({ id, source, target }) => {
        const { points, x, y } = graph.edge(source, target, id) as Point & { points: Point[] };
        const middle = points[Math.floor(points.length / 2)]!;
        const bends = points.slice(1, -1);
        const [first = middle, last = middle] = [bends[0], bends.at(-1)];
        const ends = [graph.node(source) as Box, graph.node(target) as Box] as const;
        const way =
          source === target
            ? points
            : [sideTowards(ends[0], first, across), ...bends, sideTowards(ends[1], last, across)];
        return [id, { points: way, label: { x: x ?? middle.x, y: y ?? middle.y } }];
      }),
    ),
  };
}
