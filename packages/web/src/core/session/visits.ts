import type { EventsResponse, LastVisit } from '@callboard/model/http';
import type { QueryClient } from '@tanstack/react-query';
import { request } from '../api/index.ts';
import { changePreference } from './preferences.ts';

/** Who comes back sooner has not been away. */
const awayAfter = 30 * 60_000;
const noteEvery = 5 * 60_000;

/** The visit that goes on, or the one that begins now behind the last one. */
export function nextVisit(last: LastVisit | undefined, now: number, cursor: number): LastVisit {
  const here = { seenAt: new Date(now).toISOString(), cursor };
  if (!last) return here;
  if (now - Date.parse(last.seenAt) > awayAfter)
    return { ...here, before: { seenAt: last.seenAt, cursor: last.cursor } };
  return last.before ? { ...here, before: last.before } : here;
}

/** Notes when this person is here, so that the home page can say what has changed since the time before. */
export function startVisits(client: QueryClient): void {
  const note = async () => {
    if (document.hidden) return;
    try {
      const { cursor } = await request<EventsResponse>('/api/events?limit=1');
      changePreference(client, 'last-visit', (last) => nextVisit(last, Date.now(), cursor));
    } catch {
      // A portal that is away is asked again with the next note.
    }
  };
  // Not while the first page is being loaded.
  setTimeout(() => {
    void note();
    setInterval(() => void note(), noteEvery);
    document.addEventListener('visibilitychange', () => void note());
  }, 1500);
}
