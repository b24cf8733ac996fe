import type { ConfigSection, PlainSchema } from './types.ts';

/** One key that holds a value rather than a group of keys. */
export type SchemaLeaf = { keys: string[]; schema: PlainSchema; owner: string };

/** Whether the schema is a group of named keys, whose values are configured one by one. */
export function isGroup(schema: PlainSchema): boolean {
  return schema.properties !== undefined && schema.anyOf === undefined;
}

/** Puts the sections together into one schema that refuses every key no section names. */
export function mergeSections(sections: ConfigSection[]): PlainSchema {
  let merged: PlainSchema = { type: 'object', properties: {}, required: [] };
  for (const section of sections) merged = mergeGroups(merged, section.schema as unknown as PlainSchema, section.owner);
  return close(merged);
}

function mergeGroups(one: PlainSchema, other: PlainSchema, owner: string): PlainSchema {
  const properties = { ...one.properties };
  for (const [key, schema] of Object.entries(other.properties ?? {})) {
    const existing = properties[key];
    if (existing && !(isGroup(existing) && isGroup(schema)))
      throw new Error(`Two sections own the configuration key ${key}; the second is ${owner}`);
    properties[key] = existing ? mergeGroups(existing, schema, owner) : schema;
  }
  return { ...other, ...one, properties, required: [...new Set([...(one.required ?? []), ...(other.required ?? [])])] };
}

/** Applies a change to a schema and to every schema inside it, innermost first. */
export function mapSchema(schema: PlainSchema, change: (schema: PlainSchema) => PlainSchema): PlainSchema {
  const inner = (part: PlainSchema) => mapSchema(part, change);
  const each = (parts: Record<string, PlainSchema>) =>
    Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, inner(part)]));
  const copy: PlainSchema = { ...schema };
  if (schema.properties) copy.properties = each(schema.properties);
  if (schema.patternProperties) copy.patternProperties = each(schema.patternProperties);
  if (schema.items) copy.items = inner(schema.items);
  if (schema.anyOf) copy.anyOf = schema.anyOf.map(inner);
  return change(copy);
}

const close = (schema: PlainSchema) =>
  mapSchema(schema, (part) =>
    part.properties && part.additionalProperties === undefined ? { ...part, additionalProperties: false } : part,
  );

/** Every key of the sections that holds a value, in the order of the sections. */
export function schemaLeaves(sections: ConfigSection[]): SchemaLeaf[] {
  const walk = (schema: PlainSchema, keys: string[], owner: string): SchemaLeaf[] =>
    Object.entries(schema.properties ?? {}).flatMap(([key, part]) =>
      isGroup(part) ? walk(part, [...keys, key], owner) : [{ keys: [...keys, key], schema: part, owner }],
    );
  return sections.flatMap((section) => walk(section.schema as unknown as PlainSchema, [], section.owner));
}

/** Fills the defaults of groups and list items into a value that was read. */
export function withDefaults(schema: PlainSchema, value: unknown): unknown {
  if (value === undefined) {
    if (schema.default !== undefined) return structuredClone(schema.default);
    if (!isGroup(schema) || schema.onlyWritten === true || !canBeEmpty(schema)) return undefined;
    return hasDefault(schema) ? withDefaults(schema, {}) : undefined;
  }
  if (Array.isArray(value)) return schema.items ? value.map((item) => withDefaults(schema.items ?? {}, item)) : value;
  if (value === null || typeof value !== 'object' || !isGroup(schema)) return value;
  const filled: Record<string, unknown> = { ...value };
  for (const [key, part] of Object.entries(schema.properties ?? {})) {
    const item = withDefaults(part, filled[key]);
    if (item !== undefined) filled[key] = item;
  }
  return filled;
}

/** Whether a group may be left out: every key it requires has a default. */
function canBeEmpty(schema: PlainSchema): boolean {
  return (schema.required ?? []).every((key) => {
    const part = schema.properties?.[key];
    return part !== undefined && (part.default !== undefined || (isGroup(part) && canBeEmpty(part)));
  });
}

const hasDefault = (schema: PlainSchema): boolean =>
  schema.default !== undefined || (isGroup(schema) && Object.values(schema.properties ?? {}).some(hasDefault));

const dynamicReference = { $ref: '#/$defs/dynamic' };

/** The JSON Schema that editors use: keys with a default may be left out, and every value may be written as `${VAR}` or `$env`. */
export function publishedSchema(sections: ConfigSection[], reserved: Record<string, string>): PlainSchema {
  const root = mapSchema(mergeSections(sections), (part) => {
    const { expected, secret, onlyWritten: _, ...rest } = part;
    const published: PlainSchema = secret ? { ...rest, writeOnly: true } : rest;
    if (expected && !published.description)
      published.description = `${String(expected).charAt(0).toUpperCase()}${String(expected).slice(1)}.`;
    if (!part.properties) return published;
    const required = (part.required ?? []).filter((key) => {
      const inner = part.properties?.[key];
      return inner === undefined || !(inner.default !== undefined || (isGroup(inner) && canBeEmpty(inner)));
    });
    const properties = Object.fromEntries(
      Object.entries(part.properties).map(([key, inner]) => [key, allowDynamic(inner)]),
    );
    const { required: _all, ...others } = published;
    return required.length > 0 ? { ...others, properties, required } : { ...others, properties };
  });
  const reservedProperties = Object.fromEntries(
    Object.entries(reserved).map(([key, description]) => [key, { description }]),
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'callboard.yaml',
    description: 'Configuration of a Callboard portal. Every key has a default.',
    ...root,
    properties: { ...reservedProperties, ...root.properties },
    $defs: {
      dynamic: {
        anyOf: [
          { type: 'string', pattern: '\\$\\{[^{}]*\\}' },
          { type: 'object', properties: { $env: { type: 'string' } }, required: ['$env'], additionalProperties: false },
          {
            type: 'object',
            properties: { $file: { type: 'string' } },
            required: ['$file'],
            additionalProperties: false,
          },
          {
            type: 'object',
            properties: { $include: { type: 'string' } },
            required: ['$include'],
            additionalProperties: false,
          },
        ],
      },
    },
  };
}

function allowDynamic(schema: PlainSchema): PlainSchema {
  // A plain group stays as it is, so that editors still complete its keys.
  if (isGroup(schema) && !schema.required) {
    return {
      ...schema,
      properties: {
        ...schema.properties,
        $include: { type: 'string', description: 'A .yaml or .json file to read this group from.' },
      },
    };
  }
  const { description, default: preset, ...rest } = schema;
  const wrapped: PlainSchema = {
    anyOf: [...(rest.anyOf && Object.keys(rest).length === 1 ? rest.anyOf : [rest]), dynamicReference],
  };
  if (description !== undefined) wrapped.description = description;
  if (preset !== undefined) wrapped.default = preset;
  return wrapped;
}
