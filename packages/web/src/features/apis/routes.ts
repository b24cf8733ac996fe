import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';
import { listSearch } from '../catalog/index.ts';

/** Backstage's address of the list of APIs. */
export const apisRoutes = (root: AnyRoute): AnyRoute[] => [
  createRoute({
    getParentRoute: () => root,
    path: '/api-docs',
    staticData: { crumbs: () => [{ label: 'APIs' }] },
    validateSearch: listSearch,
    component: lazyRouteComponent(() => import('./pages/ApisPage.tsx'), 'ApisPage'),
  }),
];
