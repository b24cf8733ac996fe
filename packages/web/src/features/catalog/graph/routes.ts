import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';

const parameter =
  /^(rootEntityRefs|maxDepth|follow|selectedKinds|selectedRelations|unidirectional|mergeRelations|direction)(\[\d*\])?$/;

/** The parameters of a graph; how they are read comes with the page. */
export const graphSearch = (search: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(search).filter(([name]) => parameter.test(name)));

/** Pages that show the whole: relations at Backstage's address, the systems, the organization. */
export const graphRoutes = (root: AnyRoute): AnyRoute[] => [
  createRoute({
    getParentRoute: () => root,
    path: '/catalog-graph',
    staticData: { crumbs: () => [{ label: 'Landscape', to: '/landscape' }, { label: 'Relations' }] },
    validateSearch: graphSearch,
    component: lazyRouteComponent(() => import('./GraphPage.tsx'), 'GraphPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/landscape',
    staticData: { crumbs: () => [{ label: 'Landscape' }] },
    component: lazyRouteComponent(() => import('./LandscapePage.tsx'), 'LandscapePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/org',
    staticData: { crumbs: () => [{ label: 'Landscape', to: '/landscape' }, { label: 'Organization' }] },
    component: lazyRouteComponent(() => import('../org/OrganizationPage.tsx'), 'OrganizationPage'),
  }),
];
