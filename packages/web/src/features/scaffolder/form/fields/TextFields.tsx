import { PasswordInput, TagsInput, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useBrief, EntityLink } from '../../../catalog/index.ts';
import { Status } from '../../../../core/ui/index.ts';
import classes from '../Form.module.css';
import { tagsQuery } from './catalog.ts';
import { fieldParts, textsOf, type Field } from './parts.tsx';

const isName = (text: string) => /^[a-z0-9A-Z]([a-z0-9A-Z._-]{0,61}[a-z0-9A-Z])?$/.test(text);

/** The name of an entity to be: says at once when there is one of that name, as a component. */
export function EntityNamePicker(field: Field<string>) {
  const { input } = fieldParts(field);
  const value = field.formData ?? '';
  const [settled] = useDebouncedValue(value, 300);
  const ref = `component:default/${settled.toLowerCase()}`;
  const isAsked = isName(settled);
  const { data } = useBrief(isAsked ? ref : 'component:default/none');
  const fault =
    value !== '' && !isName(value) ? 'Letters, digits, and - _ . between them; 63 characters at most.' : undefined;
  return (
    <>
      <TextInput
        {...input}
        value={value}
        error={input.error ?? fault}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => field.onChange(event.currentTarget.value || undefined, field.fieldPathId.path)}
        onBlur={() => field.onBlur(input.id, value)}
        onFocus={() => field.onFocus(input.id, value)}
      />
      <div role="status" className={classes.note}>
        {isAsked && data && settled === value ? (
          <>
            <Status level="warning" label="There is a component of this name:" /> <EntityLink entityRef={ref} />
          </>
        ) : null}
      </div>
    </>
  );
}

/** Tags: those in use are offered, others can be typed. */
export function EntityTagsPicker(field: Field<string[]>) {
  const { input, options } = fieldParts(field);
  const { data = [] } = useQuery(tagsQuery(textsOf(options['kinds'])));
  const value = textsOf(field.formData);
  const sorted = options['showCounts'] === true ? data.toSorted((a, b) => b.count - a.count) : data;
  const counts = new Map(data.map(({ value: tag, count }) => [tag, count]));
  const helper = typeof options['helperText'] === 'string' ? options['helperText'] : 'Enter adds a tag.';
  return (
    <TagsInput
      {...input}
      description={input.description ?? helper}
      data={sorted.map(({ value: tag }) => tag)}
      value={value}
      clearable
      splitChars={[',', ' ']}
      renderOption={({ option }) => (
        <span className={classes.offer}>
          <span>{option.value}</span>
          {options['showCounts'] === true ? <small>{counts.get(option.value)}</small> : null}
        </span>
      )}
      onChange={(tags) => field.onChange(tags, field.fieldPathId.path)}
      onBlur={() => field.onBlur(input.id, value)}
      onFocus={() => field.onFocus(input.id, value)}
    />
  );
}

/** A secret: the form keeps stars only; the value goes with the run and is in no storage of the browser. */
export function Secret(field: Field<string>) {
  const { input, context } = fieldParts(field);
  const secret = context.secrets?.[field.name] ?? '';
  const put = (value: string) => {
    context.setSecret?.(field.name, value);
    field.onChange(value === '' ? undefined : '*'.repeat(8), field.fieldPathId.path);
  };
  return (
    <PasswordInput
      {...input}
      description={input.description ?? 'Used by this run only; kept nowhere.'}
      value={secret}
      autoComplete="off"
      onChange={(event) => put(event.currentTarget.value)}
      onBlur={() => field.onBlur(input.id, secret)}
      onFocus={() => field.onFocus(input.id, secret)}
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret' }}
    />
  );
}
