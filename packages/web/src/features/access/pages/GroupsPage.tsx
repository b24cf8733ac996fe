import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { AdminPage, adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { AppLink, count, EmptyState } from '../../../core/ui/index.ts';
import { groupsQuery, type GroupItem, type GroupRole } from '../groups.ts';
import classes from '../parts/Policy.module.css';

type Search = { text?: string; cursor?: string };

function Role({ role, through, when }: GroupRole) {
  const notes = [when && `when ${when}`, through && `through ${through}`].filter(Boolean).join(', ');
  return (
    <li>
      {role} {notes ? <span className={adminClasses.second}>{notes}</span> : null}
    </li>
  );
}

const columns: Column<GroupItem>[] = [
  {
    label: 'Group',
    cell: ({ title, entityRef, namespace, name }) => (
      <>
        <AppLink to="/catalog/$namespace/$kind/$name" params={{ namespace, kind: 'group', name }}>
          {title}
        </AppLink>
        <div className={adminClasses.second}>{entityRef}</div>
      </>
    ),
  },
  { label: 'Type', cell: ({ type }) => type, className: 'nowrap' },
  { label: 'Members', cell: ({ members }) => members.toLocaleString('en'), className: 'figure' },
  { label: 'Part of', cell: ({ parents }) => parents.join(', '), className: 'code' },
  {
    label: 'Roles',
    cell: ({ roles }) =>
      roles.length === 0 ? (
        <span className={adminClasses.second}>What everybody has</span>
      ) : (
        <ul className={classes.list}>
          {roles.map((each) => (
            <Role key={`${each.role} ${each.through} ${each.when}`} {...each} />
          ))}
        </ul>
      ),
  },
];

/** The groups of the catalog, and the roles that their members have by them. */
export function GroupsPage() {
  const { text, cursor }: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(text ?? '');
  const go = (search: Search) => void navigate({ to: '/admin/groups', search });
  return (
    <AdminPage
      title="Groups"
      description="The groups of the catalog, and the roles that their members have by them: their own, and those of the groups above. They are changed where they are described."
      query={useQuery(groupsQuery({ ...(text && { text }), ...(cursor && { cursor }) }))}
      facts={({ total }) => count(total, 'group')}
    >
      {({ items, next }) => (
        <>
          <form
            className={classes.form}
            onSubmit={(event) => {
              event.preventDefault();
              go(typed.trim() ? { text: typed.trim() } : {});
            }}
          >
            <TextInput
              label="Search"
              description="Part of a name"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Button type="submit" size="sm">
              Search
            </Button>
          </form>
          {items.length > 0 ? (
            <Table label="Groups" rows={items} rowKey={({ entityRef }) => entityRef} columns={columns} />
          ) : text ? (
            <EmptyState title="No group has such a name">Try a part of it.</EmptyState>
          ) : (
            <EmptyState title="There is no group">
              Groups come from the catalog: from descriptors of the kind Group, or from a directory or host of code.
            </EmptyState>
          )}
          {next === undefined ? null : (
            <Button size="sm" variant="default" mt="md" onClick={() => go({ ...(text && { text }), cursor: next })}>
              Next groups
            </Button>
          )}
        </>
      )}
    </AdminPage>
  );
}
