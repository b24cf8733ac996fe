import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';

/**
 * A page under Admin, whose code comes when it is opened.
 *
 * @param path - what follows `/admin/`
 * @param label - its name in the breadcrumbs
 * @param load - imports the module that exports the page
 * @param name - the page's name in that module
 */
export const adminRoute = (
  root: AnyRoute,
  path: string,
  label: string,
  load: () => Promise<Record<string, unknown>>,
  name: string,
) =>
  createRoute({
    getParentRoute: () => root,
    path: `/admin/${path}`,
    validateSearch: (search: Record<string, unknown>) => search,
    staticData: { crumbs: () => [{ label: 'Admin', to: '/admin/health' }, { label }] },
    component: lazyRouteComponent(load as () => Promise<Record<string, any>>, name),
  });
