import { type Static, Type } from '../schema.ts';
import { Contributions } from './contributions.ts';

const closed = { additionalProperties: false } as const;
const file = (description: string) =>
  Type.String({
    pattern: '^(?!/)(?!.*(^|/)\\.\\.(/|$))[\\w@./-]+\\.(js|mjs|ts)$',
    maxLength: 300,
    expected: 'a .js or .mjs file of the package, such as dist/server.js',
    description,
  });
const range = Type.String({ minLength: 1, maxLength: 100, description: 'Range of versions, such as ^1.0.0.' });

/** What a plugin asks the portal for; nothing else is given, and an administrator may give less. */
export const Asks = Type.Object(
  {
    hosts: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^\\*$|^(\\*\\.)?[A-Za-z0-9.-]+(:\\d{1,5})?$|^\\[[0-9a-fA-F:]+\\](:\\d{1,5})?$',
          expected: 'a host such as api.example.com, api.example.com:8443 or *.example.com, or * for any',
        }),
        {
          maxItems: 50,
          uniqueItems: true,
          description:
            'Hosts that it calls, through the portal. `*` is any host: for plugins whose hosts stand in their configuration.',
        },
      ),
    ),
    secrets: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$', expected: 'capitals, such as API_TOKEN' }),
            description: Type.Optional(
              Type.String({ maxLength: 500, description: 'What it is for and which rights it needs at least.' }),
            ),
          },
          closed,
        ),
        { maxItems: 20, description: 'Secrets of its own, from plugins.secrets in the configuration.' },
      ),
    ),
    catalog: Type.Optional(
      Type.Array(Type.Unsafe<'read' | 'write'>({ enum: ['read', 'write'] }), {
        uniqueItems: true,
        description: 'read: entities as anybody may see them. write: entities of its own sources.',
      }),
    ),
    store: Type.Optional(Type.Boolean({ description: 'A small store of values, of its own.' })),
    files: Type.Optional(Type.Boolean({ description: 'A folder of its own for temporary files.' })),
    settings: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[a-zA-Z]{1,40}(\\.[a-zA-Z]{1,40}){0,2}$',
          expected: 'a key of the configuration, such as integrations.acme',
        }),
        {
          maxItems: 10,
          uniqueItems: true,
          description:
            'Keys of the portal’s configuration file that are not the portal’s own, and those below integrations and catalog.providers, that it reads with the secrets in them.',
        },
      ),
    ),
  },
  closed,
);
export type Asks = Static<typeof Asks>;

/** The manifest of a plugin: `callboard` in its package.json, or a file callboard.plugin.json. */
export const PluginManifest = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    manifest: Type.Integer({ minimum: 1, maximum: 1, description: 'Version of this format: 1.' }),
    id: Type.String({
      pattern: '^(?!(?:web|checks|columns|code-hosts)$)[a-z][a-z0-9-]{1,47}$',
      expected: 'lower-case letters, digits and dashes, such as incident-board',
      description: 'Name of the plugin, the same for all its versions.',
    }),
    version: Type.Optional(
      Type.String({
        pattern: '^\\d+\\.\\d+\\.\\d+([-+][0-9A-Za-z.+-]+)?$',
        maxLength: 60,
        expected: 'a version such as 1.2.3',
        description: 'In a package.json the version of the package counts.',
      }),
    ),
    title: Type.String({ minLength: 1, maxLength: 100 }),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    engine: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Versions of the plugin contract that it is made for: ^1.0.0.',
    }),
    proposed: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]*$' }), {
        maxItems: 20,
        description: 'Proposed parts of the contract that it tries out; such a plugin cannot be packed.',
      }),
    ),
    asks: Type.Optional(Asks),
    configuration: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({
        type: 'object',
        properties: { type: { const: 'object' } },
        required: ['type'],
        description: 'JSON Schema of its configuration; the portal makes the form from it.',
      }),
    ),
    server: Type.Optional(file('Entry of its server part, an ES module.')),
    web: Type.Optional(
      Type.Object(
        {
          entry: file('Entry of its web part, an ES module.'),
          shared: Type.Optional(
            Type.Record(Type.String(), range, {
              description: 'Versions that it needs of modules which the portal shares.',
            }),
          ),
          isolation: Type.Optional(
            Type.Unsafe<'none' | 'iframe'>({
              enum: ['none', 'iframe'],
              description: 'iframe: its web part runs in a frame of its own. none when absent.',
            }),
          ),
        },
        closed,
      ),
    ),
    contributes: Type.Optional(Contributions),
  },
  closed,
);
export type PluginManifest = Static<typeof PluginManifest>;
