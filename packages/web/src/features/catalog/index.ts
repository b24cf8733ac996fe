import { IconAlertTriangle, IconDatabaseImport, IconLayoutGrid, IconSitemap } from '@tabler/icons-react';
import { lazy } from 'react';
import type { Feature } from '../../core/router/index.ts';
import { ProblemCount } from './parts/ProblemCount.tsx';
import { catalogRoutes } from './routes.ts';

export { kindsQuery, problemCountsQuery, sourcesQuery } from './api.ts';
export { useBrief, useBriefs } from './briefs.ts';
export type { Column } from './columns.tsx';
export type { EditorHandle } from './editor/CodeEditor.tsx';
export { canonicalRef, nameOf, readRef, safeUrl, shortRef, targetsOf, textAt } from './entity.ts';
export { describeKinds, useKinds } from './kinds.ts';
export { EntityLink, entityTarget } from './parts/EntityLink.tsx';
export { KindIcon } from './parts/KindIcon.tsx';
export { RegisterLink } from './parts/RegisterLink.tsx';
export { Section } from './parts/Section.tsx';
export { listSearch } from './routes.ts';

/** The list of entities, for other features' pages; its code comes with the page. */
export const EntityList = lazy(() => import('./pages/CatalogPage.tsx').then((page) => ({ default: page.EntityList })));

/** A text editor; its code comes with the page that has one. */
export const CodeEditor = lazy(async () => ({ default: (await import('./editor/CodeEditor.tsx')).CodeEditor }));

/** Compares texts and writes patches; comes when it is asked for. */
export const loadPatches = () => import('./editor/lines.ts');

/** Two texts compared line by line. */
export const LineDiff = lazy(async () => ({ default: (await import('./editor/LineDiff.tsx')).LineDiff }));

/** The catalog's pages and its lines in the rail. */
export const catalog: Feature = {
  name: 'catalog',
  routes: catalogRoutes,
  palette: () => import('./palette.tsx').then(({ catalogPalette }) => catalogPalette),
  navigation: [
    {
      label: 'Catalog',
      to: '/catalog',
      key: 'c',
      icon: IconLayoutGrid,
      group: 'work',
      owns: (pathname) => pathname === '/catalog' || pathname.startsWith('/catalog/') || pathname === '/catalog-import',
    },
    {
      label: 'Landscape',
      to: '/landscape',
      icon: IconSitemap,
      group: 'work',
      owns: (pathname) => ['/landscape', '/org', '/catalog-graph'].includes(pathname),
    },
    { label: 'Problems', to: '/problems', key: 'p', icon: IconAlertTriangle, group: 'upkeep', count: ProblemCount },
    {
      label: 'Sources',
      to: '/admin/sources',
      key: 's',
      icon: IconDatabaseImport,
      group: 'upkeep',
      permission: 'catalog.location.read',
    },
  ],
};
