/**
 * Who is asking and what they may do. Without sign-in the portal has one user, the administrator of the machine it runs on; it therefore
 * refuses to listen where others can reach it unless the configuration says that everyone may.
 */
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../core/http/index.ts';
import { type EntityPredicate, isEverything, isNothing, nothing } from '../../core/predicate/index.ts';
import { accessErrors } from './errors.ts';
import { permissionNamed } from './policy/permissions.ts';
import type { Principal } from './principal.ts';

export { guardRoutes } from './policy/guard.ts';
export type { Principal } from './principal.ts';
export { registerAccess } from './routes.ts';

/** What the policy says: yes, no, or yes for the entities that fulfil the conditions. */
export type Decision = 'allow' | 'deny' | { conditions: EntityPredicate };

/** What access asks of the catalog, which stands on it. */
export type Directory = {
  /** The groups of a person, and the groups that these belong to. */
  groupsOf(userRef: string): Promise<string[]>;
  /** Those of the refs whose entities exist and fulfil the conditions. */
  matching(refs: readonly string[], conditions: EntityPredicate): Promise<string[]>;
};

export type Access = {
  /** Who a request comes from; known before the route runs. */
  principalOf(request: FastifyRequest): Principal;
  /** What the policy says of a permission; `deny` when anything goes wrong. */
  decide(principal: Principal, permission: string): Decision;
  /** The entities for which somebody has a permission: undefined for all of them, a condition that is never true for none. */
  scope(principal: Principal, permission: string): EntityPredicate | undefined;
  /**
   * @param entityRef - when given, conditions are looked at for this entity; otherwise it is enough that there may be one
   * @throws AppError ACCESS_NOT_ALLOWED
   */
  assertMay(principal: Principal, permission: string, entityRef?: string): Promise<void>;
  /** For the central hook: refuses who may not use a route with this permission at all. */
  assertMayUse(request: FastifyRequest, permission: string): void;
  /** The catalog gives what access needs of it. */
  useDirectory(directory: Directory): void;
};

const localAdministrator: Principal = {
  ref: 'user:default/local-administrator',
  title: 'Local administrator',
  kind: 'local-administrator',
  groups: [],
  claims: [],
  via: { type: 'local' },
};
const anyone: Principal = {
  ref: 'user:default/guest',
  title: 'Guest',
  kind: 'guest',
  groups: [],
  claims: [],
  via: { type: 'local' },
};

/**
 * @param options.host - where the portal will listen
 * @param options.open - the configuration lets everyone in
 * @throws AppError ACCESS_OPEN_NETWORK when others could reach a portal that knows no users
 */
export function createAccess(options: { host: string; open: boolean }): Access {
  const local = isLoopback(options.host);
  if (!local && !options.open) throw accessErrors.openNetwork({ host: options.host });
  let directory: Directory | undefined;

  const principalOf = () => (local ? localAdministrator : anyone);
  const decide = (_principal: Principal, permission: string): Decision =>
    permissionNamed(permission) ? 'allow' : 'deny';
  const refusal = (principal: Principal, permission: string) =>
    accessErrors.notAllowed({ permission, principal: principal.ref });
  const mayAtAll = (decision: Decision) =>
    decision !== 'deny' && (decision === 'allow' || !isNothing(decision.conditions));

  return {
    principalOf,
    decide,
    scope(principal, permission) {
      const decision = decide(principal, permission);
      if (decision === 'allow') return undefined;
      if (decision === 'deny') return nothing;
      return isEverything(decision.conditions) ? undefined : decision.conditions;
    },
    async assertMay(principal, permission, entityRef) {
      const decision = decide(principal, permission);
      if (!mayAtAll(decision)) throw refusal(principal, permission);
      if (typeof decision === 'string' || entityRef === undefined) return;
      const found = await directory?.matching([entityRef], decision.conditions);
      if (!found?.length) throw refusal(principal, permission);
    },
    assertMayUse(_request, permission) {
      const principal = principalOf();
      if (!mayAtAll(decide(principal, permission))) throw refusal(principal, permission);
    },
    useDirectory(given) {
      directory = given;
    },
  };
}
