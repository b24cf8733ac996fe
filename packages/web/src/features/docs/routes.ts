import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';
import type { Crumb, Search } from '../../core/router/index.ts';
import { readListing, writeListing } from './question.ts';

const docsCrumb: Crumb = { label: 'Docs', to: '/docs' };

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** What the address of a page says beside the page: a version, and whether the report is shown. */
const readerSearch = (search: Record<string, unknown>) => ({
  ...(textOf(search['version']) !== undefined && { version: textOf(search['version']) }),
  ...(search['view'] === 'report' && { view: 'report' }),
});

/** Backstage's addresses of documents, so that bookmarks and links survive. */
export function docsRoutes(root: AnyRoute): AnyRoute[] {
  const site = createRoute({
    getParentRoute: () => root,
    path: '/docs/$namespace/$kind/$name',
    validateSearch: readerSearch,
    staticData: { crumbs: ({ name = '' }) => [docsCrumb, { label: name }] },
    component: lazyRouteComponent(() => import('./pages/ReaderPage.tsx'), 'ReaderPage'),
  });
  return [
    createRoute({
      getParentRoute: () => root,
      path: '/docs',
      staticData: { crumbs: () => [{ label: 'Docs' }] },
      validateSearch: (search: Record<string, unknown>) => writeListing(readListing(search as Search)),
      component: lazyRouteComponent(() => import('./pages/DocsPage.tsx'), 'DocsPage'),
    }),
    site.addChildren([
      createRoute({ getParentRoute: () => site, path: '/' }),
      createRoute({ getParentRoute: () => site, path: '$' }),
    ]),
  ];
}
