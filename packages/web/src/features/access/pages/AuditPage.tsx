import type { AuditEntrySchema, AuditQuery } from '@callboard/model/http';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { AdminPage, adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { EmptyState, RelativeTime, Status } from '../../../core/ui/index.ts';
import { auditDeliveryQuery, auditQuery, exportAddress, verifyAudit } from '../api.ts';
import classes from '../parts/Policy.module.css';

type Search = Pick<AuditQuery, 'text' | 'result' | 'before'>;

const levels = { done: 'ok', refused: 'warning', failed: 'failing' } as const;
const results = { done: 'Done', refused: 'Refused', failed: 'Failed' } as const;

const columns: Column<AuditEntrySchema>[] = [
  { label: 'When', cell: ({ at }) => <RelativeTime at={at} />, className: 'nowrap' },
  {
    label: 'Who',
    cell: ({ actor, via, address }) => (
      <>
        {actor || 'Nobody known'}
        <div className={adminClasses.second}>
          {via} {address}
        </div>
      </>
    ),
  },
  {
    label: 'What',
    cell: ({ action, operation, subject }) => (
      <>
        {operation} <span className={adminClasses.second}>{action}</span>
        <div className={adminClasses.second}>{subject}</div>
      </>
    ),
  },
  {
    label: 'Result',
    cell: ({ result }) => <Status level={levels[result]} label={results[result]} />,
    className: 'nowrap',
  },
  {
    label: 'Difference',
    cell: ({ detail }) =>
      detail === undefined ? null : (
        <details>
          <summary>Show</summary>
          <pre className={classes.detail}>{JSON.stringify(detail, null, 2)}</pre>
        </details>
      ),
  },
];

function Verify() {
  const check = useMutation({ mutationFn: verifyAudit });
  const { data } = check;
  return (
    <>
      <Button size="sm" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
        Check the chain
      </Button>
      <span role="status">
        {data ? (
          <Status
            level={data.intact ? 'ok' : 'failing'}
            label={
              data.intact
                ? `${data.entries.toLocaleString('en')} entries are what was written`
                : `Entry ${data.broken?.id}: ${data.broken?.reason}`
            }
          />
        ) : (
          (check.error?.message ?? '')
        )}
      </span>
    </>
  );
}

/** Where entries are sent, as long as that is configured. */
function Delivery() {
  const { data } = useQuery(auditDeliveryQuery);
  if (data?.address === undefined) return null;
  const { address, waiting, problem, sentAt } = data;
  const left = waiting === 0 ? 'everything was sent' : `${waiting.toLocaleString('en')} entries wait`;
  return (
    <p role="status" className={adminClasses.second}>
      <Status level={problem ? 'failing' : 'ok'} label={`Sent to ${address}: ${left}`} />
      {problem ? (
        <>
          {' '}
          since <RelativeTime at={problem.since} />. {problem.message}. {problem.fix}
        </>
      ) : sentAt === undefined ? null : (
        <>
          , last <RelativeTime at={sentAt} />
        </>
      )}
    </p>
  );
}

/** Who did what, when, from where, and how it ended. */
export function AuditPage() {
  const { text, result, before }: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(text ?? '');
  const go = (search: Search) => void navigate({ to: '/admin/audit', search });
  const filter = { ...(text && { text }), ...(result && { result }) };
  const query = { ...filter, ...(before !== undefined && { before }) };
  return (
    <AdminPage
      title="Audit"
      description="Who did what, when, from where, and how it ended. Each entry is bound to the one before it."
      query={useQuery(auditQuery(query))}
    >
      {({ items, next }) => (
        <>
          <form
            className={classes.form}
            onSubmit={(event) => {
              event.preventDefault();
              go({ ...(typed && { text: typed }), ...(result && { result }) });
            }}
          >
            <TextInput
              label="Search"
              description="Names, addresses, permissions, paths"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <NativeSelect
              label="Result"
              data={[
                { value: '', label: 'Any' },
                ...Object.entries(results).map(([value, label]) => ({ value, label })),
              ]}
              value={result ?? ''}
              onChange={(event) => {
                const wanted = event.currentTarget.value as keyof typeof results | '';
                go({ ...(text && { text }), ...(wanted && { result: wanted }) });
              }}
            />
            <Button type="submit" size="sm">
              Search
            </Button>
            <Button size="sm" variant="default" component="a" href={exportAddress(filter)} download="audit.jsonl">
              Export as JSON lines
            </Button>
            <Button
              size="sm"
              variant="default"
              component="a"
              href={exportAddress({ ...filter, format: 'syslog' })}
              download="audit.log"
            >
              Export as syslog
            </Button>
            <Verify />
          </form>
          <Delivery />
          {items.length === 0 ? (
            <EmptyState title="Nothing is put down that fits">
              Changes, sign-ins and refusals are put down as they happen.
            </EmptyState>
          ) : (
            <Table label="Audit" rows={items} rowKey={({ id }) => String(id)} columns={columns} />
          )}
          {next === undefined ? null : (
            <Button size="sm" variant="default" mt="md" onClick={() => go({ ...filter, before: next })}>
              Older
            </Button>
          )}
        </>
      )}
    </AdminPage>
  );
}
