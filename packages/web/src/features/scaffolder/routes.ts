import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';
import type { Crumb, Search } from '../../core/router/index.ts';
import {
  editorSearch,
  readGallery,
  readRuns,
  referenceSearch,
  runSearch,
  wizardSearch,
  writeGallery,
  writeRuns,
} from './address.ts';

const createCrumb: Crumb = { label: 'Create', to: '/create' };
const runsCrumb: Crumb = { label: 'Runs', to: '/create/tasks' };

/** Backstage's addresses of templates and runs, so that bookmarks and links survive. */
export function scaffolderRoutes(root: AnyRoute): AnyRoute[] {
  return [
    createRoute({
      getParentRoute: () => root,
      path: '/create',
      staticData: { crumbs: () => [{ label: 'Create' }] },
      validateSearch: (search: Record<string, unknown>) => writeGallery(readGallery(search as Search)),
      component: lazyRouteComponent(() => import('./pages/GalleryPage.tsx'), 'GalleryPage'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/create/templates/$namespace/$name',
      staticData: { crumbs: ({ name = '' }) => [createCrumb, { label: name }] },
      validateSearch: (search: Record<string, unknown>) => wizardSearch(search as Search),
      component: lazyRouteComponent(() => import('./pages/WizardPage.tsx'), 'WizardPage'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/create/tasks',
      staticData: { crumbs: () => [createCrumb, { label: 'Runs' }] },
      validateSearch: (search: Record<string, unknown>) => writeRuns(readRuns(search as Search)),
      component: lazyRouteComponent(() => import('./pages/RunsPage.tsx'), 'RunsPage'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/create/tasks/$taskId',
      staticData: { crumbs: () => [createCrumb, runsCrumb, { label: 'Run' }] },
      validateSearch: (search: Record<string, unknown>) => runSearch(search as Search),
      component: lazyRouteComponent(() => import('./pages/RunPage.tsx'), 'RunPage'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/create/actions',
      staticData: { crumbs: () => [createCrumb, { label: 'Reference' }] },
      validateSearch: (search: Record<string, unknown>) => referenceSearch(search as Search),
      component: lazyRouteComponent(() => import('./pages/ReferencePage.tsx'), 'ReferencePage'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/create/edit',
      staticData: { crumbs: () => [createCrumb, { label: 'Template editor' }] },
      validateSearch: (search: Record<string, unknown>) => editorSearch(search as Search),
      component: lazyRouteComponent(() => import('./editor/EditorPage.tsx'), 'EditorPage'),
    }),
  ];
}
