import type { JsonValue } from '@callboard/model';

/** One value that changed between two states of an entity. `path` is dotted as in filters; an absent side is left out. */
export type Change = { path: string; before?: JsonValue; after?: JsonValue };

const mostChanges = 100;
const longestValue = 300;

const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** History shows what changed, not whole API definitions: long texts are cut, large structures only counted. */
function shorten(value: JsonValue): JsonValue {
  if (typeof value === 'string')
    return value.length > longestValue ? `${value.slice(0, longestValue)}… (${value.length} characters)` : value;
  if (typeof value !== 'object' || value === null) return value;
  return JSON.stringify(value).length > longestValue
    ? `(${Array.isArray(value) ? `${value.length} items` : `${Object.keys(value).length} keys`})`
    : value;
}

/**
 * Lists what differs between two JSON values, objects key by key and arrays as wholes.
 *
 * @returns at most 100 changes in the order of the keys, long values shortened
 */
export function difference(before: JsonValue | undefined, after: JsonValue | undefined, path = ''): Change[] {
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys]
      .flatMap((key) => difference(before[key], after[key], path ? `${path}.${key}` : key))
      .slice(0, mostChanges);
  }
  if (before === after || JSON.stringify(before) === JSON.stringify(after)) return [];
  const change: Change = { path };
  if (before !== undefined) change.before = shorten(before);
  if (after !== undefined) change.after = shorten(after);
  return [change];
}
