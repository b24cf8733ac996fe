import type { JsonObject } from '@callboard/model';
import { type Static, Type } from '@callboard/model/schema';
import { ConfigError, type ConfigOrigin, duration, durationToMilliseconds } from '../../../core/config/index.ts';
import { isNetwork } from '../../../core/outbound/index.ts';

const closed = { additionalProperties: false };

/** Ways from what a provider says of somebody to a User entity; Backstage's names. */
export const resolverNames = [
  'emailMatchingUserEntityProfileEmail',
  'emailLocalPartMatchingUserEntityName',
  'usernameMatchingUserEntityName',
  'preferredUsernameMatchingUserEntityName',
] as const;
export type ResolverName = (typeof resolverNames)[number];

const resolver = Type.Object(
  {
    resolver: Type.Unsafe<ResolverName>({ type: 'string', enum: [...resolverNames] }),
    allowedDomains: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    dangerouslyAllowSignInWithoutUserInCatalog: Type.Optional(Type.Boolean()),
  },
  closed,
);
const resolvers = (description: string) =>
  Type.Optional(Type.Array(resolver, { expected: 'a list of resolvers by name', description }));
const header = (description: string, preset?: string) =>
  Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9-]+$',
      expected: 'the name of a header',
      description,
      ...(preset !== undefined && { default: preset }),
    }),
  );

const restriction = Type.Object(
  {
    plugin: Type.String({ minLength: 1 }),
    permission: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    permissionAttribute: Type.Optional(
      Type.Object({ action: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])) }, closed),
    ),
  },
  closed,
);
const texts = Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }))]);

/** The keys below `access` that say who people are. */
export const signInSection = Type.Object({
  access: Type.Object({
    trustedProxies: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[0-9A-Fa-f:.]+(/\\d{1,3})?$',
          expected: 'an address or a network, such as 10.0.0.0/8',
        }),
        {
          expected: 'a list of addresses or networks, such as 10.0.0.0/8',
          description:
            'Reverse proxies in front of the portal. Only from these are X-Forwarded-For and the headers of access.signIn.proxy believed.',
        },
      ),
    ),
    signIn: Type.Optional(
      Type.Object(
        {
          local: Type.Optional(
            Type.Boolean({
              default: true,
              description: 'Whether people may sign in with a password that the portal keeps.',
            }),
          ),
          guest: Type.Optional(
            Type.Boolean({
              default: false,
              description: 'Whether people may go on as a guest, without saying who they are.',
            }),
          ),
          providers: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  id: Type.String({
                    pattern: '^(?!local$|guest$|proxy$)[a-z][a-z0-9-]{0,39}$',
                    expected: 'lower-case letters, digits and dashes',
                  }),
                  title: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
                  plugin: Type.String({ minLength: 1 }),
                  settings: Type.Record(Type.String(), Type.Unknown()),
                  resolvers: Type.Optional(Type.Array(resolver)),
                },
                closed,
              ),
              {
                secret: true,
                expected: 'a list of providers, each with id, plugin and settings',
                description:
                  'Identity providers: `id` (part of the callback address), `plugin` with the role signIn, `title` on the button, `settings` as the plugin describes them, `resolvers` instead of those below.',
              },
            ),
          ),
          proxy: Type.Optional(
            Type.Object(
              {
                userHeader: header('Header with the name of the person.', 'x-forwarded-user'),
                emailHeader: header('Header with their e-mail address.', 'x-forwarded-email'),
                nameHeader: header('Header with the name to show.', 'x-forwarded-preferred-username'),
                groupsHeader: header(
                  'Header with the names of their groups, separated by commas.',
                  'x-forwarded-groups',
                ),
                resolvers: resolvers('Instead of access.signIn.resolvers for people whom the proxy names.'),
              },
              {
                ...closed,
                onlyWritten: true,
                description: 'A reverse proxy in access.trustedProxies signs people in and names them in headers.',
              },
            ),
          ),
          resolvers: resolvers(
            'How a person becomes a User entity, tried in order. When absent: by e-mail address. Entries: { resolver: emailMatchingUserEntityProfileEmail }.',
          ),
          unknownUsers: Type.Optional(
            Type.Union([Type.Literal('allow'), Type.Literal('refuse')], {
              default: 'allow',
              description: 'Whether people for whom there is no User entity may sign in, as user:personal/<name>.',
            }),
          ),
          sessionIdle: Type.Optional(
            duration({ default: '12h', description: 'A session ends after this time without a request.' }),
          ),
          sessionLifetime: Type.Optional(
            duration({ default: '7d', description: 'A session ends after this time in any case.' }),
          ),
        },
        {
          ...closed,
          onlyWritten: true,
          description: 'Who may use the portal. When present, everybody has to sign in.',
        },
      ),
    ),
    tokenLifetime: Type.Optional(
      duration({ default: '365d', description: 'Longest time for which tokens of people may be made.' }),
    ),
    externalAccess: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Object(
            {
              type: Type.Literal('static', { expected: 'static or jwks' }),
              options: Type.Object(
                { token: Type.String({ minLength: 8 }), subject: Type.String({ minLength: 1 }) },
                closed,
              ),
              accessRestrictions: Type.Optional(Type.Array(restriction)),
            },
            closed,
          ),
          Type.Object(
            {
              type: Type.Literal('jwks', { expected: 'static or jwks' }),
              options: Type.Object(
                {
                  url: Type.String({
                    pattern: '^https?://',
                    expected: 'an address such as https://ci.example.com/.well-known/jwks.json',
                  }),
                  issuer: Type.Optional(texts),
                  algorithm: Type.Optional(texts),
                  audience: Type.Optional(texts),
                  subjectPrefix: Type.Optional(Type.String({ minLength: 1 })),
                },
                closed,
              ),
              accessRestrictions: Type.Optional(Type.Array(restriction)),
            },
            closed,
          ),
        ]),
        {
          secret: true,
          expected:
            'a list of { type: static, options: { token, subject } } or { type: jwks, options: { url, issuer, audience } }',
          description:
            "Tokens of other programs, as Backstage's backend.auth.externalAccess has them, with accessRestrictions.",
        },
      ),
    ),
  }),
});

