import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';

/** What stands for a secret that is not shown: `(kept <mark> <JSON pointer>)`. */
const wordOf = (mark: string, path: string) => `(kept ${mark} ${path})`;
const keptWord = /^\(kept (\S+) (\/.*)\)$/s;

type Part = { writeOnly?: unknown; properties?: unknown; items?: unknown; additionalProperties?: unknown };
const part = (schema: unknown): Part => (isJsonObject(schema) ? schema : {});
const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Where secrets stand: what a schema marks with `writeOnly`, and places that held a secret before, whatever the schema says now. */
export type SecretPlaces = { schema: unknown; paths?: readonly string[] | undefined };

/** Goes through the secrets of a configuration and puts others in their place. */
function mapSecrets(
  { schema, paths }: SecretPlaces,
  value: JsonValue | undefined,
  replace: (secret: JsonValue, path: string) => JsonValue,
  path = '',
): JsonValue | undefined {
  const { writeOnly, properties, items, additionalProperties } = part(schema);
  if (value === undefined || value === null) return value;
  if (writeOnly === true || paths?.includes(path)) return value === '' ? value : replace(value, path);
  if (Array.isArray(value))
    return value.map((each, index) => mapSecrets({ schema: items, paths }, each, replace, `${path}/${index}`)!);
  if (!isJsonObject(value)) return value;
  const known = part(properties) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      mapSecrets({ schema: known[key] ?? additionalProperties, paths }, each, replace, `${path}/${escaped(key)}`)!,
    ]),
  );
}

const stepsOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

const at = (value: JsonValue | undefined, path: string): JsonValue | undefined =>
  stepsOf(path).reduce<JsonValue | undefined>((found, key) => {
    if (Array.isArray(found)) return found[Number(key)];
    return isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }, value);

/** A configuration to be shown: its secrets are words that stand for them. `mark` differs with each change. */
export const hideSecrets = (places: SecretPlaces, configuration: JsonObject, mark: string): JsonObject =>
  mapSecrets(places, configuration, (_secret, path) => wordOf(mark, path)) as JsonObject;

/**
 * A configuration that came back: the words are the secrets again, wherever they stand now.
 *
 * @returns undefined when a word is of another time, so that nobody knows what it stood for
 */
export function restoreSecrets(
  places: SecretPlaces,
  given: JsonObject,
  before: JsonObject,
  mark: string,
): JsonObject | undefined {
  let isLost = false;
  const restored = mapSecrets(places, given, (value) => {
    const [, wordMark, path] = (typeof value === 'string' && keptWord.exec(value)) || [];
    if (path === undefined) return value;
    const secret = wordMark === mark ? at(before, path) : undefined;
    isLost ||= secret === undefined;
    return secret ?? null;
  });
  return isLost ? undefined : (restored as JsonObject);
}

/** A configuration without its secrets, and these by their JSON pointers. */
export type Divided = { open: JsonObject; secrets: Record<string, JsonValue> };

/** Takes the secrets out of a configuration; an empty text stays where each was. */
export function divide(places: SecretPlaces, configuration: JsonObject): Divided {
  const secrets: Record<string, JsonValue> = {};
  const open = mapSecrets(places, configuration, (secret, path) => {
    secrets[path] = secret;
    return '';
  }) as JsonObject;
  return { open, secrets };
}

/** Puts secrets back to where they stood. */
export function unite({ open, secrets }: Divided): JsonObject {
  const whole = structuredClone(open);
  for (const [path, secret] of Object.entries(secrets)) {
    const steps = stepsOf(path);
    const last = steps.pop()!;
    const holder = steps.reduce<JsonValue | undefined>((found, step) => at(found, `/${escaped(step)}`), whole);
    if (typeof holder === 'object' && holder !== null) (holder as JsonObject)[last] = secret;
  }
  return whole;
}
