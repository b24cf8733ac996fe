import type { JsonObject, JsonValue } from '@callboard/model';
import type { ValueFault } from '../language/validate.ts';
import type { Renderers } from '../language/renderers.ts';
import type { TemplateDefinition } from '../types.ts';

/** A page with a condition of its own is written with `if: ${{ }}`, which is no JSON Schema. */
const schemaOf = (page: JsonObject): JsonObject => {
  const { if: condition, ...rest } = page;
  return typeof condition === 'string' || typeof condition === 'boolean' ? rest : page;
};

/** What of the values does not fit the pages of a template's form, and of the secrets its schema. */
export async function checkValues(
  template: TemplateDefinition,
  values: JsonObject,
  renderers: Renderers,
  secrets?: Record<string, string>,
): Promise<ValueFault[]> {
  const pages = {
    work: 'validate',
    schemas: template.parameters.map(schemaOf),
    value: values,
    isStrict: false,
  } as const;
  const faults =
    pages.schemas.length === 0
      ? []
      : ((await renderers.compute(pages, 'the schema of the form')) as unknown as ValueFault[]);
  if (!template.secretsSchema) return faults;
  const asked = {
    work: 'validate',
    schemas: [template.secretsSchema],
    value: (secrets ?? {}) as JsonValue,
    isStrict: false,
  } as const;
  const lacking = (await renderers.compute(asked, 'the schema of the secrets')) as unknown as ValueFault[];
  const shown = (fault: ValueFault): ValueFault => ({
    ...fault,
    schema: -1,
    message: fault.keyword === 'required' ? `secrets.${fault.property} is required` : fault.message,
  });
  return [...faults, ...lacking.map(shown)];
}
