import { type Static, type TSchema, Type } from '../schema.ts';
import { viewModelNames, type ViewModelName } from './views.ts';

const closed = { additionalProperties: false } as const;
const word = {
  pattern: '^[a-z][a-z0-9-]{0,47}$',
  expected: 'lower-case letters, digits and dashes, such as open-incidents',
};
/** The name of a contribution within its plugin. */
const id = Type.String({ ...word, description: 'Name within the plugin.' });
const title = Type.String({ minLength: 1, maxLength: 100, description: 'What people read.' });
const description = Type.Optional(Type.String({ maxLength: 1000 }));
const jsonSchema = (text: string) => Type.Unsafe<Record<string, unknown>>({ type: 'object', description: text });
const names = (text: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 50, description: text });

/** Which entities a tab, a card or a check is for. Everything named must hold; within one list any entry may. */
export const ContributionCondition = Type.Object(
  {
    kind: Type.Optional(names('Kinds, in any case.')),
    type: Type.Optional(names('Values of spec.type, in any case.')),
    annotations: Type.Optional(names('Annotations that the entity must all have.')),
  },
  closed,
);
export type ContributionCondition = Static<typeof ContributionCondition>;

/** What is proposed, and which methods of a host of code are so. */
export const proposedCodeHost = {
  name: 'code-host-writing',
  methods: ['createRepository', 'openChange', 'setStatus'],
} as const;
/** What a host of code may leave out. */
const codeHostMethods = ['hosts', 'complete', 'facts', 'gitAccess', ...proposedCodeHost.methods] as const;
type CodeHostMethod = (typeof codeHostMethods)[number];

/** How it is drawn: one of the plugin's views, or an export of its web entry. */
const drawn = {
  view: Type.Optional(Type.String({ ...word, description: 'One of the views of this plugin; the portal draws it.' })),
  component: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z_$][\\w$]*$',
      maxLength: 100,
      description: 'Export of the web entry that draws it.',
    }),
  ),
};
const when = Type.Optional(ContributionCondition);
const icon = Type.Optional(
  Type.String({ pattern: '^[a-z0-9-]{1,40}$', description: 'Name of an icon of the portal.' }),
);
/** The portal's own addresses come first: a page that declares one of them is not to be seen there. */
const pagePath = Type.Optional(
  Type.String({
    pattern: '^(?!/(?:api|assets|admin|plugins|healthz|readyz|metrics)(?:/|$))(/[a-z0-9][a-z0-9-]*){1,4}$',
    maxLength: 200,
    expected: 'a path such as /announcements',
    description:
      'Its address in the portal; /plugins/<plugin>/<id> when absent. What stands behind it is the page’s own.',
  }),
);
const plain = () => Type.Object({ id, title, description }, closed);

/** Where declarative views and sources get their data. */
export const DeclaredData = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://',
      maxLength: 4000,
      description:
        'Address to ask. {annotation:KEY}, {name}, {namespace}, {kind} and {configuration:KEY} are filled in, encoded for an address.',
    }),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 2000 }), { description: '{secret:NAME} is filled in.' }),
    ),
    jq: Type.String({
      minLength: 1,
      maxLength: 20_000,
      description: 'Turns the answer into the view model, or into a list of entities.',
    }),
  },
  closed,
);
export type DeclaredData = Static<typeof DeclaredData>;

const list = <T extends TSchema>(items: T, text: string) =>
  Type.Optional(Type.Array(items, { maxItems: 100, description: text }));

