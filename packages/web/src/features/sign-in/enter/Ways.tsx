import type { SignInState } from '@callboard/model/http';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { enterAsGuest, enterWithPassword, startAddress } from '../api.ts';
import { ErrorNote, Failure } from './Failure.tsx';
import { failureOf } from './failures.ts';
import classes from './SignInApp.module.css';

type WaysProps = { state: SignInState; failure: string | null; returnTo: string; onDone: () => void };

function PasswordForm({ methods, onDone }: { methods: SignInState['methods']; onDone: () => void }) {
  const [method, setMethod] = useState(methods[0]!.id);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const enter = useMutation({
    mutationFn: () => enterWithPassword(method, { username, password }),
    onSuccess: onDone,
    onError: () => setPassword(''),
  });
  return (
    <>
      {methods.length > 1 ? (
        <div className={classes.tabs} role="group" aria-label="Where your password is kept">
          {methods.map(({ id, title }) => (
            <button
              key={id}
              type="button"
              className={classes.tab}
              aria-pressed={id === method}
              onClick={() => setMethod(id)}
            >
              {title}
            </button>
          ))}
        </div>
      ) : null}
      <ErrorNote error={enter.error} />
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
      >
        <TextInput
          label="Name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          autoFocus
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={enter.isPending}>
          Sign in
        </Button>
      </form>
    </>
  );
}

/** The ways to sign in: identity providers first, then a password, then as a guest. */
export function Ways({ state, failure, returnTo, onDone }: WaysProps) {
  const guest = useMutation({ mutationFn: enterAsGuest, onSuccess: onDone });
  const failed = failureOf(failure);
  const of = (kind: SignInState['methods'][number]['kind']) => state.methods.filter((method) => method.kind === kind);
  const [elsewhere, passwords] = [of('redirect'), of('password')];
  if (state.methods.length === 0)
    return (
      <>
        <p>
          {state.required
            ? 'No way to sign in is switched on here. Whoever runs the portal can add one to access.signIn in its configuration.'
            : 'Nobody has to sign in to this portal.'}
        </p>
        {state.required ? null : <a href="/">Go to the portal</a>}
      </>
    );
  return (
    <>
      {failed ? <Failure {...failed} /> : null}
      {elsewhere.length > 0 ? (
        <ul className={classes.ways}>
          {elsewhere.map(({ id, title }) => (
            <li key={id}>
              <Button
                component="a"
                href={startAddress(id, returnTo)}
                className={classes.way}
                fullWidth
                variant="filled"
              >
                {title}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {elsewhere.length > 0 && passwords.length > 0 ? <div className={classes.or}>or</div> : null}
      {passwords.length > 0 ? <PasswordForm methods={passwords} onDone={onDone} /> : null}
      {of('guest').length > 0 ? (
        <>
          <div className={classes.or}>or</div>
          <ErrorNote error={guest.error} />
          <Button variant="default" fullWidth loading={guest.isPending} onClick={() => guest.mutate()}>
            Go on as a guest
          </Button>
        </>
      ) : null}
      {state.signedIn ? (
        <p className={classes.note}>
          You are signed in already. <a href={returnTo}>Go on to the portal</a>
        </p>
      ) : null}
    </>
  );
}
