import { type Static, Type } from '../schema.ts';

/** GET /api/access/me */
export const PrincipalResponse = Type.Object({
  entityRef: Type.String({ description: 'Ref of whoever asks; the catalog may have an entity of that ref.' }),
  title: Type.String(),
  kind: Type.Unsafe<'local-administrator' | 'user' | 'guest' | 'service'>({
    type: 'string',
    enum: ['local-administrator', 'user', 'guest', 'service'],
    description:
      'local-administrator: the portal listens on its own machine only. user: signed in. service: a token of a program. guest: not signed in.',
  }),
  administrator: Type.Optional(Type.Boolean({ description: 'Whether this is an administrator of the portal.' })),
  hasPassword: Type.Optional(Type.Boolean({ description: 'Whether the portal keeps a password that can be changed.' })),
  canSignOut: Type.Optional(Type.Boolean({ description: 'Whether there is a session to end.' })),
  canSignIn: Type.Optional(Type.Boolean({ description: 'Whether there is a way to sign in as somebody else.' })),
  groups: Type.Optional(
    Type.Array(
      Type.Object({
        entityRef: Type.String(),
        source: Type.Unsafe<'catalog' | 'claim'>({
          type: 'string',
          enum: ['catalog', 'claim'],
          description: 'catalog: an entity says so. claim: the identity provider says so.',
        }),
      }),
      { description: 'All groups, direct and inherited.' },
    ),
  ),
});
export type PrincipalResponse = Static<typeof PrincipalResponse>;
