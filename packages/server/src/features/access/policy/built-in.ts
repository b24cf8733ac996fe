import type { Role } from './types.ts';

const owned = { rule: 'IS_ENTITY_OWNER' as const, params: {} };

const viewing = [
  'catalog.entity.read',
  'catalog.location.read',
  'search.read',
  'plugins.use',
  'preferences.own',
  'access.token.own',
  'scaffolder.template.parameter.read',
  'scaffolder.template.step.read',
];
const developing = [
  ...viewing,
  'catalog.entity.create',
  'catalog.entity.refresh',
  'catalog.entity.validate',
  'catalog.location.analyze',
  'catalog.location.create',
  'apis.operation.try',
  'scaffolder.action.execute',
  'scaffolder.task.*',
  'scaffolder.template.*',
];

/** The roles that are there without anybody writing them. */
export const builtInRoles: readonly Role[] = [
  {
    name: 'viewer',
    title: 'Viewer',
    description: 'Sees everything in the catalog, changes nothing but settings of their own',
    grants: [{ permissions: viewing }],
    source: 'built-in',
  },
  {
    name: 'developer',
    title: 'Developer',
    description: 'Sees everything, registers and runs, and changes descriptors of what they own',
    grants: [{ permissions: developing }, { permissions: ['catalog.descriptor.update'], when: owned }],
    source: 'built-in',
  },
  {
    name: 'owner',
    title: 'Owner',
    description: 'As a developer, and removes what they own',
    grants: [
      { permissions: developing },
      { permissions: ['catalog.descriptor.update', 'catalog.entity.delete'], when: owned },
    ],
    source: 'built-in',
  },
  {
    name: 'administrator',
    title: 'Administrator',
    description: 'May do everything',
    grants: [{ permissions: ['*'] }],
    source: 'built-in',
  },
];
