import { Input } from '@mantine/core';
import type { JsonValue } from '@callboard/model';
import type { RegistryFieldsType } from '@rjsf/utils';
import type { FormField } from '../../../../core/router/index.ts';
import { fieldParts, type Field } from './parts.tsx';

const plain = (name: string) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** The fields that a part of a form asks for by name. */
function* asked(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema))
    if (key === 'ui:field' && typeof value === 'string') yield value;
    else yield* asked(value);
}

/** Of fields that plugins bring, the one that a template means: by its name, written in any way, or as `plugin:name`. */
export const meantBy = (name: string, offered: readonly FormField[]): FormField | undefined =>
  offered.find((field) => `${field.from}:${field.name}` === name) ??
  offered.find((field) => plain(field.name) === plain(name));

function asField({ component: Control }: FormField) {
  return function ContributedField(field: Field<JsonValue>) {
    const { input, options, context, id } = fieldParts(field);
    return (
      <Input.Wrapper
        id={id}
        label={input.label}
        description={input.description}
        error={input.error}
        required={input.required}
      >
        <Control
          id={id}
          label={input.label}
          value={field.formData}
          onChange={(value) => field.onChange(value as JsonValue, field.fieldPathId.path)}
          onBlur={() => field.onBlur(id, field.formData)}
          required={input.required}
          disabled={input.disabled}
          options={options}
          schema={field.schema}
          values={context.values ?? {}}
        />
      </Input.Wrapper>
    );
  };
}

/** The fields of plugins that a page asks for, by the names that it uses; the portal's own come first. */
export function contributedFields(
  page: unknown,
  own: RegistryFieldsType,
  offered: readonly FormField[],
): RegistryFieldsType {
  const found = [...new Set(asked(page))].flatMap((name) => {
    const field = Object.hasOwn(own, name) ? undefined : meantBy(name, offered);
    return field ? [[name, asField(field)]] : [];
  });
  return Object.fromEntries(found) as RegistryFieldsType;
}
