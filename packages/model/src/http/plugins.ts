import { type Static, Type } from '../schema.ts';
import { Asks, Contributions, PluginManifest, type ViewModelName, viewModelNames } from '../plugins/index.ts';
import { closed, optionalText, time } from './common.ts';

const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the tarball, in hexadecimal.' });
const fault = Type.Object({
  path: Type.String({ description: 'JSON pointer into the manifest, or a file of the package.' }),
  message: Type.String(),
  expected: optionalText('What may stand there.'),
  fix: Type.String(),
});

/** One thing wrong with a plugin's package, or a reason why it cannot run here. */
export type PluginFault = Static<typeof fault>;

/** What a plugin is given of what it asks for. */
export const PluginGrants = Type.Object(
  {
    hosts: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 50 })),
    secrets: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 })),
    catalog: Type.Optional(Type.Array(Type.Unsafe<'read' | 'write'>({ enum: ['read', 'write'] }))),
    store: Type.Optional(Type.Boolean()),
    files: Type.Optional(Type.Boolean()),
    settings: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 10 })),
  },
  { ...closed, description: 'Never more than the plugin asks for.' },
);
export type PluginGrants = Static<typeof PluginGrants>;

/** A package that was read and not yet installed: what it says, asks for and contributes. */
export const StagedPlugin = Type.Object({
  sha256,
  size: Type.Integer({ description: 'Bytes of the tarball.' }),
  origin: Type.String({ description: 'Where it came from: upload, an address, or a package of a registry.' }),
  manifest: PluginManifest,
  asks: Asks,
  contributes: Contributions,
  faults: Type.Array(fault, { description: 'Why it cannot run on this portal; empty when it can.' }),
  warnings: Type.Array(fault),
  installed: Type.Optional(Type.String({ description: 'The version in use, when a plugin of this id is installed.' })),
  newAsks: Asks,
});
export type StagedPlugin = Static<typeof StagedPlugin>;

/** POST /api/admin/plugins/staged with JSON; a tarball is sent as application/gzip instead. */
export const StagePluginBody = Type.Object(
  {
    package: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 300,
        description: 'name or name@version, from plugins.folder or plugins.registry.',
      }),
    ),
    url: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 4000, description: 'Address of a tarball.' })),
  },
  { ...closed, description: 'One of the two.' },
);
export type StagePluginBody = Static<typeof StagePluginBody>;

/** POST /api/admin/plugins: installs, or updates, exactly what was staged. */
export const InstallPluginBody = Type.Object(
  {
    sha256,
    grants: Type.Optional(PluginGrants),
    configuration: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    enable: Type.Optional(Type.Boolean({ description: 'true when absent.' })),
  },
  closed,
);
export type InstallPluginBody = Static<typeof InstallPluginBody>;

export const PluginPath = Type.Object({ id: Type.String({ minLength: 1, maxLength: 60 }) }, closed);
export const PluginVersionBody = Type.Object({ version: Type.String({ minLength: 1, maxLength: 60 }) }, closed);
export const PluginConfigurationBody = Type.Object(
  { configuration: Type.Record(Type.String(), Type.Unknown()) },
  closed,
);

const pluginState = Type.Unsafe<'enabled' | 'disabled' | 'quarantined' | 'incompatible'>({
  enum: ['enabled', 'disabled', 'quarantined', 'incompatible'],
});

/** A plugin in the list of the administration. */
export const PluginSummary = Type.Object({
  id: Type.String(),
  title: Type.String(),
  description: optionalText('In its own words.'),
  version: Type.String({ description: 'The version in use.' }),
  state: pluginState,
  reason: optionalText('Why it is quarantined, incompatible or disabled.'),
  firstParty: Type.Boolean({ description: 'Came with the portal; runs in its process.' }),
  runsIn: Type.Unsafe<'process' | 'child' | 'nothing'>({
    enum: ['process', 'child', 'nothing'],
    description: 'The portal’s process, a process of its own, or nothing (no server part).',
  }),
  running: Type.Boolean(),
  installedAt: Type.Optional(time('When it was first installed.')),
  updatedAt: Type.Optional(time('When version, grants, configuration or state last changed.')),
  metrics: Type.Object({
    calls: Type.Integer(),
    errors: Type.Integer(),
    crashes: Type.Integer(),
    starts: Type.Integer(),
    p50Ms: Type.Optional(Type.Number()),
    p99Ms: Type.Optional(Type.Number()),
    cpuMs: Type.Optional(Type.Integer({ description: 'Processor time of the process that runs now.' })),
    memory: Type.Optional(Type.Integer({ description: 'Resident bytes of the process that runs now.' })),
  }),
});
export type PluginSummary = Static<typeof PluginSummary>;
export const PluginList = Type.Object({ items: Type.Array(PluginSummary) });
export type PluginList = Static<typeof PluginList>;

