import { type Static, Type } from '../schema.ts';
import { closed } from './common.ts';

/** GET …/impact */
export const ImpactQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2000, description: 'How many entities to return at most. 500 when absent.' }),
    ),
  },
  closed,
);
export type ImpactQuery = Static<typeof ImpactQuery>;

export const ImpactResponse = Type.Object({
  rootEntityRef: Type.String(),
  items: Type.Array(
    Type.Object({
      entityRef: Type.String(),
      effect: Type.Unsafe<'gone' | 'broken' | 'incomplete'>({
        type: 'string',
        enum: ['gone', 'broken', 'incomplete'],
        description:
          'gone: a part of what goes, it goes too. broken: it needs something that is gone or broken. incomplete: it contains something that is gone or broken; nothing is said of its other parts.',
      }),
      distance: Type.Integer({ minimum: 1, description: 'Steps from the root on the shortest way.' }),
      path: Type.Array(
        Type.Object({
          entityRef: Type.String(),
          relation: Type.String({ description: 'What this entity is to the one before it, such as dependsOn.' }),
        }),
        { description: 'The shortest way from the root, without it; the last step is the entity itself.' },
      ),
      exists: Type.Boolean({ description: 'False for a ref that nothing in the catalog answers to.' }),
      kind: Type.String(),
      name: Type.String({ description: 'The name within the ref, in lower case.' }),
      label: Type.String({ description: 'What people call it.' }),
      type: Type.Optional(Type.String({ description: 'spec.type, in lower case.' })),
      lifecycle: Type.Optional(Type.String({ description: 'spec.lifecycle, in lower case.' })),
      owner: Type.Optional(Type.String()),
    }),
    { description: 'Nearest first.' },
  ),
  owners: Type.Array(
    Type.Object({
      entityRef: Type.Optional(Type.String({ description: 'Absent for what nobody owns.' })),
      count: Type.Integer({ minimum: 1 }),
      nearest: Type.Integer({ minimum: 1, description: 'Smallest distance of what this owner has.' }),
    }),
    { description: 'Whom to tell, nearest first.' },
  ),
  truncated: Type.Boolean({ description: 'True when there is more than the limit allowed.' }),
});
export type ImpactResponse = Static<typeof ImpactResponse>;
