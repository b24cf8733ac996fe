import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';
import type { Feature } from '../../core/router/index.ts';

const page = (
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

/** Who may do what, why, and who did what. */
export const access: Feature = {
  name: 'access',
  routes: (root) => [
    page(root, 'roles', 'Roles', () => import('./pages/RolesPage.tsx'), 'RolesPage'),
    page(root, 'bindings', 'Bindings', () => import('./pages/BindingsPage.tsx'), 'BindingsPage'),
    page(root, 'explain', 'Explain', () => import('./pages/ExplainPage.tsx'), 'ExplainPage'),
    page(root, 'audit', 'Audit', () => import('./pages/AuditPage.tsx'), 'AuditPage'),
  ],
  navigation: [],
  adminPages: [
    { to: '/admin/roles', label: 'Roles' },
    { to: '/admin/bindings', label: 'Bindings' },
    { to: '/admin/explain', label: 'Explain' },
    { to: '/admin/audit', label: 'Audit' },
  ],
};
