import { IconApi } from '@tabler/icons-react';
import { lazy } from 'react';
import type { Feature } from '../../core/router/index.ts';
import { targetsOf, textAt } from '../catalog/index.ts';
import { remotesOf } from './remotes.ts';
import { apisRoutes } from './routes.ts';

/** The list of APIs, what an API offers, and the APIs of a component. */
export const apis: Feature = {
  name: 'apis',
  routes: apisRoutes,
  navigation: [{ label: 'APIs', to: '/api-docs', key: 'a', icon: IconApi, group: 'work' }],
  entityCards: [
    {
      id: 'call',
      title: 'How to call it',
      when: (entity) =>
        textAt(entity, 'spec.definition') !== undefined ||
        remotesOf(entity).length > 0 ||
        targetsOf(entity, 'providesApi').length > 0,
      component: lazy(async () => ({ default: (await import('./parts/CallCard.tsx')).CallCard })),
    },
  ],
  entityTabs: [
    {
      id: 'definition',
      label: 'Definition',
      when: (entity) => textAt(entity, 'spec.definition') !== undefined,
      whole: true,
      component: lazy(async () => ({ default: (await import('./parts/DefinitionTab.tsx')).DefinitionTab })),
    },
    {
      id: 'remotes',
      label: 'Remotes',
      when: (entity) => remotesOf(entity).length > 0,
      count: (entity) => remotesOf(entity).length,
      component: lazy(async () => ({ default: (await import('./parts/Remotes.tsx')).Remotes })),
    },
    {
      id: 'api',
      label: 'APIs',
      when: (entity) => targetsOf(entity, 'providesApi', 'consumesApi').length > 0,
      count: (entity) => targetsOf(entity, 'providesApi', 'consumesApi').length,
      component: lazy(async () => ({ default: (await import('./parts/ComponentApis.tsx')).ComponentApis })),
    },
  ],
};
