import type { RoleBody, RoleSchema } from '@callboard/model/http';
import { TextInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AdminPage, adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { count } from '../../../core/ui/index.ts';
import { deleteRole, permissionsQuery, putRole, rolesQuery } from '../api.ts';
import { Change } from '../parts/Change.tsx';
import { conditionOf, type Only, OnlyFor } from '../parts/OnlyFor.tsx';
import { Remove } from '../parts/Remove.tsx';
import classes from '../parts/Policy.module.css';

const columns: Column<RoleSchema>[] = [
  {
    label: 'Role',
    cell: ({ name, title, description }) => (
      <>
        {title} <span className={adminClasses.second}>{title === name ? '' : name}</span>
        <div className={adminClasses.second}>{description}</div>
      </>
    ),
  },
  {
    label: 'May',
    cell: ({ grants }) => (
      <ul className={classes.list}>
        {grants.map(({ permissions, whenText }) => (
          <li key={`${permissions.join()} ${whenText}`}>
            {permissions.join(', ')}
            {whenText === undefined ? null : <span className={adminClasses.second}> when {whenText}</span>}
          </li>
        ))}
      </ul>
    ),
  },
  { label: 'Given', cell: ({ bindings }) => count(bindings, 'time'), className: 'nowrap' },
  {
    label: 'Kept',
    cell: ({ name, source }) => <Remove source={source} what={`role ${name}`} work={() => deleteRole(name)} />,
    className: 'nowrap',
  },
];

function NewRole() {
  const { data } = useQuery(permissionsQuery);
  const [name, setName] = useState('');
  const [names, setNames] = useState('');
  const [only, setOnly] = useState<Only>({ rule: '', value: '' });
  const body = (): RoleBody => {
    const all = names.split(/[\s,]+/).filter(Boolean);
    const when = conditionOf(only);
    if (when === undefined) return { permissions: all };
    const onEntities = new Set(data?.items.flatMap((item) => (item.resourceType ? [item.name] : [])));
    const conditional = all.filter((each) => onEntities.has(each) || each.startsWith('catalog.entity.'));
    const plain = all.filter((each) => !conditional.includes(each));
    return { permissions: [...plain, ...(conditional.length > 0 ? [{ permissions: conditional, when }] : [])] };
  };
  return (
    <Change
      label="Save the role"
      change={() => ({ putRoles: [{ name, ...body() }] })}
      save={() => putRole(name, body())}
      onSaved={() => {
        setName('');
        setNames('');
        setOnly({ rule: '', value: '' });
      }}
    >
      <TextInput
        label="Name"
        required
        withAsterisk={false}
        pattern="[a-z0-9][a-z0-9._\-]{0,62}"
        title="lower-case letters, digits, dots and dashes"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        className={classes.wide}
        label="Permissions"
        description="One in each line; * stands for any part, such as catalog.*"
        required
        withAsterisk={false}
        rows={4}
        value={names}
        onChange={(event) => setNames(event.currentTarget.value)}
      />
      <OnlyFor value={only} onChange={setOnly} />
    </Change>
  );
}

/** What can be given to people: roles with their permissions. */
export function RolesPage() {
  const permissions = useQuery(permissionsQuery);
  return (
    <AdminPage
      title="Roles"
      description="What can be given to people. Roles that stand in the configuration are changed there."
      query={useQuery(rolesQuery)}
      facts={({ items }) => count(items.length, 'role')}
    >
      {({ items }) => (
        <>
          <Table label="Roles" rows={items} rowKey={({ name }) => name} columns={columns} />
          <h2 className={adminClasses.heading}>Make or change a role</h2>
          <NewRole />
          <h2 className={adminClasses.heading}>Permissions</h2>
          <Table
            label="Permissions"
            rows={permissions.data?.items ?? []}
            rowKey={({ name }) => name}
            columns={[
              { label: 'Name', cell: ({ name }) => name, className: 'code' },
              { label: 'Whoever has it may', cell: ({ meaning }) => meaning },
              { label: 'Conditions', cell: ({ resourceType }) => (resourceType ? 'On entities' : '—') },
            ]}
          />
        </>
      )}
    </AdminPage>
  );
}
