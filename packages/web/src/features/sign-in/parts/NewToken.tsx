import type { NewToken as Made } from '@callboard/model/http';
import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { MayOrWhy } from '../../../core/session/index.ts';
import { makeServiceToken, makeToken } from '../api.ts';
import { grantsIn } from '../words.ts';
import { OneLineForm } from './OneLineForm.tsx';
import { Secret } from './Secret.tsx';

/** Makes a token of one's own, or one for a program. */
export function NewToken({ service = false }: { service?: boolean }) {
  return (
    <MayOrWhy permission={service ? 'access.token.manage' : 'access.token.own'}>
      <TokenForm service={service} />
    </MayOrWhy>
  );
}

function TokenForm({ service }: { service: boolean }) {
  const client = useQueryClient();
  const [subject, setSubject] = useState('');
  const [title, setTitle] = useState('');
  const [days, setDays] = useState('90');
  const [grants, setGrants] = useState('');
  const [made, setMade] = useState<Made>();
  const make = useMutation({
    mutationFn: () =>
      service
        ? makeServiceToken({
            subject,
            title: title || subject,
            grants: grantsIn(grants),
            ...(days.trim() && { days: Number(days) }),
          })
        : makeToken({ title, days: Number(days), ...(grantsIn(grants).length > 0 && { grants: grantsIn(grants) }) }),
    onSuccess: (answer) => {
      setMade(answer);
      setTitle('');
      setSubject('');
      return client.invalidateQueries({ queryKey: ['access'] });
    },
  });
  return (
    <>
      {made ? (
        <Secret
          label={`Token “${made.item.title}”`}
          text={made.token}
          note="It is shown this once. Send it as Authorization: Bearer …"
          onClose={() => setMade(undefined)}
        />
      ) : null}
      <OneLineForm label="Make a token" work={make}>
        {service ? (
          <TextInput
            label="Program"
            description="It acts as external:<name>"
            required
            withAsterisk={false}
            pattern="[a-z0-9][a-z0-9._\-]{0,62}"
            title="lower-case letters, digits, dots and dashes"
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
          />
        ) : null}
        <TextInput
          label="What it is for"
          required={!service}
          withAsterisk={false}
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="Days that it works"
          description={service ? 'For good when empty' : undefined}
          inputMode="numeric"
          pattern="[1-9][0-9]{0,3}"
          title="a whole number of days"
          required={!service}
          withAsterisk={false}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <TextInput
          label="Permissions"
          description={service ? 'Such as catalog.* search.read' : 'All of yours when empty'}
          required={service}
          withAsterisk={false}
          value={grants}
          onChange={(event) => setGrants(event.currentTarget.value)}
        />
      </OneLineForm>
    </>
  );
}
