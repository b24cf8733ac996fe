import type { NeighbourhoodResponse } from '@callboard/model/http';

export type GraphNode = NeighbourhoodResponse['nodes'][number];
export type GraphEdge = { id: string; source: string; target: string; types: { type: string; inverse: string }[] };
export type Graph = { nodes: GraphNode[]; edges: GraphEdge[]; truncated: boolean };

const nearestFirst = (a: GraphNode, b: GraphNode) =>
  a.distance - b.distance || a.label.localeCompare(b.label, 'en') || (a.entityRef < b.entityRef ? -1 : 1);

/** Brings the surroundings of one or several entities together: each entity once, at its smallest distance. */
export function joinGraphs(parts: NeighbourhoodResponse[], settings: { merge: boolean; outward: boolean }): Graph {
  const nodes = new Map<string, GraphNode>();
  for (const node of parts.flatMap((part) => part.nodes)) {
    const before = nodes.get(node.entityRef);
    if (!before || node.distance < before.distance) nodes.set(node.entityRef, node);
  }
  const distanceOf = (ref: string) => nodes.get(ref)?.distance ?? 0;
  const edges = new Map<string, GraphEdge>();
  for (const { source, target, type, inverse } of parts.flatMap((part) => part.edges)) {
    if (settings.outward && distanceOf(source) === distanceOf(target)) continue;
    const id = settings.merge ? `${source} ${target}` : `${source} ${type} ${target}`;
    const edge = edges.get(id) ?? { id, source, target, types: [] };
    if (!edge.types.some((each) => each.type === type)) edge.types.push({ type, inverse });
    edges.set(id, edge);
  }
  const sorted = [...edges.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const edge of sorted) edge.types.sort((a, b) => (a.type < b.type ? -1 : 1));
  return {
    nodes: [...nodes.values()].sort(nearestFirst),
    edges: sorted,
    truncated: parts.some((part) => part.truncated),
  };
}
