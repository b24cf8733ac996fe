import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';
import type { Search } from '../../core/router/index.ts';
import { readQuestion, writeQuestion } from './address.ts';

/** Backstage's address of the search page. */
export const searchRoutes = (root: AnyRoute): AnyRoute[] => [
  createRoute({
    getParentRoute: () => root,
    path: '/search',
    staticData: { crumbs: () => [{ label: 'Search' }] },
    validateSearch: (search: Record<string, unknown>) => writeQuestion(readQuestion(search as Search)),
    component: lazyRouteComponent(() => import('./pages/SearchPage.tsx'), 'SearchPage'),
  }),
];
