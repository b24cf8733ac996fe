import { IconApi } from '@tabler/icons-react';
import { lazy } from 'react';
import type { Feature } from '../../core/router/index.ts';
import { textAt } from '../catalog/index.ts';
import { apisRoutes } from './routes.ts';

const isKind = (entity: { kind: string }, kind: string) => entity.kind.toLowerCase() === kind;

/** The list of APIs, what an API offers, and the APIs of a component. */
export const apis: Feature = {
  name: 'apis',
  routes: apisRoutes,
  navigation: [{ label: 'APIs', to: '/api-docs', icon: IconApi, group: 'work' }],
  entityTabs: [
    {
      id: 'definition',
      label: 'Definition',
      when: (entity) => textAt(entity, 'spec.definition') !== undefined,
      component: lazy(async () => ({ default: (await import('./parts/DefinitionTab.tsx')).DefinitionTab })),
    },
  ],
};
