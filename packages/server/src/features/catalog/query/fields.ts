import type { JsonObject, JsonValue } from '@callboard/model';
import { isJsonObject } from '@callboard/model';
import { queryErrors } from './errors.ts';
import { limits } from './limits.ts';

/** The fields to keep of each entity. */
export type Projection = { fields: readonly string[]; apply(entity: JsonObject): JsonObject };

/** The keys that lead to a field; a key may itself contain dots, as those of annotations do. */
function resolve(
  value: JsonValue | undefined,
  steps: readonly string[],
): { path: string[]; value: JsonValue } | undefined {
  if (value === undefined) return undefined;
  if (steps.length === 0) return { path: [], value };
  if (!isJsonObject(value)) return undefined;
  let key = steps[0]!;
  for (let length = 1; ; length += 1) {
    const found = Object.hasOwn(value, key) ? resolve(value[key], steps.slice(length)) : undefined;
    if (found) return { path: [key, ...found.path], value: found.value };
    if (length === steps.length) return undefined;
    const longer = `${key}.`;
    if (!Object.keys(value).some((each) => each.startsWith(longer))) return undefined;
    key = longer + steps[length]!;
  }
}

function put(target: JsonObject, path: readonly string[], value: JsonValue): void {
  let place = target;
  for (const key of path.slice(0, -1)) {
    const inner = place[key];
    // A field within one that is kept already is there with it; what is kept must not be changed in place.
    if (inner !== undefined && !ownObjects.has(inner as object)) return;
    place = (inner as JsonObject | undefined) ?? (place[key] = ownObject());
  }
  place[path.at(-1)!] = value;
}

const ownObjects = new WeakSet<object>();
// Without prototype, so that a key such as __proto__ is a key like any other.
const ownObject = (): JsonObject => {
  const object = Object.create(null) as JsonObject;
  ownObjects.add(object);
  return object;
};

/**
 * Reads `fields`: dot paths, separated by commas.
 *
 * @param texts - parameters or body entries
 * @returns undefined when entities are wanted whole
 */
export function parseFields(texts: readonly string[] | undefined): Projection | undefined {
  const fields = [...new Set((texts ?? []).flatMap((text) => text.split(',')).map((field) => field.trim()))].filter(
    Boolean,
  );
  if (fields.length === 0) return undefined;
  if (fields.length > limits.fields)
    throw queryErrors.fieldInvalid({
      field: fields[limits.fields]!.slice(0, 100),
      reason: `at most ${limits.fields} fields are taken`,
    });
  for (const field of fields) {
    if (field.includes('['))
      throw queryErrors.fieldInvalid({ field: field.slice(0, 100), reason: 'items of arrays cannot be picked' });
    if (field.length > limits.field)
      throw queryErrors.fieldInvalid({ field: `${field.slice(0, 100)}…`, reason: 'it is too long' });
  }
  const steps = fields.map((field) => field.split('.'));
  return {
    fields,
    apply(entity) {
      const kept = ownObject();
      for (const each of steps) {
        const found = resolve(entity, each);
        if (found) put(kept, found.path, found.value);
      }
      return kept;
    },
  };
}
