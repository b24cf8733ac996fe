import { ConfigError, type ConfigOrigin } from '../../../core/config/index.ts';
import { builtInRoles } from './built-in.ts';
import type { PolicyConfig } from './config.ts';
import { assertTogether, readBinding, readRole } from './read.ts';
import type { Binding, Policy, PolicyFault } from './types.ts';

const everyday = (config: PolicyConfig, open: boolean): Binding[] => {
  const guestRole = config.guestRole ?? (open ? 'administrator' : 'viewer');
  const binding = (id: string, role: string, subject: string, key: string): Binding => ({
    id,
    role,
    subject,
    note: `access.${key}`,
    source: 'built-in',
  });
  return [
    ...(config.defaultRole === 'none'
      ? []
      : [binding('built-in-signed-in', config.defaultRole, 'signed-in', 'defaultRole')]),
    ...(guestRole === 'none' ? [] : [binding('built-in-guests', guestRole, 'guests', 'guestRole')]),
  ];
};

/**
 * Roles and bindings that are built in or stand in the configuration.
 *
 * @param options.open - everybody who reaches the portal is let in
 * @param options.placeOf - where a key stands, by its way from the root
 * @throws ConfigError with every fault and its line
 */
export function configuredPolicy(
  config: PolicyConfig,
  options: { open: boolean; placeOf?: (keys: string[]) => ConfigOrigin },
): Policy {
  const faults: PolicyFault[] = [];
  const roles = (config.roles ?? []).map((role, index) =>
    readRole(role, ['access', 'roles', index], 'configuration', faults),
  );
  const taken = new Set(builtInRoles.map((role) => role.name));
  for (const [index, { name }] of roles.entries()) {
    if (taken.has(name))
      faults.push({
        path: ['access', 'roles', index, 'name'],
        message: `there is a role ${name} already`,
        fix: 'Give it another name.',
      });
    taken.add(name);
  }
  const bindings = (config.bindings ?? []).flatMap((binding, index) =>
    readBinding(
      binding,
      ['access', 'bindings', index],
      'configuration',
      faults,
      (subject) => `configuration-${index}-${subject}`,
    ),
  );
  const policy = { roles: [...builtInRoles, ...roles], bindings: [...everyday(config, options.open), ...bindings] };
  assertTogether(policy, faults, (binding) => {
    const [, index] = /^configuration-(\d+)-/.exec(binding.id) ?? [];
    return index === undefined ? (binding.note ?? 'access').split('.') : ['access', 'bindings', Number(index), 'role'];
  });
  if (faults.length === 0) return policy;
  throw new ConfigError(
    faults.map(({ path, message, fix }) => ({
      ...options.placeOf?.(path.map(String)),
      path: path
        .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
        .join('')
        .slice(1),
      message,
      fix,
    })),
  );
}
