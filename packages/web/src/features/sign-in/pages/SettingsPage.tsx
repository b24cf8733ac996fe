import { PasswordInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { usePrincipal } from '../../../core/session/index.ts';
import { ErrorState, PageHeader, SkeletonRows } from '../../../core/ui/index.ts';
import { changePassword, sessionsQuery, tokensQuery } from '../api.ts';
import { NewToken } from '../parts/NewToken.tsx';
import classes from '../parts/Secret.module.css';
import { OneLineForm } from '../parts/OneLineForm.tsx';
import { Sessions, Tokens } from '../parts/tables.tsx';

function Section({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </section>
  );
}

function Listed<T>({
  query,
  what,
  children,
}: {
  query: UseQueryResult<T>;
  what: string;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error)
    return <ErrorState error={query.error} what={`${what} could not be read`} onRetry={() => void query.refetch()} />;
  return <SkeletonRows rows={3} label={`Loading ${what.toLowerCase()}`} />;
}

function Password() {
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword({ current, password }),
    onSuccess: () => {
      setCurrent('');
      setPassword('');
      return client.invalidateQueries({ queryKey: ['access'] });
    },
  });
  return (
    <>
      <OneLineForm label="Change it" variant="default" work={change}>
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the present password' }}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          minLength={10}
          maxLength={200}
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the new password' }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      </OneLineForm>
      {change.isSuccess ? <p role="status">Changed. Your other sessions are over.</p> : null}
    </>
  );
}

/** What belongs to whoever is here: who they are, their password, sessions and tokens. */
export function SettingsPage() {
  const { data: me } = usePrincipal();
  const sessions = useQuery({ ...sessionsQuery, enabled: me?.kind === 'user' });
  const tokens = useQuery({ ...tokensQuery, enabled: me !== undefined && me.kind !== 'guest' });
  if (!me) return <SkeletonRows rows={6} label="Loading settings" />;
  return (
    <>
      <PageHeader title="Settings" description={`${me.title}, ${me.entityRef}`} />
      {me.kind === 'local-administrator' ? (
        <Section
          title="Nobody signs in here"
          text="The portal listens on this machine only, and takes whoever asks for its administrator. access.signIn in the configuration changes that."
        >
          {null}
        </Section>
      ) : null}
      {me.kind === 'user' ? (
        <Section title="Groups" text="Direct and inherited. Where nothing is said they are from the catalog.">
          {me.groups && me.groups.length > 0 ? (
            <ul className={classes.groups}>
              {me.groups.map(({ entityRef, source }) => (
                <li key={entityRef}>
                  {entityRef}
                  {source === 'claim' ? ' (from your identity provider)' : ''}
                </li>
              ))}
            </ul>
          ) : (
            <p className={classes.note}>None.</p>
          )}
        </Section>
      ) : null}
      {me.hasPassword ? (
        <Section title="Password" text="Changing it ends your other sessions.">
          <Password />
        </Section>
      ) : null}
      {me.kind === 'user' ? (
        <Section title="Sessions" text="Where you are signed in. End what you do not know.">
          <Listed query={sessions} what="Sessions">
            {({ items }) => <Sessions items={items} all={false} />}
          </Listed>
        </Section>
      ) : null}
      {me.kind === 'guest' ? null : (
        <Section title="Tokens" text="Keys by which programs use the API as you, with all or some of what you may do.">
          <NewToken />
          <Listed query={tokens} what="Tokens">
            {({ items }) =>
              items.length === 0 ? (
                <p className={classes.note}>There is none yet.</p>
              ) : (
                <Tokens items={items} all={false} />
              )
            }
          </Listed>
        </Section>
      )}
    </>
  );
}
