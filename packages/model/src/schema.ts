import type TypeBox from 'typebox';

/**
 * Builders of JSON Schema with TypeBox's types, which is where `Static` comes from. The library itself carries a compiler of type
 * expressions that costs every process 20 MB and 80 ms; the few builders that schemas of data need are these.
 */
type Builders = Pick<
  typeof TypeBox,
  | 'Array'
  | 'Boolean'
  | 'Integer'
  | 'Intersect'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unknown'
  | 'Unsafe'
>;

type Schema = { [keyword: string]: unknown };

/** Marks a property that may be absent; not part of the published schema. */
const optional = Symbol('optional');

const typed =
  (type: string) =>
  (options: Schema = {}): Schema => ({ type, ...options });

const object = (properties: Record<string | symbol, Schema>, options: Schema = {}): Schema => {
  const required = Object.keys(properties).filter((key) => !(optional in (properties[key] as object)));
  return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...options };
};

const builders = {
  Array: (items: Schema, options: Schema = {}): Schema => ({ type: 'array', items, ...options }),
  Boolean: typed('boolean'),
  Integer: typed('integer'),
  Intersect: (allOf: Schema[], options: Schema = {}): Schema => ({ allOf, ...options }),
  Literal: (value: string | number | boolean, options: Schema = {}): Schema => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Null: typed('null'),
  Number: typed('number'),
  Object: object,
  Optional: (schema: Schema): Schema => Object.defineProperty({ ...schema }, optional, { value: true }),
  Record: (_key: Schema, value: Schema, options: Schema = {}): Schema => ({
    type: 'object',
    patternProperties: { '^.*$': value },
    ...options,
  }),
  String: typed('string'),
  Union: (anyOf: Schema[], options: Schema = {}): Schema => ({ anyOf, ...options }),
  Unknown: (options: Schema = {}): Schema => ({ ...options }),
  Unsafe: (schema: Schema): Schema => schema,
};

export const Type = builders as unknown as Builders;
export type { Static, TObject, TSchema } from 'typebox';
