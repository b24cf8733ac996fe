import { type Static, Type } from '../schema.ts';
import { closed, optionalText, time } from './common.ts';

/** Entry of a site's navigation: a page of the site, an address elsewhere, or a section with entries of its own. */
export type DocsNavigation = {
  title: string;
  /** the page, as `GET /api/techdocs/page` takes it; sections may have one of their own */
  path?: string;
  /** an address outside the site */
  url?: string;
  children?: DocsNavigation[];
};

/** Something about a page or site that its owner should know, in the words for whoever writes it. */
export const DocsNote = Type.Object({
  code: Type.String(),
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('information')]),
  message: Type.String(),
  fix: Type.String(),
  file: optionalText('Path of the file within the repository or folder of the site.'),
  line: Type.Optional(Type.Integer({ minimum: 1 })),
  column: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type DocsNote = Static<typeof DocsNote>;

/** Which state of the documents is asked for. */
export const DocsVersionQuery = Type.Object(
  {
    version: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'A branch or tag, where the documents come from Git. What the catalog has read when absent.',
      }),
    ),
  },
  closed,
);
export type DocsVersionQuery = Static<typeof DocsVersionQuery>;

export const DocsPageQuery = Type.Object(
  {
    ...DocsVersionQuery.properties,
    path: Type.Optional(
      Type.String({
        maxLength: 2000,
        description: 'Path of the page in the site, such as `guides/start`; the first page when absent or empty.',
      }),
    ),
  },
  closed,
);
export type DocsPageQuery = Static<typeof DocsPageQuery>;

const DocsOwner = Type.Object({ ref: Type.String(), name: Type.String() });
export const DocsLink = Type.Object({ path: Type.String(), title: Type.String() });
export type DocsLink = Static<typeof DocsLink>;

export const DocsVersion = Type.Object({
  name: Type.String(),
  kind: Type.Union([Type.Literal('branch'), Type.Literal('tag')]),
  at: Type.Optional(time('When its last commit was made.')),
  isCurrent: Type.Boolean({ description: 'What is shown without ?version.' }),
});
export type DocsVersion = Static<typeof DocsVersion>;

const navigation = Type.Unsafe<DocsNavigation[]>({
  type: 'array',
  description: 'Entries with title and path (a page), url (elsewhere) or children (a section), nested.',
  items: { type: 'object', required: ['title'], additionalProperties: true },
});

export const DocsSiteResponse = Type.Object({
  entityRef: Type.String({ description: 'The entity that the documents belong to.' }),
  entityTitle: Type.String(),
  borrowedBy: optionalText('The entity that was asked for, when it shows the documents of another one.'),
  startPath: Type.String({ description: 'The page to open first.' }),
  title: Type.String(),
  description: Type.Optional(Type.String()),
  owner: Type.Optional(DocsOwner),
  form: Type.Union([Type.Literal('pages'), Type.Literal('static')], {
    description: 'pages: read them one by one. static: built elsewhere; show frameUrl in a frame.',
  }),
  frameUrl: optionalText('Where the files of a site that was built elsewhere are.'),
  filesUrl: Type.String({ description: 'Start of the addresses of images and other files; ends with a slash.' }),
  navigation,
  pages: Type.Array(DocsLink, {
    description: 'All pages in reading order, also those that are not in the navigation.',
  }),
  version: optionalText('The branch or tag that is shown; absent where the documents do not come from Git.'),
  commit: Type.Optional(Type.String()),
  versions: Type.Array(DocsVersion),
  isOld: Type.Boolean({ description: 'Another version than the current one is shown.' }),
  sourceUrl: optionalText('The documents on their code host.'),
  editUrl: optionalText('Where the configuration of the site can be changed on the code host.'),
  notes: Type.Array(DocsNote),
  features: Type.Array(Type.String(), { description: 'Features of the theme that mkdocs.yml asks for.' }),
  copyright: Type.Optional(Type.String()),
  etag: Type.String({ description: 'Changes with any file of the site.' }),
});
export type DocsSiteResponse = Static<typeof DocsSiteResponse>;

export const DocsHeading = Type.Object({
  level: Type.Integer({ minimum: 1, maximum: 6 }),
  id: Type.String(),
  text: Type.String(),
});
export type DocsHeading = Static<typeof DocsHeading>;

export const DocsPageResponse = Type.Object({
  path: Type.String({ description: 'The page itself, in the form that all links have.' }),
  file: Type.String({ description: 'The file that it is written in, below the folder of the documents.' }),
  title: Type.String(),
  html: Type.String({
    description:
      'Safe to show as it is. Links to pages start with /docs/, files with /api/techdocs/static/docs/; code is coloured by classes; ' +
      'diagrams in `pre.mermaid` are left to the reader.',
  }),
  headings: Type.Array(DocsHeading),
  breadcrumb: Type.Array(Type.String(), { description: 'The sections that it stands in, outermost first.' }),
  previous: Type.Optional(DocsLink),
  next: Type.Optional(DocsLink),
  redirectTo: optionalText('The page has moved: the path to open instead. html is empty then.'),
  editUrl: Type.Optional(Type.String()),
  viewUrl: Type.Optional(Type.String()),
  lastChange: Type.Optional(Type.Object({ at: time('Of the last commit that changed it.'), author: Type.String() })),
  stale: Type.Optional(
    Type.Object({
      changedAt: time('Last change of the page.'),
      codeChangedAt: time('Last change beside the documents.'),
      months: Type.Integer({ description: 'How long the page has not been touched.' }),
    }),
  ),
  notes: Type.Array(DocsNote),
  hide: Type.Array(Type.String(), { description: 'What the page wants hidden: navigation, toc, footer.' }),
  tags: Type.Array(Type.String()),
  needs: Type.Array(Type.Union([Type.Literal('mermaid'), Type.Literal('math')]), {
    description: 'What the reader has to load to show it.',
  }),
  isPlain: Type.Optional(
    Type.Boolean({
      description: 'Code has no colours yet, because its languages are being made ready: ask again in a moment.',
    }),
  ),
  words: Type.Integer(),
});
export type DocsPageResponse = Static<typeof DocsPageResponse>;

/** One entity with documents, for lists. */
export const DocsSummary = Type.Object({
  entityRef: Type.String(),
  title: Type.String(),
  description: Type.Optional(Type.String()),
  kind: Type.String(),
  type: Type.Optional(Type.String()),
  lifecycle: Type.Optional(Type.String()),
  owner: Type.Optional(DocsOwner),
  tags: Type.Array(Type.String()),
  problems: Type.Integer({ description: 'What the last check of the documents found; 0 before the first one.' }),
  pages: Type.Optional(Type.Integer()),
  changedAt: Type.Optional(time('Last change of any of its pages, where the documents come from Git.')),
  checkedAt: Type.Optional(time('When the documents were last read as a whole.')),
});
export type DocsSummary = Static<typeof DocsSummary>;
export const DocsSummariesResponse = Type.Object({ items: Type.Array(DocsSummary) });
export type DocsSummariesResponse = Static<typeof DocsSummariesResponse>;

export const DocsReportResponse = Type.Object({
  entityRef: Type.String(),
  title: Type.String(),
  owner: Type.Optional(DocsOwner),
  pages: Type.Integer(),
  words: Type.Integer(),
  checkedAt: time('When this was found.'),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'How many problems there are by code.' }),
  problems: Type.Array(DocsNote),
});
export type DocsReportResponse = Static<typeof DocsReportResponse>;
