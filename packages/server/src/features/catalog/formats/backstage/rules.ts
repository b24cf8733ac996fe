import type { LocationRef } from '@callboard/model';
import picomatch from 'picomatch';

/** Which kinds may come from where, as under `catalog.rules`. */
export type CatalogRule = {
  allow: (string | { kind: string; 'spec.type'?: string })[];
  locations?: { type: string; exact?: string; pattern?: string }[];
};

type Ruled = { kind: string; spec?: { type?: unknown } };

const matchers = new Map<string, (text: string) => boolean>();

const matches = (pattern: string, text: string): boolean => {
  let matcher = matchers.get(pattern);
  if (!matcher) matchers.set(pattern, (matcher = picomatch(pattern, { nocase: true, dot: true })));
  return matcher(text);
};

const fromThere = (rule: CatalogRule, origin: LocationRef): boolean =>
  !rule.locations ||
  rule.locations.some(
    (location) =>
      location.type === origin.type &&
      (!location.exact || location.exact === origin.target) &&
      (!location.pattern || matches(location.pattern, origin.target)),
  );

const covers = (rule: CatalogRule, entity: Ruled): boolean =>
  rule.allow.some((each) => {
    const { kind, 'spec.type': type } = typeof each === 'string' ? { kind: each, 'spec.type': undefined } : each;
    if (kind.toLowerCase() !== entity.kind.toLowerCase()) return false;
    return !type || (typeof entity.spec?.type === 'string' && entity.spec.type.toLowerCase() === type.toLowerCase());
  });

/**
 * Whether the rules let an entity in. Rules add up: one that covers the kind and the origin is enough.
 *
 * @param rules - undefined lets everything in
 * @param origin - the location that was configured or registered, not the file in which the entity stands
 */
export function isAllowed(entity: Ruled, rules: CatalogRule[] | undefined, origin: LocationRef): boolean {
  return rules === undefined || rules.some((rule) => fromThere(rule, origin) && covers(rule, entity));
}
