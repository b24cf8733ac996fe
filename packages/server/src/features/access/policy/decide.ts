import { type EntityPredicate, isEverything, isNothing, nothing, simplify } from '../../../core/predicate/index.ts';
import type { Principal } from '../principal.ts';
import { conditionPredicate } from './conditions.ts';
import { permissionNamed, stands } from './permissions.ts';
import type { Binding, Grant, Policy, Role } from './types.ts';

/** What the policy says: yes, no, or yes for the entities that fulfil the conditions. */
export type Decision = 'allow' | 'deny' | { conditions: EntityPredicate };

/** A way in which somebody has a permission. */
export type Way = { binding: Binding; role: Role; grant: Grant; conditions: EntityPredicate };

/** Whether a binding is about somebody. */
export function isBound(subject: string, principal: Principal): boolean {
  if (subject === 'everyone') return true;
  if (subject === 'signed-in') return principal.kind === 'user';
  if (subject === 'guests') return principal.kind === 'guest';
  if (subject.startsWith('claim:')) return principal.claims.includes(subject.slice('claim:'.length));
  return subject === principal.ref || principal.groups.includes(subject);
}

/** Every way in which a policy gives a permission to somebody, with the conditions of grant and binding together. */
export function waysTo(policy: Policy, principal: Principal, permission: string): Way[] {
  const roles = new Map(policy.roles.map((role) => [role.name, role]));
  const takesConditions = permissionNamed(permission)?.resourceType !== undefined;
  return policy.bindings.flatMap((binding) => {
    const role = roles.get(binding.role);
    if (!role || !isBound(binding.subject, principal)) return [];
    return role.grants.flatMap((grant) => {
      if (!grant.permissions.some((glob) => stands(glob, permission))) return [];
      const parts = [grant.when, binding.when].flatMap((each) => (each ? [conditionPredicate(each, principal)] : []));
      // What is not about entities cannot fulfil a condition on one.
      if (!takesConditions && parts.length > 0) return [];
      return [{ binding, role, grant, conditions: simplify({ all: parts }) }];
    });
  });
}

/** Whether a token's own narrowing leaves a permission. */
export const isGranted = ({ grants }: Principal, permission: string): boolean =>
  grants === undefined || grants.some((glob) => stands(glob, permission));

/** Decides by a policy alone: nothing is asked of anybody. */
export function decideBy(policy: Policy, principal: Principal, permission: string): Decision {
  if (!permissionNamed(permission) || !isGranted(principal, permission)) return 'deny';
  if (principal.kind === 'local-administrator' || principal.administrator) return 'allow';
  // What a program may do stands in its token; nobody makes one that may do more than they may themselves.
  if (principal.kind === 'service' && principal.grants) return 'allow';
  const conditions = simplify({ any: waysTo(policy, principal, permission).map((way) => way.conditions) });
  if (isNothing(conditions)) return 'deny';
  return isEverything(conditions) ? 'allow' : { conditions: cheapFirst(conditions) };
}

const columns = new Set(['kind', 'metadata.namespace', 'metadata.name', 'spec.type', 'spec.lifecycle']);

/** How many look-ups beyond the entity's own row a condition needs. */
function costOf(predicate: EntityPredicate): number {
  if ('all' in predicate) return predicate.all.reduce((sum, part) => sum + costOf(part), 0);
  if ('any' in predicate) return predicate.any.reduce((sum, part) => sum + costOf(part), 0);
  if ('not' in predicate) return costOf(predicate.not);
  return 'key' in predicate && columns.has(predicate.key) ? 0 : 1;
}

/** Databases look at conditions from left to right and stop when they know enough. */
function cheapFirst(predicate: EntityPredicate): EntityPredicate {
  const sorted = (parts: EntityPredicate[]) => parts.map(cheapFirst).toSorted((a, b) => costOf(a) - costOf(b));
  if ('all' in predicate) return { all: sorted(predicate.all) };
  if ('any' in predicate) return { any: sorted(predicate.any) };
  return predicate;
}

const mostKept = 5_000;

/**
 * Decides by whatever policy is in force, remembering what it has worked out.
 *
 * @param options.current - the policy and a number that grows with every change of it; its failure is a refusal
 */
export function createDecider(options: { current(): { policy: Policy; version: number } }) {
  const known = new Map<string, Decision>();
  let knownVersion = -1;
  return (principal: Principal, permission: string): Decision => {
    try {
      const { policy, version } = options.current();
      if (version !== knownVersion) known.clear();
      knownVersion = version;
      const { ref, kind, groups, claims, grants, administrator } = principal;
      const key = JSON.stringify([permission, ref, kind, groups, claims, grants, administrator]);
      const found = known.get(key);
      if (found) return found;
      const decision = decideBy(policy, principal, permission);
      if (known.size >= mostKept) known.delete(known.keys().next().value!);
      known.set(key, decision);
      return decision;
    } catch {
      return 'deny';
    }
  };
}

/** A decision as the entities it is for: undefined for all of them. */
export function scopeOf(decision: Decision): EntityPredicate | undefined {
  if (decision === 'allow') return undefined;
  if (decision === 'deny') return nothing;
  return decision.conditions;
}
