import { IconAlertTriangle, IconDatabaseImport, IconHome, IconLayoutGrid } from '@tabler/icons-react';
import { lazy } from 'react';
import type { Feature } from '../../core/router/index.ts';
import { ProblemCount } from './parts/ProblemCount.tsx';
import { catalogRoutes } from './routes.ts';

export { targetsOf, textAt } from './entity.ts';
export { Section } from './parts/Section.tsx';
export { listSearch } from './routes.ts';

/** The list of entities, for other features' pages; its code comes with the page. */
export const EntityList = lazy(() => import('./pages/CatalogPage.tsx').then((page) => ({ default: page.EntityList })));

/** The catalog's pages and its lines in the rail. */
export const catalog: Feature = {
  name: 'catalog',
  routes: catalogRoutes,
  palette: () => import('./palette.tsx').then(({ catalogPalette }) => catalogPalette),
  navigation: [
    { label: 'Home', to: '/', icon: IconHome, group: 'work' },
    {
      label: 'Catalog',
      to: '/catalog',
      key: 'c',
      icon: IconLayoutGrid,
      group: 'work',
      owns: (pathname) => pathname === '/catalog' || pathname.startsWith('/catalog/') || pathname === '/catalog-import',
    },
    { label: 'Problems', to: '/problems', key: 'p', icon: IconAlertTriangle, group: 'upkeep', count: ProblemCount },
    { label: 'Sources', to: '/admin/sources', key: 's', icon: IconDatabaseImport, group: 'upkeep' },
  ],
};
