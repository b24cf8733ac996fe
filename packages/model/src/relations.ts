import type { Entity } from './entity.ts';
import { isJsonObject, type JsonValue, toPointer } from './json.ts';
import type { KindDefinition, RelationPair, RelationRule } from './kind.ts';
import { wellKnownPairs } from './kind.ts';
import { type Fault, showValue } from './problem.ts';
import { defaultNamespace, parseEntityRef, RefError, stringifyEntityRef } from './refs.ts';

/** An edge in its stored direction: source ref, type, target ref. */
export type StoredRelation = [source: string, type: string, target: string];

/** A reference as it stands in an entity: where, and the canonical ref it means. */
export type Reference = { path: string; ref: string };

/** What deriving relations needs to know about the kinds. */
export type KindLookup = {
  /** rules for this entity's kind, version and type; empty for unknown kinds */
  relationRules(entity: Pick<Entity, 'apiVersion' | 'kind' | 'spec'>): RelationRule[];
  pairs: RelationPair[];
};

/** The pairs that a set of kinds uses: the well-known ones and those that its own rules add. */
export function relationPairs(kinds: KindDefinition[]): RelationPair[] {
  const pairs = [...wellKnownPairs];
  const names = new Set(pairs.flatMap((pair) => [pair.type, pair.inverse]));
  for (const kind of kinds)
    for (const rule of [...kind.relations, ...(kind.variants ?? []).flatMap((variant) => variant.relations ?? [])]) {
      if (names.has(rule.type)) continue;
      pairs.push({ type: rule.type, inverse: rule.inverse });
      names.add(rule.type).add(rule.inverse);
    }
  return pairs;
}

/** A lookup over plain definitions; a registry with more abilities may stand in its place. */
export function createKindLookup(kinds: KindDefinition[]): KindLookup {
  return {
    pairs: relationPairs(kinds),
    relationRules(entity) {
      const kind = kinds.find((each) => each.kind === entity.kind && each.apiVersions.includes(entity.apiVersion));
      const variant = kind?.variants?.find((each) => each.type === entity.spec?.type);
      return variant?.relations ?? kind?.relations ?? [];
    },
  };
}

const valueAt = (spec: JsonValue | undefined, field: string): JsonValue | undefined => {
  let current = spec;
  for (const key of field.split('.')) {
    if (!isJsonObject(current)) return undefined;
    current = current[key];
  }
  return current;
};

/** The field of a rule as JSON pointer within the entity. */
export const ruleFieldPointer = (field: string): string => toPointer(['spec', ...field.split('.')]);

const referenceFault = (path: string, value: JsonValue, message: string, rule: RelationRule): Fault => ({
  code: 'CATALOG_DESCRIPTOR_REFERENCE_INVALID',
  message,
  path,
  expected: rule.defaultKind
    ? 'a reference [<kind>:][<namespace>/]<name>'
    : 'a reference <kind>:[<namespace>/]<name> with its kind',
  found: showValue(value),
  fix: rule.defaultKind
    ? `Write a name, such as "my-name", or a full reference, such as "${rule.defaultKind.toLowerCase()}:default/my-name".`
    : `Put the kind in front, such as "component:${typeof value === 'string' && value !== '' ? value : 'my-name'}" or "resource:…".`,
});

/**
 * Derives the relations that an entity declares. Pure: the same entity and kinds give the same answer.
 *
 * @returns distinct edges in stored direction, where each reference stands, and a fault for every one that cannot be read
 */
export function relationsOf(
  entity: Entity,
  kinds: KindLookup,
): {
  relations: StoredRelation[];
  references: Reference[];
  faults: Fault[];
} {
  const relations: StoredRelation[] = [];
  const references: Reference[] = [];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  const self = stringifyEntityRef(entity);
  const namespace = entity.metadata.namespace ?? defaultNamespace;
  for (const rule of kinds.relationRules(entity)) {
    const value = valueAt(entity.spec, rule.field);
    if (value === undefined || value === null || value === '' || value === false || value === 0) continue;
    const stored = kinds.pairs.some((pair) => pair.type === rule.type);
    const pointer = ruleFieldPointer(rule.field);
    const written = Array.isArray(value) ? value : [value];
    written.forEach((reference, index) => {
      const path = Array.isArray(value) ? `${pointer}/${index}` : pointer;
      if (typeof reference !== 'string') {
        faults.push(referenceFault(path, reference, `${showValue(reference)} is not an entity reference.`, rule));
        return;
      }
      try {
        const target = parseEntityRef(reference, { defaultKind: rule.defaultKind, defaultNamespace: namespace });
        if (rule.targetKinds && !rule.targetKinds.some((kind) => kind.toLowerCase() === target.kind.toLowerCase())) {
          faults.push({
            code: 'CATALOG_DESCRIPTOR_REFERENCE_KIND',
            severity: 'warning',
            message: `"${reference}" is of kind ${target.kind}; a ${rule.type} relation is not made to that kind.`,
            path,
            expected: `a reference to ${rule.targetKinds.join(' or ')}`,
            found: showValue(reference),
            fix: `Refer to an entity of kind ${rule.targetKinds.join(' or ')}.`,
          });
          return;
        }
        const other = stringifyEntityRef(target);
        references.push({ path, ref: other });
        const edge: StoredRelation = stored ? [self, rule.type, other] : [other, rule.inverse, self];
        const identity = edge.join('\0');
        if (seen.has(identity)) return;
        seen.add(identity);
        relations.push(edge);
      } catch (error) {
        if (!(error instanceof RefError)) throw error;
        faults.push(referenceFault(path, reference, `${error.message}.`, rule));
      }
    });
  }
  return { relations, references, faults };
}
