import type { RoleSchema } from '@callboard/model/http';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AdminPage, adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { count } from '../../../core/ui/index.ts';
import { useMay } from '../../../core/session/index.ts';
import { deleteRole, permissionsQuery, rolesQuery } from '../api.ts';
import { RoleForm } from '../parts/RoleForm.tsx';
import { Remove } from '../parts/Remove.tsx';
import classes from '../parts/Policy.module.css';

const columnsOf = (onChange?: (role: RoleSchema) => void): Column<RoleSchema>[] => [
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
    cell: (role) => (
      <span className={classes.buttons}>
        {role.source === 'portal' && onChange ? (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Change: role ${role.name}`}
            onClick={() => onChange(role)}
          >
            Change
          </Button>
        ) : null}
        <Remove source={role.source} what={`role ${role.name}`} work={() => deleteRole(role.name)} />
      </span>
    ),
    className: 'nowrap',
  },
];

/** What can be given to people: roles with their permissions. */
export function RolesPage() {
  const permissions = useQuery(permissionsQuery);
  const { allowed } = useMay('access.policy.manage');
  const [chosen, setChosen] = useState<{ role?: RoleSchema; turn: number }>({ turn: 0 });
  const choose = (role?: RoleSchema) => setChosen(({ turn }) => ({ ...(role && { role }), turn: turn + 1 }));
  return (
    <AdminPage
      title="Roles"
      description="What can be given to people. Roles that stand in the configuration are changed there."
      query={useQuery(rolesQuery)}
      facts={({ items }) => count(items.length, 'role')}
    >
      {({ items }) => (
        <>
          <Table
            label="Roles"
            rows={items}
            rowKey={({ name }) => name}
            columns={columnsOf(allowed ? choose : undefined)}
          />
          <h2 className={adminClasses.heading}>{chosen.role ? `Change ${chosen.role.name}` : 'Make a role'}</h2>
          <RoleForm key={chosen.turn} role={chosen.role} onDone={() => choose()} />
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
