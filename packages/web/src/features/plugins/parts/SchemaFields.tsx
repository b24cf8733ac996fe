import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isKept, listed, type Schema, type Values } from '../schema.ts';
import classes from '../plugins.module.css';

type FieldsProps = {
  schema: Schema;
  values: Values;
  /** What is wrong, by path: `/harbour` */
  faults: Map<string, string>;
  path?: string;
  onChange: (values: Values) => void;
};

/** A form for values of a JSON Schema. What has no field of its own is written as JSON. */
export function SchemaFields({ schema, values, faults, path = '', onChange }: FieldsProps) {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return <p className={classes.second}>There is nothing to set.</p>;
  return (
    <div className={classes.fields}>
      {fields.map(([name, field]) => (
        <Field
          key={name}
          name={name}
          field={field}
          required={required.has(name)}
          value={values[name]}
          faults={faults}
          path={`${path}/${name}`}
          onChange={(value) => {
            const { [name]: _before, ...others } = values;
            onChange(value === undefined ? others : { ...others, [name]: value });
          }}
        />
      ))}
    </div>
  );
}

type FieldProps = {
  name: string;
  field: Schema;
  required: boolean;
  value: unknown;
  faults: Map<string, string>;
  path: string;
  onChange: (value: unknown) => void;
};

/** A value as people write it. */
const wordOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function Field({ name, field, required, value, faults, path, onChange }: FieldProps) {
  const label = field.title ?? name;
  const error = faults.get(path);
  const preset = field.default === undefined ? undefined : wordOf(field.default);
  const common = { label, description: field.description, error, withAsterisk: required };
  if (field.enum)
    return (
      <NativeSelect
        {...common}
        value={value === undefined ? '' : JSON.stringify(value)}
        data={[
          { value: '', label: preset === undefined ? 'Not set' : `Not set (${preset})` },
          ...field.enum.map((each) => ({ value: JSON.stringify(each), label: wordOf(each) })),
        ]}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.value === '' ? undefined : (JSON.parse(currentTarget.value) as unknown))
        }
      />
    );
  if (field.type === 'boolean')
    return (
      <label className={classes.check}>
        <input
          type="checkbox"
          checked={(value ?? field.default) === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>
          {label}
          {field.description ? <span className={classes.detail}>{field.description}</span> : null}
          {error ? <span className={classes.fault}>{error}</span> : null}
        </span>
      </label>
    );
  if (field.type === 'number' || field.type === 'integer')
    return (
      <TextInput
        {...common}
        type="number"
        step={field.type === 'integer' ? 1 : 'any'}
        placeholder={preset}
        value={typeof value === 'number' ? value : ''}
        onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? undefined : Number(currentTarget.value))}
      />
    );
  if (field.type === 'string' && field.writeOnly && isKept(value))
    return (
      <TextInput
        {...common}
        type="password"
        autoComplete="off"
        placeholder="Is set. Write another to replace it"
        value=""
        onChange={({ currentTarget }) => currentTarget.value !== '' && onChange(currentTarget.value)}
        rightSectionWidth={70}
        rightSection={
          <Button size="compact-sm" variant="subtle" onClick={() => onChange(undefined)}>
            Remove
          </Button>
        }
      />
    );
  if (field.type === 'string')
    return (
      <TextInput
        {...common}
        type={field.format === 'password' || field.writeOnly ? 'password' : 'text'}
        autoComplete="off"
        placeholder={preset}
        value={typeof value === 'string' ? value : ''}
        onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? undefined : currentTarget.value)}
      />
    );
  if (field.type === 'array' && field.items?.type === 'string' && !field.items.enum)
    return (
      <Textarea
        {...common}
        description={[field.description, 'One in each line.'].filter(Boolean).join(' ')}
        rows={4}
        value={Array.isArray(value) ? value.join('\n') : ''}
        onChange={({ currentTarget }) => onChange(listed(currentTarget.value))}
      />
    );
  if (field.type === 'object' && field.properties)
    return (
      <fieldset className={classes.group}>
        <legend>{label}</legend>
        {field.description ? <p className={classes.second}>{field.description}</p> : null}
        <SchemaFields
          schema={field}
          values={(value ?? {}) as Values}
          faults={faults}
          path={path}
          onChange={(next) => onChange(Object.keys(next).length === 0 ? undefined : next)}
        />
      </fieldset>
    );
  if (field.type === 'array' && field.items?.type === 'object' && field.items.properties)
    return <ListField {...common} items={field.items} value={value} faults={faults} path={path} onChange={onChange} />;
  return <JsonField {...common} value={value} onChange={onChange} />;
}

type ListFieldProps = Omit<JsonFieldProps, 'withAsterisk'> & {
  items: Schema;
  faults: Map<string, string>;
  path: string;
};

/** A list of things that have fields of their own, such as hosts with their tokens. */
function ListField({ label, description, error, items, value, faults, path, onChange }: ListFieldProps) {
  const list = (Array.isArray(value) ? value : []) as Values[];
  const change = (next: Values[]) => onChange(next.length === 0 ? undefined : next);
  return (
    <fieldset className={classes.group}>
      <legend>{label}</legend>
      {description ? <p className={classes.second}>{description}</p> : null}
      {error ? <span className={classes.fault}>{error}</span> : null}
      {list.map((entry, index) => (
        <fieldset key={index} className={classes.group}>
          <legend>{`${items.title ?? label} ${index + 1}`}</legend>
          <SchemaFields
            schema={items}
            values={entry}
            faults={faults}
            path={`${path}/${index}`}
            onChange={(next) => change(list.map((each, place) => (place === index ? next : each)))}
          />
          <Button size="xs" variant="default" onClick={() => change(list.filter((_each, place) => place !== index))}>
            {`Remove ${items.title ?? label} ${index + 1}`}
          </Button>
        </fieldset>
      ))}
      <Button size="xs" variant="default" onClick={() => change([...list, {}])}>
        {`Add to ${label}`}
      </Button>
    </fieldset>
  );
}

type JsonFieldProps = {
  label: string;
  description: string | undefined;
  error: string | undefined;
  withAsterisk: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
};

/** What is typed stays as it is while it is no JSON yet. */
function JsonField({ value, onChange, description, error, ...common }: JsonFieldProps) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2));
  const [isBroken, setBroken] = useState(false);
  return (
    <Textarea
      {...common}
      description={[description, 'Written as JSON.'].filter(Boolean).join(' ')}
      error={isBroken ? 'This is no JSON yet.' : error}
      rows={5}
      classNames={{ input: classes.code ?? '' }}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        try {
          onChange(currentTarget.value.trim() === '' ? undefined : (JSON.parse(currentTarget.value) as unknown));
          setBroken(false);
        } catch {
          setBroken(true);
        }
      }}
    />
  );
}
