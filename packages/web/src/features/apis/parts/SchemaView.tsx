import type { ApiField, ApiSchema } from '@callboard/model';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { AppLink, count, Prose, Status } from '../../../core/ui/index.ts';
import { typeHash } from '../place.ts';
import classes from './SchemaView.module.css';
import { useType } from './types.tsx';

/** The name of a type; one that is defined in the same place leads there. */
function TypeName({ schema }: { schema: ApiSchema }) {
  if (schema.ref === undefined) return <span className={classes.type}>{schema.type}</span>;
  return (
    <AppLink to="." hash={typeHash(schema.ref)} className={classes.type}>
      {schema.type}
    </AppLink>
  );
}

const shownValues = 12;

function Values({ values }: { values: NonNullable<ApiSchema['values']> }) {
  const [all, setAll] = useState(false);
  const shown = all ? values : values.slice(0, shownValues);
  const described = values.some(({ description }) => description);
  return (
    <ul className={classes.values} data-described={described} aria-label="Values">
      {shown.map(({ value, description, deprecated }) => (
        <li key={value}>
          <code>{value}</code>
          {description ? <span className={classes.note}>{description}</span> : null}
          {deprecated ? <span className={classes.note}>deprecated</span> : null}
        </li>
      ))}
      {shown.length < values.length ? (
        <li>
          <button type="button" className={classes.more} onClick={() => setAll(true)}>
            {values.length - shown.length} more
          </button>
        </li>
      ) : null}
    </ul>
  );
}

/** What is said of a value besides its type. */
function Details({ schema }: { schema: ApiSchema }) {
  const { rules, values, default: preset, examples } = schema;
  return (
    <>
      <Prose text={schema.description} small />
      {rules ? <p className={classes.rules}>{rules.join(' · ')}</p> : null}
      {values ? <Values values={values} /> : null}
      {preset === undefined ? null : (
        <p className={classes.rules}>
          Default <code>{preset}</code>
        </p>
      )}
      {examples ? (
        <p className={classes.rules}>
          Example{' '}
          {examples.map((example) => (
            <code key={example}>{example}</code>
          ))}
        </p>
      ) : null}
    </>
  );
}

const hasParts = (schema: ApiSchema | undefined) =>
  Boolean(schema && (schema.fields ?? schema.choices ?? schema.inner ?? schema.values));

/** The parts of a schema: its fields, what it may be, what its elements are. */
export function SchemaParts({ schema, depth = 0 }: { schema: ApiSchema; depth?: number }) {
  const { fields, choices, inner } = schema;
  return (
    <>
      {fields ? (
        <ul className={classes.fields}>
          {fields.map((field, index) => (
            <Field key={`${field.name} ${index}`} field={field} depth={depth} />
          ))}
        </ul>
      ) : null}
      {choices?.map(({ word, of }) => (
        <div key={word} className={classes.choices}>
          <p className={classes.word}>{word}</p>
          <ul className={classes.fields}>
            {of.map((choice, index) => (
              <Choice key={index} schema={choice} depth={depth} />
            ))}
          </ul>
        </div>
      ))}
      {inner && hasParts(inner) ? <SchemaParts schema={inner} depth={depth} /> : null}
      {inner && !hasParts(inner) && inner.ref === undefined ? <Details schema={inner} /> : null}
    </>
  );
}

/** Something that can be opened: its own parts, or those of the type that it names. */
function Opening({ schema, name, depth }: { schema: ApiSchema; name: string; depth: number }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const type = useType(schema.ref, open);
  const hasOwn = Boolean(schema.fields ?? schema.choices ?? (hasParts(schema.inner) ? schema.inner : undefined));
  if (!hasOwn && schema.ref === undefined) return null;
  // A type without parts, such as an enumeration, is said at once.
  if (!hasOwn && type && !type.schema.fields && !type.schema.choices && !type.schema.inner)
    return <Details schema={type.schema} />;
  const shown = hasOwn ? schema : type?.schema;
  const size = schema.fields?.length ?? type?.schema.fields?.length;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <button
        type="button"
        className={classes.toggle}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <Chevron size="0.875rem" aria-hidden />
        {open ? 'Hide' : 'Show'} {size === undefined ? 'parts' : count(size, 'field')}
        <span className={classes.spoken}> of {name}</span>
      </button>
      {open ? (
        <div id={id} className={classes.nested}>
          {shown ? (
            <>
              {shown === type?.schema ? <Details schema={type.schema} /> : null}
              <SchemaParts schema={shown} depth={depth + 1} />
            </>
          ) : (
            <p className={classes.rules}>Loading …</p>
          )}
        </div>
      ) : null}
    </>
  );
}

function Marks({ schema, required }: { schema: ApiSchema; required?: boolean | undefined }) {
  return (
    <>
      {required ? <span className={classes.required}>required</span> : null}
      {schema.access ? <span className={classes.mark}>{schema.access}</span> : null}
      {schema.deprecated ? <Status level="warning" label="deprecated" /> : null}
      {schema.missing ? <Status level="warning" label="not defined" /> : null}
    </>
  );
}

function Field({ field, depth }: { field: ApiField; depth: number }) {
  return (
    <li className={classes.field}>
      <p className={classes.line}>
        <code className={classes.name}>{field.name}</code>
        <TypeName schema={field} />
        <Marks schema={field} required={field.required} />
      </p>
      <Details schema={field} />
      <Opening schema={field} name={field.name} depth={depth} />
    </li>
  );
}

function Choice({ schema, depth }: { schema: ApiSchema; depth: number }) {
  const inline = schema.ref === undefined && schema.fields !== undefined;
  return (
    <li className={classes.field}>
      <p className={classes.line}>
        <TypeName schema={schema} />
        <Marks schema={schema} />
      </p>
      <Details schema={schema} />
      {inline ? (
        <div className={classes.nested}>
          <SchemaParts schema={schema} depth={depth + 1} />
        </div>
      ) : (
        <Opening schema={schema} name={schema.type} depth={depth} />
      )}
    </li>
  );
}

/** A whole schema: what it is, then its parts. A type that it names is opened at once. */
export function SchemaView({ schema, withName = true }: { schema: ApiSchema; withName?: boolean }) {
  const type = useType(schema.ref, true);
  const named = hasParts(schema) ? undefined : type?.schema;
  return (
    <div className={classes.schema}>
      {withName ? (
        <p className={classes.line}>
          <TypeName schema={schema} />
          <Marks schema={schema} />
        </p>
      ) : null}
      <Details schema={schema} />
      {named ? <Details schema={named} /> : null}
      <SchemaParts schema={named ?? schema} />
    </div>
  );
}

/** Fields on their own, such as parameters. */
export function FieldList({ fields }: { fields: ApiField[] }) {
  return (
    <ul className={classes.fields}>
      {fields.map((field) => (
        <Field key={field.name} field={field} depth={0} />
      ))}
    </ul>
  );
}
