import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Secret.module.css';

type OneLineFormProps = {
  /** What its button says */
  label: string;
  variant?: 'default' | 'filled';
  work: { mutate: () => void; isPending: boolean; error: Error | null };
  children: ReactNode;
};

/** A few fields with a button beside them. What went wrong stands below, with the next step. */
export const OneLineForm = ({ label, variant = 'filled', work, children }: OneLineFormProps) => (
  <>
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        work.mutate();
      }}
    >
      {children}
      <Button type="submit" size="sm" variant={variant} loading={work.isPending}>
        {label}
      </Button>
    </form>
    {work.error ? (
      <p role="alert" className={classes.failed}>
        {work.error.message}. {(work.error as { fix?: string }).fix}
      </p>
    ) : null}
  </>
);
