import type { JsonObject, JsonValue } from '@callboard/model';

export const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
export const object = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
export const list = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);

/** A list of names, or of maps from a name to its options. */
export function named(value: JsonValue | undefined): { name: string; options: JsonObject }[] {
  const entries = Array.isArray(value)
    ? value
    : Object.entries(object(value)).map(([name, options]) => ({ [name]: options }));
  return entries.flatMap((entry) => {
    if (typeof entry === 'string') return [{ name: entry, options: {} }];
    const [pair] = Object.entries(object(entry));
    return pair ? [{ name: pair[0], options: object(pair[1]) }] : [];
  });
}

/** What MkDocs makes of the name of a file or folder where nobody gives a title. */
export function titleFromName(name: string): string {
  const title = name.replace(/[-_]/g, ' ');
  return title.toLowerCase() === title ? title.charAt(0).toUpperCase() + title.slice(1) : title;
}
