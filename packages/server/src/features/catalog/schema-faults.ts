import type { ErrorObject } from 'ajv';
import {
  emptyFault,
  type Fault,
  fromPointer,
  isJsonObject,
  type JsonValue,
  missingFault,
  showValue,
  toPointer,
  typeFault,
} from '@callboard/model';

const valueAt = (root: unknown, keys: string[]): JsonValue | undefined => {
  let current = root as JsonValue | undefined;
  for (const key of keys) {
    if (Array.isArray(current)) current = current[Number(key)];
    else if (isJsonObject(current)) current = current[key];
    else return undefined;
  }
  return current;
};

const typeWords: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'null',
};

// Shown the way the envelope shows its paths, so numbers of lists become [2].
const words = (keys: string[]) => keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));

const propertyOf = (schema: unknown, name: string): string => {
  const properties = (schema as { properties?: Record<string, { type?: string; description?: string }> } | undefined)
    ?.properties;
  const property = properties?.[name];
  if (property?.description) return property.description.charAt(0).toLowerCase() + property.description.slice(1);
  return typeWords[String(property?.type)] ?? 'a value';
};

const faultOf = (error: ErrorObject, root: unknown): Fault => {
  const keys = fromPointer(error.instancePath);
  const at = words(keys);
  const value = valueAt(root, keys) ?? null;
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'required') {
    const missing = String(params.missingProperty);
    return missingFault([...at, missing], propertyOf(error.parentSchema, missing));
  }
  if (error.keyword === 'type') {
    const types = [params.type].flat().map((type) => typeWords[String(type)] ?? String(type));
    return typeFault(at, types.join(' or '), value);
  }
  if (error.keyword === 'minLength' && value === '') return emptyFault(at);
  const expected =
    error.keyword === 'enum'
      ? (params.allowedValues as unknown[]).map((each) => showValue(each)).join(' or ')
      : error.keyword === 'const'
        ? showValue(params.allowedValue)
        : error.keyword === 'additionalProperties'
          ? `only the fields of ${at.join('.') || 'the kind'}`
          : (error.message ?? error.keyword);
  const path = error.keyword === 'additionalProperties' ? [...keys, String(params.additionalProperty)] : keys;
  return {
    code: 'CATALOG_DESCRIPTOR_SCHEMA',
    message: `${path.join('.') || 'The document'} ${error.keyword === 'additionalProperties' ? 'is not a field of this kind' : (error.message ?? 'is not valid')}.`,
    path: toPointer(path),
    expected,
    found: showValue(valueAt(root, path)),
    fix: error.keyword === 'additionalProperties' ? 'Delete it, or correct its name.' : `Make it fit: ${expected}.`,
  };
};

/** Turns what the schema validator reports into faults, without the ones that only repeat another. */
export function schemaFaults(errors: ErrorObject[], root: unknown): Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of errors) {
    // A failed alternative is reported by its parts; the sum says nothing more.
    if (errors.length > 1 && ['oneOf', 'anyOf', 'allOf', 'if'].includes(error.keyword)) continue;
    const fault = faultOf(error, root);
    const key = `${fault.path} ${fault.code}`;
    if (!faults.has(key)) faults.set(key, fault);
  }
  return [...faults.values()];
}
