import { IconBook } from '@tabler/icons-react';
import { lazy } from 'react';
import type { Entity } from '@callboard/model';
import type { Feature } from '../../core/router/index.ts';
import { textAt } from '../catalog/index.ts';
import { docsRoutes } from './routes.ts';

const hasDocs = (entity: Entity): boolean =>
  ['techdocs-ref', 'techdocs-entity'].some(
    (name) => textAt(entity, `metadata.annotations.backstage.io/${name}`) !== undefined,
  );

/** Documents of entities: the list of them, the reader, a tab and a card of the entity's page. */
export const docs: Feature = {
  name: 'docs',
  routes: docsRoutes,
  navigation: [{ label: 'Docs', to: '/docs', key: 'd', icon: IconBook, group: 'work' }],
  entityTabs: [
    {
      id: 'docs',
      label: 'Docs',
      when: hasDocs,
      component: lazy(async () => ({ default: (await import('./parts/DocsTab.tsx')).DocsTab })),
    },
  ],
  entityCards: [
    {
      id: 'docs',
      title: 'Documentation',
      when: hasDocs,
      component: lazy(async () => ({ default: (await import('./parts/DocsCard.tsx')).DocsCard })),
    },
  ],
};
