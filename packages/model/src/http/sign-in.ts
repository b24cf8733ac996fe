import { type Static, Type } from '../schema.ts';
import { closed, time } from './common.ts';

const password = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description });
const userName = Type.String({
  pattern: '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$',
  description: 'Name of a local user: user:default/<name>.',
});
const title = Type.String({ minLength: 1, maxLength: 200 });
const grants = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  maxItems: 200,
  description: 'Names of permissions, where `*` stands for any part.',
});

/** GET /api/access/sign-in */
export const SignInState = Type.Object({
  required: Type.Boolean({ description: 'Whether nothing can be seen without signing in.' }),
  signedIn: Type.Boolean(),
  baseUrl: Type.Optional(Type.String()),
  methods: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      kind: Type.Unsafe<'password' | 'redirect' | 'guest'>({ type: 'string', enum: ['password', 'redirect', 'guest'] }),
    }),
  ),
});
export type SignInState = Static<typeof SignInState>;

/** POST /api/access/sign-in/:method */
export const SignInBody = Type.Object(
  { username: Type.String({ minLength: 1, maxLength: 300 }), password: password('Of the person.') },
  closed,
);
export const SignInMethodPath = Type.Object({ method: Type.String({ minLength: 1, maxLength: 50 }) }, closed);
export const SignInStart = Type.Object(
  { returnTo: Type.Optional(Type.String({ maxLength: 2000, description: 'A page of this portal.' })) },
  closed,
);

/** POST /api/access/sign-out */
export const SignOutResponse = Type.Object({
  redirect: Type.Optional(Type.String({ description: 'Where to go to sign out at the identity provider as well.' })),
});
export type SignOutResponse = Static<typeof SignOutResponse>;

/** POST /api/access/setup */
export const SetupBody = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 200 }),
    name: userName,
    title: Type.Optional(title),
    password: password('Of the first administrator.'),
  },
  closed,
);
/** POST /api/access/password/reset */
export const ResetBody = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: 200 }), password: password('The new one.') },
  closed,
);
/** PUT /api/access/password */
export const PasswordBody = Type.Object(
  { current: password('The present one.'), password: password('The new one.') },
  closed,
);

/** A link that works once. */
export const OneTimeLink = Type.Object({ link: Type.String(), expiresAt: time('When it stops working.') });
export type OneTimeLink = Static<typeof OneTimeLink>;

/** GET /api/access/sessions */
export const SessionItem = Type.Object({
  id: Type.String(),
  entityRef: Type.String(),
  provider: Type.String({ description: 'How this person signed in.' }),
  current: Type.Boolean({ description: 'Whether it is the one that asks.' }),
  address: Type.String(),
  agent: Type.String(),
  createdAt: time('When it began.'),
  seenAt: time('When it was last used.'),
  expiresAt: time('When it ends at the latest.'),
});
export type SessionItem = Static<typeof SessionItem>;
export const SessionList = Type.Object({ items: Type.Array(SessionItem) });
export type SessionList = Static<typeof SessionList>;

/** GET /api/access/tokens */
export const TokenItem = Type.Object({
  id: Type.String(),
  kind: Type.Unsafe<'personal' | 'service'>({ type: 'string', enum: ['personal', 'service'] }),
  entityRef: Type.String({ description: 'Who acts with it.' }),
  title: Type.String(),
  grants: Type.Optional(grants),
  createdBy: Type.String(),
  createdAt: time('When it was made.'),
  expiresAt: Type.Optional(time('When it stops working.')),
  usedAt: Type.Optional(time('When it was last used, to the minute.')),
  usedFrom: Type.Optional(Type.String({ description: 'The address it was last used from.' })),
});
export type TokenItem = Static<typeof TokenItem>;
export const TokenList = Type.Object({ items: Type.Array(TokenItem) });
export type TokenList = Static<typeof TokenList>;

/** POST /api/access/tokens */
export const NewTokenBody = Type.Object(
  {
    title,
    days: Type.Integer({ minimum: 1, maximum: 3650, description: 'How long it works.' }),
    grants: Type.Optional(grants),
  },
  closed,
);
/** POST /api/access/all/tokens */
export const NewServiceTokenBody = Type.Object(
  {
    subject: Type.String({
      pattern: '^[a-z0-9][a-z0-9._-]{0,62}$',
      description: 'Name of the program; it acts as external:<subject>.',
    }),
    title,
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3650, description: 'How long it works; for good when absent.' }),
    ),
    grants,
  },
  closed,
);
/** The only time that a token is shown. */
export const NewToken = Type.Object({ token: Type.String({ description: 'Shown this once.' }), item: TokenItem });
export type NewToken = Static<typeof NewToken>;

/** POST /api/access/identity-token */
export const IdentityToken = Type.Object({ token: Type.String(), expiresAt: time('When it stops working.') });
export type IdentityToken = Static<typeof IdentityToken>;

/** GET /api/access/users */
export const UserItem = Type.Object({
  entityRef: Type.String(),
  name: Type.Optional(Type.String({ description: 'Of local users.' })),
  title: Type.String(),
  email: Type.Optional(Type.String()),
  origin: Type.String({ description: 'local, or the provider that brought them.' }),
  administrator: Type.Boolean(),
  disabled: Type.Boolean(),
  hasPassword: Type.Boolean(),
  locked: Type.Boolean({ description: 'Whether too many attempts have locked the name for now.' }),
  createdAt: time('When they were added or first signed in.'),
  signedInAt: Type.Optional(time('When they last signed in.')),
});
export type UserItem = Static<typeof UserItem>;
export const UserList = Type.Object({ items: Type.Array(UserItem) });
export type UserList = Static<typeof UserList>;

/** POST /api/access/users */
export const NewUserBody = Type.Object(
  {
    name: userName,
    title: Type.Optional(title),
    email: Type.Optional(Type.String({ maxLength: 300, pattern: '^[^\\s@]+@[^\\s@]+$' })),
    administrator: Type.Optional(Type.Boolean()),
  },
  closed,
);
export const NewUserResponse = Type.Object({
  item: UserItem,
  link: Type.String(),
  expiresAt: time('When the link stops working.'),
});
export type NewUserResponse = Static<typeof NewUserResponse>;

/** PUT /api/access/users/:namespace/:name */
export const UserChange = Type.Object(
  {
    title: Type.Optional(title),
    administrator: Type.Optional(Type.Boolean()),
    disabled: Type.Optional(Type.Boolean()),
  },
  closed,
);
export const UserPath = Type.Object(
  { namespace: Type.String({ minLength: 1, maxLength: 63 }), name: Type.String({ minLength: 1, maxLength: 63 }) },
  closed,
);
export const AccessIdPath = Type.Object({ id: Type.String({ minLength: 1, maxLength: 50 }) }, closed);