/** Everything that a plugin adds to the portal, declared, so that the portal can show and judge it without running it. */
export const Contributions = Type.Object(
  {
    pages: list(Type.Object({ id, title, description, path: pagePath, ...drawn }, closed), 'Pages of its own.'),
    navigation: list(
      Type.Object({ id, title, page: Type.String({ ...word, description: 'The page it leads to.' }), icon }, closed),
      'Entries of the menu.',
    ),
    tabs: list(Type.Object({ id, title, description, when, ...drawn }, closed), 'Tabs of entity pages.'),
    cards: list(
      Type.Object({ id, title, description, when, ...drawn }, closed),
      'Cards on the first tab of entity pages.',
    ),
    widgets: list(Type.Object({ id, title, description, ...drawn }, closed), 'Parts of the home page.'),
    adminPages: list(Type.Object({ id, title, description, ...drawn }, closed), 'Pages of the administration.'),
    searchResults: list(
      Type.Object(
        {
          id,
          title,
          type: Type.String({ minLength: 1, maxLength: 60, description: 'Type of the search results it draws.' }),
          component: Type.String({ pattern: '^[A-Za-z_$][\\w$]*$', maxLength: 100 }),
        },
        closed,
      ),
      'How search results are drawn.',
    ),
    fields: list(
      Type.Object({ id, title, component: Type.String({ pattern: '^[A-Za-z_$][\\w$]*$', maxLength: 100 }) }, closed),
      'Fields of template forms.',
    ),
    actions: list(
      Type.Object(
        {
          id: Type.String({
            pattern: '^[a-z][A-Za-z0-9:_-]{0,99}$',
            description: 'As templates call it: acme:ticket:create.',
          }),
          title,
          description,
          input: Type.Optional(jsonSchema('JSON Schema of the input.')),
          output: Type.Optional(jsonSchema('JSON Schema of the output.')),
          dryRun: Type.Optional(Type.Boolean({ description: 'Whether it can say what it would do.' })),
          workspace: Type.Optional(
            Type.Unsafe<'read' | 'write'>({
              type: 'string',
              enum: ['read', 'write'],
              description: 'Whether it gets the files of the run, to read or to change as well. None when absent.',
            }),
          ),
        },
        closed,
      ),
      'Steps of templates.',
    ),
    sources: list(
      Type.Object(
        {
          id,
          title,
          description,
          everySeconds: Type.Optional(
            Type.Integer({ minimum: 10, maximum: 604_800, description: 'Time between readings; 300 when absent.' }),
          ),
          from: Type.Optional(DeclaredData),
        },
        closed,
      ),
      'Sources of catalog entities.',
    ),
    kinds: list(jsonSchema('A kind as under catalog.kinds in the configuration.'), 'Kinds of entities.'),
    views: list(
      Type.Object(
        {
          id,
          title,
          description,
          model: Type.Unsafe<ViewModelName>({ enum: viewModelNames, description: 'The shape of its data.' }),
          cacheSeconds: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 86_400,
              description: 'How long an answer counts as fresh; 60 when absent.',
            }),
          ),
          from: Type.Optional(DeclaredData),
        },
        closed,
      ),
      'Data that the portal draws.',
    ),
    checks: list(Type.Object({ id, title, description, when }, closed), 'Facts about entities that hold or do not.'),
    routes: list(
      Type.Object(
        {
          id,
          title,
          method: Type.Unsafe<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>({
            enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
          }),
          path: Type.String({
            pattern:
              '^/(?!(?:views|files)(?:/|$))([A-Za-z0-9._~-]+|:[a-z][A-Za-z0-9]*)(/([A-Za-z0-9._~-]+|:[a-z][A-Za-z0-9]*))*$',
            maxLength: 300,
            expected: 'a path such as /runs/:id that does not begin with /views or /files',
            description: 'Below /api/plugins/<plugin>.',
          }),
          permission: Type.Optional(
            Type.String({
              ...word,
              description: 'One of the permissions of this plugin, which whoever calls it needs.',
            }),
          ),
          entity: Type.Optional(
            Type.String({
              pattern: '^[a-z][A-Za-z0-9]{0,47}$',
              description:
                'Name in the query, or in the body, under which the ref of an entity comes. It must come, and whoever may not see the entity gets 404.',
            }),
          ),
          open: Type.Optional(
            Type.Boolean({
              description:
                'Anybody may call it, without signing in, and the plugin gets headers and the exact text: for webhooks, whose signature it must check.',
            }),
          ),
          stream: Type.Optional(
            Type.Boolean({
              description: 'It answers bit by bit, as server-sent events, for as long as somebody listens.',
            }),
          ),
        },
        closed,
      ),
      'Addresses of its own.',
    ),
    permissions: list(
      plain(),
      'What roles can grant of this plugin: plugin.<plugin>.<id>. Administrators have all; plugins.use is needed besides.',
    ),
    codeHosts: list(
      Type.Object(
        {
          id,
          title,
          description,
          does: Type.Optional(
            Type.Array(Type.Unsafe<CodeHostMethod>({ type: 'string', enum: [...codeHostMethods] }), {
              uniqueItems: true,
              description:
                'What it can do besides reading files and listing repositories. createRepository, openChange and setStatus are proposed, as code-host-writing.',
            }),
          ),
        },
        closed,
      ),
      'Hosts of code.',
    ),
    signIn: list(
      Type.Object(
        {
          id,
          title,
          description,
          form: Type.Unsafe<'redirect' | 'password'>({
            type: 'string',
            enum: ['redirect', 'password'],
            description:
              'redirect: the browser goes elsewhere and comes back. password: name and password are asked here.',
          }),
        },
        closed,
      ),
      'Ways to sign in.',
    ),
    searchSources: list(plain(), 'What search finds besides the catalog.'),
    notifiers: list(plain(), 'Ways to reach people.'),
    connections: list(
      plain(),
      'Tests of what it is connected to, with the configuration that an administrator is about to save.',
    ),
    tasks: list(
      Type.Object(
        {
          id,
          title,
          description,
          everySeconds: Type.Optional(
            Type.Integer({
              minimum: 10,
              maximum: 604_800,
              description:
                'Runs at this interval, on one replica at a time. When absent, it runs on every replica for as long as the plugin is enabled.',
            }),
          ),
        },
        closed,
      ),
      'Work in the background: polls and watches.',
    ),
    columns: list(
      Type.Object({ id, title, description, when }, closed),
      'Columns of the catalog list, such as the health of a service.',
    ),
    deployments: list(plain(), 'What it knows to run where, for plugins that keep deployments.'),
  },
  closed,
);
export type Contributions = Static<typeof Contributions>;