/** GET /api/admin/plugins/{id} */
export const PluginDetail = Type.Intersect([
  PluginSummary,
  Type.Object({
    manifest: PluginManifest,
    sha256: Type.Optional(sha256),
    asks: Asks,
    grants: PluginGrants,
    configuration: Type.Record(Type.String(), Type.Unknown()),
    secrets: Type.Array(
      Type.Object({
        name: Type.String(),
        description: optionalText('What it is for.'),
        isSet: Type.Boolean(),
        granted: Type.Boolean(),
      }),
    ),
    versions: Type.Array(
      Type.Object({
        version: Type.String(),
        sha256,
        size: Type.Integer(),
        origin: Type.String(),
        installedAt: time('When.'),
      }),
      { description: 'Newest first; each can be gone back to.' },
    ),
    messages: Type.Array(
      Type.Object({
        at: time('When.'),
        level: Type.Unsafe<'info' | 'warning' | 'error'>({ enum: ['info', 'warning', 'error'] }),
        text: Type.String(),
      }),
      { description: 'What it logged and what happened to it on this replica, newest first.' },
    ),
  }),
]);
export type PluginDetail = Static<typeof PluginDetail>;

/** One plugin as the web app needs it. */
export const WebPlugin = Type.Object({
  id: Type.String(),
  title: Type.String(),
  version: Type.String(),
  contributes: Contributions,
  permissions: Type.Array(Type.String(), { description: 'Those of its own that the asker has.' }),
  web: Type.Optional(
    Type.Object({
      url: Type.String({ description: 'Address of the entry: an ES module.' }),
      integrity: Type.String({ description: 'sha256-… of the entry.' }),
      files: Type.Record(Type.String(), Type.String(), {
        description: 'Address and integrity of every script, the entry among them.',
      }),
      styles: Type.Record(Type.String(), Type.String(), {
        description: 'Address and integrity of every style sheet.',
      }),
      shared: Type.Record(Type.String(), Type.String(), { description: 'Ranges of shared modules that it needs.' }),
      isolation: Type.Unsafe<'none' | 'iframe'>({ enum: ['none', 'iframe'] }),
    }),
  ),
});
export type WebPlugin = Static<typeof WebPlugin>;

/** GET /api/plugins/web: what enabled plugins add to the web app. */
export const WebPlugins = Type.Object({ items: Type.Array(WebPlugin) });
export type WebPlugins = Static<typeof WebPlugins>;

/** GET /api/plugins/{id}/views/{view} */
export const PluginViewPath = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 60 }), view: Type.String({ minLength: 1, maxLength: 60 }) },
  closed,
);
export const PluginViewQuery = Type.Object(
  {
    entity: Type.Optional(
      Type.String({ minLength: 5, maxLength: 400, description: 'Ref of the entity that is looked at.' }),
    ),
    fresh: Type.Optional(Type.Boolean({ description: 'Ask the plugin again, whatever is cached.' })),
  },
  closed,
);
export const PluginViewResponse = Type.Object({
  view: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    description: 'A view model: table, stat, timeline, chart, log, markdown or links.',
  }),
  at: time('When the plugin gave it.'),
  ageMs: Type.Integer({ minimum: 0 }),
  stale: Type.Boolean({ description: 'The plugin could not be asked again; these are the last known values.' }),
  problem: Type.Optional(
    Type.Object({
      code: Type.String(),
      message: Type.String(),
      fix: Type.String(),
      since: time('When it was met for the first time since the plugin last answered.'),
    }),
  ),
});
export type PluginViewResponse = Static<typeof PluginViewResponse>;

/** GET /api/plugins/checks */
export const PluginChecksQuery = Type.Object(
  { entity: Type.String({ minLength: 5, maxLength: 400, description: 'Ref of the entity that is checked.' }) },
  closed,
);
const checkResult = Type.Unsafe<'holds' | 'fails' | 'unknown' | 'not-applicable'>({
  enum: ['holds', 'fails', 'unknown', 'not-applicable'],
});
export const PluginChecksResponse = Type.Object({
  items: Type.Array(
    Type.Object({
      plugin: Type.String(),
      id: Type.String(),
      title: Type.String(),
      description: optionalText('What is looked at.'),
      result: checkResult,
      message: Type.String({ description: 'Why.' }),
      fix: optionalText('The next step.'),
      href: optionalText('Where to read on.'),
      at: time('When it was looked at.'),
    }),
  ),
});
export type PluginChecksResponse = Static<typeof PluginChecksResponse>;

