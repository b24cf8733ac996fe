import type { Entity } from './entity.ts';
import { sha1 } from './sha1.ts';

/**
 * One searchable leaf of an entity: lower-case dot path, value as stored, the value as written where it differs, and 1 where the
 * value is a string that stands directly in an array.
 */
export type Term = [key: string, value: string, original: string | null, item: 0 | 1];

/** How `null` is stored: a character that no readable value consists of, so that it sorts and compares like any other. */
export const nullTerm = '\u0001';

const longestValue = 256;
const keptCharacters = 192;
const longestKey = 1000;

const head = (text: string) => text.slice(0, keptCharacters).toWellFormed();

// Databases take no NUL and no half surrogate pairs.
const storable = (text: string) => {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed;
};

/**
 * The form in which a value is stored and compared: lower-case, `null` as one control character, long values cut and marked with
 * their hash so that equality still holds. Applying it twice changes nothing.
 */
export function termValue(value: string | number | boolean | null): string {
  if (value === null) return nullTerm;
  const text = storable(String(value).toLowerCase());
  return text.length > longestValue ? `${head(text)}#${sha1(text)}` : text;
}

/** The form in which a dot path is stored and compared. */
export const termKey = (path: string): string => storable(path.toLowerCase());

const originalOf = (value: string | number | boolean | null, stored: string): string | null => {
  if (value === null) return null;
  const text = storable(String(value));
  if (text === stored) return null;
  return text.length > longestValue ? `${head(text)}…` : text;
};

const skipped = new Set(['attachments', 'relations', 'status', 'metadata.uid', 'metadata.etag']);

/**
 * Every leaf of an entity that a filter, facet or order can name. Arrays keep the path of the array; relations, status, uid and etag
 * are left out because they have columns of their own.
 */
export function entityTerms(entity: Entity): Term[] {
  const terms: Term[] = [];
  const seen = new Set<string>();
  const add = (key: string, value: string | number | boolean | null, item: 0 | 1) => {
    const stored = termValue(value);
    const identity = `${key}\0${item}${stored}`;
    if (seen.has(identity)) return;
    seen.add(identity);
    terms.push([key, stored, originalOf(value, stored), item]);
  };
  const visit = (path: string, key: string, value: unknown): void => {
    if (value === undefined || skipped.has(path)) return;
    if (Array.isArray(value)) {
      for (const item of value) {
        if (typeof item === 'string') add(key, item, 1);
        else visit(path, key, item);
      }
      return;
    }
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        const innerPath = path === '' ? name : `${path}.${name}`;
        const innerKey = termKey(innerPath);
        if (innerKey.length <= longestKey) visit(innerPath, innerKey, inner);
      }
      return;
    }
    add(key, value as string | number | boolean | null, 0);
  };
  visit('', '', entity);
  return terms;
}
