import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { words } from '../ui/text.ts';

/** Pages of plugins: at the plugin's address, at an address that it declares, and in the administration. */
export const pluginRoutes = (root: AnyRoute): AnyRoute[] => [
  createRoute({
    getParentRoute: () => root,
    path: '/plugins/$plugin/$',
    staticData: { crumbs: ({ plugin = '' }) => [{ label: words(plugin) }] },
    component: lazyRouteComponent(() => import('./pages.tsx'), 'PluginPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/admin/plugins/$plugin/pages/$page',
    staticData: {
      crumbs: () => [
        { label: 'Admin', to: '/admin/health' },
        { label: 'Plugins', to: '/admin/plugins' },
      ],
    },
    component: lazyRouteComponent(() => import('./pages.tsx'), 'PluginAdminPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/$',
    component: lazyRouteComponent(() => import('./pages.tsx'), 'PageAtPath'),
  }),
];
