import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode, type Ref } from 'react';
import { blank, changedTo, type Draft, type Part, rules } from './condition.ts';
import classes from './Policy.module.css';

const deepest = 4;
const joins = [
  { value: 'allOf', label: 'All of several conditions' },
  { value: 'anyOf', label: 'One of several conditions' },
  { value: 'not', label: 'All but …' },
];
const legends = { allOf: 'All of these hold', anyOf: 'One of these holds', not: 'This does not hold' };

const optionsOf = (draft: Draft, depth: number) => [
  ...(depth === 0 ? [{ value: 'everything', label: 'Everything' }] : []),
  ...(draft.how === 'written' ? [{ value: 'written', label: 'As it was written' }] : []),
  ...Object.entries(rules).map(([value, { label }]) => ({ value, label })),
  ...(depth < deepest || draft.how === 'allOf' || draft.how === 'anyOf' || draft.how === 'not' ? joins : []),
];

type Fields = {
  value: Draft;
  onChange: (value: Draft) => void;
  /** What the first field is called */
  label?: string;
  depth?: number;
  /** The first field */
  first?: Ref<HTMLSelectElement>;
};

function Several({
  parts,
  onChange,
  depth,
}: {
  parts: readonly Part[];
  onChange: (parts: Part[]) => void;
  depth: number;
}) {
  const [added, setAdded] = useState<number>();
  const fresh = useRef<HTMLSelectElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (added !== undefined) fresh.current?.focus();
  }, [added]);
  return (
    <>
      {parts.map(({ id, draft }, index) => (
        <div key={id} className={classes.part}>
          <ConditionFields
            value={draft}
            label={`Condition ${index + 1}`}
            depth={depth}
            first={id === added ? fresh : undefined}
            onChange={(changed) => onChange(parts.map((part) => (part.id === id ? { id, draft: changed } : part)))}
          />
          {parts.length > 1 ? (
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={`Remove condition ${index + 1}`}
              onClick={() => {
                onChange(parts.filter((part) => part.id !== id));
                add.current?.focus();
              }}
            >
              Remove
            </Button>
          ) : null}
        </div>
      ))}
      <div>
        <Button
          ref={add}
          size="compact-sm"
          variant="default"
          onClick={() => {
            const id = Math.max(...parts.map((part) => part.id)) + 1;
            onChange([...parts, { id, draft: blank }]);
            setAdded(id);
          }}
        >
          Add a condition
        </Button>
      </div>
    </>
  );
}

function Inside({
  value,
  onChange,
  depth,
}: {
  value: Draft;
  onChange: (value: Draft) => void;
  depth: number;
}): ReactNode {
  if (value.how === 'written') return <code className={classes.detail}>{JSON.stringify(value.condition)}</code>;
  if (value.how === 'rule') {
    const { hint } = rules[value.rule]!;
    if (hint === undefined) return null;
    return (
      <TextInput
        label="Which"
        description={hint}
        required
        withAsterisk={false}
        value={value.value}
        onChange={(event) => onChange({ ...value, value: event.currentTarget.value })}
      />
    );
  }
  if (value.how === 'everything') return null;
  return (
    <fieldset className={classes.group}>
      <legend>{legends[value.how]}</legend>
      {value.how === 'not' ? (
        <div className={classes.part}>
          <ConditionFields
            value={value.part}
            label="Condition"
            depth={depth + 1}
            onChange={(part) => onChange({ how: 'not', part })}
          />
        </div>
      ) : (
        <Several parts={value.parts} depth={depth + 1} onChange={(parts) => onChange({ how: value.how, parts })} />
      )}
    </fieldset>
  );
}

/** Asks which entities are meant: by one rule, or by several that are joined. */
export function ConditionFields({ value, onChange, label = 'For', depth = 0, first }: Fields) {
  return (
    <>
      <NativeSelect
        ref={first}
        label={label}
        data={optionsOf(value, depth)}
        value={value.how === 'rule' ? value.rule : value.how}
        onChange={(event) => onChange(changedTo(event.currentTarget.value, value))}
      />
      <Inside value={value} onChange={onChange} depth={depth} />
    </>
  );
}
