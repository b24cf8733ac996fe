import { type Static, Type } from '../schema.ts';
import type { JsonObject } from '../json.ts';
import { closed, repeated, time } from './common.ts';

/** GET /api/events */
export const EventsQuery = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          '`cursor` of an earlier answer; 0 starts at the oldest event kept. Without it there are no events yet: a page is empty and gives the cursor of now, a stream starts now.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'How many to return at most. 100 when absent.' }),
    ),
    types: repeated(
      'Event types, separated by commas, such as `catalog.entity.updated`. `catalog.*` stands for all of a kind.',
    ),
    refs: repeated('Entity refs, separated by commas: only events about them.'),
  },
  closed,
);
export type EventsQuery = Static<typeof EventsQuery>;

export const EventSchema = Type.Object({
  id: Type.Integer(),
  at: time('When.'),
  type: Type.String(),
  subject: Type.String({ description: 'What it is about: an entity ref, or the key of a source.' }),
  data: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true })),
  actor: Type.Optional(Type.String()),
});
export type FeedEvent = Static<typeof EventSchema>;
export const EventsResponse = Type.Object({
  events: Type.Array(EventSchema, { description: 'Oldest first.' }),
  cursor: Type.Integer({ description: 'Pass it as `after` to go on.' }),
});
export type EventsResponse = Static<typeof EventsResponse>;
