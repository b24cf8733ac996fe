/**
 * Who is asking and what they may do. Where nobody signs in the portal has one user, the administrator of the machine it runs on; it therefore
 * refuses to listen where others can reach it unless the configuration says that everyone may.
 */
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../core/db/index.ts';
import { type HttpServer, isLoopback } from '../../core/http/index.ts';
import type { EntityPredicate } from '../../core/predicate/index.ts';
import type { Audit } from './audit/audit.ts';
import type { AuditDeliveryTools } from './audit/delivery.ts';
import { registerAudit } from './audit/routes.ts';
import type { Directory } from './directory.ts';
import { accessErrors } from './errors.ts';
import { registerBackstagePermissions } from './formats/backstage/permission.ts';
import { configuredPolicy } from './policy/configured.ts';
import { type Decision, scopeOf } from './policy/decide.ts';
import { policyErrors } from './policy/errors.ts';
import type { Known } from './policy/explain.ts';
import { type Permission, stands } from './policy/permissions.ts';
import { createPolicyKeeper, type PolicyKeeper } from './policy/policy.ts';
import { registerPolicy } from './policy/routes.ts';
import type { Principal } from './principal.ts';
import { createUserStore } from './sign-in/store/users.ts';
import type { WayIn } from './way-in.ts';

export { policySection, type PolicyConfig } from './policy/config.ts';
export { configuredPolicy } from './policy/configured.ts';
export type { Decision } from './policy/decide.ts';
export type { Verification } from './audit/store.ts';
export { createAudit, type Audit } from './audit/audit.ts';
export { createAuditDelivery } from './audit/delivery.ts';
export { auditRoutes } from './audit/hook.ts';
export type { Directory } from './directory.ts';
export { explain } from './policy/explain.ts';
export { type PolicyTest, readPolicyTests } from './policy/tests.ts';
export { guardRoutes } from './policy/guard.ts';
export { createPolicyKeeper, type PolicyKeeper } from './policy/policy.ts';
export type { Principal } from './principal.ts';
export { signInConfig, signInSection, type SignInConfig } from './sign-in/config.ts';
export { createSignIn, createUserTools, linkPath, type SignIn } from './sign-in/index.ts';
export { shownToken, shownUser } from './sign-in/present.ts';

/** A permission that a plugin declares. */
export type PluginPermission = { plugin: string; id: string; title: string; description?: string };

