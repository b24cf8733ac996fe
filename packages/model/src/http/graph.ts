import { type Static, Type } from '../schema.ts';
import { closed, repeated } from './common.ts';

/** GET …/relations */
export const NeighbourhoodQuery = Type.Object(
  {
    depth: Type.Optional(Type.Integer({ minimum: 1, maximum: 4, description: 'How many steps away. 1 when absent.' })),
    direction: Type.Optional(
      Type.Unsafe<'outgoing' | 'incoming' | 'both'>({
        type: 'string',
        enum: ['outgoing', 'incoming', 'both'],
        description:
          'outgoing follows what an entity says about itself (ownedBy, dependsOn …), incoming what others say about it. both when absent.',
      }),
    ),
    relation: repeated('Relation types to follow, separated by commas, in either name of a pair. All when absent.'),
    kind: repeated('Kinds to show, separated by commas. All when absent; the entity itself is always shown.'),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2000, description: 'How many entities to return at most. 500 when absent.' }),
    ),
  },
  closed,
);
export type NeighbourhoodQuery = Static<typeof NeighbourhoodQuery>;

export const NeighbourhoodResponse = Type.Object({
  rootEntityRef: Type.String(),
  nodes: Type.Array(
    Type.Object({
      entityRef: Type.String(),
      distance: Type.Integer({ minimum: 0 }),
      exists: Type.Boolean({ description: 'False for a ref that nothing in the catalog answers to.' }),
      kind: Type.String(),
      name: Type.String({ description: 'The name within the ref, in lower case.' }),
      label: Type.String({ description: 'What people call it: the title, else the name, as written.' }),
      type: Type.Optional(Type.String({ description: 'spec.type, in lower case.' })),
      lifecycle: Type.Optional(Type.String({ description: 'spec.lifecycle, in lower case.' })),
      owner: Type.Optional(Type.String()),
    }),
  ),
  edges: Type.Array(
    Type.Object({
      source: Type.String(),
      type: Type.String({ description: 'Name of the relation from source to target.' }),
      inverse: Type.String({ description: 'Name of the same relation from target to source.' }),
      target: Type.String(),
    }),
  ),
  truncated: Type.Boolean({ description: 'True when there is more than the limit allowed.' }),
});
export type NeighbourhoodResponse = Static<typeof NeighbourhoodResponse>;

/** GET /kinds */
export const KindsResponse = Type.Object({
  items: Type.Array(
    Type.Object({
      kind: Type.String({ description: 'As in descriptors.' }),
      plural: Type.String(),
      title: Type.Optional(Type.String()),
      description: Type.Optional(Type.String()),
      icon: Type.Optional(Type.String({ description: 'Name of a Tabler icon.' })),
      columns: Type.Array(Type.String(), { description: 'Paths shown as columns of a list.' }),
      apiVersions: Type.Array(Type.String()),
      relations: Type.Array(Type.Object({ type: Type.String(), inverse: Type.String() }), {
        description: 'Relations that its descriptors make.',
      }),
      count: Type.Integer({ minimum: 0 }),
    }),
  ),
});
export type KindsResponse = Static<typeof KindsResponse>;
