/** A value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** Tells a plain JSON object from arrays, null and scalars. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Escapes one key for use in a JSON pointer (RFC 6901). */
export const pointerKey = (key: string | number): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1');

/** The JSON pointer of a list of keys: `['spec', 'owner']` gives `/spec/owner`. */
export const toPointer = (keys: (string | number)[]): string => keys.map((key) => `/${pointerKey(key)}`).join('');

/** The keys of a JSON pointer: `/spec/owner` gives `['spec', 'owner']`. */
export const fromPointer = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
