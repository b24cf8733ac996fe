import type { UserItem } from '@callboard/model/http';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { adminClasses, AdminPage, type Column, Table } from '../../../core/administration/index.ts';
import { count, EmptyState, RelativeTime, Status } from '../../../core/ui/index.ts';
import { addUser, changeUser, removeUser, resetUser, usersQuery } from '../api.ts';
import { DoIt } from '../parts/DoIt.tsx';
import { OneLineForm } from '../parts/OneLineForm.tsx';
import { Secret } from '../parts/Secret.tsx';
import classes from '../parts/Secret.module.css';

type Link = { title: string; link: string };

function AddUser({ onLink }: { onLink: (link: Link) => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const add = useMutation({
    mutationFn: () => addUser({ name, ...(title.trim() && { title: title.trim() }) }),
    onSuccess: ({ item, link }) => {
      onLink({ title: item.title, link });
      setName('');
      setTitle('');
      return client.invalidateQueries({ queryKey: ['access'] });
    },
  });
  return (
    <OneLineForm label="Add a user" work={add}>
      <TextInput
        label="Name to sign in with"
        required
        withAsterisk={false}
        pattern="[a-z0-9]([a-z0-9._\-]{0,61}[a-z0-9])?"
        title="lower-case letters, digits, dots and dashes"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput label="Name that is shown" value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
    </OneLineForm>
  );
}

const columnsOf = (onLink: (link: Link) => void): Column<UserItem>[] => [
  {
    label: 'User',
    cell: ({ title, entityRef, email }) => (
      <>
        {title} <div className={adminClasses.second}>{[entityRef, email].filter(Boolean).join(', ')}</div>
      </>
    ),
  },
  {
    label: 'State',
    cell: (user) => (
      <>
        {user.disabled ? (
          <Status level="failing" label="Switched off" />
        ) : user.locked ? (
          <Status level="warning" label="Locked for now" />
        ) : user.origin === 'local' && !user.hasPassword ? (
          <Status level="unknown" label="No password yet" />
        ) : (
          <Status level="ok" label="May sign in" />
        )}
        {user.administrator ? <div className={adminClasses.second}>Administrator</div> : null}
      </>
    ),
  },
  { label: 'From', cell: ({ origin }) => (origin === 'local' ? 'Added here' : origin), className: 'nowrap' },
  {
    label: 'Last sign-in',
    cell: ({ signedInAt }) => (signedInAt ? <RelativeTime at={signedInAt} /> : 'Not yet'),
    className: 'nowrap',
  },
  {
    label: 'Action',
    cell: (user) => (
      <span className={classes.buttons}>
        {user.name === undefined ? null : (
          <DoIt
            label="Link for a password"
            what={user.title}
            work={async () => onLink({ title: user.title, link: (await resetUser(user.entityRef)).link })}
          />
        )}
        <DoIt
          label={user.administrator ? 'Take administration' : 'Make administrator'}
          what={user.title}
          sure
          work={() => changeUser(user.entityRef, { administrator: !user.administrator })}
        />
        <DoIt
          label={user.disabled ? 'Switch on' : 'Switch off'}
          what={user.title}
          sure={!user.disabled}
          work={() => changeUser(user.entityRef, { disabled: !user.disabled })}
        />
        <DoIt label="Remove" what={user.title} sure work={() => removeUser(user.entityRef)} />
      </span>
    ),
  },
];

/** Everybody who may sign in or has. */
export function UsersPage() {
  const [link, setLink] = useState<Link>();
  return (
    <AdminPage
      title="Users"
      description="People who have signed in, and those who sign in with a password of the portal."
      query={useQuery(usersQuery)}
      facts={({ items }) => count(items.length, 'user')}
    >
      {({ items }) => (
        <>
          {link ? (
            <Secret
              label={`Link for ${link.title}`}
              text={link.link}
              note="It works once, for a day: whoever opens it chooses the password."
              onClose={() => setLink(undefined)}
            />
          ) : null}
          <AddUser onLink={setLink} />
          {items.length === 0 ? (
            <EmptyState title="There is no user">Users appear here when they are added or have signed in.</EmptyState>
          ) : (
            <Table label="Users" rows={items} rowKey={({ entityRef }) => entityRef} columns={columnsOf(setLink)} />
          )}
        </>
      )}
    </AdminPage>
  );
}
