import { readCondition } from './conditions.ts';
import { ofPlugins, permissions, stands } from './permissions.ts';
import type { Binding, Grant, Policy, PolicyFault, PolicySource, Role } from './types.ts';

type Path = readonly (string | number)[];

const roleName = /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/;
const subjectForm =
  /^(?:everyone|signed-in|guests|claim:.{1,300}|external:\S{1,300}|(?:user|group):[^\s/:]{1,100}\/[^\s/:]{1,200})$/i;
const limits = { roles: 500, grants: 100, permissions: 200, bindings: 20_000 };

/** A role as people write it. */
export type WrittenRole = {
  name: string;
  title?: string;
  description?: string;
  /** names, or names with the conditions under which they hold */
  permissions: readonly unknown[];
};

/** A binding as people write it. */
export type WrittenBinding = { role: string; to: readonly string[]; when?: unknown; note?: string };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isKnown = (name: string) =>
  name.length <= 200 && (permissions.some((each) => stands(name, each.name)) || ofPlugins(name));

function readNames(given: unknown, path: Path, faults: PolicyFault[]): string[] {
  const names = Array.isArray(given) ? given : [given];
  return names.flatMap((name, index) => {
    const at = Array.isArray(given) ? [...path, index] : path;
    if (typeof name === 'string' && isKnown(name)) return [name];
    faults.push({
      path: at,
      message: typeof name === 'string' ? `there is no permission ${name.slice(0, 80)}` : 'this is no permission',
      fix: 'Admin → Roles lists them; * stands for any part, such as catalog.*.',
    });
    return [];
  });
}

const isAboutEntities = (glob: string) =>
  permissions.some(({ name, resourceType }) => resourceType !== undefined && stands(glob, name));

/** A condition on entities that no entity is asked for could never be fulfilled: nobody would be given what is written. */
function assertAboutEntities(given: unknown, path: Path, faults: PolicyFault[]): void {
  for (const [index, name] of [given].flat().entries())
    if (typeof name === 'string' && isKnown(name) && !isAboutEntities(name))
      faults.push({
        path: Array.isArray(given) ? [...path, index] : path,
        message: `${name} is not about entities, so that it can have no condition`,
        fix: 'Write it by itself, without when.',
      });
}

/** Reads the permissions of a role: plain names stand together, each entry with `when` stands alone. */
export function readGrants(given: readonly unknown[], path: Path, faults: PolicyFault[]): Grant[] {
  const plain: string[] = [];
  const conditional: Grant[] = [];
  if (given.length > limits.permissions)
    faults.push({
      path,
      message: `a role has more than ${limits.permissions} entries`,
      fix: 'Use * or several roles.',
    });
  for (const [index, entry] of given.slice(0, limits.permissions).entries()) {
    const at = [...path, index];
    if (!isObject(entry)) {
      plain.push(...readNames(entry, at, faults));
      continue;
    }
    const unknown = Object.keys(entry).find((key) => key !== 'permission' && key !== 'permissions' && key !== 'when');
    if (unknown !== undefined || ('permission' in entry && 'permissions' in entry)) {
      const fix = 'Write { permissions: [catalog.entity.read], when: { rule: IS_ENTITY_OWNER } }.';
      faults.push({ path: at, message: `this is no entry of a role`, fix });
      continue;
    }
    const key = 'permission' in entry ? 'permission' : 'permissions';
    const names = readNames(entry[key], [...at, key], faults);
    if (entry['when'] === undefined) plain.push(...names);
    else {
      assertAboutEntities(entry[key], [...at, key], faults);
      const when = readCondition(entry['when'], [...at, 'when'], faults);
      if (when && names.length > 0) conditional.push({ permissions: names, when });
    }
  }
  return [...(plain.length > 0 ? [{ permissions: plain }] : []), ...conditional];
}

export function readRole(given: WrittenRole, path: Path, source: PolicySource, faults: PolicyFault[]): Role {
  if (!roleName.test(given.name))
    faults.push({
      path: [...path, 'name'],
      message: `${given.name.slice(0, 80)} is no name for a role`,
      fix: 'Use lower-case letters, digits, dots and dashes, at most 63.',
    });
  return {
    name: given.name,
    title: given.title?.slice(0, 200) || given.name,
    description: given.description?.slice(0, 1000) ?? '',
    grants: readGrants(given.permissions, [...path, 'permissions'], faults),
    source,
  };
}

const canonicalSubject = (subject: string) => (/^(?:claim|external):/i.test(subject) ? subject : subject.toLowerCase());

export function readBinding(
  given: WrittenBinding,
  path: Path,
  source: PolicySource,
  faults: PolicyFault[],
  id: (index: number) => string,
): Binding[] {
  const when = given.when === undefined ? undefined : readCondition(given.when, [...path, 'when'], faults);
  return given.to.flatMap((subject, index) => {
    if (!subjectForm.test(subject)) {
      faults.push({
        path: [...path, 'to', index],
        message: `${subject.slice(0, 100)} is nobody that a role can be given to`,
        fix: 'Write user:default/jane, group:default/team, claim:name, external:name, signed-in, guests or everyone.',
      });
      return [];
    }
    return [
      {
        id: id(index),
        role: given.role,
        subject: canonicalSubject(subject),
        ...(when && { when }),
        ...(given.note && { note: given.note.slice(0, 500) }),
        source,
      },
    ];
  });
}

/** What is wrong with roles and bindings together. */
export function assertTogether(policy: Policy, faults: PolicyFault[], pathOf: (binding: Binding) => Path): void {
  const names = new Set(policy.roles.map((role) => role.name));
  if (policy.roles.length > limits.roles || policy.bindings.length > limits.bindings)
    faults.push({
      path: [],
      message: `there are more than ${limits.roles} roles or ${limits.bindings} bindings`,
      fix: 'Bind roles to groups instead of people.',
    });
  for (const binding of policy.bindings)
    if (!names.has(binding.role))
      faults.push({
        path: pathOf(binding),
        message: `there is no role ${binding.role.slice(0, 80)}`,
        fix: `The roles are: ${[...names].slice(0, 30).join(', ')}.`,
      });
}
