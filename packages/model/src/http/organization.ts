import { type Static, Type } from '../schema.ts';
import { closed } from './common.ts';

const counted = (description: string) => Type.Integer({ minimum: 0, description });

/** GET …/ownership */
export const OwnershipResponse = Type.Object({
  entityRef: Type.String(),
  owners: Type.Array(
    Type.Object({
      entityRef: Type.String(),
      label: Type.String({ description: 'What people call it.' }),
      exists: Type.Boolean(),
      count: counted('What names this one as its owner.'),
    }),
    {
      description:
        'Through whom it owns: itself first; of a group all groups below it; of a user the groups they are in, with all below those.',
    },
  ),
  counts: Type.Array(
    Type.Object({
      kind: Type.String(),
      type: Type.Optional(Type.String({ description: 'spec.type, in lower case.' })),
      direct: counted('What names the entity itself as its owner.'),
      total: counted('With what the others own.'),
    }),
  ),
  people: Type.Object({
    direct: counted('Users who are members of the entity itself.'),
    total: counted('Users who are members of it or of a group below it, each counted once.'),
  }),
});
export type OwnershipResponse = Static<typeof OwnershipResponse>;

/** GET /organization */
export const OrganizationResponse = Type.Object({
  groups: Type.Array(
    Type.Object({
      entityRef: Type.String(),
      label: Type.String({ description: 'What people call it.' }),
      type: Type.Optional(Type.String({ description: 'spec.type, in lower case.' })),
      parents: Type.Array(Type.String(), { description: 'Groups that it is a child of; they need not exist.' }),
      people: Type.Object({
        direct: counted('Members of the group itself.'),
        total: counted('With members of all groups below, each person once.'),
      }),
      owned: Type.Object({
        direct: counted('Entities that name this group as their owner.'),
        total: counted('With what the groups below own.'),
      }),
    }),
    { description: 'All groups, by label.' },
  ),
  people: counted('All users.'),
  withoutGroup: counted('Users who are in no group.'),
});
export type OrganizationResponse = Static<typeof OrganizationResponse>;

/** GET /landscape */
export const LandscapeQuery = Type.Object(
  {
    parts: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2000,
        description:
          'Up to how many parts of systems are named one by one; when there are more, none is. 300 when absent.',
      }),
    ),
  },
  closed,
);
export type LandscapeQuery = Static<typeof LandscapeQuery>;

const box = {
  entityRef: Type.String(),
  label: Type.String({ description: 'What people call it.' }),
  type: Type.Optional(Type.String({ description: 'spec.type, in lower case.' })),
  owner: Type.Optional(Type.String()),
  parent: Type.Optional(Type.String({ description: 'The domain it is part of; that need not exist.' })),
};

export const LandscapeResponse = Type.Object({
  domains: Type.Array(Type.Object(box)),
  systems: Type.Array(
    Type.Object({
      ...box,
      counts: Type.Array(Type.Object({ kind: Type.String(), count: counted('Parts of this kind.') })),
    }),
  ),
  parts: Type.Optional(
    Type.Array(
      Type.Object({
        entityRef: Type.String(),
        label: Type.String(),
        kind: Type.String(),
        type: Type.Optional(Type.String()),
        system: Type.String({ description: 'The system it is part of.' }),
      }),
      { description: 'Parts of the systems, absent when there are too many.' },
    ),
  ),
  withoutSystem: counted('Components, APIs and resources that are part of nothing.'),
});
export type LandscapeResponse = Static<typeof LandscapeResponse>;
