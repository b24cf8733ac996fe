import type { JsonValue } from '@callboard/model';
import type { FeedEvent } from '@callboard/model/http';
import { words } from '../../core/ui/index.ts';

type Change = { path: string; before?: JsonValue; after?: JsonValue };

/** One changed value in words: a value became another, or a list has more and less. */
export type Saying = { field: string; before?: string; after?: string; added: string[]; removed: string[] };

const said = 2;
const longest = 40;

/** References by their name: "resource:default/gauge" → "gauge". */
const short = (value: JsonValue): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const name = /^[a-z]+:(?:default\/)?([^\s:]+)$/i.exec(text)?.[1] ?? text;
  return name.length > longest ? `${name.slice(0, longest)}…` : name;
};

const isScalar = (value: JsonValue | undefined) => value !== undefined && (typeof value !== 'object' || value === null);

function say({ path, before, after }: Change): Saying {
  const field = words(path);
  if (Array.isArray(before ?? []) && Array.isArray(after ?? [])) {
    const old = ((before ?? []) as JsonValue[]).map(short);
    const now = ((after ?? []) as JsonValue[]).map(short);
    return {
      field,
      added: now.filter((value) => !old.includes(value)),
      removed: old.filter((value) => !now.includes(value)),
    };
  }
  // Prose is not told word by word: its page has the difference.
  const isShort = [before, after].every((value) => isScalar(value) && String(value).length <= longest);
  return isShort
    ? { field, before: short(before!), after: short(after!), added: [], removed: [] }
    : { field, added: [], removed: [] };
}

/** Facts of the portal itself that tell a reader nothing. */
const own = /^metadata\.annotations\.backstage\.io\/(managed-by|view-url|edit-url|source-location)/;

/** The first changes of an entry in words, and how many there are besides. */
export function sayChanges(changes: Change[]): { sayings: Saying[]; more: number } {
  const telling = changes.filter(({ path }) => !own.test(path));
  return { sayings: telling.slice(0, said).map(say), more: Math.max(0, telling.length - said) };
}

/** Only the last thing that happened to each entity: the page says what is new, not every step to it. */
export function lastOfEach(events: FeedEvent[]): FeedEvent[] {
  const seen = new Set<string>();
  return events.filter(({ subject }) => !seen.has(subject) && seen.add(subject));
}

/** So many new things are told one by one; more came in together, and their number says it better. */
const toldOneByOne = 3;

/** Splits off what came in as a crowd. */
export function withoutCrowd(events: FeedEvent[]): { crowd: FeedEvent[]; others: FeedEvent[] } {
  const isNew = ({ type }: FeedEvent) => type.endsWith('.created');
  const crowd = events.filter(isNew);
  return crowd.length > toldOneByOne
    ? { crowd, others: events.filter((event) => !isNew(event)) }
    : { crowd: [], others: events };
}