export type Access = {
  /** Who a request comes from; known before the route runs. */
  principalOf(request: FastifyRequest): Principal;
  /** What the policy says of a permission; `deny` when anything goes wrong. */
  decide(principal: Principal, permission: string): Decision;
  /** The entities for which somebody has a permission: undefined for all of them, a condition that is never true for none. */
  scope(principal: Principal, permission: string): EntityPredicate | undefined;
  /**
   * @param entityRef - when given, conditions are looked at for this entity; otherwise it is enough that there may be one
   * @throws AppError ACCESS_POLICY_NOT_ALLOWED
   */
  assertMay(principal: Principal, permission: string, entityRef?: string): Promise<void>;
  /** Those of the refs whose entities the asker may read; all of them for who may read everything. */
  seenAmong(request: FastifyRequest, refs: readonly string[]): Promise<Set<string>>;
  /** For the central hook: refuses who may not use a route with this permission at all. */
  assertMayUse(request: FastifyRequest, permission: string): void;
  /** The catalog gives what access needs of it. */
  useDirectory(directory: Directory): void;
  /** What the catalog has given. @throws Error before it has */
  directory(): Directory;
  /** Plugins say which permissions they add: `manage` of `announcements`, with what it means. */
  usePermissions(ofPlugins: () => readonly PluginPermission[]): void;
  /** What plugins add to the permissions now. */
  permissionsOfPlugins(): Permission[];
  /** Sign-in says who requests come from. */
  usePrincipals(principalOf: (request: FastifyRequest) => Principal): void;
  /** Whoever shows nothing: the local administrator, a guest, or nobody where people must sign in. */
  readonly stranger: Principal | undefined;
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
 * @param options.signIn - people have to sign in; where the portal is open as well, they need not
 * @param options.policy - who may do what; what is built in when absent
 * @throws AppError ACCESS_OPEN_NETWORK when others could reach a portal that knows no users
 */
export function createAccess(options: {
  host: string;
  open: boolean;
  signIn?: boolean;
  policy?: PolicyKeeper;
}): Access {
  const local = isLoopback(options.host);
  if (!local && !options.open && !options.signIn) throw accessErrors.openNetwork({ host: options.host });
  let directory: Directory | undefined;
  let ofPlugins = (): readonly PluginPermission[] => [];

  const stranger = options.signIn ? (options.open ? anyone : undefined) : local ? localAdministrator : anyone;
  let recognised = (_request: FastifyRequest): Principal => {
    if (stranger) return stranger;
    throw accessErrors.signInRequired({ signIn: '/sign-in' });
  };
  const principalOf = (request: FastifyRequest) => recognised(request);
  const policy =
    options.policy ?? createPolicyKeeper(configuredPolicy({ defaultRole: 'developer' }, { open: options.open }));
  const { decide } = policy;
  const refusal = (principal: Principal, permission: string) => {
    const { roles } = policy.current().policy;
    const having = roles.filter((role) =>
      role.grants.some((grant) => grant.permissions.some((glob) => stands(glob, permission))),
    );
    return policyErrors.notAllowed({
      permission,
      principal: principal.title,
      roles: `These have it: ${having
        .map((role) => role.name)
        .slice(0, 8)
        .join(', ')}.`,
    });
  };

  return {
    principalOf,
    decide,
    scope: (principal, permission) => scopeOf(decide(principal, permission)),
    async assertMay(principal, permission, entityRef) {
      const decision = decide(principal, permission);
      if (decision === 'deny') throw refusal(principal, permission);
      if (decision === 'allow' || entityRef === undefined) return;
      const found = await directory?.matching([entityRef], decision.conditions);
      if (!found?.length) throw refusal(principal, permission);
    },
    async seenAmong(request, refs) {
      const decision = decide(principalOf(request), 'catalog.entity.read');
      if (decision === 'allow') return new Set(refs);
      if (decision === 'deny' || refs.length === 0) return new Set();
      return new Set(await directory?.matching([...new Set(refs)], decision.conditions));
    },
    assertMayUse(request, permission) {
      const principal = principalOf(request);
      if (decide(principal, permission) === 'deny') throw refusal(principal, permission);
    },
    useDirectory(given) {
      directory = given;
    },
    directory() {
      if (!directory) throw new Error('the catalog is not open yet');
      return directory;
    },
    usePermissions(given) {
      ofPlugins = given;
    },
    permissionsOfPlugins: () =>
      ofPlugins().map(({ plugin, id, title, description }) => ({
        name: `plugin.${plugin}.${id}`,
        meaning: description ? `${title}. ${description}` : title,
        action: 'update',
      })),
    usePrincipals(given) {
      recognised = given;
    },
    stranger,
  };
}

/** What the portal itself knows of people: of one, or of everybody who may sign in or has. */
export function knownPeople(db: Database) {
  const users = createUserStore(db);
  return {
    async known(ref: string): Promise<Known> {
      const [user, identities] = await Promise.all([users.get(ref), users.claimsOf(ref)]);
      return {
        exists: user !== undefined,
        administrator: user !== undefined && user.administrator && !user.disabled,
        claims: identities.flatMap(({ claims }) => claims),
      };
    },
    async everybodyKnown(): Promise<Map<string, Known>> {
      const [all, identities] = await Promise.all([users.all(), users.identities()]);
      const said = Map.groupBy(identities, ({ userRef }) => userRef);
      return new Map(
        all.map(({ ref, administrator, disabled }) => [
          ref,
          {
            exists: true,
            administrator: administrator && !disabled,
            claims: (said.get(ref) ?? []).flatMap(({ claims }) => claims),
          },
        ]),
      );
    },
  };
}

/** The routes of the policy and the audit. */
export function registerPolicies(
  http: HttpServer,
  {
    access,
    policy,
    audit,
    delivery,
    db,
    wayIn,
  }: {
    access: Access;
    policy: PolicyKeeper;
    audit: Audit;
    delivery: AuditDeliveryTools;
    db: Database;
    wayIn: WayIn;
  },
): void {
  const people = knownPeople(db);
  const known = async (ref: string) =>
    access.stranger?.kind === 'local-administrator' && access.stranger.ref === ref
      ? { exists: true, administrator: true, claims: [] }
      : people.known(ref);
  const tools = {
    policy,
    permissionsOfPlugins: access.permissionsOfPlugins,
    principalOf: access.principalOf,
    wayIn,
    directory: () => ({ ...access.directory(), ...people, known }),
  };
  registerPolicy(http, tools);
  registerBackstagePermissions(http, tools);
  registerAudit(http, audit, delivery);
}
