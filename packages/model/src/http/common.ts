import { type Static, Type } from '../schema.ts';

/** Object schemas that take no other fields than those they name. */
export const closed = { additionalProperties: false } as const;

/** Many entries of a query string: the parameter may be repeated. */
export const repeated = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));

export const optionalText = (description: string) => Type.Optional(Type.String({ description }));

/** A point in time: ISO 8601, UTC, milliseconds. */
export const time = (description: string) => Type.String({ format: 'date-time', description });

export const pageLimit = (fallback: number, most: number) =>
  Type.Optional(
    Type.Integer({ minimum: 1, maximum: most, description: `How many to return at most. ${fallback} when absent.` }),
  );

export const nextPage = Type.Object({
  nextCursor: Type.Optional(
    Type.String({ description: 'Pass it as `cursor` to get the next page. Absent on the last page.' }),
  ),
});

export const cursorParameter = Type.Optional(
  Type.String({ minLength: 1, description: 'Where to go on: `nextCursor` of an earlier answer, unchanged.' }),
);

/** The words of an entity ref as they stand in a path. */
export const EntityPath = Type.Object(
  {
    kind: Type.String({ minLength: 1, description: 'Kind of the entity, in any case.' }),
    namespace: Type.String({
      minLength: 1,
      description: 'Namespace of the entity; `default` when its descriptor names none.',
    }),
    name: Type.String({ minLength: 1, description: 'Name of the entity, in any case.' }),
  },
  closed,
);
export type EntityPath = Static<typeof EntityPath>;

/** The one shape of every refusal. */
export const ErrorResponse = Type.Object({
  error: Type.Object({
    name: Type.String({ description: 'Class of the error, such as InputError. Decides the status.' }),
    message: Type.String({ description: 'What went wrong, and where.' }),
    code: Type.String({ description: 'Stable code, listed in the error reference.' }),
    fix: Type.String({ description: 'The next step for whoever must act.' }),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
  request: Type.Optional(Type.Object({ method: Type.String(), url: Type.String() })),
  response: Type.Object({ statusCode: Type.Integer() }),
});
export type ErrorResponse = Static<typeof ErrorResponse>;
