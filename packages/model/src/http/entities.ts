import { type Static, Type } from '../schema.ts';
import { closed, repeated } from './common.ts';
import { EntitySchema, NullableEntity, PredicateSchema } from './entity.ts';

const filter = repeated(
  'Conditions `key` or `key=value`, separated by commas; all must hold. Repeat the parameter for alternatives. Case does not matter.',
);
const fields = repeated('Paths to keep of each entity, separated by commas, such as `kind,metadata.name,spec.owner`.');
const offset = Type.Optional(
  Type.Integer({ minimum: 0, maximum: 10_000_000, description: 'How many matches to skip.' }),
);
const limit = Type.Optional(
  Type.Integer({
    minimum: 0,
    description: 'How many entities to return at most; pages hold at most 10,000. 0 returns only the total.',
  }),
);
const totalItems = Type.Optional(
  Type.Unsafe<'include' | 'exclude'>({
    type: 'string',
    enum: ['include', 'exclude'],
    description: 'Whether the matches are counted. When excluded, totalItems is 0.',
  }),
);
const cursor = Type.Optional(
  Type.String({
    minLength: 1,
    description:
      'A cursor of an earlier answer. It brings filter, order and text along; only limit and fields may be given with it.',
  }),
);

/** GET /entities */
export const ListEntitiesQuery = Type.Object(
  {
    filter,
    fields,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Page size; without limit, offset and after everything is streamed.' }),
    ),
    offset,
    after: Type.Optional(Type.String({ minLength: 1, description: 'Cursor from the Link header of the page before.' })),
    order: repeated('`asc:<path>` or `desc:<path>`; repeat for further paths. Entities without the path come last.'),
  },
  closed,
);
export type ListEntitiesQuery = Static<typeof ListEntitiesQuery>;
export const EntityList = Type.Array(EntitySchema);

/** GET /entities/by-query */
export const QueryEntitiesQuery = Type.Object(
  {
    filter,
    fields,
    limit,
    offset,
    orderField: repeated(
      '`<path>,asc` or `<path>,desc`; repeat for further paths. Entities without the path come last.',
    ),
    cursor,
    totalItems,
    fullTextFilterTerm: Type.Optional(
      Type.String({ maxLength: 1000, description: 'Text that must occur in one of fullTextFilterFields.' }),
    ),
    fullTextFilterFields: repeated(
      'Paths, separated by commas. When absent: the first order field, else metadata.uid.',
    ),
  },
  closed,
);
export type QueryEntitiesQuery = Static<typeof QueryEntitiesQuery>;

const fullTextFilter = Type.Optional(
  Type.Object(
    { term: Type.Optional(Type.String({ maxLength: 1000 })), fields: Type.Optional(Type.Array(Type.String())) },
    { ...closed, description: 'Text that must occur in one of the fields.' },
  ),
);

/** POST /entities/by-query */
export const QueryEntitiesBody = Type.Object(
  {
    cursor,
    limit,
    offset,
    orderBy: Type.Optional(
      Type.Array(
        Type.Object(
          {
            field: Type.String({ minLength: 1 }),
            order: Type.Unsafe<'asc' | 'desc'>({ type: 'string', enum: ['asc', 'desc'] }),
          },
          closed,
        ),
        { description: 'Paths to sort by. Entities without the path come last.' },
      ),
    ),
    fullTextFilter,
    fields: Type.Optional(Type.Array(Type.String(), { description: 'Paths to keep of each entity.' })),
    totalItems,
    query: Type.Optional(PredicateSchema),
  },
  closed,
);
export type QueryEntitiesBody = Static<typeof QueryEntitiesBody>;

export const QueryEntitiesResponse = Type.Object({
  items: Type.Array(EntitySchema),
  totalItems: Type.Integer({
    minimum: 0,
    description: 'Matches on all pages together, as counted for the first page.',
  }),
  pageInfo: Type.Object({ nextCursor: Type.Optional(Type.String()), prevCursor: Type.Optional(Type.String()) }),
});
export type QueryEntitiesResponse = Static<typeof QueryEntitiesResponse>;

/** POST /entities/by-refs */
export const EntitiesByRefsBody = Type.Object(
  {
    entityRefs: Type.Array(Type.String(), {
      maxItems: 5000,
      description: 'Entity refs, such as component:default/payments-api.',
    }),
    fields: Type.Optional(Type.Array(Type.String(), { description: 'Paths to keep of each entity.' })),
    query: Type.Optional(PredicateSchema),
  },
  closed,
);
export type EntitiesByRefsBody = Static<typeof EntitiesByRefsBody>;
export const EntitiesByRefsQuery = Type.Object({ filter }, closed);
export type EntitiesByRefsQuery = Static<typeof EntitiesByRefsQuery>;
export const EntitiesByRefsResponse = Type.Object({
  items: Type.Array(NullableEntity, { description: 'In the order of the refs; null where there is no such entity.' }),
});
export type EntitiesByRefsResponse = Static<typeof EntitiesByRefsResponse>;

/** /entities/by-uid/:uid */
export const EntityUidPath = Type.Object(
  { uid: Type.String({ minLength: 1, description: 'metadata.uid of the entity.' }) },
  closed,
);
export type EntityUidPath = Static<typeof EntityUidPath>;

/** GET …/ancestry */
export const AncestryResponse = Type.Object({
  rootEntityRef: Type.String(),
  items: Type.Array(Type.Object({ entity: EntitySchema, parentEntityRefs: Type.Array(Type.String()) })),
});
export type AncestryResponse = Static<typeof AncestryResponse>;

/** POST /refresh */
export const RefreshBody = Type.Object(
  {
    entityRef: Type.String({ minLength: 1, description: 'The entity whose source is to be read again now.' }),
    authorizationToken: Type.Optional(Type.String({ description: 'Accepted for older clients; not used.' })),
  },
  closed,
);
export type RefreshBody = Static<typeof RefreshBody>;

/** GET /entity-facets */
export const FacetsQuery = Type.Object(
  {
    facet: Type.Array(Type.String(), { minItems: 1, description: 'Path whose values are counted; repeat for more.' }),
    filter,
  },
  closed,
);
export type FacetsQuery = Static<typeof FacetsQuery>;

/** POST /entity-facets */
export const FacetsBody = Type.Object(
  {
    facets: Type.Array(Type.String(), { minItems: 1, description: 'Paths whose values are counted.' }),
    fullTextFilter,
    query: Type.Optional(PredicateSchema),
  },
  closed,
);
export type FacetsBody = Static<typeof FacetsBody>;
export const FacetsResponse = Type.Object({
  facets: Type.Record(
    Type.String(),
    Type.Array(Type.Object({ value: Type.String(), count: Type.Integer({ minimum: 1 }) })),
  ),
});
export type FacetsResponse = Static<typeof FacetsResponse>;
