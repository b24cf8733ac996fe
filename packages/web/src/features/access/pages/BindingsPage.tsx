import type { BindingBody, BindingSchema } from '@callboard/model/http';
import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AdminPage, adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { count } from '../../../core/ui/index.ts';
import { addBinding, bindingsQuery, deleteBinding, rolesQuery } from '../api.ts';
import { Change } from '../parts/Change.tsx';
import { conditionOf, type Draft, everything } from '../parts/condition.ts';
import { ConditionFields } from '../parts/ConditionFields.tsx';
import { Remove } from '../parts/Remove.tsx';

const columns: Column<BindingSchema>[] = [
  { label: 'Who', cell: ({ subject }) => subject, className: 'code' },
  { label: 'Role', cell: ({ role }) => role, className: 'nowrap' },
  { label: 'For', cell: ({ whenText }) => whenText ?? 'Everything the role gives' },
  { label: 'Note', cell: ({ note }) => note ?? '' },
  {
    label: 'Kept',
    cell: ({ id, role, subject, source }) => (
      <Remove source={source} what={`${role} of ${subject}`} work={() => deleteBinding(id)} />
    ),
    className: 'nowrap',
  },
];

function NewBinding() {
  const roles = useQuery(rolesQuery).data?.items ?? [];
  const [subject, setSubject] = useState('');
  const [chosen, setChosen] = useState('');
  const [only, setOnly] = useState<Draft>(everything);
  const [note, setNote] = useState('');
  const role = chosen || (roles[0]?.name ?? '');
  const body = (): BindingBody => {
    const when = conditionOf(only);
    return { role, subject, ...(when !== undefined && { when }), ...(note && { note }) };
  };
  return (
    <Change
      label="Give the role"
      change={() => ({ addBindings: [body()] })}
      save={() => addBinding(body())}
      onSaved={() => {
        setSubject('');
        setNote('');
        setOnly(everything);
      }}
    >
      <TextInput
        label="Who"
        description="user:default/jane, group:default/team, claim:name, signed-in"
        required
        withAsterisk={false}
        value={subject}
        onChange={(event) => setSubject(event.currentTarget.value)}
      />
      <NativeSelect
        label="Role"
        data={roles.map(({ name, title }) => ({ value: name, label: title }))}
        value={role}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <ConditionFields value={only} onChange={setOnly} />
      <TextInput label="Note" maxLength={500} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
    </Change>
  );
}

/** Who has which role. */
export function BindingsPage() {
  return (
    <AdminPage
      title="Bindings"
      description="Who has which role: people, groups with the groups below them, claims of an identity provider."
      query={useQuery(bindingsQuery)}
      facts={({ items }) => count(items.length, 'binding')}
    >
      {({ items }) => (
        <>
          <Table label="Bindings" rows={items} rowKey={({ id }) => id} columns={columns} />
          <h2 className={adminClasses.heading}>Give a role</h2>
          <NewBinding />
        </>
      )}
    </AdminPage>
  );
}
