import type { JsonObject, JsonValue } from '@callboard/model';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

/** What is wrong with a value; `path` is a JSON pointer into it. */
export type ValueFault = { schema: number; path: string; message: string; keyword: string; property?: string };

const faultOf = (schema: number, { instancePath, keyword, message, params }: ErrorObject): ValueFault => {
  const named = params as {
    missingProperty?: string;
    additionalProperty?: string;
    allowedValues?: unknown[];
    allowedValue?: unknown;
  };
  const property = named.missingProperty ?? named.additionalProperty;
  const values = named.allowedValues ?? (named.allowedValue === undefined ? undefined : [named.allowedValue]);
  const shown = values ? `must be one of ${JSON.stringify(values).slice(0, 200)}` : (message ?? keyword);
  return {
    schema,
    path: instancePath,
    keyword,
    message: property && keyword === 'additionalProperties' ? `${shown}: ${property}` : shown,
    property,
  };
};

/** What a schema must be is compiled once, and only where schemas are not ours: that takes longer than all else. */
const settings = { strict: false, allErrors: true, validateFormats: false, logger: false } as const;
const unchecked = { ...settings, validateSchema: false } as const;
let checker: Ajv | undefined;

function assertSchema(schema: JsonObject): void {
  checker ??= new Ajv(settings);
  if (!checker.validateSchema(schema)) throw new Error(`schema is invalid: ${checker.errorsText(checker.errors)}`);
}

/** Checks a value against schemas of strangers: where it can be ended. */
export function validate(schemas: readonly JsonObject[], value: JsonValue, isStrict: boolean): ValueFault[] {
  return schemas.flatMap((schema, index) => {
    // A draft that is named would have to be known; the words that forms use mean the same in all of them.
    const { $schema: _draft, $id: _id, id: _old, ...rest } = schema;
    try {
      assertSchema(rest);
      const check = new Ajv({ ...unchecked, addUsedSchema: false }).compile(rest);
      if (check(value)) return [];
      return (check.errors ?? []).filter(({ keyword }) => keyword !== 'if').map((error) => faultOf(index, error));
    } catch (error) {
      return isStrict
        ? [
            {
              schema: index,
              path: '',
              keyword: 'schema',
              message: `the schema itself is wrong: ${(error as Error).message}`,
            },
          ]
        : [];
    }
  });
}

const checks = new WeakMap<JsonObject, ValidateFunction>();

/** Checks the input of an action against its schema, which is ours or a plugin's and therefore compiled once, here. */
export function validateInput(schema: JsonObject, input: JsonObject): ValueFault[] {
  let check = checks.get(schema);
  if (!check) {
    check = new Ajv({ ...unchecked, meta: false }).compile(schema);
    checks.set(schema, check);
  }
  return check(input) ? [] : (check.errors ?? []).map((error) => faultOf(0, error));
}
