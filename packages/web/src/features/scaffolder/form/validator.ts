import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { RJSFSchema, RJSFValidationError, ValidatorType } from '@rjsf/utils';
import { createErrorHandler, toErrorSchema, unwrapErrorHandler, validationDataMerge } from '@rjsf/utils';
import { messageOf } from './messages.ts';

/** Words of a schema that only say "something within me is wrong". */
const wrappers = new Set([
  'properties',
  'items',
  'additionalItems',
  'prefixItems',
  'allOf',
  'if',
  'then',
  'else',
  '$ref',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'contains',
]);

/** Patterns that only browsers refuse: with `u` an escape must mean something. */
function usablePattern(pattern: string): string | undefined {
  for (const text of [pattern, pattern.replaceAll(/\\([^\w^$\\.*+?()[\]{}|/-])/g, '$1')]) {
    try {
      return new RegExp(text, 'u').source;
    } catch {
      // The next way of writing it.
    }
  }
  return undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSchemaMap = new Set(['properties', 'definitions', '$defs', 'patternProperties', 'dependentSchemas']);

/** A schema that the validator can read: no draft of its own, no pattern that it cannot compile, no `required` that is not a list. */
export function readableSchema(schema: unknown, isMap = false): unknown {
  if (Array.isArray(schema)) return schema.map((item) => readableSchema(item));
  if (!isRecord(schema)) return schema;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (isMap) kept[key] = readableSchema(value);
    else if (key === '$schema' || key === '$id' || key === 'id' || key.startsWith('ui:')) continue;
    else if (key === 'required' && !Array.isArray(value)) continue;
    else if (['default', 'const', 'enum', 'examples'].includes(key)) kept[key] = value;
    else if (key === 'pattern' && typeof value === 'string') {
      const pattern = usablePattern(value);
      if (pattern !== undefined) kept[key] = pattern;
    } else kept[key] = readableSchema(value, isSchemaMap.has(key));
  }
  return kept;
}

const prepared = new WeakMap<object, Validator>();

function validatorOf(schema: object): Validator {
  let validator = prepared.get(schema);
  if (!validator) {
    validator = new Validator(readableSchema(schema) as Schema, '7', false);
    prepared.set(schema, validator);
  }
  return validator;
}

/** Fields that were emptied are not there. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

const pathOf = (location: string): string[] =>
  location
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));

function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = (found as Record<string, unknown> | undefined)?.[key];
  return found;
}

/** Of `anyOf` and `oneOf` only the nearest branch is worth telling of: the one with the fewest faults that are not about its choice. */
function nearest(units: OutputUnit[]): OutputUnit[] {
  const branches = new Map<string, Map<string, OutputUnit[]>>();
  const outside: OutputUnit[] = [];
  for (const unit of units) {
    const match = /^(.*?\/(?:anyOf|oneOf))\/(\d+)(\/|$)/.exec(unit.keywordLocation);
    if (!match) {
      outside.push(unit);
      continue;
    }
    const group = branches.get(match[1]!) ?? new Map<string, OutputUnit[]>();
    group.set(match[2]!, [...(group.get(match[2]!) ?? []), unit]);
    branches.set(match[1]!, group);
  }
  const chosen = [...branches.values()].flatMap((group) => {
    const weight = (found: OutputUnit[]) =>
      found.reduce((sum, { keyword }) => sum + (keyword === 'const' || keyword === 'enum' ? 100 : 1), 0);
    return [...group.values()].toSorted((a, b) => weight(a) - weight(b))[0] ?? [];
  });
  // The message of the choice itself only says that no branch fits.
  const rest = chosen.length > 0 ? outside.filter(({ keyword }) => !/^(anyOf|oneOf)$/.test(keyword)) : outside;
  return [...rest, ...chosen];
}

/** Everything in the values that does not fit, each at its field and in words for the person who fills in the form. */
export function faultsOf(schema: RJSFSchema, values: unknown): RJSFValidationError[] {
  let units: OutputUnit[];
  try {
    units = validatorOf(schema).validate(plain(values) ?? {}).errors;
  } catch {
    // A schema that cannot be read is the template's fault; the portal checks the values again when it gets them.
    return [];
  }
  const leaves = nearest(units.filter(({ keyword, error }) => !wrappers.has(keyword) && error !== ''));
  const seen = new Set<string>();
  return leaves.flatMap(({ keyword, keywordLocation, instanceLocation, error }) => {
    const parent = at(schema, pathOf(keywordLocation).slice(0, -1));
    const missing = keyword === 'required' ? /"([^"]*)"\.?$/.exec(error)?.[1] : undefined;
    const path = [...pathOf(instanceLocation), ...(missing === undefined ? [] : [missing])];
    const id = `${path.join('/')} ${keyword}`;
    if (seen.has(id)) return [];
    seen.add(id);
    const message = messageOf(keyword, isRecord(parent) ? parent : {}, error, missing);
    const property = path.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
    return [{ name: keyword, property, message, stack: message, params: {}, schemaPath: keywordLocation }];
  });
}

/** The form's validator: no generated code, so that it works under a policy that allows none. */
export const validator: ValidatorType = {
  validateFormData(formData, schema, customValidate, transformErrors, uiSchema) {
    const found = faultsOf(schema, formData);
    const errors = transformErrors ? transformErrors(found, uiSchema) : found;
    const data = { errors, errorSchema: toErrorSchema(errors) };
    if (!customValidate) return data;
    const handler = customValidate(formData, createErrorHandler(formData), uiSchema, data.errorSchema);
    return validationDataMerge(data, unwrapErrorHandler(handler));
  },
  isValid(schema, formData, rootSchema) {
    if (typeof schema === 'boolean') return schema;
    const definitions = JSON.stringify(schema).includes('"$ref"')
      ? { definitions: rootSchema.definitions, $defs: rootSchema.$defs }
      : {};
    try {
      const check = new Validator(readableSchema({ ...definitions, ...schema }) as Schema, '7', true);
      return check.validate(plain(formData) ?? {}).valid;
    } catch {
      return false;
    }
  },
  rawValidation: (schema, formData) => ({ errors: faultsOf(schema, formData) as never[] }),
};
