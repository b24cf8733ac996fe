import { Button } from '@mantine/core';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import classes from './ActionButton.module.css';

type ActionButtonProps = {
  label: string;
  /** For those who hear the button without its row */
  what: string;
  /** Asks once more when it cannot be taken back */
  sure?: boolean;
  /** What is read again afterwards */
  queryKey: QueryKey;
  work: () => Promise<unknown>;
};

/** A button in a row of a table: does its work, and has the lists read again. */
export function ActionButton({ label, what, sure = false, queryKey, work }: ActionButtonProps) {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const run = useMutation({
    mutationFn: work,
    onSettled: () => {
      setAsked(false);
      return client.invalidateQueries({ queryKey });
    },
  });
  const shown = asked ? `Yes, ${label.toLowerCase()}` : label;
  return (
    <>
      <Button
        size="compact-xs"
        variant={asked ? 'filled' : 'default'}
        color={asked ? 'red.8' : undefined}
        loading={run.isPending}
        aria-label={`${shown}: ${what}`}
        onClick={() => (sure && !asked ? setAsked(true) : run.mutate())}
        onBlur={() => setAsked(false)}
      >
        {shown}
      </Button>
      {run.error ? (
        <div role="alert" className={classes.failed}>
          {run.error.message}
        </div>
      ) : null}
    </>
  );
}