/** POST /api/plugins/columns: what columns of plugins say about the entities of a page of the list. */
export const PluginColumnsBody = Type.Object(
  {
    entities: Type.Array(Type.String({ minLength: 5, maxLength: 400 }), { maxItems: 100, description: 'Refs.' }),
    columns: Type.Optional(
      Type.Array(Type.String({ maxLength: 130 }), {
        maxItems: 20,
        description:
          'Which columns, as `plugin:column`; all when absent. Those that no enabled plugin has are left out.',
      }),
    ),
  },
  closed,
);
const columnCell = Type.Object({
  text: Type.String(),
  tone: Type.Optional(
    Type.Unsafe<'neutral' | 'good' | 'warning' | 'bad' | 'info'>({
      enum: ['neutral', 'good', 'warning', 'bad', 'info'],
    }),
  ),
  hint: optionalText('Read on pointing at it.'),
  href: optionalText('Where to read on.'),
});
export type PluginColumnCell = Static<typeof columnCell>;
export const PluginColumnsResponse = Type.Object({
  items: Type.Array(
    Type.Object({
      plugin: Type.String(),
      id: Type.String(),
      title: Type.String(),
      at: time('When the oldest of the cells was known.'),
      cells: Type.Record(Type.String(), columnCell, { description: 'By ref.' }),
      problem: optionalText('Why the plugin could not be asked; the cells are the last known ones.'),
    }),
  ),
});
export type PluginColumnsResponse = Static<typeof PluginColumnsResponse>;

/** GET /api/plugins/code-hosts: hosts of code that are configured. */
export const CodeHostList = Type.Object({
  items: Type.Array(
    Type.Object({
      plugin: Type.String(),
      host: Type.String(),
      type: Type.String({ description: 'Its key under `integrations`.' }),
      title: optionalText('What people call it.'),
    }),
  ),
});

export type CodeHostList = Static<typeof CodeHostList>;

/** POST /api/plugins/code-hosts/complete: what somebody may mean. */
export const CompleteCodeHostBody = Type.Object(
  {
    host: Type.String({ pattern: '^[\\w.-]+(:\\d+)?$', maxLength: 300 }),
    what: Type.Unsafe<'owners' | 'repositories' | 'branches'>({ enum: ['owners', 'repositories', 'branches'] }),
    owner: Type.Optional(Type.String({ maxLength: 500 })),
    repository: Type.Optional(Type.String({ maxLength: 300 })),
    search: Type.Optional(Type.String({ maxLength: 200 })),
    token: Type.Optional(Type.String({ maxLength: 4000, description: 'Of whoever asks, where they gave one.' })),
  },
  closed,
);
export type CompleteCodeHostBody = Static<typeof CompleteCodeHostBody>;
export const CompleteCodeHostResponse = Type.Object({
  items: Type.Array(Type.Object({ value: Type.String(), title: optionalText('Shown beside it.') })),
  isComplete: Type.Boolean({ description: 'Whether there are no others.' }),
});
export type CompleteCodeHostResponse = Static<typeof CompleteCodeHostResponse>;

/** GET /api/plugins/code-hosts/facts: what the code host knows of the repository of an entity. */
export const RepositoryFactsResponse = Type.Object({
  url: optionalText('Where its sources are, as its annotations say; absent when they do not.'),
  plugin: optionalText('Whose host that is; absent when it is nobody’s.'),
  facts: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
  at: Type.Optional(time('When the host was asked.')),
  problem: Type.Optional(Type.Object({ code: Type.String(), message: Type.String(), fix: Type.String() })),
});

/** POST /api/admin/plugins/{id}/test: tests what it is connected to. */
export const TestPluginBody = Type.Object(
  {
    configuration: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'As it would be saved; what is in use when absent.' }),
    ),
  },
  closed,
);
export const TestPluginResponse = Type.Object({
  items: Type.Array(
    Type.Object({
      title: Type.String(),
      state: Type.Unsafe<'good' | 'warning' | 'bad'>({ enum: ['good', 'warning', 'bad'] }),
      message: Type.String(),
      fix: optionalText('The next step.'),
      href: optionalText('Where to do it.'),
    }),
  ),
});
export type TestPluginResponse = Static<typeof TestPluginResponse>;

/** POST /api/admin/plugins/preview: tries a declared view out without installing anything. */
export const PreviewPluginBody = Type.Object(
  {
    jq: Type.String({ minLength: 1, maxLength: 20_000 }),
    model: Type.Optional(Type.Unsafe<ViewModelName>({ enum: viewModelNames })),
    sample: Type.Unknown({ description: 'What the far side answers.' }),
  },
  closed,
);
export type PreviewPluginBody = Static<typeof PreviewPluginBody>;

/** What the program made, and what is wrong with it. */
export const PreviewPluginResponse = Type.Object({
  value: Type.Optional(Type.Unknown({ description: 'The view model, or the list of entities.' })),
  faults: Type.Array(fault),
});
export type PreviewPluginResponse = Static<typeof PreviewPluginResponse>;
