import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';
import { pluginRoutes } from '../../core/plugins/index.ts';
import type { Feature } from '../../core/router/index.ts';

const page = (
  root: AnyRoute,
  path: string,
  label: (params: Record<string, string>) => string,
  load: () => Promise<Record<string, unknown>>,
  name: string,
) =>
  createRoute({
    getParentRoute: () => root,
    path: `/admin/plugins${path}`,
    staticData: {
      crumbs: (params) => [
        { label: 'Admin', to: '/admin/health' },
        { label: 'Plugins', to: '/admin/plugins' },
        ...(path === '' ? [] : [{ label: label(params) }]),
      ],
    },
    component: lazyRouteComponent(load as () => Promise<Record<string, any>>, name),
  });

/** Admin → Plugins, and the pages that plugins bring. */
export const plugins: Feature = {
  name: 'plugins',
  routes: (root) => [
    ...pluginRoutes(root),
    page(
      root,
      '',
      () => 'Plugins',
      () => import('./pages/PluginsPage.tsx'),
      'PluginsPage',
    ),
    page(
      root,
      '/-/add',
      () => 'Add a plugin',
      () => import('./pages/AddPage.tsx'),
      'AddPage',
    ),
    page(
      root,
      '/-/preview',
      () => 'Try a view',
      () => import('./pages/PreviewPage.tsx'),
      'PreviewPage',
    ),
    page(
      root,
      '/$id',
      ({ id = '' }) => id,
      () => import('./pages/PluginDetailPage.tsx'),
      'PluginDetailPage',
    ),
  ],
  navigation: [],
  adminPages: [{ to: '/admin/plugins', label: 'Plugins', permission: 'plugins.read' }],
};
