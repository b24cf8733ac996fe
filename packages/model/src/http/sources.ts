import { type Static, Type } from '../schema.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { closed, cursorParameter, nextPage, optionalText, pageLimit, time } from './common.ts';
import { ProblemSchema } from './entity.ts';

/** Where entities come from, and how it is doing. */
export const SourceSchema = Type.Object({
  id: Type.Integer(),
  origin: Type.String({ description: 'config, location (registered by API or page) or generated.' }),
  type: Type.String({ description: 'file, url or git.' }),
  target: Type.String({ description: 'What is read.' }),
  state: Type.String({ description: 'How the last attempt went.' }),
  version: optionalText('What was read last: commit or entity tag.'),
  entityRef: optionalText('The Location entity that stands for it.'),
  locationId: optionalText('Id under /locations, when it was registered.'),
  createdAt: time('When the portal first knew of it.'),
  lastAttemptAt: Type.Optional(time('When it was last asked.')),
  nextAttemptAt: Type.Optional(time('When it is asked again if nothing happens before; absent when it never is.')),
  lastSuccessAt: Type.Optional(time('When it last answered: the age of its data.')),
  failingSince: Type.Optional(time('First failure since the last success.')),
  error: Type.Optional(ProblemSchema),
  held: Type.Optional(
    Type.Unsafe<JsonObject>({
      type: 'object',
      additionalProperties: true,
      description: 'Deletions that wait to be confirmed, because the source shrank suddenly.',
    }),
  ),
  entities: Type.Integer({ minimum: 0, description: 'Entities it holds.' }),
  problems: Type.Integer({ minimum: 0, description: 'Problems it has.' }),
});
export type Source = Static<typeof SourceSchema>;
export const SourceList = Type.Object({ items: Type.Array(SourceSchema) });
export type SourceList = Static<typeof SourceList>;
export const SourceIdPath = Type.Object({ id: Type.Integer({ minimum: 1 }) }, closed);
export type SourceIdPath = Static<typeof SourceIdPath>;

/** GET …/provenance: where an entity comes from and how old what we know is. */
export const ProvenanceResponse = Type.Object({
  entityRef: Type.String(),
  location: Type.String({ description: 'The document that describes it.' }),
  line: Type.Integer({ description: 'Line of the document at which it starts.' }),
  readAt: time('When the document was last read.'),
  firstSeenAt: time('When the entity came in.'),
  updatedAt: time('When it last changed.'),
  claims: Type.Array(Type.String(), {
    description: 'Other documents that describe the same entity and were not taken.',
  }),
  source: Type.Union([SourceSchema, Type.Null()]),
});
export type ProvenanceResponse = Static<typeof ProvenanceResponse>;

/** GET /problems */
export const ProblemsQuery = Type.Object(
  {
    owner: optionalText('Ref of the owner whose problems are wanted; empty for problems that nobody owns.'),
    severity: Type.Optional(
      Type.Unsafe<'error' | 'warning' | 'information'>({ type: 'string', enum: ['error', 'warning', 'information'] }),
    ),
    source: Type.Optional(Type.Integer({ minimum: 1, description: 'Id of a source.' })),
    code: optionalText('Code of the problem.'),
    entityRef: optionalText('The entity it is about.'),
    limit: pageLimit(100, 1000),
    cursor: cursorParameter,
  },
  closed,
);
export type ProblemsQuery = Static<typeof ProblemsQuery>;
export const StoredProblemSchema = Type.Intersect([
  ProblemSchema,
  Type.Object({
    id: Type.Integer(),
    sourceId: Type.Integer(),
    owner: optionalText('Ref of who should act.'),
    ownerEvidence: Type.Optional(
      Type.Unsafe<'entity' | 'document' | 'codeowners' | 'neighbour' | 'source'>({
        type: 'string',
        enum: ['entity', 'document', 'codeowners', 'neighbour', 'source'],
        description:
          'How the owner is known: the entity names it; its document does; a CODEOWNERS file does; the nearest descriptor has it; most of the source has it.',
      }),
    ),
    firstSeenAt: time('Since when.'),
  }),
]);
export type StoredProblem = Static<typeof StoredProblemSchema>;
export const ProblemsResponse = Type.Object({
  items: Type.Array(StoredProblemSchema),
  totalItems: Type.Integer({ minimum: 0 }),
  counts: Type.Object(
    { error: Type.Integer(), warning: Type.Integer(), information: Type.Integer() },
    { description: 'Matches by severity, on all pages together.' },
  ),
  pageInfo: nextPage,
});
export type ProblemsResponse = Static<typeof ProblemsResponse>;

/** GET …/history */
export const HistoryQuery = Type.Object({ limit: pageLimit(50, 500), cursor: cursorParameter }, closed);
export type HistoryQuery = Static<typeof HistoryQuery>;
export const HistoryEntrySchema = Type.Object({
  id: Type.Integer(),
  at: time('When.'),
  actor: Type.String({ description: 'Who or what changed it.' }),
  action: Type.String({ description: 'created, updated, moved or deleted.' }),
  changes: Type.Array(
    Type.Object({
      path: Type.String(),
      before: Type.Optional(Type.Unsafe<JsonValue>({})),
      after: Type.Optional(Type.Unsafe<JsonValue>({})),
    }),
  ),
  location: optionalText('The document it came from.'),
  hash: optionalText('metadata.etag after the change.'),
});
export type HistoryEntry = Static<typeof HistoryEntrySchema>;
export const HistoryResponse = Type.Object({
  items: Type.Array(HistoryEntrySchema, { description: 'Newest first.' }),
  pageInfo: nextPage,
});
export type HistoryResponse = Static<typeof HistoryResponse>;

/** GET /entities/unprocessed/{failed,pending} */
export const UnprocessedQuery = Type.Object({ owner: optionalText('Only what this owner should act on.') }, closed);
export type UnprocessedQuery = Static<typeof UnprocessedQuery>;
export const UnprocessedResponse = Type.Object({
  type: Type.Unsafe<'failed' | 'pending'>({ type: 'string', enum: ['failed', 'pending'] }),
  entities: Type.Array(
    Type.Object({
      entity_id: Type.String(),
      entity_ref: Type.String(),
      unprocessed_entity: Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true }),
      next_update_at: Type.String(),
      last_discovery_at: Type.String(),
      location_key: Type.Optional(Type.String()),
      errors: Type.Optional(
        Type.Array(Type.Object({ name: Type.String(), message: Type.String(), code: Type.Optional(Type.String()) })),
      ),
    }),
  ),
});
export type UnprocessedResponse = Static<typeof UnprocessedResponse>;
