type Schema = Record<string, unknown>;

const number = /^-?(0|[1-9]\d{0,15})(\.\d{1,15})?$/;

/** Reads one text as the schema's type; what does not fit stays text, so that validation names it. */
function coerceValue(value: unknown, schema: Schema): unknown {
  if (schema.type === 'array') {
    const items = (schema.items ?? {}) as Schema;
    return (Array.isArray(value) ? value : [value]).map((item) => coerceValue(item, items));
  }
  if (typeof value !== 'string') return value;
  if (schema.type === 'number' || schema.type === 'integer') return number.test(value) ? Number(value) : value;
  if (schema.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}

/**
 * URLs know only text: turns it into numbers, booleans and arrays where the schema asks for them.
 *
 * @param data - query, path parameters or headers as parsed
 * @param schema - an object schema; a union of types is left to validation
 */
export function coerce(data: unknown, schema: Schema): unknown {
  const properties = schema.properties as Record<string, Schema> | undefined;
  if (!properties || typeof data !== 'object' || data === null) return data;
  const result: Record<string, unknown> = { ...data };
  for (const [key, property] of Object.entries(properties))
    if (Object.hasOwn(result, key)) result[key] = coerceValue(result[key], property);
  return result;
}
