import type { NeighbourhoodResponse } from '@callboard/model/http';
import { sql } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { headsOf, kindOf, listOf, visible } from './heads.ts';
import type { Reading } from './reading.ts';
import { declaredBySeen } from './within.ts';

export type NeighbourhoodQuery = {
  root: string;
  depth: number;
  direction: 'outgoing' | 'incoming' | 'both';
  /** names of relations, either of a pair; all when absent */
  relations?: string[];
  /** kinds shown; all when absent */
  kinds?: string[];
  limit: number;
  scope?: EntityPredicate;
};

type Edge = { source: string; type: string; target: string };
/** Edges at one step; a node with very many of them does not make the answer very long. */
async function edgesOf(
  reading: Reading,
  refs: string[],
  types: string[] | undefined,
  query: NeighbourhoodQuery,
): Promise<Edge[]> {
  const ofTypes = types ? sql` and r.type in (${listOf(types)})` : sql``;
  const seen = query.scope && declaredBySeen(await visible(reading, query.scope));
  const at = async (end: 'source' | 'target') => {
    const { rows } =
      await sql<Edge>`select r.source, r.type, r.target from catalog_relation r where ${sql.ref(`r.${end}`)} in (${listOf(refs)})${ofTypes}${
        seen ? sql` and ${seen}` : sql``
      } limit ${4 * query.limit}`.execute(reading.reader);
    return rows;
  };
  const [outgoing, incoming] = await Promise.all([
    query.direction === 'incoming' ? [] : at('source'),
    query.direction === 'outgoing' ? [] : at('target'),
  ]);
  return [...outgoing, ...incoming];
}

/** The types as stored that a list of relation names means. */
function storedTypes(reading: Reading, names: string[] | undefined): string[] | undefined {
  if (!names) return undefined;
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return reading.pairs
    .filter(({ type, inverse }) => wanted.has(type.toLowerCase()) || wanted.has(inverse.toLowerCase()))
    .map(({ type }) => type);
}

/**
 * What is around an entity, step by step, nearest first.
 *
 * @returns undefined when there is no such entity, or the asker may not see it
 */
export async function neighbourhood(
  reading: Reading,
  query: NeighbourhoodQuery,
): Promise<NeighbourhoodResponse | undefined> {
  const types = storedTypes(reading, query.relations);
  const kinds = query.kinds && new Set(query.kinds.map((kind) => kind.toLowerCase()));
  if (!(await headsOf(reading, [query.root], query.scope))[0]!.exists) return undefined;
  const distances = new Map([[query.root, 0]]);
  const edges = new Map<string, Edge>();
  let truncated = false;
  let frontier = [query.root];
  for (let distance = 1; distance <= query.depth && frontier.length > 0 && types?.length !== 0; distance += 1) {
    const found = await edgesOf(reading, frontier, types, query);
    const refs = new Set(found.flatMap(({ source, target }) => [source, target]));
    const fresh = [...refs].filter((ref) => !distances.has(ref) && (!kinds || kinds.has(kindOf(ref)))).sort();
    truncated ||= found.length >= 4 * query.limit || distances.size + fresh.length > query.limit;
    frontier = fresh.slice(0, Math.max(0, query.limit - distances.size));
    for (const ref of frontier) distances.set(ref, distance);
    for (const edge of found)
      if (distances.has(edge.source) && distances.has(edge.target))
        edges.set(`${edge.source} ${edge.type} ${edge.target}`, edge);
  }
  const heads = await headsOf(reading, [...distances.keys()], query.scope);
  const inverses = new Map(reading.pairs.map(({ type, inverse }) => [type, inverse]));
  return {
    rootEntityRef: query.root,
    nodes: heads.map((head) => ({ ...head, distance: distances.get(head.entityRef)! })),
    edges: [...edges.values()].map((edge) => ({ ...edge, inverse: inverses.get(edge.type) ?? edge.type })),
    truncated,
  };
}
