import { Loader, MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { JsonValue } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { optionsQuery, type TemplateKey } from '../../api.ts';
import { fieldParts, type Field } from './parts.tsx';

/** Anything as the text that the list of choices knows it by. */
const keyOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A field whose choices come from the catalog or from an address, as the template declares with `ui:options.from`. */
export function OptionsField(field: Field<JsonValue>) {
  const { input, context } = fieldParts(field);
  if (!context.template) return <p>{input.label}: what it offers is asked for once the template is in the catalog.</p>;
  return <Offered field={field} template={context.template} />;
}

function Offered({ field, template }: { field: Field<JsonValue>; template: TemplateKey }) {
  const { input, context } = fieldParts(field);
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search, 200);
  const path = field.fieldPathId.path.join('.');
  const { [String(field.fieldPathId.path[0])]: _own, ...others } = context.values ?? {};
  const isMany = (field.schema as { type?: unknown }).type === 'array';
  const chosen = (isMany ? ((field.formData as JsonValue[] | undefined) ?? []) : [field.formData]).filter(
    (value) => value !== undefined,
  );
  const names = chosen.map(keyOf);
  const { data, error, isFetching } = useQuery(
    optionsQuery(template, path, others, names.includes(settled) ? '' : settled),
  );
  const options = data?.options ?? [];
  const offers = options.map(({ value, label }) => ({ value: keyOf(value), label }));
  const missing = names.filter((name) => !offers.some(({ value }) => value === name));
  const valueOf = (name: string) =>
    (options.find(({ value }) => keyOf(value) === name)?.value ??
      chosen.find((value) => keyOf(value) === name) ??
      name) as JsonValue;
  const shared = {
    ...input,
    error: input.error ?? (error ? `What can be chosen could not be read: ${error.message}` : undefined),
    searchable: true,
    data: [...missing.map((name) => ({ value: name, label: name })), ...offers],
    rightSection: isFetching ? <Loader size="xs" /> : undefined,
    nothingFoundMessage: 'Nothing to choose from.',
    onSearchChange: setSearch,
    onBlur: () => field.onBlur(input.id, field.formData),
    onFocus: () => field.onFocus(input.id, field.formData),
  };
  const put = (value: JsonValue | undefined) => field.onChange(value, field.fieldPathId.path);
  if (isMany)
    return <MultiSelect {...shared} value={names} onChange={(next) => put(next.map(valueOf))} hidePickedOptions />;
  return (
    <Select
      {...shared}
      clearable={!input.required}
      value={names[0] ?? null}
      onChange={(next) => put(next === null ? undefined : valueOf(next))}
    />
  );
}
