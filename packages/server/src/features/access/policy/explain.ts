import type { ExplainResponse } from '@callboard/model/http';
import type { Directory } from '../directory.ts';
import type { Principal } from '../principal.ts';
import { groupNamed } from '../sign-in/people.ts';
import { conditionText } from './conditions.ts';
import { decideBy, waysTo } from './decide.ts';
import { policyErrors } from './errors.ts';
import { permissionNamed, stands } from './permissions.ts';
import type { Policy } from './types.ts';

export type Question = {
  principal: string;
  permission: string;
  entityRef?: string;
  /** what a provider says of their groups; what it said last when absent */
  claims?: readonly string[];
};

export type Membership = { group: string; path: string[] };

/** What the portal itself knows of people. */
export type Known = {
  /** Whether they have signed in, or may with a password of the portal */
  exists: boolean;
  /** Whether they are its administrator, beside any role */
  administrator: boolean;
  /** Names of groups, as a provider gave them when they last signed in */
  claims: string[];
};

const principalForm = /^(?:(?:user|group):[^\s/:]+\/[^\s/:]+|external:\S+)$/i;

/** Whether a text names somebody who may be asked about. */
export const isPrincipal = (text: string): boolean => principalForm.test(text);

/** A ref as it is kept; the name of a program is as it was given. */
export const canonicalPrincipal = (ref: string): string => (/^external:/i.test(ref) ? ref : ref.toLowerCase());

/** @throws AppError ACCESS_POLICY_INVALID for a principal or a permission that is none */
function assertAskable({ principal, permission }: Question): void {
  if (!isPrincipal(principal))
    throw policyErrors.invalid({
      reason: `${principal.slice(0, 100)} is nobody who could be asked about`,
      fix: 'Write user:default/jane, group:default/team or external:name.',
    });
  if (!permissionNamed(permission))
    throw policyErrors.invalid({
      reason: `there is no permission ${permission.slice(0, 100)}`,
      fix: 'Admin → Roles lists them, and so does GET /api/access/permissions.',
    });
}

/** Groups of the catalog that are called as a provider said, with those above them. A path begins with the claim. */
export async function membershipsBy(claims: readonly string[], directory: Directory): Promise<Membership[]> {
  const named = claims.flatMap((claim) => {
    const ref = groupNamed(claim);
    return ref === undefined ? [] : [{ claim: `claim:${claim}`, ref }];
  });
  if (named.length === 0) return [];
  const refs = [...new Set(named.map(({ ref }) => ref))];
  const existing = new Set(await directory.matching(refs, { all: [] }));
  const above = await directory.membershipsOf([...existing]);
  return named
    .filter(({ ref }) => existing.has(ref))
    .flatMap(({ claim, ref }) => [
      { group: ref, path: [claim, ref] },
      ...(above.get(ref) ?? []).map(({ group, path }) => ({ group, path: [claim, ref, ...path] })),
    ]);
}

/** Somebody as they would be if they came: by their ref, with the groups that the catalog knows, and those of their claims. */
async function principalNamed(
  directory: Directory,
  ref: string,
  claims: readonly string[],
): Promise<Principal & { memberships: Membership[] }> {
  const found = [
    ...((await directory.membershipsOf([ref])).get(ref) ?? []),
    ...(await membershipsBy(claims, directory)),
  ];
  // The catalog's own way to a group is told before that of a claim.
  const memberships = found.filter(({ group }, index) => found.findIndex((each) => each.group === group) === index);
  return {
    ref,
    title: ref,
    kind: ref.startsWith('external:') ? 'service' : ref === 'user:default/guest' ? 'guest' : 'user',
    groups: memberships.map(({ group }) => group),
    claims,
    via: { type: 'local' },
    memberships,
  };
}

function reasonOf(question: Question, ways: ExplainResponse['ways'], exists: boolean | undefined): string {
  const { principal, permission, entityRef } = question;
  if (exists === false) return `There is no entity ${entityRef}.`;
  const holding = ways.find((way) => (entityRef === undefined ? way.conditions.length === 0 : way.holds !== false));
  const through = (way: ExplainResponse['ways'][number]) =>
    way.path.length > 0 ? `${way.subject} (by ${[principal, ...way.path].join(' → ')})` : way.subject;
  if (holding) {
    const why = holding.conditions.length > 0 ? `, and ${holding.conditions.join(' and ')} holds` : '';
    return `${principal} has ${permission}: the role ${holding.role} is given to ${through(holding)}${why}.`;
  }
  if (ways.length === 0) return `No role that ${principal} has gives ${permission}.`;
  if (entityRef === undefined)
    return `${principal} has ${permission} for some entities: ${ways.map((way) => way.conditions.join(' and ')).join(', or ')}.`;
  return `${principal} has ${permission} by ${ways.map((way) => way.role).join(', ')}, but ${entityRef} does not fulfil ${ways
    .map((way) => way.conditions.join(' and '))
    .join(', nor ')}.`;
}

/**
 * Why somebody has a permission, or has not: every role that gives it, by which binding and which way through groups, with which
 * conditions, and whether these hold.
 *
 * @throws AppError ACCESS_POLICY_INVALID for a question about nobody or nothing
 */
export async function explain(
  policy: Policy,
  directory: Directory & { known(ref: string): Promise<Known> },
  asked: Question,
): Promise<ExplainResponse> {
  assertAskable(asked);
  const question = { ...asked, principal: canonicalPrincipal(asked.principal) };
  const { permission, entityRef } = question;
  const { administrator: isAdministrator, claims: known, exists: hasCome } = await directory.known(question.principal);
  const isKnown =
    hasCome ||
    question.principal === 'user:default/guest' ||
    question.principal.startsWith('external:') ||
    (await directory.matching([question.principal], { all: [] })).length > 0;
  const claims = question.claims ?? known;
  const { memberships, ...principal } = await principalNamed(directory, question.principal, claims);
  const pathTo = new Map(memberships.map(({ group, path }) => [group, path]));
  const exists = entityRef === undefined ? undefined : (await directory.matching([entityRef], { all: [] })).length > 0;
  const ways = await Promise.all(
    waysTo(policy, principal, permission).map(async ({ binding, role, grant, conditions }) => ({
      role: role.name,
      roleSource: role.source,
      binding: binding.id,
      subject: binding.subject,
      bindingSource: binding.source,
      path: pathTo.get(binding.subject) ?? [],
      permissions: [...grant.permissions],
      conditions: [grant.when, binding.when].flatMap((each) => (each ? [conditionText(each)] : [])),
      ...(exists && { holds: (await directory.matching([entityRef!], conditions)).length > 0 }),
    })),
  );
  const decision = decideBy(
    policy,
    { ...principal, ...(isAdministrator && { administrator: true as const }) },
    permission,
  );
  const general = typeof decision === 'string' ? decision : ('conditional' as const);
  const isAllowed =
    (isAdministrator && exists === true) ||
    (exists ? ways.some((way) => way.holds) : exists === undefined && decision === 'allow');
  return {
    principal: principal.ref,
    permission,
    known: isKnown,
    ...(entityRef !== undefined && { entityRef, exists: exists ?? false }),
    result: entityRef === undefined ? general : isAllowed ? 'allow' : 'deny',
    reason:
      isAdministrator && exists !== false
        ? `${principal.ref} is an administrator of the portal, who may do everything.`
        : reasonOf(question, ways, exists),
    groups: memberships,
    ways,
    wouldHelp: policy.roles
      .filter((role) => role.grants.some((grant) => grant.permissions.some((glob) => stands(glob, permission))))
      .map((role) => role.name),
  };
}
