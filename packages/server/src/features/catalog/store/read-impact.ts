import type { ImpactResponse } from '@callboard/model/http';
import { sql } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { headsOf, listOf, visible } from './heads.ts';
import type { Reading } from './reading.ts';
import { declaredBySeen } from './within.ts';

export type ImpactQuery = { root: string; limit: number; scope?: EntityPredicate };

type Effect = ImpactResponse['items'][number]['effect'];
type Edge = { source: string; type: string; target: string };
type Reached = { effect: Effect; from: string; relation: string; distance: number };

const followed = ['consumesApi', 'dependsOn', 'partOf', 'providesApi'];

/**
 * Everything that the loss of an entity reaches, each once with each effect. What has been reached is not reached again, so circles end
 * and the work is that of reading every relation once; rows come nearest first, so a limit keeps the nearest.
 *
 * - parts of what is gone are gone
 * - what depends on, or consumes, something gone or broken is broken; so is an API that something gone or broken provides
 * - what something gone or broken is part of is incomplete, and goes no further
 */
async function reach(
  reading: Reading,
  { root, limit, scope }: ImpactQuery,
): Promise<{ refs: string[]; more: boolean }> {
  const seen = scope && (await visible(reading, scope));
  const known = seen ? sql` and ${declaredBySeen(seen)}` : sql``;
  const { rows } = await sql<{ ref: string }>`with recursive walk(ref, effect) as (
      select e.ref, 'gone' from catalog_entity e where e.ref = ${root}${seen ? sql` and ${seen}` : sql``}
      union
      select case when r.source = w.ref and r.type in ('partOf', 'providesApi') then r.target else r.source end,
        case when r.type = 'partOf' and r.source = w.ref then 'incomplete'
          when r.type = 'partOf' then 'gone'
          else 'broken' end
      from walk w join catalog_relation r
        on (r.target = w.ref and r.type in ('consumesApi', 'dependsOn', 'partOf')) or (r.source = w.ref and r.type in ('partOf', 'providesApi'))
      where w.effect <> 'incomplete' and (w.effect = 'gone' or r.type <> 'partOf' or r.source = w.ref)${known}
    )
    select w.ref from (select ref from walk limit ${3 * limit + 4}) w`.execute(reading.reader);
  const refs = new Set(rows.map(({ ref }) => ref));
  return { refs: [...refs], more: rows.length > 3 * limit };
}

/** What an edge does when one of its ends is gone or broken. */
function* effectsOf(edge: Edge, inverses: ReadonlyMap<string, string>, near: string, effect: Effect) {
  const inverse = inverses.get(edge.type) ?? edge.type;
  if (edge.type === 'partOf') {
    if (edge.source === near) yield { ref: edge.target, effect: 'incomplete' as const, relation: inverse };
    else if (effect === 'gone') yield { ref: edge.source, effect: 'gone' as const, relation: edge.type };
  } else if (edge.type === 'providesApi') {
    if (edge.source === near) yield { ref: edge.target, effect: 'broken' as const, relation: inverse };
  } else if (edge.target === near) yield { ref: edge.source, effect: 'broken' as const, relation: edge.type };
}

/** Shortest ways, breadth first; of two effects on one entity the worse counts, and at equal effects the shorter way. */
function shortestWays(root: string, edges: Edge[], inverses: ReadonlyMap<string, string>): Map<string, Reached> {
  const around = new Map<string, Edge[]>();
  for (const edge of edges)
    for (const end of new Set([edge.source, edge.target])) {
      const list = around.get(end);
      if (list) list.push(edge);
      else around.set(end, [edge]);
    }
  const reached = new Map<string, Reached>([[root, { effect: 'gone', from: '', relation: '', distance: 0 }]]);
  // What is gone is settled before what breaks, and that before what is left incomplete.
  for (const wave of ['gone', 'broken', 'incomplete'] as const) {
    let frontier = [...reached].filter(([, { effect }]) => effect !== 'incomplete').map(([ref]) => ref);
    frontier.sort((a, b) => reached.get(a)!.distance - reached.get(b)!.distance);
    for (let distance = 0; frontier.length > 0; distance += 1) {
      const now = frontier.filter((ref) => reached.get(ref)!.distance <= distance);
      const next = frontier.filter((ref) => reached.get(ref)!.distance > distance);
      for (const near of now)
        for (const edge of around.get(near) ?? [])
          for (const { ref, effect, relation } of effectsOf(edge, inverses, near, reached.get(near)!.effect)) {
            if (effect !== wave || reached.has(ref)) continue;
            reached.set(ref, { effect, from: near, relation, distance: distance + 1 });
            if (wave !== 'incomplete') next.push(ref);
          }
      frontier = next;
    }
  }
  return reached;
}

function pathTo(ref: string, reached: ReadonlyMap<string, Reached>): { entityRef: string; relation: string }[] {
  const path = [];
  for (let at = ref; reached.get(at)!.distance > 0; at = reached.get(at)!.from)
    path.unshift({ entityRef: at, relation: reached.get(at)!.relation });
  return path;
}

function ownersOf(items: ImpactResponse['items']): ImpactResponse['owners'] {
  const owners = new Map<string | undefined, ImpactResponse['owners'][number]>();
  for (const { owner, distance } of items) {
    const before = owners.get(owner);
    if (before) before.count += 1;
    else owners.set(owner, { ...(owner !== undefined && { entityRef: owner }), count: 1, nearest: distance });
  }
  return [...owners.values()].sort((a, b) => a.nearest - b.nearest || b.count - a.count);
}

/**
 * What breaks if an entity goes: two statements, whatever the size.
 *
 * @returns undefined when there is no such entity, or the asker may not see it
 */
export async function impactOf(reading: Reading, query: ImpactQuery): Promise<ImpactResponse | undefined> {
  const { refs, more } = await reach(reading, query);
  if (!refs.includes(query.root)) return undefined;
  const seen = query.scope && declaredBySeen(await visible(reading, query.scope));
  const { rows: edges } = await sql<Edge>`select r.source, r.type, r.target from catalog_relation r
    where r.source in (${listOf(refs)}) and r.type in (${sql.join(followed)})${seen ? sql` and ${seen}` : sql``}`.execute(
    reading.reader,
  );
  const inverses = new Map(reading.pairs.map(({ type, inverse }) => [type, inverse]));
  const known = new Set(refs);
  const reached = shortestWays(
    query.root,
    edges.filter(({ target }) => known.has(target)),
    inverses,
  );
  const all = [...reached].filter(([, { distance }]) => distance > 0);
  all.sort(([a, one], [b, other]) => one.distance - other.distance || (a < b ? -1 : 1));
  const shown = all.slice(0, query.limit);
  const [root, ...heads] = await headsOf(reading, [query.root, ...shown.map(([ref]) => ref)], query.scope);
  if (!root!.exists) return undefined;
  const items = heads.map((head, index) => {
    const [ref, { effect, distance }] = shown[index]!;
    return { ...head, effect, distance, path: pathTo(ref, reached) };
  });
  return {
    rootEntityRef: query.root,
    items,
    owners: ownersOf(items),
    truncated: more || all.length > shown.length,
  };
}
