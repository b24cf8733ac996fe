import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';
import { knownAction } from '../formats/backstage/known-actions.ts';
import type { TemplateDefinition } from '../types.ts';

/** A value that stands for one that only a real run knows, typed by its schema. */
export function standIn(schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) return '<unknown>';
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0] as JsonValue;
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(isJsonObject(schema.properties) ? schema.properties : {}).map(([key, value]) => [
          key,
          standIn(value),
        ]),
      );
    case 'array': {
      const [items] = [schema.items ?? []].flat();
      return items === undefined ? [] : [standIn(items)];
    }
    case 'string':
      return '<example>';
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    default:
      return '<unknown>';
  }
}

/** Stand-ins for the outputs of an action that is not here: what it is known to give, or else what the template asks of it. */
export function standInsFor(template: TemplateDefinition, step: { id: string; action: string }): JsonObject {
  const { outputs, numbers = [] } = knownAction(step.action) ?? {};
  if (outputs) return Object.fromEntries(outputs.map((name) => [name, numbers.includes(name) ? 0 : '<example>']));
  const names = new Set<string>();
  const text = JSON.stringify([template.steps, template.output]);
  const id = step.id.replace(/[^\w-]/g, (character) => `\\${character}`);
  const reference = new RegExp(
    String.raw`steps(?:\.${id}|\[\\?['"]${id}\\?['"]\])\.output(?:\.(\w+)|\[\\?['"](\w+)\\?['"]\])`,
    'g',
  );
  for (const [, dotted, quoted] of text.matchAll(reference)) names.add(dotted ?? (quoted as string));
  return Object.fromEntries([...names].filter((name) => name !== '').map((name) => [name, '<example>']));
}
