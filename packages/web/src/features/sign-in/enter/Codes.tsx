import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { choosePassword, setUp } from '../api.ts';
import { ErrorNote, Failure } from './Failure.tsx';
import classes from './SignInApp.module.css';

type CodeProps = { code: string; onDone: () => void };

const missing = (
  <Failure
    title="This link is not complete"
    text="Open it again as it was given to you, with everything behind the #. It works once."
  />
);

const NewPassword = ({ value, onChange }: { value: string; onChange: (value: string) => void }) => (
  <PasswordInput
    label="Password"
    description="At least 10 characters; a few words in a row are good."
    name="new-password"
    autoComplete="new-password"
    minLength={10}
    maxLength={200}
    required
    withAsterisk={false}
    visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
);

/** The first administrator says who they are. */
export function SetUp({ code, onDone }: CodeProps) {
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const [password, setPassword] = useState('');
  const send = useMutation({
    mutationFn: () => setUp({ code, name, password, ...(title.trim() && { title: title.trim() }) }),
    onSuccess: onDone,
  });
  if (code === '') return missing;
  return (
    <>
      <ErrorNote error={send.error} />
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <TextInput
          label="Name to sign in with"
          description="As your user entity is called, if you have one."
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          pattern="[a-z0-9]([a-z0-9._\-]{0,61}[a-z0-9])?"
          title="lower-case letters, digits, dots and dashes"
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Your name"
          name="name"
          autoComplete="name"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <NewPassword value={password} onChange={setPassword} />
        <Button type="submit" loading={send.isPending}>
          Become the administrator
        </Button>
      </form>
    </>
  );
}

/** Somebody with a link chooses a password. */
export function ChoosePassword({ code, onDone }: CodeProps) {
  const [password, setPassword] = useState('');
  const send = useMutation({ mutationFn: () => choosePassword({ code, password }), onSuccess: onDone });
  if (code === '') return missing;
  return (
    <>
      <ErrorNote error={send.error} />
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <NewPassword value={password} onChange={setPassword} />
        <Button type="submit" loading={send.isPending}>
          Keep it and sign in
        </Button>
      </form>
    </>
  );
}
