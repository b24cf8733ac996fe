import { type Static, Type } from '../schema.ts';

/** GET /api/access/me */
export const PrincipalResponse = Type.Object({
  entityRef: Type.String({ description: 'Ref of whoever asks; the catalog may have an entity of that ref.' }),
  title: Type.String(),
  kind: Type.Unsafe<'local-administrator' | 'guest'>({
    type: 'string',
    enum: ['local-administrator', 'guest'],
    description:
      'local-administrator: the portal listens on its own machine only. guest: it is open to everybody who reaches it.',
  }),
});
export type PrincipalResponse = Static<typeof PrincipalResponse>;
