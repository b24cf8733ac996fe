import type { OutboundReport } from '@callboard/model/http';
import { useQuery } from '@tanstack/react-query';
import { AdminPage, adminClasses as classes, type Column, Table } from '../../../core/administration/index.ts';
import { EmptyState, RelativeTime, Status } from '../../../core/ui/index.ts';
import { outboundQuery } from '../api.ts';

const columns: Column<OutboundReport['items'][number]>[] = [
  { label: 'Host', cell: (item) => item.host, className: 'code' },
  { label: 'For', cell: (item) => item.purposes.join(', ') },
  {
    label: 'State',
    cell: (item) =>
      item.blocked > 0 ? (
        <Status level="warning" label={`${item.blocked} refused`} />
      ) : (
        <Status level="ok" label="Allowed" />
      ),
  },
  { label: 'Calls', cell: (item) => item.count.toLocaleString('en'), className: 'figure' },
  { label: 'Last', cell: (item) => <RelativeTime at={item.lastUsedAt} />, className: 'nowrap' },
];

/** Every host that the portal has called since it started, or would have called. */
export function OutboundPage() {
  return (
    <AdminPage
      title="Outbound"
      description="Every host that this process has called or was asked to call since it started."
      query={useQuery(outboundQuery)}
    >
      {({ mode, allow, items }) => (
        <>
          <dl className={classes.facts}>
            <dt>Mode</dt>
            <dd>
              {mode === 'closed'
                ? 'closed: only this machine and the hosts below may be called'
                : 'open: configured sources may be on any host'}
            </dd>
            <dt>outbound.allow</dt>
            <dd className={classes.code}>{allow.length > 0 ? allow.join(', ') : '—'}</dd>
          </dl>
          {items.length === 0 ? (
            <EmptyState title="No other host was called">
              Nothing has left this machine since the portal started.
            </EmptyState>
          ) : (
            <Table label="Hosts" rows={items} rowKey={(item) => item.host} columns={columns} />
          )}
        </>
      )}
    </AdminPage>
  );
}
