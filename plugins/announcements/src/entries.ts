import { randomUUID } from 'node:crypto';
import type { Host } from '@callboard/plugin-api';

/** What everybody should know. Times are ISO 8601, in UTC. */
export type Entry = {
  id: string;
  title: string;
  text: string;
  tone: 'info' | 'good' | 'warning' | 'bad';
  from?: string;
  until?: string;
  createdAt: string;
  author?: string;
};
export type Draft = Pick<Entry, 'title' | 'text' | 'tone' | 'from' | 'until'>;

const tones = ['info', 'good', 'warning', 'bad'] as const;
const prefix = 'entry/';
const most = 500;

/** Reads a body; what is wrong with it as a text. */
export function draftOf(body: unknown): Draft | string {
  if (typeof body !== 'object' || body === null) return 'Send an object with a title.';
  const { title, text = '', tone = 'info', from, until } = body as Record<string, unknown>;
  if (typeof title !== 'string' || title.trim() === '' || title.length > 200)
    return 'title must be a text of 1 to 200 characters.';
  if (typeof text !== 'string' || text.length > 10_000) return 'text must be at most 10,000 characters.';
  if (!tones.includes(tone as Entry['tone'])) return `tone must be one of ${tones.join(', ')}.`;
  const times: { from?: string; until?: string } = {};
  for (const [key, value] of Object.entries({ from, until })) {
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value)))
      return `${key} must be a time such as 2027-01-31T12:00:00Z.`;
    times[key as 'from' | 'until'] = new Date(value).toISOString();
  }
  if (times.from !== undefined && times.until !== undefined && times.from >= times.until)
    return 'until must be later than from.';
  return { title: title.trim(), text, tone: tone as Entry['tone'], ...times };
}

/** Whether it is to be read now. */
export const isCurrent = ({ from, until }: Entry, now: string): boolean =>
  (from === undefined || from <= now) && (until === undefined || until > now);

/** The announcements of a portal, newest first. */
export function createEntries({ store }: Host) {
  const all = async (): Promise<Entry[]> => {
    const keys = await store.list(prefix);
    const found = await Promise.all(keys.map((key) => store.get(key)));
    return (found.filter((entry) => entry !== null) as unknown as Entry[]).toSorted((one, other) =>
      one.createdAt < other.createdAt ? 1 : -1,
    );
  };
  const get = async (id: string) => (await store.get(prefix + id)) as unknown as Entry | null;
  const put = (entry: Entry) => store.set(prefix + entry.id, { ...entry });
  return {
    all,
    async add(draft: Draft, author: string | undefined): Promise<Entry> {
      const entries = await all();
      const now = new Date().toISOString();
      const over = entries.filter((entry) => entry.until !== undefined && entry.until <= now);
      for (const old of entries.length < most ? [] : over.slice(-1)) await store.delete(prefix + old.id);
      const entry = { ...draft, id: randomUUID(), createdAt: now, ...(author !== undefined && { author }) };
      await put(entry);
      return entry;
    },
    async change(id: string, draft: Draft): Promise<Entry | undefined> {
      const before = await get(id);
      if (!before) return undefined;
      const { createdAt, author } = before;
      const entry = { ...draft, id, createdAt, ...(author !== undefined && { author }) };
      await put(entry);
      return entry;
    },
    async remove(id: string): Promise<boolean> {
      if (!(await get(id))) return false;
      await store.delete(prefix + id);
      return true;
    },
  };
}
