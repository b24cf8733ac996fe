import { type Static, Type } from '../schema.ts';

const closed = { additionalProperties: false } as const;
const short = (description: string) => Type.String({ maxLength: 500, description });
/** Only addresses that a person can safely follow. */
const href = Type.String({
  pattern: '^(https?://|mailto:|/(?!/))',
  maxLength: 4000,
  description: 'https://…, mailto:… or an address within the portal.',
});
type Tone = 'neutral' | 'good' | 'warning' | 'bad' | 'info';
const tone = Type.Unsafe<Tone>({
  enum: ['neutral', 'good', 'warning', 'bad', 'info'],
  description: 'How to colour it.',
});
const moment = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d', maxLength: 40, description: 'ISO 8601.' });

/** A button that calls a route of the plugin. It is shown to whoever has the permission of that route, and its calls are in the audit log. */
const viewAction = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 60, description: 'What it does: Restart.' }),
    route: Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$', description: 'One of the routes of this plugin.' }),
    params: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 500 }), { description: 'The words of its path.' }),
    ),
    body: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'What is sent.' })),
    confirm: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'Asked before: what will happen, in words.' }),
    ),
    tone: Type.Optional(tone),
  },
  closed,
);
export type ViewAction = Static<typeof viewAction>;

const entityRef = Type.String({ minLength: 5, maxLength: 500, description: 'kind:namespace/name' });
const about = Type.Optional(
  Type.String({
    minLength: 5,
    maxLength: 500,
    description: 'Ref of the entity that it is about: it is left out for readers who may not see that entity.',
  }),
);
/** A number that many entities have a share in. */
const shared = Type.Object(
  {
    shares: Type.Record(Type.String(), Type.Number(), {
      description: 'What each entity adds, by ref. Readers are shown the sum of those that they may see.',
    }),
    others: Type.Optional(
      Type.Number({ description: 'What belongs to no entity: added for readers who see the whole catalog.' }),
    ),
  },
  closed,
);

/** What every view may say about itself. */
const head = {
  title: Type.Optional(short('Shown above it.')),
  note: Type.Optional(
    Type.String({
      maxLength: 2000,
      description: 'What the reader should know, such as what was looked for and not found.',
    }),
  ),
  remarks: Type.Optional(
    Type.Array(
      Type.Object(
        {
          text: Type.String({ minLength: 1, maxLength: 1000 }),
          entities: Type.Array(entityRef, {
            maxItems: 5000,
            description:
              'Whom it speaks of. Readers who may not see all of them do not read it; with none, it speaks of everything.',
          }),
        },
        closed,
      ),
      { maxItems: 100, description: 'Sentences of the note that not everybody may read.' },
    ),
  ),
  asOf: Type.Optional(moment),
  actions: Type.Optional(Type.Array(viewAction, { maxItems: 10, description: 'Buttons below it.' })),
};

const scalar = Type.Union([Type.String({ maxLength: 4000 }), Type.Number(), Type.Boolean(), Type.Null()]);
const cell = Type.Union([
  scalar,
  Type.Object({ text: Type.String({ maxLength: 4000 }), href: Type.Optional(href), tone: Type.Optional(tone) }, closed),
  Type.Object({ actions: Type.Array(viewAction, { minItems: 1, maxItems: 5 }) }, closed),
  shared,
]);

/** Rows and columns. A row whose first column of the type `entity` has an entity is about it. */
export const TableView = Type.Object(
  {
    model: Type.Literal('table'),
    ...head,
    about: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 60,
        description: 'Key under which rows have the ref of the entity that they are about, where no column shows it.',
      }),
    ),
    columns: Type.Array(
      Type.Object(
        {
          id: Type.String({ minLength: 1, maxLength: 60 }),
          title: short('Head of the column.'),
          type: Type.Optional(
            Type.Unsafe<'text' | 'number' | 'time' | 'duration' | 'status' | 'entity'>({
              enum: ['text', 'number', 'time', 'duration', 'status', 'entity'],
              description: 'How cells are shown; text when absent. entity: a ref. duration: milliseconds.',
            }),
          ),
          onlyWhenUsed: Type.Optional(
            Type.Boolean({
              description:
                'Left out where no row that the reader may see has something in it: for columns made of data.',
            }),
          ),
        },
        closed,
      ),
      { minItems: 1, maxItems: 30 },
    ),
    rows: Type.Array(Type.Record(Type.String(), cell), { maxItems: 5000 }),
  },
  closed,
);

