import { type TSchema, Type } from '../schema.ts';

const closed = { additionalProperties: false } as const;
const text = (maxLength: number, description: string) => Type.String({ maxLength, description });
const some = (maxLength: number, description: string) => Type.Optional(text(maxLength, description));
const cursor = Type.Optional(Type.String({ minLength: 1, maxLength: 4000, description: 'Absent on the last page.' }));
const link = { pattern: '^(https?://|/(?!/))', expected: 'https://… or an address within the portal', maxLength: 4000 };
const address = Type.String({ pattern: '^https?://', maxLength: 4000 });
const moment = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d', maxLength: 40 });
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
      result: Type.Unsafe<'holds' | 'fails' | 'unknown' | 'not-applicable'>({
        enum: ['holds', 'fails', 'unknown', 'not-applicable'],
      }),
      message: text(1000, 'Why.'),
      fix: some(1000, 'The next step.'),
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
            about: Type.Optional(
              Type.String({
                minLength: 5,
                maxLength: 500,
                description: 'Ref of the entity that it is about: only who may see that entity finds it.',
              }),
            ),
          },
          closed,
        ),
        { maxItems: 5_000 },
      ),
      cursor,
    },
    closed,
  ),
  connections: Type.Object(
    {
      items: Type.Array(
        Type.Object(
          {
            title: Type.String({ minLength: 1, maxLength: 300 }),
            state: Type.Unsafe<'good' | 'warning' | 'bad'>({ enum: ['good', 'warning', 'bad'] }),
            message: text(2000, 'What was found, or what is missing.'),
            fix: some(2000, 'The next step.'),
            href: Type.Optional(Type.String(link)),
          },
          closed,
        ),
        { maxItems: 200 },
      ),
    },
    closed,
  ),
  tasks: Type.Unknown(),
  columns: Type.Object(
    {
      cells: Type.Record(
        Type.String(),
        Type.Object(
          {
            text: Type.String({ minLength: 1, maxLength: 200 }),
            tone: Type.Optional(
              Type.Unsafe<'neutral' | 'good' | 'warning' | 'bad' | 'info'>({
                enum: ['neutral', 'good', 'warning', 'bad', 'info'],
              }),
            ),
            hint: some(500, 'Read on pointing at it.'),
            href: Type.Optional(Type.String(link)),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
  deployments: Type.Object(
    {
      items: Type.Array(
        Type.Object(
          {
            entity: text(500, 'Ref of the entity.'),
            environment: Type.String({ minLength: 1, maxLength: 60, description: 'Where it runs.' }),
            version: Type.String({ minLength: 1, maxLength: 100, description: 'What runs.' }),
            commit: some(64, 'What it was made of.'),
            at: Type.Optional(moment),
            href: Type.Optional(address),
          },
          closed,
        ),
        { maxItems: 10_000 },
      ),
      missing: some(1000, 'Why something may be missing.'),
      cursor,
    },
    closed,
  ),
  notifiers: Type.Object({ delivered: Type.Boolean(), reason: some(1000, 'Why not.') }, closed),
  'codeHosts/owns': Type.Boolean(),
  'codeHosts/hosts': Type.Array(
    Type.Object(
      {
        host: Type.String({ pattern: '^[\\w.-]+(:\\d+)?$', maxLength: 300 }),
        type: Type.String({
          pattern: '^[a-zA-Z]{1,40}$',
          description: 'Its key under `integrations`.',
        }),
        title: some(200, 'What people call it.'),
      },
      closed,
    ),
    { maxItems: 100 },
  ),
  'codeHosts/readFile': orNull(
    Type.Object(
      {
        text: Type.String(),
        version,
        encoding: Type.Optional(Type.Unsafe<'utf8' | 'base64'>({ enum: ['utf8', 'base64'] })),
      },
      closed,
    ),
  ),
  'codeHosts/complete': Type.Object(
    {
      items: Type.Array(
        Type.Object(
          { value: Type.String({ minLength: 1, maxLength: 300 }), title: some(300, 'Shown beside it.') },
          closed,
        ),
        { maxItems: 1_000 },
      ),
      isComplete: Type.Optional(Type.Boolean({ description: 'Whether there are no others; true when absent.' })),
    },
    closed,
  ),
  'codeHosts/facts': orNull(
    Type.Object(
      {
        repository,
        lastChange: Type.Optional(
          Type.Object(
            {
              at: moment,
              title: text(500, 'What changed.'),
              author: some(300, 'Who did it.'),
              href: Type.Optional(address),
            },
            closed,
          ),
        ),
        openChanges: Type.Optional(Type.Integer({ minimum: 0 })),
        release: Type.Optional(
          Type.Object(
            { name: text(300, 'Its name.'), at: Type.Optional(moment), href: Type.Optional(address) },
            closed,
          ),
        ),
        languages: Type.Optional(
          Type.Array(
            Type.Object(
              { name: text(100, 'As the host names it.'), share: Type.Number({ minimum: 0, maximum: 1 }) },
              closed,
            ),
            { maxItems: 100 },
          ),
        ),
        contributors: Type.Optional(Type.Array(text(300, 'Names, the busiest first.'), { maxItems: 100 })),
        owners: Type.Optional(Type.Array(text(300, 'Who is named as owner in the repository.'), { maxItems: 200 })),
      },
      closed,
    ),
  ),
  'codeHosts/gitAccess': orNull(
    Type.Object(
      { username: Type.String({ maxLength: 300 }), password: Type.String({ minLength: 1, maxLength: 10_000 }) },
      closed,
    ),
  ),
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
