import { type Static, Type } from '../schema.ts';
import type { JsonObject } from '../json.ts';
import { closed, optionalText, pageLimit, time } from './common.ts';

const oneOrMore = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };

const term = optionalText(
  'What is searched: words, "phrases", and filters such as kind:component owner:team-a tag:java. Everything when empty.',
);

/** GET /api/search/query. Lists and filters are written as Backstage's clients do: `types[0]=…`, `filters[kind]=…`. */
export const SearchQuery = Type.Unsafe<{
  term?: string;
  pageLimit?: number;
  pageCursor?: string;
  facets?: boolean;
  explain?: boolean;
  [parameter: string]: unknown;
}>(
  Type.Object(
    {
      term,
      pageLimit: pageLimit(25, 100),
      pageCursor: optionalText(
        'Page to show: `nextPageCursor` or `previousPageCursor` of an earlier answer, unchanged.',
      ),
      types: Type.Optional(
        Type.Array(Type.String(), {
          description: 'Types of documents; also written `types[]` or `types[0]`. All when absent.',
        }),
      ),
      facets: Type.Optional(Type.Boolean({ description: 'Also counts the values of what matches.' })),
      explain: Type.Optional(Type.Boolean({ description: 'Also says why each result stands where it does.' })),
    },
    {
      ...closed,
      patternProperties: {
        '^types\\[\\d*\\]$': oneOrMore,
        '^filters\\[[^\\]]{1,100}\\](\\[\\d*\\])?$': oneOrMore,
      },
    },
  ),
);
export type SearchQuery = Static<typeof SearchQuery>;

const Highlight = Type.Object({
  preTag: Type.String({ description: 'Stands before each word that was searched.' }),
  postTag: Type.String({ description: 'Stands after it.' }),
  fields: Type.Unsafe<Record<string, string>>({ type: 'object', additionalProperties: { type: 'string' } }),
});

const Reason = Type.Object({
  what: Type.String(),
  points: Type.Optional(Type.Number({ description: 'Added to the score.' })),
  factor: Type.Optional(Type.Number({ description: 'Multiplies the score.' })),
});

const Explanation = Type.Object({ score: Type.Number(), reasons: Type.Array(Reason) });

export const SearchResultSchema = Type.Object({
  type: Type.String({ description: 'Type of the document, such as software-catalog.' }),
  key: Type.String({ description: 'Tells the documents of a type apart.' }),
  document: Type.Unsafe<JsonObject & { title: string; text: string; location: string }>({
    type: 'object',
    required: ['title', 'text', 'location'],
    additionalProperties: true,
  }),
  rank: Type.Integer({ description: 'Place among all results, from 1.' }),
  highlight: Type.Optional(Highlight),
  explanation: Type.Optional(Explanation),
});
export type SearchResult = Static<typeof SearchResultSchema>;

const Counted = Type.Object({ value: Type.String(), count: Type.Integer({ minimum: 0 }) });

export const SearchResponse = Type.Object({
  results: Type.Array(SearchResultSchema, { description: 'The best first.' }),
  nextPageCursor: Type.Optional(Type.String()),
  previousPageCursor: Type.Optional(Type.String()),
  numberOfResults: Type.Integer({ minimum: 0 }),
  numberIsAtLeast: Type.Optional(Type.Boolean({ description: 'There are more; counting ended at this number.' })),
  didYouMean: Type.Optional(
    Type.String({ description: 'Nothing has the words as they were typed; the results are for these.' }),
  ),
  isPartial: Type.Optional(
    Type.Boolean({ description: 'Nothing has all of the words; the results have some of them.' }),
  ),
  facets: Type.Optional(
    Type.Unsafe<Record<string, { value: string; count: number }[]>>({
      type: 'object',
      additionalProperties: { type: 'array', items: Counted },
      description: 'Values of what matches, the most frequent first, by name; `types` counts the types.',
    }),
  ),
});
export type SearchResponse = Static<typeof SearchResponse>;

/** GET /api/search/suggest */
export const SuggestQuery = Type.Object({ term, limit: pageLimit(5, 20) }, closed);
export type SuggestQuery = Static<typeof SuggestQuery>;
export const SuggestionSchema = Type.Object({
  type: Type.String(),
  key: Type.String(),
  title: Type.String(),
  location: Type.String(),
  kind: optionalText('Kind of the entity it is, or belongs to.'),
  detail: optionalText('A line that tells it from others of the same title.'),
  text: optionalText('The beginning of its text.'),
  owner: optionalText('Its owner, as its descriptor has it.'),
  highlight: Type.Optional(Highlight),
});
export type Suggestion = Static<typeof SuggestionSchema>;
export const SuggestResponse = Type.Object({
  groups: Type.Array(
    Type.Object({
      group: Type.String({ description: 'Kind of the entities in lower case, or type of the documents.' }),
      items: Type.Array(SuggestionSchema),
    }),
    { description: 'The group with the best result first.' },
  ),
  didYouMean: Type.Optional(Type.String()),
  incomplete: Type.Optional(
    Type.Boolean({ description: 'The index still takes things in: asked again, it may answer with more.' }),
  ),
});
export type SuggestResponse = Static<typeof SuggestResponse>;

/** POST /api/search/opened */
export const OpenedBody = Type.Object(
  {
    term: Type.String({ maxLength: 1_000, description: 'What was searched.' }),
    type: Type.String({ maxLength: 100 }),
    key: Type.String({ maxLength: 1_000, description: '`type` and `key` of the result that was opened.' }),
  },
  closed,
);
export type OpenedBody = Static<typeof OpenedBody>;

/** GET /api/search/status */
export const SearchStatus = Type.Object({
  documents: Type.Unsafe<Record<string, number>>({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Documents in the index, by type.',
  }),
  behind: Type.Integer({ minimum: 0, description: 'Events that the index has not taken in yet.' }),
  error: optionalText('Why the last events could not be taken in.'),
  builtAt: Type.Optional(time('When the index was last built anew.')),
  building: Type.Optional(
    Type.Object({
      startedAt: time('Since when an index is being built beside the one that answers.'),
      documents: Type.Integer({ minimum: 0, description: 'Documents it has so far.' }),
      type: optionalText('The type it has come to.'),
    }),
  ),
});
export type SearchStatus = Static<typeof SearchStatus>;

/** GET /api/search/misses */
export const MissesQuery = Type.Object({ limit: pageLimit(100, 1_000) }, closed);
export type MissesQuery = Static<typeof MissesQuery>;
export const MissesResponse = Type.Object({
  items: Type.Array(
    Type.Object({
      term: Type.String(),
      count: Type.Integer({ minimum: 1 }),
      firstAt: time('When nothing was found for it first.'),
      lastAt: time('When nothing was found for it last.'),
    }),
    { description: 'What people search in vain, the most frequent first.' },
  ),
});
export type MissesResponse = Static<typeof MissesResponse>;
