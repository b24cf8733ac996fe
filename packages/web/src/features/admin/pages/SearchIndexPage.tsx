import type { SearchStatus } from '@callboard/model/http';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AdminPage, adminClasses as classes, type Column, Table } from '../../../core/administration/index.ts';
import { useMay } from '../../../core/session/index.ts';
import { count, RelativeTime, Status } from '../../../core/ui/index.ts';
import { rebuildSearchIndex, searchMissesQuery, searchStatusQuery } from '../api.ts';

const typeNames: Record<string, string> = {
  'software-catalog': 'Catalog',
  'api-operations': 'API operations',
  techdocs: 'Documentation',
  plugins: 'From plugins',
};

type TypeRow = { type: string; documents: number };

const typeColumns: Column<TypeRow>[] = [
  {
    label: 'Type',
    cell: ({ type }) => (
      <>
        {typeNames[type] ?? type} <span className={classes.second}>{type}</span>
      </>
    ),
  },
  { label: 'Documents', cell: ({ documents }) => documents.toLocaleString('en'), className: 'figure' },
];

type Miss = { term: string; count: number; lastAt: string };

const missColumns: Column<Miss>[] = [
  { label: 'Searched', cell: ({ term }) => term },
  { label: 'Times', cell: (miss) => miss.count.toLocaleString('en'), className: 'figure' },
  { label: 'Last', cell: ({ lastAt }) => <RelativeTime at={lastAt} />, className: 'nowrap' },
];

function State({ status }: { status: SearchStatus }) {
  const { building, behind, error } = status;
  if (error !== undefined)
    return (
      <>
        <Status level="failing" label="The last events could not be taken in" />
        <div className={classes.second}>{error}</div>
      </>
    );
  if (building)
    return (
      <>
        <Status level="ok" label={`Being rebuilt: ${count(building.documents, 'document')} so far`} />
        <div className={classes.second}>
          Since <RelativeTime at={building.startedAt} />
          {building.type === undefined ? null : `, now ${typeNames[building.type] ?? building.type}`}. Searches are
          answered by the index of before until it is complete; a restart goes on where it was.
        </div>
      </>
    );
  if (behind > 0) return <Status level="warning" label={`${count(behind, 'event')} still to be taken in`} />;
  return <Status level="ok" label="Up to date" />;
}

function Rebuild({ isBuilding }: { isBuilding: boolean }) {
  const client = useQueryClient();
  const { allowed, reason } = useMay('search.admin');
  const rebuild = useMutation({
    mutationFn: rebuildSearchIndex,
    onSettled: () => client.invalidateQueries({ queryKey: searchStatusQuery.queryKey }),
  });
  if (!allowed) return <span className={classes.second}>{reason}</span>;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={rebuild.isPending}
        disabled={isBuilding}
        onClick={() => rebuild.mutate()}
      >
        Rebuild the index
      </Button>
      {rebuild.error ? (
        <div role="alert" className={classes.second}>
          {rebuild.error.message}
        </div>
      ) : null}
    </>
  );
}

function Misses() {
  const { data } = useQuery(searchMissesQuery);
  if (!data || data.items.length === 0) return null;
  return (
    <>
      <h2 className={classes.heading}>Searched in vain</h2>
      <Table label="Searched in vain" rows={data.items} rowKey={({ term }) => term} columns={missColumns} />
    </>
  );
}

/** What can be searched, how fresh it is, and what people did not find. */
export function SearchIndexPage() {
  return (
    <AdminPage
      title="Search index"
      description="What can be searched, how fresh it is, and what people search in vain."
      query={useQuery(searchStatusQuery)}
      facts={({ documents }) =>
        count(
          Object.values(documents).reduce((sum, each) => sum + each, 0),
          'document',
        )
      }
    >
      {(status) => (
        <>
          <dl className={classes.facts}>
            <dt>State</dt>
            <dd>
              <State status={status} />
            </dd>
            <dt>Built</dt>
            <dd>{status.builtAt === undefined ? 'Not yet' : <RelativeTime at={status.builtAt} />}</dd>
            <dt>Rebuild</dt>
            <dd>
              <Rebuild isBuilding={status.building !== undefined} />
            </dd>
          </dl>
          <h2 className={classes.heading}>Documents</h2>
          <Table
            label="Documents"
            rows={Object.entries(status.documents).map(([type, documents]) => ({ type, documents }))}
            rowKey={({ type }) => type}
            columns={typeColumns}
          />
          <Misses />
        </>
      )}
    </AdminPage>
  );
}
