import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';
import type { Crumb, Search } from '../../core/router/index.ts';
import { cleanSearch, readFilters, writeFilters } from './filters.ts';
import { readEditorSearch, writeEditorSearch } from './editor/search.ts';
import { graphRoutes, graphSearch } from './graph/routes.ts';
import { readProblemFilters, writeProblemFilters } from './problem-filters.ts';

const catalogCrumb: Crumb = { label: 'Catalog', to: '/catalog' };

/** The filters of a list, as its address holds them. */
export const listSearch = (search: Record<string, unknown>) => cleanSearch(writeFilters(readFilters(search as Search)));

/** Backstage's addresses, so that bookmarks and links in documents survive; each page is a chunk of its own. */
export function catalogRoutes(root: AnyRoute): AnyRoute[] {
  const entity = createRoute({
    getParentRoute: () => root,
    path: '/catalog/$namespace/$kind/$name',
    staticData: {
      crumbs: ({ kind = '', name = '' }) => [
        catalogCrumb,
        { label: kind, to: '/catalog', search: { kind: kind.toLowerCase() } },
        { label: name },
      ],
    },
    component: lazyRouteComponent(() => import('./pages/EntityPage.tsx'), 'EntityPage'),
  });
  return [
    createRoute({
      getParentRoute: () => root,
      path: '/catalog',
      staticData: { crumbs: () => [{ label: 'Catalog' }] },
      validateSearch: listSearch,
      component: lazyRouteComponent(() => import('./pages/CatalogPage.tsx'), 'CatalogPage'),
    }),
    ...graphRoutes(root),
    entity.addChildren([
      createRoute({ getParentRoute: () => entity, path: '/' }),
      createRoute({ getParentRoute: () => entity, path: '$tab', validateSearch: graphSearch }),
      // Pages within a tab, as plugins of Backstage have them, open the tab.
      createRoute({ getParentRoute: () => entity, path: '$tab/$', validateSearch: graphSearch }),
    ]),
    createRoute({
      getParentRoute: () => root,
      path: '/problems',
      staticData: { crumbs: () => [{ label: 'Problems' }] },
      validateSearch: (search: Record<string, unknown>) => writeProblemFilters(readProblemFilters(search as Search)),
      component: lazyRouteComponent(() => import('./pages/ProblemsPage.tsx'), 'ProblemsPage'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/catalog-edit',
      staticData: { crumbs: () => [catalogCrumb, { label: 'Edit descriptor' }] },
      validateSearch: (search: Record<string, unknown>) => writeEditorSearch(readEditorSearch(search as Search)),
      component: lazyRouteComponent(() => import('./editor/EditorPage.tsx'), 'EditorPage'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/catalog-import',
      staticData: { crumbs: () => [catalogCrumb, { label: 'Register a location' }] },
      component: lazyRouteComponent(() => import('./pages/ImportPage.tsx'), 'ImportPage'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/admin/sources',
      staticData: { crumbs: () => [{ label: 'Admin' }, { label: 'Sources' }] },
      component: lazyRouteComponent(() => import('./pages/SourcesPage.tsx'), 'SourcesPage'),
    }),
  ];
}
