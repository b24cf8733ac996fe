import type { FeedEvent } from '@callboard/model/http';
import { EventsQuery, EventsResponse } from '@callboard/model/http';
import type { FastifyReply } from 'fastify';
import type { Events, StoredEvent } from '../../../core/events/index.ts';
import { sse } from '../../../core/http/index.ts';
import { queryErrors } from '../query/errors.ts';
import { refsFulfilling } from '../store/entities.ts';
import type { Routes, RouteTools } from './tools.ts';
import { listOf } from './tools.ts';

const batch = 500;
/** A filter that leaves nearly everything out reads no further than this in one answer. */
const mostBatches = 20;
/** What tells nothing but that something is to be asked anew. */
const forEverybody = new Set(['plugin-data.changed']);
const eventId = /^\d{1,15}$/;

/** What is wanted of the events; `seen` leaves those whose subjects the asker may see. */
type Filter = { types?: string[]; refs?: string[]; seen(found: StoredEvent[]): Promise<StoredEvent[]> };

const shown = ({ id, at, type, subject, data, actor }: StoredEvent): FeedEvent => ({
  id,
  at: new Date(at).toISOString(),
  type,
  subject,
  ...(data !== null && { data }),
  ...(actor !== null && { actor }),
});

const isWanted = (event: StoredEvent, types: string[] | undefined) =>
  !types || types.some((type) => (type.endsWith('*') ? event.type.startsWith(type.slice(0, -1)) : event.type === type));

/** The next events that pass a filter. The cursor moves on over those that do not. */
async function readEvents(events: Events, after: number, limit: number, { types, refs, seen }: Filter) {
  const found: StoredEvent[] = [];
  const isExact = !types?.some((type) => type.endsWith('*'));
  let cursor = after;
  for (let round = 0; round < mostBatches && found.length < limit; round += 1) {
    const page = await events.read({
      after: cursor,
      limit: isExact ? limit - found.length : batch,
      ...(refs && { subjects: refs }),
      ...(isExact && types && { types }),
    });
    const wanted = await seen(page.events.filter((event) => isWanted(event, types)));
    const kept = wanted.slice(0, limit - found.length);
    found.push(...kept);
    // The page had more than was wanted: go on behind the last that was taken.
    if (kept.length < wanted.length) return { events: found, cursor: kept.at(-1)!.id };
    if (page.cursor === cursor) break;
    cursor = page.cursor;
  }
  return { events: found, cursor };
}

/** Sends events as they come, until the client leaves. */
async function stream(events: Events, reply: FastifyReply, start: number, filter: Filter): Promise<void> {
  const client = sse(reply);
  let wake = () => {};
  let isRung = true;
  const ring = () => {
    isRung = true;
    wake();
  };
  const silence = events.onAppend(ring);
  client.signal.addEventListener('abort', ring);
  try {
    for (let cursor = start; !client.signal.aborted;) {
      isRung = false;
      const page = await readEvents(events, cursor, batch, filter);
      for (const event of page.events) if (!client.send({ id: event.id, data: shown(event) })) return;
      await client.drained();
      const isMoving = page.cursor !== cursor;
      cursor = page.cursor;
      if (!isMoving && !isRung && !client.signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (isRung || client.signal.aborted) resolve();
        });
    }
  } catch (error) {
    reply.log.error({ err: error }, 'an event stream failed');
  } finally {
    silence();
    client.close();
  }
}

/** GET /api/events: the change feed, page by page or as a stream. */
export function registerEvents(http: Routes, { context, reading, scopeOf }: RouteTools): void {
  const { events } = context;
  http.get(
    '/api/events',
    {
      config: { permission: 'catalog.entity.read' },
      schema: {
        operationId: 'GetEvents',
        tags: ['events'],
        summary: 'What happened, in the order in which it happened',
        description:
          'As JSON: events after a cursor. With `Accept: text/event-stream`: a stream of the same events, which goes on behind Last-Event-ID or `after`, else starts now.',
        querystring: EventsQuery,
        response: { 200: EventsResponse },
      },
    },
    async (request, reply) => {
      const { after, limit = 100 } = request.query;
      const types = listOf(request.query.types);
      const refs = listOf(request.query.refs)?.map((ref) => ref.toLowerCase());
      const seen: Filter['seen'] = async (found) => {
        // Asked anew every time: a stream outlives what its reader may see.
        const scope = await scopeOf(request);
        if (!scope || found.length === 0) return found;
        const known = new Set(await refsFulfilling(reading, [...new Set(found.map((event) => event.subject))], scope));
        return found.filter(
          ({ type, subject }) => (type.startsWith('catalog.entity.') && known.has(subject)) || forEverybody.has(type),
        );
      };
      const filter: Filter = { seen, ...(types && { types }), ...(refs && { refs }) };
      if (!request.headers.accept?.includes('text/event-stream')) {
        const found = await readEvents(events, after ?? (await events.latest()), limit, filter);
        return { events: found.events.map(shown), cursor: found.cursor };
      }
      const last = request.headers['last-event-id'];
      if (typeof last === 'string' && last !== '' && !eventId.test(last))
        throw queryErrors.cursorInvalid({ reason: 'Last-Event-ID is not the id of an event' });
      const start = last ? Number(last) : (after ?? (await events.latest()));
      void stream(events, reply, start, filter);
      return reply;
    },
  );
}
