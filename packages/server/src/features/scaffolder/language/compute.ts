import type { JsonObject, JsonValue } from '@callboard/model';
import { Ajv, type ErrorObject } from 'ajv';
import jsonata from 'jsonata';
import picomatch from 'picomatch';

/** Work with texts of templates that may take long or never end: done where it can be ended. */
export type Computation =
  | { work: 'replace'; text: string; pattern: string; isPattern: boolean; by: string }
  | { work: 'query'; expression: string; data: JsonValue }
  | { work: 'match'; globs: string[]; paths: string[]; dot: boolean }
  | { work: 'validate'; schemas: readonly JsonObject[]; value: JsonValue; isStrict: boolean };

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

function validate(schemas: readonly JsonObject[], value: JsonValue, isStrict: boolean): ValueFault[] {
  return schemas.flatMap((schema, index) => {
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      validateFormats: false,
      logger: false,
      addUsedSchema: false,
    });
    // A draft that is named would have to be known; the words that forms use mean the same in all of them.
    const { $schema: _draft, $id: _id, id: _old, ...rest } = schema;
    try {
      const check = ajv.compile(rest);
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

/** Does one piece of work; throws what the work throws. */
export async function compute(task: Computation): Promise<JsonValue> {
  switch (task.work) {
    case 'replace':
      return task.isPattern
        ? task.text.replaceAll(new RegExp(task.pattern, 'g'), task.by)
        : task.text.replaceAll(task.pattern, task.by);
    case 'query': {
      const result: unknown = await jsonata(task.expression).evaluate(task.data);
      return (result === undefined ? null : JSON.parse(JSON.stringify(result))) as JsonValue;
    }
    case 'match': {
      const { globs, dot, paths } = task;
      const isWanted = picomatch(
        globs.filter((glob) => !glob.startsWith('!')),
        { dot },
      );
      const isUnwanted = picomatch(
        globs.flatMap((glob) => (glob.startsWith('!') ? glob.slice(1) : [])),
        { dot },
      );
      return paths.filter((path) => isWanted(path) && !isUnwanted(path));
    }
    case 'validate':
      return validate(task.schemas, task.value, task.isStrict);
    default:
      throw new Error('unknown work');
  }
}
