import { getUiOptions, type FieldProps } from '@rjsf/utils';
import { Prose } from '../../../../core/ui/index.ts';
import type { FormContext } from '../context.ts';

export type Field<Value> = FieldProps<Value, Record<string, unknown>, FormContext>;

/** What every field says about itself: label, description, errors and whether it can be filled in. */
export function fieldParts<Value>({
  fieldPathId,
  schema,
  uiSchema,
  name,
  required = false,
  disabled = false,
  readonly = false,
  rawErrors = [],
  autofocus = false,
  registry,
}: Field<Value>) {
  const options = getUiOptions(uiSchema as never) as Record<string, unknown>;
  const text = (key: string) => (typeof options[key] === 'string' ? options[key] : undefined);
  const description = text('description') ?? (schema as { description?: string }).description;
  return {
    id: fieldPathId.$id,
    options,
    input: {
      id: fieldPathId.$id,
      name: fieldPathId.$id,
      label: text('title') ?? (schema as { title?: string }).title ?? name,
      description: description === undefined ? undefined : <Prose text={description} small />,
      required,
      disabled: disabled || readonly,
      error: rawErrors.length > 0 ? rawErrors.join('\n') : undefined,
      placeholder: text('placeholder'),
      autoFocus: autofocus || options['autofocus'] === true,
    },
    context: (registry.formContext ?? {}) as Partial<FormContext>,
  };
}

export const textsOf = (value: unknown): string[] =>
  [value ?? []].flat().filter((each): each is string => typeof each === 'string');
