import type { Graph, GraphEdge, GraphNode } from './model.ts';

/** Entities that hang on the same one by the same relation and have nothing behind them, drawn as one until somebody opens it. */
export type Fan = { id: string; kind: string; parent: string; members: GraphNode[] };
export type Picture = { nodes: GraphNode[]; fans: Fan[]; edges: GraphEdge[] };

/** With more entities than this a picture can no longer be read. */
export const mostReadable = 80;

const shownOfFan = [6, 3, 1, 0];

/** The entity nearer to the root through which each entity is first reached. */
function parentsOf(graph: Graph): Map<string, GraphEdge> {
  const distances = new Map(graph.nodes.map((node) => [node.entityRef, node.distance]));
  const parents = new Map<string, GraphEdge>();
  for (const edge of graph.edges)
    for (const [near, far] of [
      [edge.source, edge.target],
      [edge.target, edge.source],
    ] as const)
      if (distances.get(far) === distances.get(near)! + 1 && !parents.has(far)) parents.set(far, edge);
  return parents;
}

function fansOf(graph: Graph): Fan[] {
  const parents = parentsOf(graph);
  const parentOf = (ref: string) => {
    const edge = parents.get(ref)!;
    return edge.source === ref ? edge.target : edge.source;
  };
  const inner = new Set([...parents.keys()].map(parentOf));
  const fans = new Map<string, Fan>();
  for (const node of graph.nodes) {
    const edge = parents.get(node.entityRef);
    if (!edge || inner.has(node.entityRef)) continue;
    const parent = parentOf(node.entityRef);
    const way = edge.source === parent ? 'to' : 'from';
    const id = `fan ${parent} ${way} ${edge.types.map(({ type }) => type).join()} ${node.kind}`;
    const fan = fans.get(id) ?? { id, kind: node.kind, parent, members: [] };
    // What is missing is seen first.
    if (node.exists) fan.members.push(node);
    else fan.members.unshift(node);
    fans.set(id, fan);
  }
  return [...fans.values()];
}

function edgesBetween(edges: GraphEdge[], placeOf: ReadonlyMap<string, string>): GraphEdge[] {
  const drawn = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const source = placeOf.get(edge.source) ?? edge.source;
    const target = placeOf.get(edge.target) ?? edge.target;
    if (source === edge.source && target === edge.target) {
      drawn.set(edge.id, edge);
      continue;
    }
    if (source === target) continue;
    const id = `${source} ${edge.types.map(({ type }) => type).join()} ${target}`;
    if (!drawn.has(id)) drawn.set(id, { ...edge, id, source, target });
  }
  return [...drawn.values()];
}

/**
 * Folds large fans, so that the picture can be read: the first few members stay, the others become "+23 more". The more there is
 * altogether, the fewer stay.
 *
 * @param open - ids of fans that are shown whole
 */
export function foldFans(graph: Graph, open: ReadonlySet<string>): Picture {
  const fans = fansOf(graph).filter((fan) => !open.has(fan.id));
  const hiddenBy = (shown: number) =>
    fans.flatMap((fan) => (fan.members.length > shown + 1 ? [{ ...fan, members: fan.members.slice(shown) }] : []));
  const choices = shownOfFan.map(hiddenBy);
  const visible = (folded: Fan[]) =>
    graph.nodes.length - folded.reduce((sum, { members }) => sum + members.length - 1, 0);
  const folded = choices.find((choice) => visible(choice) <= mostReadable) ?? choices.at(-1)!;
  const placeOf = new Map(folded.flatMap((fan) => fan.members.map((node) => [node.entityRef, fan.id] as const)));
  return {
    nodes: graph.nodes.filter(({ entityRef }) => !placeOf.has(entityRef)),
    fans: folded,
    edges: edgesBetween(graph.edges, placeOf),
  };
}
