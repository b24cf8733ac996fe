import { type Static, Type } from '../schema.ts';
import type { EntityPageLayout } from '../pages.ts';

/** GET /pages */
export const EntityPagesResponse = Type.Object({
  items: Type.Array(
    Type.Unsafe<EntityPageLayout>({
      type: 'object',
      additionalProperties: true,
      description: 'For which entities it is (kind, type, when), their tabs, and the cards of their overview.',
    }),
    { description: 'Those of the configuration, then the ones that come with the portal.' },
  ),
});
export type EntityPagesResponse = Static<typeof EntityPagesResponse>;
