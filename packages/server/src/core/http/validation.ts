import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler, RouteOptions } from 'fastify';
import { coerce } from './coerce.ts';
import { httpErrors } from './errors.ts';
import { describeFaults } from './faults.ts';
import { limits } from './limits.ts';

type Schema = Record<string, unknown>;

const parts: Record<string, { word: string; label: string }> = {
  body: { word: 'body', label: 'Body' },
  querystring: { word: 'query string', label: 'Query parameter' },
  params: { word: 'path', label: 'Path parameter' },
  headers: { word: 'headers', label: 'Header' },
};

const isPlainObjectSchema = (schema: unknown): schema is Schema =>
  typeof schema === 'object' && schema !== null && (schema as Schema).type === 'object';

/** Closes an object schema that does not say whether other fields may come. */
export function closed<T>(schema: T): T {
  if (!isPlainObjectSchema(schema) || 'additionalProperties' in schema || 'patternProperties' in schema) return schema;
  return { ...(schema as object), additionalProperties: false } as T;
}

/** Makes the top level of a route's query string and body strict, in what is checked and in what is published. */
export function closeSchemas(route: RouteOptions): void {
  const schema = route.schema ?? {};
  route.schema = {
    ...schema,
    querystring: closed(
      schema.querystring ?? (route.url.startsWith('/api/') ? { type: 'object', properties: {} } : undefined),
    ),
    body: closed(schema.body),
  };
  if (route.schema.querystring === undefined) delete route.schema.querystring;
  if (route.schema.body === undefined) delete route.schema.body;
}

/**
 * Makes the validator of all routes. Nothing is coerced but text from the URL, nothing is removed, all faults are found.
 * A schema is compiled at its first use, so that starting stays fast.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<unknown> {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, verbose: true, messages: false });
  return ({ schema, httpPart = 'body' }) => {
    let validate: ValidateFunction | undefined;
    const part = parts[httpPart] ?? parts['body']!;
    return (data: unknown) => {
      validate ??= ajv.compile(schema as Schema);
      const value = httpPart === 'body' ? data : coerce(data, schema as Schema);
      if (validate(value)) return { value };
      const faults = describeFaults(validate.errors as ErrorObject[], part.label);
      const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
      return {
        error: httpErrors.invalidRequest(
          { message: `${faults[0]!.message}${more}`, part: part.word },
          { details: { in: part.word, faults: faults.slice(0, limits.faults) } },
        ),
      };
    };
  };
}
