import { useEffect, useState, type ReactNode } from 'react';
import { ErrorState, SkeletonRows } from '../../../core/ui/index.ts';
import type { SignInState } from '@callboard/model/http';
import { readSignIn } from '../api.ts';
import { safeReturn } from '../return-to.ts';
import { ChoosePassword, SetUp } from './Codes.tsx';
import classes from './SignInApp.module.css';
import { Ways } from './Ways.tsx';

/** What is behind the #, taken out of the address at once: it opens a door, and addresses are shown and kept. */
function takeCode(): string {
  const code = window.location.hash.slice(1);
  if (code !== '') window.history.replaceState(null, '', window.location.pathname + window.location.search);
  return code;
}
const code = takeCode();

function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.page}>
      <title>{`${title} · Callboard`}</title>
      <main className={classes.box}>
        <div className={classes.brand}>
          <svg viewBox="0 0 32 32" width="1.75rem" height="1.75rem" aria-hidden="true">
            <rect width="32" height="32" rx="7" fill="var(--cb-accent)" />
            <path d="M8 10h16M8 16h16M8 22h9" stroke="var(--cb-page)" strokeWidth="3" strokeLinecap="round" />
          </svg>
          <span>Callboard</span>
        </div>
        <h1 className={classes.title}>{title}</h1>
        {children}
      </main>
    </div>
  );
}

/** Everything that is seen before somebody is known: nothing of the portal itself is loaded for it. */
export function SignInApp() {
  const [state, setState] = useState<SignInState>();
  const [error, setError] = useState<Error>();
  const [tries, setTries] = useState(0);
  const { pathname, search } = window.location;
  const parameters = new URLSearchParams(search);
  const returnTo = safeReturn(parameters.get('returnTo'), window.location.origin);
  const goOn = () => window.location.assign(returnTo);

  useEffect(() => {
    readSignIn().then(setState, setError);
  }, [tries]);

  if (pathname === '/sign-in/setup')
    return (
      <Frame title="Become the administrator">
        <SetUp code={code} onDone={goOn} />
      </Frame>
    );
  if (pathname === '/sign-in/password')
    return (
      <Frame title="Choose a password">
        <ChoosePassword code={code} onDone={goOn} />
      </Frame>
    );
  return (
    <Frame title="Sign in">
      {state ? (
        <Ways state={state} failure={parameters.get('error')} returnTo={returnTo} onDone={goOn} />
      ) : error ? (
        <ErrorState
          error={error}
          what="The ways to sign in could not be read"
          onRetry={() => {
            setError(undefined);
            setTries(tries + 1);
          }}
        />
      ) : (
        <SkeletonRows rows={4} label="Loading the ways to sign in" />
      )}
    </Frame>
  );
}
