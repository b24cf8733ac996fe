import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';

/** What stands for a secret that is not shown: `(kept <mark> <JSON pointer>)`. */
const wordOf = (mark: string, path: string) => `(kept ${mark} ${path})`;
const keptWord = /^\(kept (\S+) (\/.*)\)$/s;

type Part = { writeOnly?: unknown; properties?: unknown; items?: unknown; additionalProperties?: unknown };
const part = (schema: unknown): Part => (isJsonObject(schema) ? schema : {});
const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Goes through the values that a schema marks with `writeOnly` and puts others in their place. */
function mapSecrets(
  schema: unknown,
  value: JsonValue | undefined,
  replace: (secret: JsonValue, path: string) => JsonValue,
  path = '',
): JsonValue | undefined {
  const { writeOnly, properties, items, additionalProperties } = part(schema);
  if (value === undefined || value === null) return value;
  if (writeOnly === true) return value === '' ? value : replace(value, path);
  if (Array.isArray(value)) return value.map((each, index) => mapSecrets(items, each, replace, `${path}/${index}`)!);
  if (!isJsonObject(value)) return value;
  const known = part(properties) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      mapSecrets(known[key] ?? additionalProperties, each, replace, `${path}/${escaped(key)}`)!,
    ]),
  );
}

const at = (value: JsonValue | undefined, path: string): JsonValue | undefined =>
  path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<JsonValue | undefined>((found, key) => {
      if (Array.isArray(found)) return found[Number(key)];
      return isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
    }, value);

/** A configuration to be shown: its secrets are words that stand for them. `mark` differs with each change. */
export const hideSecrets = (schema: unknown, configuration: JsonObject, mark: string): JsonObject =>
  mapSecrets(schema, configuration, (_secret, path) => wordOf(mark, path)) as JsonObject;

/**
 * A configuration that came back: the words are the secrets again, wherever they stand now.
 *
 * @returns undefined when a word is of another time, so that nobody knows what it stood for
 */
export function restoreSecrets(
  schema: unknown,
  given: JsonObject,
  before: JsonObject,
  mark: string,
): JsonObject | undefined {
  let isLost = false;
  const restored = mapSecrets(schema, given, (value) => {
    const [, wordMark, path] = (typeof value === 'string' && keptWord.exec(value)) || [];
    if (path === undefined) return value;
    const secret = wordMark === mark ? at(before, path) : undefined;
    isLost ||= secret === undefined;
    return secret ?? null;
  });
  return isLost ? undefined : (restored as JsonObject);
}
