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
});
export type PrincipalResponse = Static<typeof PrincipalResponse>;
