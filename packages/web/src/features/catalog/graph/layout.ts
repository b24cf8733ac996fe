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
        return [id, { points, label: { x: x ?? middle.x, y: y ?? middle.y } }];
      }),
    ),
  };
}
