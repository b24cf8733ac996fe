import type { JsonObject } from '../json.ts';
import type { RelationRule } from '../kind.ts';

/** Versions under which the core kinds are known. */
export const coreVersions = ['backstage.io/v1alpha1', 'backstage.io/v1beta1'];

/** A text of at least one character. */
export const text = (description: string, more: JsonObject = {}): JsonObject => ({
  type: 'string',
  minLength: 1,
  description,
  ...more,
});

/** A list of such texts. */
export const texts = (description: string): JsonObject => ({
  type: 'array',
  items: { type: 'string', minLength: 1 },
  description,
});

/** The schema of an entity whose `spec` has these properties. */
export const entitySchema = (
  kind: string,
  apiVersions: string[],
  required: string[],
  properties: JsonObject,
): JsonObject => ({
  type: 'object',
  required: ['spec'],
  properties: {
    apiVersion: { enum: apiVersions },
    kind: { enum: [kind] },
    spec: { type: 'object', required, properties },
  },
});

export const owner = text('Reference to the group or user that owns it');
export const system = text('Reference to the system it is part of');
export const lifecycle = text('Stage of its life, such as experimental, production or deprecated');

export const ownedBy: RelationRule = { field: 'owner', type: 'ownedBy', inverse: 'ownerOf', defaultKind: 'Group' };
export const partOfSystem: RelationRule = {
  field: 'system',
  type: 'partOf',
  inverse: 'hasPart',
  defaultKind: 'System',
};
export const dependencies: RelationRule[] = [
  { field: 'dependsOn', type: 'dependsOn', inverse: 'dependencyOf' },
  { field: 'dependencyOf', type: 'dependencyOf', inverse: 'dependsOn' },
];
