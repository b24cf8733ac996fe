import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import classes from './Secret.module.css';

type DoItProps = {
  label: string;
  /** For those who hear the button without its row */
  what: string;
  /** Asks once more when it cannot be taken back */
  sure?: boolean;
  work: () => Promise<unknown>;
};

/** A button in a row: does it, and has the lists read again. */
export function DoIt({ label, what, sure = false, work }: DoItProps) {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const run = useMutation({
    mutationFn: work,
    onSettled: () => {
      setAsked(false);
      return client.invalidateQueries({ queryKey: ['access'] });
    },
  });
  return (
    <>
      <Button
        size="compact-xs"
        variant={asked ? 'filled' : 'default'}
        color={asked ? 'red.8' : undefined}
        loading={run.isPending}
        aria-label={`${asked ? 'Yes, ' : ''}${label}: ${what}`}
        onClick={() => (sure && !asked ? setAsked(true) : run.mutate())}
        onBlur={() => setAsked(false)}
      >
        {asked ? `Yes, ${label.toLowerCase()}` : label}
      </Button>
      {run.error ? (
        <div role="alert" className={classes.failed}>
          {run.error.message}
        </div>
      ) : null}
    </>
  );
}
