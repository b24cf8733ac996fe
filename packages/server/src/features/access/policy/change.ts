import { randomUUID } from 'node:crypto';
import type { BindingBody, RoleBody, SimulateBody } from '@callboard/model/http';
import type { Principal } from '../principal.ts';
import { decideBy } from './decide.ts';
import { policyErrors } from './errors.ts';
import { assertTogether, readBinding, readRole } from './read.ts';
import type { PolicyChange } from './store.ts';
import type { Binding, Policy, PolicyFault, Role } from './types.ts';

const sourceWords = { 'built-in': 'built in', configuration: 'in the configuration', portal: 'kept in the portal' };

const invalid = (faults: readonly PolicyFault[]) => {
  const [first] = faults as [PolicyFault];
  const place = first.path.length > 0 ? `${first.path.join('.')}: ` : '';
  return policyErrors.invalid(
    { reason: `${place}${first.message}`, fix: first.fix },
    { details: { faults: faults.map(({ path, message, fix }) => ({ path: path.join('.'), message, fix })) } },
  );
};

/** Reads a role that somebody sends. */
export function roleFrom(name: string, body: RoleBody): Role {
  const faults: PolicyFault[] = [];
  const role = readRole({ name, ...body }, [], 'portal', faults);
  if (faults.length > 0) throw invalid(faults);
  return role;
}

/** Reads a binding that somebody sends. */
export function bindingFrom({ subject, ...body }: BindingBody): Binding {
  const faults: PolicyFault[] = [];
  const [binding] = readBinding({ ...body, to: [subject] }, [], 'portal', faults, () => randomUUID());
  if (faults.length > 0 || !binding) throw invalid(faults);
  return binding;
}

/** A change that somebody sends, read as a whole. */
export const changeFrom = (body: SimulateBody): PolicyChange => ({
  putRoles: (body.putRoles ?? []).map(({ name, ...role }) => roleFrom(name, role)),
  removeRoles: body.removeRoles ?? [],
  putBindings: (body.addBindings ?? []).map(bindingFrom),
  removeBindings: body.removeBindings ?? [],
});

/**
 * A policy after a change.
 *
 * @throws AppError when something is not there, stands elsewhere, or would no longer fit together
 */
export function changed(policy: Policy, change: PolicyChange): Policy {
  const assertHere = (what: string, source: Role['source']) => {
    if (source !== 'portal') throw policyErrors.elsewhere({ what, source: sourceWords[source] });
  };
  const roles = new Map(policy.roles.map((role) => [role.name, role]));
  const bindings = new Map(policy.bindings.map((binding) => [binding.id, binding]));
  for (const id of change.removeBindings) {
    const binding = bindings.get(id);
    if (!binding) throw policyErrors.bindingUnknown({ id });
    assertHere(`The binding of ${binding.role} to ${binding.subject}`, binding.source);
    bindings.delete(id);
  }
  for (const name of change.removeRoles) {
    const role = roles.get(name);
    if (!role) throw policyErrors.roleUnknown({ name });
    assertHere(`The role ${name}`, role.source);
    const count = [...bindings.values()].filter((binding) => binding.role === name).length;
    if (count > 0) throw policyErrors.roleInUse({ name, count });
    roles.delete(name);
  }
  for (const role of change.putRoles) {
    const known = roles.get(role.name);
    if (known) assertHere(`The role ${role.name}`, known.source);
    roles.set(role.name, role);
  }
  for (const binding of change.putBindings) bindings.set(binding.id, binding);
  const after = { roles: [...roles.values()], bindings: [...bindings.values()] };
  const faults: PolicyFault[] = [];
  assertTogether(after, faults, () => ['role']);
  if (faults.length > 0) throw invalid(faults);
  return after;
}

/** Nobody takes away from themselves what they need to give it back. */
export function assertNotLockedOut(before: Policy, after: Policy, principal: Principal): void {
  const manages = (policy: Policy) => decideBy(policy, principal, 'access.policy.manage') === 'allow';
  if (manages(before) && !manages(after)) throw policyErrors.lockedOut();
}
