import { type TSchema, Type } from '../schema.ts';

const closed = { additionalProperties: false } as const;
const text = (maxLength: number, description: string) => Type.String({ maxLength, description });
const some = (maxLength: number, description: string) => Type.Optional(text(maxLength, description));
const cursor = Type.Optional(Type.String({ minLength: 1, maxLength: 4000, description: 'Absent on the last page.' }));
const link = { pattern: '^(https?://|/(?!/))', expected: 'https://… or an address within the portal', maxLength: 4000 };
const address = Type.String({ pattern: '^https?://', maxLength: 4000 });
const orNull = (schema: TSchema) => Type.Union([schema, Type.Null()]);
const data = Type.Record(Type.String(), Type.Unknown());
const version = text(500, 'Differs when the content does.');

const repository = Type.Object(
  {
    name: text(300, 'Name of the repository.'),
    owner: text(500, 'Who it belongs to.'),
    url: address,
    defaultBranch: text(300, 'Branch that is shown.'),
    description: some(5000, 'In its own words.'),
    topics: Type.Optional(Type.Array(text(200, 'A word.'), { maxItems: 200 })),
    archived: Type.Optional(Type.Boolean()),
    fork: Type.Optional(Type.Boolean()),
    private: Type.Optional(Type.Boolean()),
  },
  closed,
);

const identity = Type.Object(
  {
    subject: Type.String({ minLength: 1, maxLength: 500 }),
    username: some(500, 'Name at the far side.'),
    name: some(500, 'What people call them.'),
    email: some(500, 'Address.'),
    emailVerified: Type.Optional(Type.Boolean()),
    groups: Type.Optional(Type.Array(text(1000, 'Name of a group.'), { maxItems: 10_000 })),
  },
  closed,
);
const redirect = Type.String({ pattern: '^https?://', maxLength: 8000 });

/**
 * What handlers must answer, by role; for roles of several methods by role and method. Views have schemas of their own, by model. The shapes
 * are those of the types in `roles.ts` of the contract.
 */
export const answerSchemas: Record<string, TSchema> = {
  routes: Type.Object({ status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })), body: Type.Unknown() }),
  sources: Type.Object({ entities: Type.Array(data, { maxItems: 10_000 }), cursor }, closed),
  actions: Type.Object(
    { output: data, effects: Type.Optional(Type.Array(text(2000, 'In words.'), { maxItems: 200 })) },
    closed,
  ),
  checks: Type.Object(
    {
      result: Type.Unsafe<'holds' | 'fails' | 'unknown'>({ enum: ['holds', 'fails', 'unknown'] }),
      message: text(1000, 'Why.'),
      href: Type.Optional(Type.String(link)),
    },
    closed,
  ),
  searchSources: Type.Object(
    {
      documents: Type.Array(
        Type.Object(
          {
            id: Type.String({ minLength: 1, maxLength: 300 }),
            title: Type.String({ minLength: 1, maxLength: 500 }),
            text: text(100_000, 'What it is found by.'),
            href: Type.String(link),
            type: some(60, 'What kind of thing it is.'),
          },
          closed,
        ),
        { maxItems: 5_000 },
      ),
      cursor,
    },
    closed,
  ),
  notifiers: Type.Object({ delivered: Type.Boolean(), reason: some(1000, 'Why not.') }, closed),
  'codeHosts/owns': Type.Boolean(),
  'codeHosts/readFile': orNull(Type.Object({ text: Type.String(), version }, closed)),
  'codeHosts/readTree': orNull(
    Type.Object(
      {
        entries: Type.Array(
          Type.Object(
            {
              path: text(4000, 'From the root of the tree.'),
              type: Type.Unsafe<'file' | 'folder'>({ enum: ['file', 'folder'] }),
              version,
              size: Type.Optional(Type.Integer({ minimum: 0 })),
            },
            closed,
          ),
          { maxItems: 50_000 },
        ),
        version,
      },
      closed,
    ),
  ),
  'codeHosts/listRepositories': Type.Object(
    { repositories: Type.Array(repository, { maxItems: 5_000 }), cursor },
    closed,
  ),
  'codeHosts/createRepository': repository,
  'codeHosts/openChange': Type.Object({ url: address, number: Type.Integer({ minimum: 0 }) }, closed),
  'codeHosts/setStatus': Type.Null(),
  'signIn/begin': Type.Object({ redirect, remember: Type.Optional(data) }, closed),
  'signIn/finish': identity,
  'signIn/end': orNull(Type.Object({ redirect }, closed)),
  'signIn/verify': orNull(identity),
};
