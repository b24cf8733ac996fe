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

const longestPart = 2000;
const linesKept = 2;

/** Of two long texts of many lines only the part that differs, so that a comparison line by line says something. */
function differingParts(before: string, after: string): [before: string, after: string] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [first, last] = [Math.max(0, start - linesKept), Math.max(0, end - linesKept)];
  const part = (lines: string[]) => {
    const text = lines.slice(first, lines.length - last).join('\n');
    const cut = text.length > longestPart ? `${text.slice(0, longestPart)}… (${text.length} characters)` : text;
    return `${first > 0 ? `… (${first} lines as before)\n` : ''}${cut}${last > 0 ? `\n… (${last} lines as before)` : ''}`;
  };
  return [part(a), part(b)];
}

const isLongText = (text: string) => text.length > longestValue && text.includes('\n');

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
  if (typeof before === 'string' && typeof after === 'string' && (isLongText(before) || isLongText(after))) {
    const [old, now] = differingParts(before, after);
    return [{ path, before: old, after: now }];
  }
  const change: Change = { path };
  if (before !== undefined) change.before = shorten(before);
  if (after !== undefined) change.after = shorten(after);
  return [change];
}
