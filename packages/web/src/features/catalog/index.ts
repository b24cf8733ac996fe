import { IconAlertTriangle, IconDatabaseImport, IconHome, IconLayoutGrid } from '@tabler/icons-react';
import type { Feature } from '../../core/router/index.ts';
import { ProblemCount } from './parts/ProblemCount.tsx';
import { catalogRoutes } from './routes.ts';

export { targetsOf, textAt } from './entity.ts';
export { Section } from './parts/Section.tsx';
export { listSearch } from './routes.ts';

export { EntityList } from './pages/CatalogPage.tsx';

/** The catalog's pages and its lines in the rail. */
export const catalog: Feature = {
  name: 'catalog',
  routes: catalogRoutes,
  navigation: [
    { label: 'Home', to: '/', icon: IconHome, group: 'work' },
    {
      label: 'Catalog',
      to: '/catalog',
      icon: IconLayoutGrid,
      group: 'work',
      owns: (pathname) => pathname === '/catalog' || pathname.startsWith('/catalog/') || pathname === '/catalog-import',
    },
    { label: 'Problems', to: '/problems', icon: IconAlertTriangle, group: 'upkeep', count: ProblemCount },
    { label: 'Sources', to: '/admin/sources', icon: IconDatabaseImport, group: 'upkeep' },
  ],
};
