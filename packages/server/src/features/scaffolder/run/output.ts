import { isJsonObject, type JsonObject, type JsonValue, showValue } from '@callboard/model';
import { isTrue } from '../formats/backstage/form.ts';
import type { Renderers } from '../language/renderers.ts';
import type { TemplateDefinition } from '../types.ts';
import type { RunValues } from './execute-step.ts';

const shown = (items: JsonValue | undefined): JsonValue | undefined =>
  Array.isArray(items)
    ? items.flatMap((item): JsonValue[] => {
        if (!isJsonObject(item)) return [item];
        const { if: condition, ...rest } = item;
        return 'if' in item && !isTrue(condition) ? [] : [rest];
      })
    : items;

/** Renders what a template says at its end: links and texts whose `if` holds, and values. */
export async function renderOutput(
  template: TemplateDefinition,
  values: RunValues,
  renderers: Renderers,
): Promise<{ output: JsonObject; warnings: string[] }> {
  const { value, faults } = await renderers.value(template.output, {
    parameters: values.parameters,
    steps: values.steps,
    user: values.user ?? {},
    context: { task: { id: values.taskId } },
    environment: { parameters: values.environment?.parameters ?? {}, secrets: {} },
  });
  const output = isJsonObject(value) ? value : {};
  for (const list of ['links', 'text']) {
    const items = shown(output[list]);
    if (items !== undefined) output[list] = items;
  }
  return {
    output,
    warnings: faults.map(
      ({ path, text, message, hint }) => `${path} of the output keeps its text ${showValue(text)}: ${message}. ${hint}`,
    ),
  };
}
