import '../form/mantine.css';
import { Button, Modal, PasswordInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { Secrets } from '../api.ts';
import classes from './Run.module.css';

type AskProps = {
  title: string;
  children: ReactNode;
  /** names of secrets that have to be given again */
  secrets: string[];
  verb: string;
  isRisky?: boolean;
  isPending: boolean;
  onGo: (secrets: Secrets) => void;
  onClose: () => void;
};

/** Says what will happen before it does, and asks for the secrets that were forgotten when the run ended. */
export function Ask({ title, children, secrets, verb, isRisky = false, isPending, onGo, onClose }: AskProps) {
  const [given, setGiven] = useState<Secrets>({});
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <form
        className={classes.ask}
        onSubmit={(event) => {
          event.preventDefault();
          onGo(given);
        }}
      >
        {children}
        {secrets.map((name) => (
          <PasswordInput
            key={name}
            label={name}
            required
            autoComplete="off"
            value={given[name] ?? ''}
            visibilityToggleButtonProps={{ 'aria-label': `Show or hide ${name}` }}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setGiven((before) => ({ ...before, [name]: value }));
            }}
          />
        ))}
        <div className={classes.askButtons}>
          <Button variant="default" size="xs" onClick={onClose}>
            Not now
          </Button>
          <Button
            type="submit"
            size="xs"
            {...(isRisky && { color: 'red' })}
            loading={isPending}
            disabled={secrets.some((name) => !given[name])}
          >
            {verb}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
