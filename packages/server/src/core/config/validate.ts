import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv';
import { describeNode, describeSchema, knownValuesOf, nearest } from './describe.ts';
import { isGroup, withDefaults } from './schema.ts';
import { namesSecret } from './secrets.ts';
import { faultsBelow, nodeAt } from './tree.ts';
import type { ConfigFault, ConfigNode, ConfigOrigin, PlainSchema } from './types.ts';

/** An error with the schema it broke. */
type ValidationError = ErrorObject<string, Record<string, unknown>> & { parentSchema: PlainSchema };

/**
 * Reads the values of a tree: text becomes a number or true/false where the schema wants one, empty keys count as absent,
 * defaults are filled in, and every fault is reported.
 *
 * @param schema - the merged schema
 * @param root - the tree after substitution and overrides
 */
export function readValues(schema: PlainSchema, root: ConfigNode): { values: unknown; faults: ConfigFault[] } {
  const values = withDefaults(schema, readNode(schema, root)) ?? {};
  return {
    values,
    faults: [...faultsBelow(root), ...translate(root, allErrors(whatCounts(schema, root, values), values))],
  };
}

function readNode(schema: PlainSchema, node: ConfigNode): unknown {
  if (node.kind === 'fault') return undefined;
  if (node.kind === 'list') return node.items.map((item) => readNode(schema.items ?? {}, item));
  if (node.kind === 'map') {
    const entries = [...node.entries]
      .filter(
        ([key, entry]) => !(schema.properties?.[key] && entry.node.kind === 'scalar' && entry.node.value === null),
      )
      .map(([key, entry]) => [key, readNode(schema.properties?.[key] ?? {}, entry.node)] as const)
      .filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries);
  }
  return typeof node.value === 'string' ? coerce(schema, node.value) : node.value;
}

