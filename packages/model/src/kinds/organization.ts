import type { KindDefinition } from '../kind.ts';
import { coreVersions, entitySchema, text, texts } from './schema.ts';

const profile = {
  type: 'object',
  properties: {
    displayName: text('Name to show'),
    email: text('Address to reach it'),
    picture: text('Address of an image'),
  },
};

export const group: KindDefinition = {
  kind: 'Group',
  plural: 'groups',
  title: 'Group',
  description: 'A team, a department, or any other set of people.',
  apiVersions: coreVersions,
  icon: 'users-group',
  columns: ['metadata.name', 'spec.type', 'spec.parent', 'spec.profile.email', 'metadata.description'],
  schema: entitySchema('Group', coreVersions, ['type', 'children'], {
    type: text('What it is, such as team or business-unit'),
    profile,
    parent: text('Reference to the group above'),
    children: texts('References to the groups below; may be empty'),
    members: texts('References to the users in it'),
  }),
  relations: [
    { field: 'parent', type: 'childOf', inverse: 'parentOf', defaultKind: 'Group' },
    { field: 'children', type: 'parentOf', inverse: 'childOf', defaultKind: 'Group' },
    { field: 'members', type: 'hasMember', inverse: 'memberOf', defaultKind: 'User' },
  ],
};

export const user: KindDefinition = {
  kind: 'User',
  plural: 'users',
  title: 'User',
  description: 'A person.',
  apiVersions: coreVersions,
  icon: 'user',
  columns: ['metadata.name', 'spec.profile.displayName', 'spec.profile.email', 'spec.memberOf', 'metadata.description'],
  schema: entitySchema('User', coreVersions, ['memberOf'], {
    profile,
    memberOf: texts('References to the groups the person belongs to; may be empty'),
  }),
  relations: [{ field: 'memberOf', type: 'memberOf', inverse: 'hasMember', defaultKind: 'Group' }],
};

export const location: KindDefinition = {
  kind: 'Location',
  plural: 'locations',
  title: 'Location',
  description: 'A pointer to other descriptors.',
  apiVersions: coreVersions,
  icon: 'map-pin',
  columns: ['metadata.name', 'spec.type', 'spec.target', 'spec.targets'],
  schema: entitySchema('Location', coreVersions, [], {
    type: text('How the targets are read, such as url or file; left out, as this file was read'),
    target: text('One target, relative to this file or absolute'),
    targets: texts('Several targets'),
    presence: {
      type: 'string',
      enum: ['required', 'optional'],
      description: 'Whether a target that is not there is an error',
    },
  }),
  relations: [],
};
