import { IconSettings } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent, redirect, type AnyRoute } from '@tanstack/react-router';
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
    staticData: { crumbs: () => [{ label: 'Admin', to: '/admin/health' }, { label }] },
    component: lazyRouteComponent(load as () => Promise<Record<string, any>>, name),
  });

/** What operators look at. Sources belong to the catalog. */
export const admin: Feature = {
  name: 'admin',
  routes: (root) => [
    createRoute({
      getParentRoute: () => root,
      path: '/admin',
      beforeLoad: () => {
        throw redirect({ to: '/admin/health' });
      },
    }),
    page(root, 'health', 'Health', () => import('./pages/HealthPage.tsx'), 'HealthPage'),
    page(root, 'jobs', 'Jobs', () => import('./pages/JobsPage.tsx'), 'JobsPage'),
    page(root, 'search', 'Search index', () => import('./pages/SearchIndexPage.tsx'), 'SearchIndexPage'),
    page(root, 'events', 'Events', () => import('./pages/EventsPage.tsx'), 'EventsPage'),
    page(root, 'outbound', 'Outbound', () => import('./pages/OutboundPage.tsx'), 'OutboundPage'),
    page(root, 'configuration', 'Configuration', () => import('./pages/ConfigurationPage.tsx'), 'ConfigurationPage'),
  ],
  adminPages: [
    { to: '/admin/health', label: 'Health' },
    { to: '/admin/jobs', label: 'Jobs' },
    { to: '/admin/search', label: 'Search index' },
    { to: '/admin/events', label: 'Events' },
    { to: '/admin/outbound', label: 'Outbound' },
    { to: '/admin/configuration', label: 'Configuration' },
  ],
  navigation: [
    {
      label: 'Admin',
      to: '/admin/health',
      icon: IconSettings,
      group: 'upkeep',
      owns: (pathname) => pathname.startsWith('/admin/') && pathname !== '/admin/sources',
    },
  ],
};
