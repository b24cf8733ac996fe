import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../../core/session/index.ts';
import classes from './Policy.module.css';

const places = { 'built-in': 'Built in', configuration: 'In the configuration', portal: '' };

/** Takes away what is kept in the portal; of everything else it says where it stands. */
export function Remove({
  source,
  what,
  work,
}: {
  source: keyof typeof places;
  what: string;
  work: () => Promise<unknown>;
}) {
  const client = useQueryClient();
  const { allowed } = useMay('access.policy.manage');
  const [asked, setAsked] = useState(false);
  const run = useMutation({
    mutationFn: work,
    onSettled: () => {
      setAsked(false);
      return client.invalidateQueries({ queryKey: ['access'] });
    },
  });
  if (source !== 'portal') return <>{places[source]}</>;
  if (!allowed) return null;
  return (
    <>
      <Button
        size="compact-xs"
        variant={asked ? 'filled' : 'default'}
        color={asked ? 'red.8' : undefined}
        loading={run.isPending}
        aria-label={`${asked ? 'Yes, remove' : 'Remove'}: ${what}`}
        onClick={() => (asked ? run.mutate() : setAsked(true))}
        onBlur={() => setAsked(false)}
      >
        {asked ? 'Yes, remove' : 'Remove'}
      </Button>
      {run.error ? (
        <div role="alert" className={classes.failed}>
          {run.error.message}
        </div>
      ) : null}
    </>
  );
}
