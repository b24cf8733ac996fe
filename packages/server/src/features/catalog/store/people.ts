import { sql } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { visible } from './heads.ts';
import type { Reading } from './reading.ts';

/** A group somebody is in, and the way to it: their own groups have a way of one step, the groups above these longer ones. */
export type Membership = { group: string; path: string[] };

const deepest = 10;

/**
 * The groups of people, and the groups that these belong to, each by its shortest way.
 *
 * @param refs - of people, or of groups
 * @returns an entry for every ref asked for
 */
export async function membershipsOf(
  { db, reader }: Pick<Reading, 'db' | 'reader'>,
  refs: readonly string[],
): Promise<Map<string, Membership[]>> {
  const found = new Map(refs.map((ref) => [ref, new Map<string, string[]>()]));
  const above = new Map<string, string[]>();
  let frontier = new Map(refs.map((ref) => [ref, [{ group: ref, path: [] as string[] }]]));
  for (let depth = 0; depth < deepest; depth += 1) {
    const asked = [...new Set([...frontier.values()].flat().map(({ group }) => group))].filter(
      (ref) => !above.has(ref),
    );
    const rows =
      asked.length === 0
        ? []
        : await db.selectByKeys<{ source: string; type: string; target: string }>(reader, {
            table: 'catalog_relation',
            column: 'source',
            type: 'text',
            values: asked,
            select: ['source', 'type', 'target'],
          });
    for (const ref of asked) above.set(ref, []);
    for (const { source, type, target } of rows)
      if (type === 'memberOf' || type === 'childOf') above.get(source)!.push(target);
    const next: typeof frontier = new Map();
    for (const [ref, places] of frontier) {
      const known = found.get(ref)!;
      const fresh = places.flatMap(({ group, path }) =>
        [...new Set(above.get(group))].sort().flatMap((target) => {
          if (known.has(target)) return [];
          const way = [...path, target];
          known.set(target, way);
          return [{ group: target, path: way }];
        }),
      );
      if (fresh.length > 0) next.set(ref, fresh);
    }
    if (next.size === 0) break;
    frontier = next;
  }
  return new Map([...found].map(([ref, groups]) => [ref, [...groups].map(([group, path]) => ({ group, path }))]));
}

/** People of the catalog, by ref. */
export async function peopleOf({ reader }: Reading, limit: number): Promise<string[]> {
  const rows = await reader
    .selectFrom('catalog_entity')
    .select('ref')
    .where('kind', '=', 'user')
    .orderBy('ref')
    .limit(limit)
    .execute();
  return rows.map((row) => row.ref);
}

/** How many entities fulfil a condition; all when there is none. */
export async function countOf(reading: Reading, condition: EntityPredicate | undefined): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from catalog_entity e
    where ${await visible(reading, condition)}`.execute(reading.reader);
  return Number(rows[0]!.count);
}
