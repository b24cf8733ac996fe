import type { FeedEvent } from '@callboard/model/http';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { AdminPage, type Column, Table } from '../../../core/administration/index.ts';
import { EmptyState, RelativeTime } from '../../../core/ui/index.ts';
import { healthQuery, newestEventsQuery } from '../api.ts';

const columns: Column<FeedEvent>[] = [
  { label: 'When', cell: (event) => <RelativeTime at={event.at} />, className: 'nowrap' },
  { label: 'What', cell: (event) => event.type, className: 'nowrap' },
  { label: 'About', cell: (event) => event.subject, className: 'code' },
  { label: 'By', cell: (event) => event.actor ?? '', className: 'code' },
];

/** The newest entries of the event log, which is also the public change feed. */
export function EventsPage() {
  const { data: health } = useQuery(healthQuery);
  const events = useQuery({
    ...newestEventsQuery(health?.events.latest ?? 0),
    enabled: health !== undefined,
    placeholderData: keepPreviousData,
  });
  return (
    <AdminPage
      title="Events"
      description="What has happened, newest first; the same log that GET /api/events gives."
      query={events}
      facts={(rows) => `the newest ${rows.length}`}
    >
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState title="Nothing has happened yet">
            Events appear here as soon as the portal reads its first source.
          </EmptyState>
        ) : (
          <Table label="Events" rows={rows} rowKey={(event) => String(event.id)} columns={columns} />
        )
      }
    </AdminPage>
  );
}
