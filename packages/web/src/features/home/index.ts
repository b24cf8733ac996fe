import { IconHome } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { createElement, lazy, Suspense } from 'react';
import type { Feature } from '../../core/router/index.ts';

const Sections = lazy(() => import('./parts/RailSections.tsx').then((part) => ({ default: part.RailSections })));

/** The first page, and what is one's own in the rail. */
export const home: Feature = {
  name: 'home',
  routes: (root) => [
    createRoute({
      getParentRoute: () => root,
      path: '/',
      staticData: { crumbs: () => [{ label: 'Home' }] },
      component: lazyRouteComponent(() => import('./pages/HomePage.tsx'), 'HomePage'),
    }),
  ],
  navigation: [{ label: 'Home', to: '/', key: 'h', icon: IconHome, group: 'work' }],
  rail: [() => createElement(Suspense, { fallback: null }, createElement(Sections))],
};
