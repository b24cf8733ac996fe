import { sql } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { simplify } from '../../../core/predicate/index.ts';
import { join } from './query-predicate.ts';
import type { Condition } from './query-predicate.ts';

/**
 * In the order of refs all entities of a kind stand together, so that its condition can be a range of the index that gives the order.
 *
 * @returns the range and what else must hold; undefined when no kind is asked for, or a type that narrows it further
 */
export function keyRangeOfKinds(
  predicate: EntityPredicate,
): { condition: Condition; rest: EntityPredicate } | undefined {
  const parts = 'all' in predicate ? predicate.all : [predicate];
  const ofKind = parts.find((part) => 'in' in part && part.key === 'kind');
  if (!ofKind || !('in' in ofKind) || parts.some((part) => 'key' in part && part.key === 'spec.type')) return undefined;
  const ranges = ofKind.in.map((kind): Condition => sql`(e.ref >= ${`${kind}:`} and e.ref < ${`${kind};`})`);
  return { condition: join(ranges, 'or'), rest: simplify({ all: parts.filter((part) => part !== ofKind) }) };
}
