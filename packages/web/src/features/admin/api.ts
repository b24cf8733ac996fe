import type {
  ConfigurationReport,
  EventsResponse,
  HealthReport,
  JobList,
  MissesResponse,
  OutboundReport,
  SearchStatus,
} from '@callboard/model/http';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';

const base = '/api/admin';

/** What happens in the background changes without an event; a glance every few seconds is enough while the page is open. */
const refetchInterval = 5_000;

export const jobsQuery = queryOptions({
  queryKey: ['admin', 'jobs'],
  queryFn: ({ signal }) => request<JobList>(`${base}/jobs`, { signal }),
  refetchInterval,
});

export const outboundQuery = queryOptions({
  queryKey: ['admin', 'outbound'],
  queryFn: ({ signal }) => request<OutboundReport>(`${base}/outbound`, { signal }),
  refetchInterval,
});

export const configurationQuery = queryOptions({
  queryKey: ['admin', 'configuration'],
  queryFn: ({ signal }) => request<ConfigurationReport>(`${base}/configuration`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const healthQuery = queryOptions({
  queryKey: ['admin', 'health'],
  queryFn: ({ signal }) => request<HealthReport>(`${base}/health`, { signal }),
  refetchInterval,
});

const eventsShown = 200;

/** The newest events, newest first; `latest` is the cursor that the health report gives. */
export const newestEventsQuery = (latest: number) =>
  queryOptions({
    queryKey: ['admin', 'events', latest],
    queryFn: async ({ signal }) => {
      const after = Math.max(0, latest - eventsShown);
      const { events } = await request<EventsResponse>(`/api/events?after=${after}&limit=${eventsShown}`, { signal });
      return events.toReversed();
    },
  });

export const triggerJob = (job: { name: string; key: string }) =>
  request<unknown>(`${base}/jobs/trigger`, { method: 'POST', body: job });

/** A rebuild moves fast; it is looked at more often while it lasts. */
export const searchStatusQuery = queryOptions({
  queryKey: ['admin', 'search'],
  queryFn: ({ signal }) => request<SearchStatus>('/api/search/status', { signal }),
  refetchInterval: ({ state }) => (state.data?.building || state.data?.behind ? 1_000 : refetchInterval),
});

export const searchMissesQuery = queryOptions({
  queryKey: ['admin', 'search', 'misses'],
  queryFn: ({ signal }) => request<MissesResponse>('/api/search/misses?limit=20', { signal }),
});

export const rebuildSearchIndex = () => request<unknown>('/api/search/rebuild', { method: 'POST' });
