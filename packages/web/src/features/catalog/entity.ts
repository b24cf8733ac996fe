import { parseEntityRef, type Entity, type EntityRef, type JsonValue } from '@callboard/model';

export { safeUrl } from '../../core/ui/safe-url.ts';
export type { EntityRef };

/** The value at a dot path; keys that hold dots themselves (annotations) are found too. */
export function valueAt(entity: unknown, path: string): unknown {
  if (path === '') return entity;
  if (typeof entity !== 'object' || entity === null) return undefined;
  const record = entity as Record<string, unknown>;
  if (Object.hasOwn(record, path)) return record[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(record, head)) return valueAt(record[head], path.slice(dot + 1));
  }
  return undefined;
}

export const textAt = (entity: unknown, path: string): string | undefined => {
  const value = valueAt(entity, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The name people know: display name, title, else the name. */
export const nameOf = (entity: Entity): string =>
  textAt(entity, 'spec.profile.displayName') ?? textAt(entity, 'metadata.title') ?? entity.metadata.name;

/** How many errors the portal knows of its descriptor. */
export const errorsOf = (entity: Entity): number =>
  entity.status?.items?.filter(({ level }) => level === 'error').length ?? 0;

/** The canonical reference of an entity, in lower case. */
export const refOf = (entity: Entity): string =>
  `${entity.kind}:${namespaceOf(entity)}/${entity.metadata.name}`.toLowerCase();

/** Where an entity is found, in lower case. */
export const keyOf = (entity: Entity): EntityRef => ({
  kind: entity.kind.toLowerCase(),
  namespace: namespaceOf(entity).toLowerCase(),
  name: entity.metadata.name.toLowerCase(),
});

export const namespaceOf = (entity: Entity): string => entity.metadata.namespace ?? 'default';

/** A reference as a field holds it, or nothing when it is not one. */
export function readRef(text: string, defaultKind: string | undefined, namespace: string): EntityRef | undefined {
  try {
    const { kind, namespace: space, name } = parseEntityRef(text, { defaultKind, defaultNamespace: namespace });
    return { kind: kind.toLowerCase(), namespace: space.toLowerCase(), name: name.toLowerCase() };
  } catch {
    return undefined;
  }
}

/** Who owns it, where its descriptor says so in a way that can be read. */
export const ownerOf = (entity: Entity): EntityRef | undefined => {
  const owner = textAt(entity, 'spec.owner');
  return owner === undefined ? undefined : readRef(owner, 'group', namespaceOf(entity));
};

/** The whole reference, as the API takes it. */
export const canonicalRef = (ref: EntityRef): string => `${ref.kind}:${ref.namespace}/${ref.name}`;

/** "payments", "other/payments": as short as it stays clear beside its icon. */
export const shortRef = (ref: EntityRef): string =>
  ref.namespace === 'default' ? ref.name : `${ref.namespace}/${ref.name}`;

/** Relations by type, each with its targets in order. */
export function groupRelations(entity: Entity): [type: string, targets: string[]][] {
  const groups = new Map<string, string[]>();
  for (const { type, targetRef } of entity.relations ?? []) groups.set(type, [...(groups.get(type) ?? []), targetRef]);
  return [...groups].toSorted(([a], [b]) => relationRank(a) - relationRank(b) || a.localeCompare(b));
}

const relationOrder = [
  'ownedBy',
  'partOf',
  'childOf',
  'memberOf',
  'providesApi',
  'consumesApi',
  'dependsOn',
  'dependencyOf',
  'apiProvidedBy',
  'apiConsumedBy',
  'hasPart',
  'parentOf',
  'hasMember',
  'ownerOf',
];
const relationRank = (type: string) => {
  const rank = relationOrder.indexOf(type);
  return rank === -1 ? relationOrder.length : rank;
};

/** The targets of some relations. */
export const targetsOf = (entity: Entity, ...types: string[]): string[] =>
  (entity.relations ?? []).filter(({ type }) => types.includes(type)).map(({ targetRef }) => targetRef);

/** "dependsOn" → "Depends on"; the well-known ones in better words. */
const relationWords: Record<string, string> = {
  ownedBy: 'Owned by',
  ownerOf: 'Owns',
  partOf: 'Part of',
  hasPart: 'Contains',
  dependsOn: 'Depends on',
  dependencyOf: 'Needed by',
  providesApi: 'Provides API',
  consumesApi: 'Consumes API',
  apiProvidedBy: 'Provided by',
  apiConsumedBy: 'Consumed by',
  childOf: 'Child of',
  parentOf: 'Parent of',
  memberOf: 'Member of',
  hasMember: 'Members',
};
export const relationTitle = (type: string): string =>
  relationWords[type] ??
  type
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replace(/^./, (c) => c.toUpperCase());

/** The descriptor as someone would write it: without what the server added. */
export function descriptorOf(entity: Entity): Record<string, JsonValue> {
  const { uid: _uid, etag: _etag, ...metadata } = entity.metadata;
  return {
    apiVersion: entity.apiVersion,
    kind: entity.kind,
    metadata: metadata as JsonValue,
    ...(entity.spec ? { spec: entity.spec } : {}),
  };
}
