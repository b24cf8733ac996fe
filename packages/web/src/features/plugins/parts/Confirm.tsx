import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import classes from '../plugins.module.css';

type ConfirmProps = {
  label: string;
  /** Tells buttons of one name apart. */
  of?: string;
  /** What it will do; asked before it is done. Without it, it is done at once. */
  says?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  does: () => Promise<unknown>;
  onDone?: () => void;
};

/** The next key goes to what was asked for. */
const toConfirm = (button: HTMLButtonElement | null) => button?.focus();

/** A button that says what it will do before it does it. */
export function Confirm({ label, of, says, danger = false, disabled = false, does, onDone }: ConfirmProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const run = useMutation({
    mutationFn: does,
    onSuccess: () => {
      setAsking(false);
      onDone?.();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['plugins'] }),
  });
  const name = of === undefined ? label : `${label} ${of}`;
  if (!asking)
    return (
      <span>
        <Button
          size="compact-xs"
          variant="default"
          disabled={disabled}
          loading={run.isPending}
          aria-label={name}
          onClick={() => (says === undefined ? run.mutate() : setAsking(true))}
        >
          {label}
        </Button>
        {run.error ? (
          <span role="alert" className={classes.fault}>
            {run.error.message}
          </span>
        ) : null}
      </span>
    );
  return (
    <span className={classes.asking} role="group" aria-label={name}>
      <span>{says}</span>
      <Button
        size="compact-xs"
        color={danger ? 'red' : undefined}
        loading={run.isPending}
        ref={toConfirm}
        onClick={() => run.mutate()}
      >
        {label}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => setAsking(false)}>
        Cancel
      </Button>
      {run.error ? (
        <span role="alert" className={classes.fault}>
          {run.error.message}
        </span>
      ) : null}
    </span>
  );
}