function coerce(schema: PlainSchema, text: string): unknown {
  const parts = schema.anyOf ?? [schema];
  const takes = (type: string) => parts.some((part) => part.type === type && part.const === undefined);
  if ((text === 'true' || text === 'false') && parts.some((part) => part.type === 'boolean')) return text === 'true';
  if ((takes('integer') || takes('number')) && !takes('string') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text;
}

/**
 * The schema without the parts that only defaults fill: those are right, and compiling them all would take a good part of the start.
 * Every key stays known by its name.
 */
function whatCounts(schema: PlainSchema, node: ConfigNode, values: unknown): PlainSchema {
  if (!isGroup(schema) || node.kind !== 'map' || values === null || typeof values !== 'object') return schema;
  const properties = Object.entries(schema.properties ?? {}).map(([key, part]): [string, PlainSchema] => {
    const entry = node.entries.get(key);
    const value = (values as Record<string, unknown>)[key];
    if (entry) return [key, whatCounts(part, entry.node, value)];
    return [key, value === undefined ? part : {}];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

function allErrors(schema: PlainSchema, values: unknown): ValidationError[] {
  const formats = { uri: (text: string) => URL.canParse(text) };
  const validate = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    logger: false,
    formats,
    // It is used once: neither the schema, which is ours, nor its code is worth more work.
    validateSchema: false,
    code: { optimize: false },
  }).compile(schema);
  validate(values);
  return (validate.errors ?? []) as ValidationError[];
}

const keysOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

function translate(tree: ConfigNode, errors: ValidationError[]): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const seen = new Map<PlainSchema, Set<string>>();
  for (const error of withoutAlternatives(tree, errors)) {
    if (error.keyword === 'additionalProperties') faults.push(unknownKey(tree, error));
    else if (error.keyword === 'required') faults.push(...missingKey(tree, error));
    else if (error.keyword === 'not') faults.push(...excludingKeys(tree, error));
    else {
      // One value may break several keywords of its schema, which is one fault to a person.
      const places = seen.get(error.parentSchema) ?? new Set();
      seen.set(error.parentSchema, places);
      if (!places.has(error.instancePath)) faults.push(...wrongValue(tree, error));
      places.add(error.instancePath);
    }
  }
  return faults;
}

/** Replaces the errors of every alternative of an `anyOf` by one, or by those of the alternative that was meant. */
function withoutAlternatives(tree: ConfigNode, errors: ValidationError[]): ValidationError[] {
  const inside = (error: ValidationError, union: ValidationError) =>
    error.schemaPath.startsWith(`${union.schemaPath}/`) &&
    `${error.instancePath}/`.startsWith(`${union.instancePath}/`);
  const unions = errors.filter((error) => error.keyword === 'anyOf');
  const outermost = unions.filter((union) => !unions.some((other) => inside(union, other)));
  const kept = errors.filter((error) => error.keyword !== 'anyOf' && !unions.some((union) => inside(error, union)));
  for (const union of outermost) {
    const below = errors.filter((error) => inside(error, union));
    const meant = meantAlternative(tree, union, below);
    kept.push(...(meant ? withoutAlternatives(tree, meant) : [union]));
  }
  return kept;
}

function meantAlternative(
  tree: ConfigNode,
  union: ValidationError,
  below: ValidationError[],
): ValidationError[] | undefined {
  const { node, found } = nodeAt(tree, keysOf(union.instancePath));
  const type = found && node.kind === 'map' ? 'object' : found && node.kind === 'list' ? 'array' : undefined;
  if (!type) return undefined;
  // The keys say which alternative was meant, before the values do.
  const misplaced = (errors: ValidationError[]) =>
    errors.filter(
      ({ keyword, instancePath }) =>
        instancePath === union.instancePath && (keyword === 'required' || keyword === 'additionalProperties'),
    ).length;
  const candidates = (union.parentSchema.anyOf ?? [])
    .map((part, index) => ({
      part,
      errors: below.filter((error) => error.schemaPath.startsWith(`${union.schemaPath}/${index}/`)),
    }))
    .filter(({ part }) => part.type === type)
    .sort((one, other) => misplaced(one.errors) - misplaced(other.errors) || one.errors.length - other.errors.length);
  return candidates[0]?.errors;
}

const originOf = ({ file, line, column, source }: ConfigOrigin): ConfigOrigin => ({ file, line, column, source });

function unknownKey(tree: ConfigNode, { instancePath, parentSchema, params }: ValidationError): ConfigFault {
  const { node } = nodeAt(tree, keysOf(instancePath));
  const name = String(params.additionalProperty);
  const known = Object.keys(parentSchema.properties ?? {});
  const entry = node.kind === 'map' ? node.entries.get(name) : undefined;
  const guess = nearest(name, known);
  return {
    ...originOf(entry?.key ?? node),
    path: entry?.node.path ?? name,
    message: node.path === '' ? `there is no key "${name}"` : `there is no key "${name}" in ${node.path}`,
    expected: `one of the keys ${known.join(', ')}`,
    found: `"${name}"`,
    fix: guess ? `Did you mean "${guess}"?` : `Remove it, or use one of: ${known.join(', ')}.`,
  };
}

function missingKey(tree: ConfigNode, { instancePath, parentSchema, params }: ValidationError): ConfigFault[] {
  const { node, keyOrigin } = nodeAt(tree, keysOf(instancePath));
  const name = String(params.missingProperty);
  const entry = node.kind === 'map' ? node.entries.get(name) : undefined;
  if (entry?.node.kind === 'fault') return [];
  const expected = describeSchema(parentSchema.properties?.[name] ?? {});
  return [
    {
      ...originOf(entry?.key ?? (node.line === undefined ? (keyOrigin ?? node) : node)),
      path: node.path === '' ? name : `${node.path}.${name}`,
      message: entry ? `the key "${name}" is empty` : `the key "${name}" is missing`,
      expected,
      found: 'nothing',
      fix: `Add ${name}: ${expected}.`,
    },
  ];
}

/** Keys that must not stand together (`not: { required: [...] }`): the fault is at the last of them. */
function excludingKeys(tree: ConfigNode, { instancePath, schema }: ValidationError): ConfigFault[] {
  const { node } = nodeAt(tree, keysOf(instancePath));
  const names = (schema as { required?: string[] }).required ?? [];
  const last = node.kind === 'map' ? [...node.entries].findLast(([name]) => names.includes(name))?.[1] : undefined;
  const both = names.map((name) => `"${name}"`).join(' and ');
  return [
    {
      ...originOf(last?.key ?? node),
      path: node.path,
      message: `${both} exclude each other in ${node.path}`,
      expected: `one of the keys ${names.join(', ')}`,
      found: both,
      fix: `Remove one of them: ${both}.`,
    },
  ];
}

function wrongValue(tree: ConfigNode, { instancePath, parentSchema: schema }: ValidationError): ConfigFault[] {
  const keys = keysOf(instancePath);
  const { node, found: exists, keyOrigin } = nodeAt(tree, keys);
  if (!exists || node.kind === 'fault') return [];
  const secret = schema.secret === true || namesSecret(keys.at(-1) ?? '');
  const expected = describeSchema(schema);
  const found = describeNode(node, secret);
  return [
    {
      ...originOf(node.line === undefined && !node.source ? (keyOrigin ?? node) : node),
      path: node.path,
      message: `expected ${expected}, found ${found}`,
      expected,
      found,
      fix: fixFor(schema, node, expected, secret),
    },
  ];
}

function fixFor(schema: PlainSchema, node: ConfigNode, expected: string, secret: boolean): string {
  if (node.kind === 'scalar' && !secret) {
    const guess = typeof node.value === 'string' ? nearest(node.value, knownValuesOf(schema).map(String)) : undefined;
    if (guess) return `Did you mean "${guess}"?`;
    if (schema.type === 'string' && (typeof node.value === 'number' || typeof node.value === 'boolean'))
      return `Put quotes around it: "${node.value}".`;
    if (schema.type === 'array') return 'Write it as a list: each item on its own line after "- ".';
  }
  if (isGroup(schema))
    return `Write the keys of ${node.path} below it, indented: ${Object.keys(schema.properties ?? {}).join(', ')}.`;
  return `Write ${expected}.`;
}
