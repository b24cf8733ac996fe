import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';

/**
 * Whether an entity declares a relation that the asker may see.
 *
 * @param seen - what they may see, as a condition on `catalog_entity e`
 * @param relation - the relation's name in the statement
 */
export const declaredBySeen = (seen: RawBuilder<SqlBool>, relation = 'r'): RawBuilder<SqlBool> =>
  sql<SqlBool>`exists (select 1 from catalog_entity e where e.id = ${sql.ref(`${relation}.entity_id`)} and ${seen})`;

/**
 * Every ref that lies within the given ones, as a query of one column `ref`: each itself, of a person also the groups they are in, and
 * of each group all groups below it. What was found is not looked for again, so circles end.
 *
 * @param seen - what the asker may see, as a condition on `catalog_entity e`; relations that others declare are not followed
 */
export function refsWithin(refs: readonly string[], seen?: RawBuilder<SqlBool>): RawBuilder<unknown> {
  const known = (relation: string) => (seen ? sql` and ${declaredBySeen(seen, relation)}` : sql``);
  const given = sql.join(refs);
  const each = sql.join(refs.map((ref) => sql`(${ref})`));
  return sql`with recursive tree(ref) as (
      select r.source as ref from catalog_relation r where r.target in (${given}) and r.type = 'childOf'${known('r')}
      union select r.target as ref from catalog_relation r where r.source in (${given}) and r.type = 'memberOf'${known('r')}
      union select below.source as ref from tree join catalog_relation below on below.target = tree.ref and below.type = 'childOf'${known('below')}
    ) select tree.ref from tree union all values ${each}`;
}
