import { IconSearch } from '@tabler/icons-react';
import type { Feature } from '../../core/router/index.ts';
import { searchRoutes } from './routes.ts';

/** The page that searches everything. */
export const search: Feature = {
  name: 'search',
  routes: searchRoutes,
  palette: () => import('./palette.tsx').then(({ searchPalette }) => searchPalette),
  navigation: [{ label: 'Search', to: '/search', icon: IconSearch, group: 'work', permission: 'search.read' }],
};
