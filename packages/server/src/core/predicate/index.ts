/**
 * What a set of entities has in common: the one form into which filters, predicates and permissions are brought before they become
 * SQL. Keys and values are in the form in which they are stored (`termKey`, `termValue`).
 */
export type EntityPredicate =
  | { all: EntityPredicate[] }
  | { any: EntityPredicate[] }
  | { not: EntityPredicate }
  | ({ key: string; exists: true } & Seen)
  | ({ key: string; in: string[] } & Seen)
  | ({ key: string; prefix: string } & Seen)
  | ({ keys: string[]; substring: string } & Seen);

/** Who asks by a relation may only follow those that entities declare which they may see. */
type Seen = { seen?: EntityPredicate };

export const everything: EntityPredicate = { all: [] };
export const nothing: EntityPredicate = { any: [] };

/** All of the given conditions; those that are undefined ask for nothing. */
export function allOf(...predicates: (EntityPredicate | undefined)[]): EntityPredicate {
  const given = predicates.filter((predicate) => predicate !== undefined);
  return given.length === 1 ? given[0]! : { all: given };
}

const onRelation = (key: string) => key.startsWith('relations.');

/** A predicate of somebody's own, made blind for relations that entities declare which they may not see. */
function blinkered(predicate: EntityPredicate, scope: EntityPredicate): EntityPredicate {
  if ('all' in predicate) return { all: predicate.all.map((part) => blinkered(part, scope)) };
  if ('any' in predicate) return { any: predicate.any.map((part) => blinkered(part, scope)) };
  if ('not' in predicate) return { not: blinkered(predicate.not, scope) };
  const keys = 'keys' in predicate ? predicate.keys : [predicate.key];
  return keys.some(onRelation) ? { ...predicate, seen: scope } : predicate;
}

/**
 * What somebody asks for among what they may see.
 *
 * @param predicate - asked for by them; everything when undefined
 * @param scope - what they may see; everything when undefined
 */
export function within(predicate: EntityPredicate | undefined, scope: EntityPredicate | undefined): EntityPredicate {
  if (!scope) return predicate ?? everything;
  return allOf(predicate && blinkered(predicate, simplify(scope)), scope);
}

/**
 * Brings a predicate into its simplest equal form: nested `all` and `any` are flattened, alternatives of one key become one list,
 * double negation goes, and what is always true or never is worked out.
 */
export function simplify(predicate: EntityPredicate): EntityPredicate {
  if ('all' in predicate) {
    const parts = predicate.all.map(simplify).flatMap((part) => ('all' in part ? part.all : [part]));
    if (parts.some(isNothing)) return nothing;
    return parts.length === 1 ? parts[0]! : { all: parts };
  }
  if ('any' in predicate) {
    const parts = mergeLists(predicate.any.map(simplify).flatMap((part) => ('any' in part ? part.any : [part])));
    if (parts.some(isEverything)) return everything;
    return parts.length === 1 ? parts[0]! : { any: parts };
  }
  if ('not' in predicate) {
    const inner = simplify(predicate.not);
    if ('not' in inner) return inner.not;
    if (isEverything(inner)) return nothing;
    return isNothing(inner) ? everything : { not: inner };
  }
  if ('in' in predicate) return predicate.in.length === 0 ? nothing : { ...predicate, in: [...new Set(predicate.in)] };
  return predicate;
}

export const isEverything = (predicate: EntityPredicate): boolean => 'all' in predicate && predicate.all.length === 0;
export const isNothing = (predicate: EntityPredicate): boolean => 'any' in predicate && predicate.any.length === 0;

function mergeLists(parts: EntityPredicate[]): EntityPredicate[] {
  const lists = new Map<string, { key: string; in: string[] }>();
  const merged: EntityPredicate[] = [];
  for (const part of parts) {
    const list = 'in' in part && !part.seen ? lists.get(part.key) : undefined;
    if (list && 'in' in part) {
      list.in = [...new Set([...list.in, ...part.in])];
      continue;
    }
    const copy = 'in' in part ? { ...part } : part;
    if ('in' in copy && !copy.seen) lists.set(copy.key, copy);
    merged.push(copy);
  }
  return merged;
}