/** A few figures. */
export const StatView = Type.Object(
  {
    model: Type.Literal('stat'),
    ...head,
    items: Type.Array(
      Type.Object(
        {
          label: short('What is counted.'),
          value: Type.Union([Type.String({ maxLength: 500 }), Type.Number(), Type.Null(), shared]),
          about,
          unit: Type.Optional(Type.String({ maxLength: 30 })),
          tone: Type.Optional(tone),
          href: Type.Optional(href),
          trend: Type.Optional(
            Type.Array(Type.Number(), { maxItems: 200, description: 'Earlier values, oldest first.' }),
          ),
        },
        closed,
      ),
      { maxItems: 24 },
    ),
  },
  closed,
);

/** What happened, newest first. */
export const TimelineView = Type.Object(
  {
    model: Type.Literal('timeline'),
    ...head,
    items: Type.Array(
      Type.Object(
        {
          at: moment,
          about,
          title: short('What happened.'),
          detail: Type.Optional(Type.String({ maxLength: 2000 })),
          href: Type.Optional(href),
          tone: Type.Optional(tone),
        },
        closed,
      ),
      { maxItems: 500 },
    ),
  },
  closed,
);

/** Figures over time or by name. */
export const ChartView = Type.Object(
  {
    model: Type.Literal('chart'),
    ...head,
    kind: Type.Unsafe<'line' | 'area' | 'bar'>({ enum: ['line', 'area', 'bar'] }),
    unit: Type.Optional(Type.String({ maxLength: 30 })),
    series: Type.Array(
      Type.Object(
        {
          name: short('In the legend.'),
          about,
          points: Type.Array(
            Type.Object(
              {
                x: Type.Union([Type.Number(), Type.String({ maxLength: 200 })], {
                  description: 'Epoch milliseconds, or a name.',
                }),
                y: Type.Union([Type.Number(), Type.Null()]),
              },
              closed,
            ),
            { maxItems: 5000 },
          ),
        },
        closed,
      ),
      { maxItems: 20 },
    ),
  },
  closed,
);

/** Lines of text with a time and a level. */
export const LogView = Type.Object(
  {
    model: Type.Literal('log'),
    ...head,
    lines: Type.Array(
      Type.Object(
        {
          text: Type.String({ maxLength: 10_000 }),
          about,
          at: Type.Optional(moment),
          level: Type.Optional(
            Type.Unsafe<'debug' | 'info' | 'warning' | 'error'>({ enum: ['debug', 'info', 'warning', 'error'] }),
          ),
        },
        closed,
      ),
      { maxItems: 10_000 },
    ),
  },
  closed,
);

/** Prose; sanitised where it is shown. */
export const MarkdownView = Type.Object(
  { model: Type.Literal('markdown'), ...head, text: Type.String({ maxLength: 200_000 }) },
  closed,
);

/** Places to go. */
export const LinksView = Type.Object(
  {
    model: Type.Literal('links'),
    ...head,
    items: Type.Array(
      Type.Object(
        {
          title: short('What is there.'),
          about,
          href,
          description: Type.Optional(short('In a few words.')),
          icon: Type.Optional(Type.String({ maxLength: 60 })),
        },
        closed,
      ),
      { maxItems: 200 },
    ),
  },
  closed,
);

/** The few shapes in which a plugin hands data to the portal, which draws them. */
export const viewSchemas = {
  table: TableView,
  stat: StatView,
  timeline: TimelineView,
  chart: ChartView,
  log: LogView,
  markdown: MarkdownView,
  links: LinksView,
} as const;

export type TableView = Static<typeof TableView>;
export type StatView = Static<typeof StatView>;
export type TimelineView = Static<typeof TimelineView>;
export type ChartView = Static<typeof ChartView>;
export type LogView = Static<typeof LogView>;
export type MarkdownView = Static<typeof MarkdownView>;
export type LinksView = Static<typeof LinksView>;

/** Data for a card, a tab, a widget or a page that the portal draws. */
export type ViewModel = TableView | StatView | TimelineView | ChartView | LogView | MarkdownView | LinksView;
export type ViewModelName = keyof typeof viewSchemas;
export const viewModelNames = Object.keys(viewSchemas) as ViewModelName[];
