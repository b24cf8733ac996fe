import type { ExplainResponse } from '@callboard/model/http';
import type { Directory } from '../directory.ts';
import type { Principal } from '../principal.ts';
import { conditionText } from './conditions.ts';
import { decideBy, waysTo } from './decide.ts';
import { stands } from './permissions.ts';
import type { Policy } from './types.ts';

export type Question = { principal: string; permission: string; entityRef?: string; claims?: readonly string[] };

/** Somebody as they would be if they came: by their ref, with the groups that the catalog knows. */
export async function principalNamed(
  directory: Pick<Directory, 'membershipsOf'>,
  ref: string,
  claims: readonly string[] = [],
): Promise<Principal & { memberships: { group: string; path: string[] }[] }> {
  const memberships = (await directory.membershipsOf([ref])).get(ref) ?? [];
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
 */
export async function explain(
  policy: Policy,
  directory: Directory & { isAdministrator(ref: string): Promise<boolean> },
  question: Question,
): Promise<ExplainResponse> {
  const { permission, entityRef } = question;
  const { memberships, ...principal } = await principalNamed(directory, question.principal, question.claims);
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
  const isAdministrator = await directory.isAdministrator(principal.ref);
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