export type Resolver = Static<typeof resolver>;
export type ExternalAccess = NonNullable<NonNullable<Static<typeof signInSection>['access']>['externalAccess']>[number];
export type Provider = { id: string; title: string; plugin: string; settings: JsonObject; resolvers?: Resolver[] };
export type ProxyHeaders = { user: string; email: string; name: string; groups: string; resolvers?: Resolver[] };

/** What says who people are, with defaults. */
export type SignInConfig = {
  /** Whether everybody has to sign in */
  configured: boolean;
  local: boolean;
  guest: boolean;
  providers: Provider[];
  proxy?: ProxyHeaders;
  trustedProxies: string[];
  resolvers: Resolver[];
  unknownUsers: 'allow' | 'refuse';
  idleMs: number;
  lifetimeMs: number;
  tokenLifetimeMs: number;
  externalAccess: ExternalAccess[];
};

const day = 86_400_000;

type Values = Static<typeof signInSection>['access'];
type PlaceOf = (keys: string[]) => ConfigOrigin;

/** What is right key by key, and cannot work. */
function assertWorkable({ signIn, trustedProxies = [] }: Values, placeOf: PlaceOf | undefined): void {
  const fault = (keys: (string | number)[], message: string, fix: string) => ({
    ...placeOf?.(keys.map(String)),
    path: keys
      .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
      .join('')
      .slice(1),
    message,
    fix,
  });
  const ids = (signIn?.providers ?? []).map(({ id }) => id);
  const faults = [
    ...trustedProxies.flatMap((each, index) =>
      isNetwork(each)
        ? []
        : [
            fault(
              ['access', 'trustedProxies', index],
              `${each} is no address and no network`,
              'Write an address such as 10.0.0.7, or a network such as 10.0.0.0/8.',
            ),
          ],
    ),
    ...ids.flatMap((id, index) =>
      ids.indexOf(id) === index
        ? []
        : [
            fault(
              ['access', 'signIn', 'providers', index, 'id'],
              `there is a provider ${id} already`,
              'Give it another id.',
            ),
          ],
    ),
    ...(signIn?.proxy && trustedProxies.length === 0
      ? [
          fault(
            ['access', 'signIn', 'proxy'],
            'no proxy is believed, so that nobody can sign in by one',
            'Write its address into access.trustedProxies.',
          ),
        ]
      : []),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
}

/**
 * Fills the defaults of the keys below `access`.
 *
 * @param placeOf - where a key stands, by its way from the root
 * @throws ConfigError with every fault and its line
 */
export function signInConfig(values: Values, placeOf?: PlaceOf): SignInConfig {
  assertWorkable(values, placeOf);
  const given = values.signIn;
  return {
    configured: given !== undefined,
    local: given?.local ?? true,
    guest: given?.guest ?? false,
    providers: (given?.providers ?? []).map((provider) => ({
      ...provider,
      title: provider.title ?? provider.id,
      settings: provider.settings as JsonObject,
    })),
    proxy: given?.proxy && {
      user: (given.proxy.userHeader ?? 'x-forwarded-user').toLowerCase(),
      email: (given.proxy.emailHeader ?? 'x-forwarded-email').toLowerCase(),
      name: (given.proxy.nameHeader ?? 'x-forwarded-preferred-username').toLowerCase(),
      groups: (given.proxy.groupsHeader ?? 'x-forwarded-groups').toLowerCase(),
      resolvers: given.proxy.resolvers,
    },
    trustedProxies: values.trustedProxies ?? [],
    resolvers: given?.resolvers ?? [{ resolver: 'emailMatchingUserEntityProfileEmail' }],
    unknownUsers: given?.unknownUsers ?? 'allow',
    idleMs: given?.sessionIdle === undefined ? day / 2 : durationToMilliseconds(given.sessionIdle),
    lifetimeMs: given?.sessionLifetime === undefined ? 7 * day : durationToMilliseconds(given.sessionLifetime),
    tokenLifetimeMs: values.tokenLifetime === undefined ? 365 * day : durationToMilliseconds(values.tokenLifetime),
    externalAccess: values.externalAccess ?? [],
  };
}
