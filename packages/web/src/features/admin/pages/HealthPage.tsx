import type { HealthReport } from '@callboard/model/http';
import { useQuery } from '@tanstack/react-query';
import { AdminPage, adminClasses as classes, type Column, Table } from '../../../core/administration/index.ts';
import { RelativeTime, Status } from '../../../core/ui/index.ts';
import { healthQuery } from '../api.ts';
import { sizeWords } from '../words.ts';

const dialects: Record<string, string> = { sqlite: 'SQLite, embedded', postgres: 'PostgreSQL' };

const consumerColumns: Column<HealthReport['events']['consumers'][number]>[] = [
  { label: 'Name', cell: (consumer) => consumer.name },
  {
    label: 'State',
    cell: (consumer) =>
      consumer.error === undefined ? (
        <Status
          level={consumer.behind > 1000 ? 'warning' : 'ok'}
          label={consumer.behind > 1000 ? 'Behind' : 'Up to date'}
        />
      ) : (
        <>
          <Status level="failing" label={`Failing, ${consumer.failures} times`} />
          <div className={classes.second}>{consumer.error}</div>
        </>
      ),
  },
  { label: 'Behind', cell: (consumer) => consumer.behind.toLocaleString('en'), className: 'figure' },
  { label: 'Moved', cell: (consumer) => <RelativeTime at={consumer.updatedAt} />, className: 'nowrap' },
];

/** The process and its database, and whether everything that follows events keeps up. */
export function HealthPage() {
  return (
    <AdminPage
      title="Health"
      description="The process, its database, and what follows its events."
      query={useQuery(healthQuery)}
    >
      {({ version, node, startedAt, memory, database, events }) => (
        <>
          <dl className={classes.facts}>
            <dt>Callboard</dt>
            <dd>
              {version} on Node.js {node}, started <RelativeTime at={startedAt} />
            </dd>
            <dt>Memory</dt>
            <dd>
              {sizeWords(memory.resident)} in all, {sizeWords(memory.heapUsed)} of it objects
            </dd>
            <dt>Database</dt>
            <dd>
              {dialects[database.dialect] ?? database.dialect}: <span className={classes.code}>{database.place}</span>
            </dd>
            <dt>Statements</dt>
            <dd>
              {database.statements.toLocaleString('en')}, {database.transactions.toLocaleString('en')} transactions,{' '}
              {database.retries.toLocaleString('en')} of them repeated
            </dd>
            <dt>Waiting</dt>
            <dd>
              {database.waitingReaders + database.waitingWriters === 0 ? (
                <Status level="ok" label="Nothing waits for the database" />
              ) : (
                <Status
                  level="warning"
                  label={`${database.waitingReaders} reads and ${database.waitingWriters} writes wait for the database`}
                />
              )}
            </dd>
            {database.restarts > 0 ? (
              <>
                <dt>Restarts</dt>
                <dd>
                  <Status
                    level="warning"
                    label={`${database.restarts} database threads were replaced; the log says why`}
                  />
                </dd>
              </>
            ) : null}
            <dt>Events</dt>
            <dd>{events.latest.toLocaleString('en')} so far</dd>
          </dl>
          {events.consumers.length > 0 ? (
            <>
              <h2 className={classes.heading}>What follows events</h2>
              <Table
                label="What follows events"
                rows={events.consumers}
                rowKey={(consumer) => consumer.name}
                columns={consumerColumns}
              />
            </>
          ) : null}
        </>
      )}
    </AdminPage>
  );
}
