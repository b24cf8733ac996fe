import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/**
 * Every ref that lies within the given ones, as a query of one column `ref`: each itself, of a person also the groups they are in, and
 * of each group all groups below it. What was found is not looked for again, so circles end.
 */
export function refsWithin(refs: readonly string[]): RawBuilder<unknown> {
  const given = sql.join(refs);
  const each = sql.join(refs.map((ref) => sql`(${ref})`));
  return sql`with recursive tree(ref) as (
      select source as ref from catalog_relation where target in (${given}) and type = 'childOf'
      union select target as ref from catalog_relation where source in (${given}) and type = 'memberOf'
      union select below.source as ref from tree join catalog_relation below on below.target = tree.ref and below.type = 'childOf'
    ) select tree.ref from tree union all values ${each}`;
}
