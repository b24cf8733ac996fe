import { type Static, Type } from '../schema.ts';
import type { JsonObject } from '../json.ts';
import { closed, cursorParameter, nextPage } from './common.ts';
import { EntitySchema, PredicateSchema, ProblemSchema } from './entity.ts';

/** A registered location: an address whose descriptors the catalog keeps up with. */
export const LocationSchema = Type.Object({
  id: Type.String(),
  type: Type.String({ description: 'How it is read, such as url.' }),
  target: Type.String({ description: 'What is read.' }),
  entityRef: Type.String({ description: 'The Location entity that stands for it.' }),
});
export type RegisteredLocation = Static<typeof LocationSchema>;

/** Body of POST and PUT /locations. */
export const LocationInput = Type.Object(
  {
    type: Type.String({ minLength: 1, maxLength: 100, description: 'How it is read: url, git or file.' }),
    target: Type.String({
      minLength: 1,
      maxLength: 4000,
      description: 'Address of a descriptor, folder or repository; a path of the portal’s machine, for who may.',
    }),
    presence: Type.Optional(
      Type.Unsafe<'required' | 'optional'>({
        type: 'string',
        enum: ['required', 'optional'],
        description: 'Accepted for older clients; a target that is missing is reported as a problem either way.',
      }),
    ),
  },
  closed,
);
export type LocationInput = Static<typeof LocationInput>;

export const CreateLocationQuery = Type.Object(
  {
    dryRun: Type.Optional(
      Type.Boolean({ description: 'Reads and checks everything, returns the entities and stores nothing.' }),
    ),
    onConflict: Type.Optional(
      Type.Unsafe<'refresh' | 'reject'>({
        type: 'string',
        enum: ['refresh', 'reject'],
        description: 'What to do when the location is registered already: refuse with 409, or read it again.',
      }),
    ),
  },
  closed,
);
export type CreateLocationQuery = Static<typeof CreateLocationQuery>;
export const CreateLocationResponse = Type.Object({
  location: LocationSchema,
  entities: Type.Array(EntitySchema, { description: 'Dry run only: every entity found.' }),
  exists: Type.Optional(Type.Boolean({ description: 'Whether the location is registered already.' })),
  problems: Type.Optional(
    Type.Array(ProblemSchema, { description: 'Dry run only: what is wrong with the descriptors.' }),
  ),
});
export type CreateLocationResponse = Static<typeof CreateLocationResponse>;

export const LocationIdPath = Type.Object({ id: Type.String({ minLength: 1 }) }, closed);
export type LocationIdPath = Static<typeof LocationIdPath>;
export const LocationList = Type.Array(Type.Object({ data: LocationSchema }));
export type LocationList = Static<typeof LocationList>;

/** POST /locations/by-query */
export const QueryLocationsBody = Type.Object(
  {
    cursor: cursorParameter,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, description: 'How many to return at most. 1000 when absent.' }),
    ),
    query: Type.Optional(PredicateSchema),
  },
  closed,
);
export type QueryLocationsBody = Static<typeof QueryLocationsBody>;
export const QueryLocationsResponse = Type.Object({
  items: Type.Array(LocationSchema),
  totalItems: Type.Integer({ minimum: 0 }),
  pageInfo: nextPage,
});
export type QueryLocationsResponse = Static<typeof QueryLocationsResponse>;

/** POST /analyze-location */
export const AnalyzeLocationBody = Type.Object(
  {
    location: LocationInput,
    catalogFilename: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1000,
        description: 'File name looked for; catalog-info.yaml when absent.',
      }),
    ),
    catalogFileName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1000,
        description: 'The same, in the spelling of the published contract.',
      }),
    ),
  },
  closed,
);
export type AnalyzeLocationBody = Static<typeof AnalyzeLocationBody>;
export const AnalyzeLocationResponse = Type.Object({
  existingEntityFiles: Type.Array(
    Type.Object({
      location: Type.Object({ type: Type.String(), target: Type.String() }),
      isRegistered: Type.Boolean(),
      entity: EntitySchema,
    }),
  ),
  generateEntities: Type.Array(
    Type.Object({
      entity: Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true }),
      fields: Type.Array(
        Type.Object({
          field: Type.String(),
          state: Type.Unsafe<'analysisSuggestedValue' | 'analysisSuggestedNoValue' | 'needsUserInput'>({
            type: 'string',
            enum: ['analysisSuggestedValue', 'analysisSuggestedNoValue', 'needsUserInput'],
          }),
          value: Type.Union([Type.String(), Type.Null()]),
          description: Type.String(),
        }),
      ),
    }),
  ),
});
export type AnalyzeLocationResponse = Static<typeof AnalyzeLocationResponse>;

/** POST /validate-entity */
export const ValidateEntityBody = Type.Object(
  {
    entity: Type.Unsafe<unknown>({ description: 'The entity as in a descriptor.' }),
    location: Type.String({ description: 'Where it would stand: url:https://…' }),
  },
  closed,
);
export type ValidateEntityBody = Static<typeof ValidateEntityBody>;
export const ValidateEntityFailure = Type.Object({
  errors: Type.Array(
    Type.Object({
      name: Type.String(),
      message: Type.String(),
      code: Type.Optional(Type.String()),
      fix: Type.Optional(Type.String()),
      path: Type.Optional(Type.String()),
    }),
  ),
});
export type ValidateEntityFailure = Static<typeof ValidateEntityFailure>;
