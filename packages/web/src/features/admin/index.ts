import { IconSettings } from '@tabler/icons-react';
import { createRoute, redirect } from '@tanstack/react-router';
import { adminRoute, type Feature } from '../../core/router/index.ts';

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
    adminRoute(root, 'health', 'Health', () => import('./pages/HealthPage.tsx'), 'HealthPage'),
    adminRoute(root, 'jobs', 'Jobs', () => import('./pages/JobsPage.tsx'), 'JobsPage'),
    adminRoute(root, 'search', 'Search index', () => import('./pages/SearchIndexPage.tsx'), 'SearchIndexPage'),
    adminRoute(root, 'events', 'Events', () => import('./pages/EventsPage.tsx'), 'EventsPage'),
    adminRoute(root, 'outbound', 'Outbound', () => import('./pages/OutboundPage.tsx'), 'OutboundPage'),
    adminRoute(
      root,
      'configuration',
      'Configuration',
      () => import('./pages/ConfigurationPage.tsx'),
      'ConfigurationPage',
    ),
  ],
  adminPages: [
    { to: '/admin/health', label: 'Health', permission: 'admin.read' },
    { to: '/admin/jobs', label: 'Jobs', permission: 'admin.read' },
    { to: '/admin/search', label: 'Search index', permission: 'search.admin' },
    { to: '/admin/events', label: 'Events', permission: 'admin.read' },
    { to: '/admin/outbound', label: 'Outbound', permission: 'admin.read' },
    { to: '/admin/configuration', label: 'Configuration', permission: 'admin.read' },
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
