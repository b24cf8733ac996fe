/** What can be permitted. Names that Backstage has are Backstage's; a route that asks for a name that is not here stops the start. */
import type { Policy } from './types.ts';

/** What is decided on: entities one by one, or nothing in particular. */
export type ResourceType = 'catalog-entity' | undefined;

export type Permission = {
  name: string;
  /** what whoever has it may do */
  meaning: string;
  action?: 'create' | 'read' | 'update' | 'delete';
  resourceType?: ResourceType;
};

const entity = 'catalog-entity' as const;

/** Every permission, in the order in which people read them. */
export const permissions: readonly Permission[] = [
  {
    name: 'catalog.entity.read',
    meaning: 'See entities, and everything that is told of them',
    action: 'read',
    resourceType: entity,
  },
  { name: 'catalog.entity.create', meaning: 'Bring new entities into the catalog', action: 'create' },
  {
    name: 'catalog.entity.refresh',
    meaning: 'Have the source of an entity read again',
    action: 'update',
    resourceType: entity,
  },
  { name: 'catalog.entity.delete', meaning: 'Remove entities', action: 'delete', resourceType: entity },
  { name: 'catalog.entity.validate', meaning: 'Check descriptors without storing them' },
  {
    name: 'catalog.descriptor.update',
    meaning: 'Write descriptor files of file sources',
    action: 'update',
    resourceType: entity,
  },
  { name: 'catalog.location.read', meaning: 'See sources and registered locations', action: 'read' },
  { name: 'catalog.location.create', meaning: 'Register locations', action: 'create' },
  {
    name: 'catalog.location.disk',
    meaning: 'Register paths of the portal’s machine, below the folders that the configuration names',
    action: 'create',
  },
  { name: 'catalog.location.analyze', meaning: 'Look at a location before it is registered' },
  {
    name: 'catalog.location.delete',
    meaning: 'Forget locations, and let a source that shrank delete',
    action: 'delete',
  },
  {
    name: 'apis.operation.try',
    meaning: 'Call operations of APIs through the portal',
    action: 'update',
    resourceType: entity,
  },
  { name: 'search.read', meaning: 'Search what one may see', action: 'read' },
  { name: 'search.admin', meaning: 'See what is searched in vain, and build the index anew', action: 'update' },
  { name: 'scaffolder.template.parameter.read', meaning: 'See what a template asks', action: 'read' },
  { name: 'scaffolder.template.step.read', meaning: 'See what a template does', action: 'read' },
  { name: 'scaffolder.template.management', meaning: 'Work on templates in the editor' },
  { name: 'scaffolder.template.dry-run', meaning: 'Try a template without making anything' },
  { name: 'scaffolder.action.execute', meaning: 'Have actions run in templates' },
  { name: 'scaffolder.task.create', meaning: 'Run templates', action: 'create' },
  { name: 'scaffolder.task.read', meaning: 'See runs of templates', action: 'read' },
  { name: 'scaffolder.task.cancel', meaning: 'Stop and retry runs of templates' },
  { name: 'scaffolder.run.manage', meaning: 'See, stop, retry and roll back the runs of others', action: 'update' },
  { name: 'plugins.use', meaning: 'Use what plugins add', action: 'read' },
  { name: 'plugins.read', meaning: 'See the plugins and what they may do', action: 'read' },
  { name: 'plugins.manage', meaning: 'Install, configure and remove plugins', action: 'update' },
  { name: 'preferences.own', meaning: 'Keep settings of one’s own', action: 'update' },
  { name: 'access.token.own', meaning: 'Have tokens and sessions of one’s own', action: 'update' },
  { name: 'access.token.manage', meaning: 'Make and revoke tokens of services and others', action: 'update' },
  { name: 'access.session.manage', meaning: 'See and end the sessions of others', action: 'update' },
  { name: 'access.user.manage', meaning: 'Add, change and remove local users', action: 'update' },
  {
    name: 'access.policy.read',
    meaning: 'See roles and bindings, explain decisions, simulate changes',
    action: 'read',
  },
  { name: 'access.policy.manage', meaning: 'Change roles and bindings', action: 'update' },
  { name: 'access.audit.read', meaning: 'Search, export and verify the audit', action: 'read' },
  { name: 'admin.read', meaning: 'See configuration, jobs, health and outbound calls', action: 'read' },
  { name: 'admin.job.trigger', meaning: 'Run jobs now', action: 'update' },
];

const byName = new Map(permissions.map((permission) => [permission.name, permission]));

/** A permission by its name. */
export const permissionNamed = (name: string): Permission | undefined =>
  byName.get(name) ??
  // Plugins come and go: `plugin.announcements.manage` means what its manifest says.
  (/^plugin\.[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(name)
    ? { name, meaning: 'What a plugin declares', action: 'update' }
    : undefined);

/** The permissions of plugins that roles name in full: of plugins that are not enabled, too. */
export const pluginPermissionsIn = (policy: Policy): Permission[] =>
  policy.roles
    .flatMap((role) => role.grants.flatMap((grant) => grant.permissions))
    .filter((name) => name.startsWith('plugin.') && !name.includes('*'))
    .flatMap((name) => permissionNamed(name) ?? []);

/** Whether a glob is about permissions that plugins declare; which there are is known only while they are installed. */
export const ofPlugins = (glob: string): boolean => /^plugin\.[a-z0-9*-]+\.[a-z0-9*-]+$/.test(glob);

/** Whether a glob such as `catalog.*` stands for a name. */
export const stands = (glob: string, name: string): boolean => {
  if (glob === '*' || glob === name) return true;
  if (!glob.includes('*')) return false;
  // Part by part from the left, so that no glob takes longer for a long name than its length.
  const [first = '', ...parts] = glob.split('*');
  const last = parts.pop() ?? '';
  const end = name.length - last.length;
  if (!name.startsWith(first) || !name.endsWith(last) || end < first.length) return false;
  let at = first.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
};
