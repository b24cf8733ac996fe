import type { ExplainResponse } from '@callboard/model/http';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { AdminPage, adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { ErrorState, Status } from '../../../core/ui/index.ts';
import { explainQuery, permissionsQuery } from '../api.ts';
import classes from '../parts/Policy.module.css';
import { places } from '../parts/Remove.tsx';

type Search = { principal?: string; permission?: string; entity?: string };
type Way = ExplainResponse['ways'][number];

const results = { allow: 'May', deny: 'May not', conditional: 'May, for some entities' } as const;
const levels = { allow: 'ok', deny: 'failing', conditional: 'warning' } as const;

const columns: Column<Way>[] = [
  { label: 'Role', cell: ({ role }) => role },
  {
    label: 'Given to',
    cell: ({ subject, path }) => (
      <>
        {subject}
        {path.length > 1 ? <div className={adminClasses.second}>by {path.join(' → ')}</div> : null}
      </>
    ),
    className: 'code',
  },
  { label: 'When', cell: ({ conditions }) => conditions.join(' and ') || 'Always' },
  { label: 'Holds', cell: ({ holds }) => (holds === undefined ? '—' : holds ? 'Yes' : 'No') },
  { label: 'Kept', cell: ({ bindingSource }) => places[bindingSource] || 'In the portal', className: 'nowrap' },
];

function Answer({ search }: { search: Search }) {
  const { principal = '', permission, entity } = search;
  const { data, error, refetch } = useQuery(
    explainQuery({ principal, ...(permission && { permission }), ...(entity && { entityRef: entity }) }),
  );
  if (principal === '') return null;
  if (error) return <ErrorState error={error} what="It could not be explained" onRetry={() => void refetch()} />;
  if (!data) return null;
  return (
    <section aria-label="Answer" aria-live="polite">
      <p className={classes.answer}>
        <Status level={levels[data.result]} label={results[data.result]} />
        <br />
        {data.reason}
        {data.known ? null : (
          <>
            <br />
            Nobody is known by this name: it is the answer for whoever will sign in so.
          </>
        )}
      </p>
      {data.ways.length > 0 ? (
        <Table
          label="Roles that give it"
          rows={data.ways}
          rowKey={({ binding, permissions, conditions }) => `${binding} ${permissions.join()} ${conditions.join()}`}
          columns={columns}
        />
      ) : (
        <p className={adminClasses.second}>Roles that would give it: {data.wouldHelp.join(', ') || 'none'}.</p>
      )}
    </section>
  );
}

function Question({ search }: { search: Search }) {
  const navigate = useNavigate();
  const names = useQuery(permissionsQuery).data?.items.map(({ name }) => name) ?? ['catalog.entity.read'];
  const [principal, setPrincipal] = useState(search.principal ?? '');
  const [permission, setPermission] = useState(search.permission ?? 'catalog.entity.read');
  const [entity, setEntity] = useState(search.entity ?? '');
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        const next: Search = { principal, permission, ...(entity && { entity }) };
        void navigate({ to: '/admin/explain', search: next });
      }}
    >
      <TextInput
        label="Who"
        description="Such as user:default/jane"
        required
        withAsterisk={false}
        value={principal}
        onChange={(event) => setPrincipal(event.currentTarget.value)}
      />
      <NativeSelect
        label="Permission"
        data={names}
        value={permission}
        onChange={(event) => setPermission(event.currentTarget.value)}
      />
      <TextInput
        label="Entity"
        description="Such as component:default/shop; in general when empty"
        value={entity}
        onChange={(event) => setEntity(event.currentTarget.value)}
      />
      <Button type="submit" size="sm">
        Explain
      </Button>
    </form>
  );
}

/** Why somebody may do something, or may not. */
export function ExplainPage() {
  const search: Search = useSearch({ strict: false });
  return (
    <AdminPage
      title="Explain"
      description="Why somebody may see or do something, or may not: the rule, the role, the binding and the way through groups."
      query={useQuery(permissionsQuery)}
    >
      {() => (
        <>
          <Question search={search} />
          <Answer search={search} />
        </>
      )}
    </AdminPage>
  );
}
