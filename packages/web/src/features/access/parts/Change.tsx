import type { SimulateBody } from '@callboard/model/http';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../../../core/session/index.ts';
import { simulate } from '../api.ts';
import { Simulated } from './Simulated.tsx';
import classes from './Policy.module.css';

type ChangeProps = {
  label: string;
  /** What is to be looked at before it is saved */
  change: () => SimulateBody;
  save: () => Promise<unknown>;
  onSaved: () => void;
  children: ReactNode;
};

/** A form that changes the policy: first what it would do, then the doing. */
export function Change({ label, change, save, onSaved, children }: ChangeProps) {
  const client = useQueryClient();
  const { allowed, reason } = useMay('access.policy.manage');
  const look = useMutation({ mutationFn: () => simulate(change()) });
  const make = useMutation({
    mutationFn: save,
    onSuccess: () => {
      look.reset();
      onSaved();
      return client.invalidateQueries({ queryKey: ['access'] });
    },
  });
  const error = make.error ?? look.error;
  if (!allowed) return <p className={classes.answer}>{reason}</p>;
  return (
    <>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        {children}
        <Button
          size="sm"
          variant="default"
          loading={look.isPending}
          onClick={(event) => {
            if (event.currentTarget.form?.reportValidity()) look.mutate();
          }}
        >
          What would change?
        </Button>
        <Button type="submit" size="sm" loading={make.isPending}>
          {label}
        </Button>
      </form>
      {error ? (
        <p role="alert" className={classes.failed}>
          {error.message}. {(error as { fix?: string }).fix}
        </p>
      ) : null}
      {look.data && !error ? <Simulated result={look.data} /> : null}
    </>
  );
}
