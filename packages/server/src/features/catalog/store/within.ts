import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/**
 * Every ref that lies within the given ones, as a query of one column `ref`: each itself, of a person also the groups they are in, and
 * of each group all groups below it. What was found is not looked for again, so circles end.
 */
export function refsWithin(refs: readonly string[]): RawBuilder<unknown> {
  const given = sql.join(refs);
  // A group that only others name is in no other table than that of the relations.
  return sql`with recursive tree(ref) as (
      select source as ref from catalog_relation where source in (${given})
      union select target as ref from catalog_relation where target in (${given})
      union select target as ref from catalog_relation where source in (${given}) and type = 'memberOf'
      union select b.source as ref from tree join catalog_relation b on b.target = tree.ref and b.type = 'childOf'
    ) select tree.ref from tree`;
}
