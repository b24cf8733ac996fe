import type { JsonObject } from './json.ts';

/** Two names of one edge. `type` is the direction that is stored. */
export type RelationPair = { type: string; inverse: string };

/** A field of `spec` that makes relations. */
export type RelationRule = {
  /** dot path within `spec`, such as `owner` or `dependsOn` */
  field: string;
  /** name of the relation seen from this entity */
  type: string;
  /** name of the same relation seen from the target */
  inverse: string;
  /** kind of a reference that names none; without it the kind is required */
  defaultKind?: string;
  /** other kinds of target make no relation, only a warning */
  targetKinds?: string[];
};

/** What differs for one `spec.type` of a kind. */
export type KindVariant = { type: string; schema: JsonObject; relations?: RelationRule[] };

/** Everything the portal knows about a kind of entity: plain data, the same for built-in and configured kinds. */
export type KindDefinition = {
  kind: string;
  plural?: string;
  title?: string;
  description?: string;
  apiVersions: string[];
  /** JSON Schema of the whole entity */
  schema: JsonObject;
  variants?: KindVariant[];
  relations: RelationRule[];
  icon?: string;
  /** dot paths of the entity shown as columns of a list */
  columns?: string[];
};

/** The pairs every catalog has. */
export const wellKnownPairs: RelationPair[] = [
  { type: 'ownedBy', inverse: 'ownerOf' },
  { type: 'partOf', inverse: 'hasPart' },
  { type: 'dependsOn', inverse: 'dependencyOf' },
  { type: 'providesApi', inverse: 'apiProvidedBy' },
  { type: 'consumesApi', inverse: 'apiConsumedBy' },
  { type: 'childOf', inverse: 'parentOf' },
  { type: 'memberOf', inverse: 'hasMember' },
];
