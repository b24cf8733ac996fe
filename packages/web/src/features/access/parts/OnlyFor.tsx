import { NativeSelect, TextInput } from '@mantine/core';

/** Conditions that a form can say; anything longer stands in the configuration. */
export type Only = { rule: string; value: string };

const kinds = [
  { value: '', label: 'Everything' },
  { value: 'IS_ENTITY_OWNER', label: 'What they or their groups own' },
  { value: 'HAS_TAG', label: 'What has a tag' },
  { value: 'IS_ENTITY_KIND', label: 'Kinds' },
  { value: 'IS_IN_NAMESPACE', label: 'Namespaces' },
  { value: 'HAS_LABEL', label: 'What has a label' },
  { value: 'HAS_ANNOTATION', label: 'What has an annotation' },
];

const hints: Record<string, string> = {
  HAS_TAG: 'Such as public',
  IS_ENTITY_KIND: 'Such as Component, API',
  IS_IN_NAMESPACE: 'Such as default',
  HAS_LABEL: 'Name, or name=value',
  HAS_ANNOTATION: 'Name, or name=value',
};

const parts = (value: string) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** The condition as the API takes it; undefined for everything. */
export function conditionOf({ rule, value }: Only): unknown {
  const [name = '', wanted] = value.split('=', 2).map((part) => part.trim());
  const named = (key: string) => ({ rule, params: { [key]: name, ...(wanted !== undefined && { value: wanted }) } });
  if (rule === '') return undefined;
  if (rule === 'IS_ENTITY_OWNER') return { rule, params: {} };
  if (rule === 'HAS_TAG') return { rule, params: { tag: value.trim() } };
  if (rule === 'IS_ENTITY_KIND') return { rule, params: { kinds: parts(value) } };
  if (rule === 'IS_IN_NAMESPACE') return { rule, params: { namespaces: parts(value) } };
  return named(rule === 'HAS_LABEL' ? 'label' : 'annotation');
}

/** Asks which entities are meant. */
export function OnlyFor({ value, onChange }: { value: Only; onChange: (value: Only) => void }) {
  const hint = hints[value.rule];
  return (
    <>
      <NativeSelect
        label="For"
        data={kinds}
        value={value.rule}
        onChange={(event) => onChange({ rule: event.currentTarget.value, value: '' })}
      />
      {hint === undefined ? null : (
        <TextInput
          label="Which"
          description={hint}
          required
          withAsterisk={false}
          value={value.value}
          onChange={(event) => onChange({ ...value, value: event.currentTarget.value })}
        />
      )}
    </>
  );
}
