import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';
import { formOf } from '../formats/backstage/form.ts';
import type { ValueFault } from '../language/validate.ts';
import type { Renderers } from '../language/renderers.ts';
import type { TemplateDefinition } from '../types.ts';

const limits = ['enum', 'const', 'minimum', 'maximum'];

/** A page without the limits that are still expressions: what depends on something else than answers is not known. */
function checkable(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(checkable);
  if (!isJsonObject(schema)) return schema;
  const known = Object.entries(schema).filter(
    ([key, value]) => !(limits.includes(key) && typeof value === 'string' && value.includes('${{')),
  );
  return Object.fromEntries(known.map(([key, value]) => [key, checkable(value)]));
}

/** What of the values does not fit the pages of a template's form that are shown with them, and of the secrets its schema. */
export async function checkValues(
  template: TemplateDefinition,
  values: JsonObject,
  renderers: Renderers,
  { secrets, user }: { secrets?: Record<string, string>; user?: JsonValue } = {},
): Promise<ValueFault[]> {
  const form = await formOf(template, renderers, { answers: values, isAnswered: true, user, flags: 'all' });
  const pages = {
    work: 'validate',
    schemas: form.steps.map(({ schema, isShown }) => (isShown ? (checkable(schema) as JsonObject) : {})),
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
