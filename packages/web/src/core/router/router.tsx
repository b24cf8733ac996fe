import {
  createRootRoute,
  createRouter,
  useRouter,
  type AnyRouter,
  type ErrorRouteComponent,
  type RouteComponent,
} from '@tanstack/react-router';
import { useMemo } from 'react';
import { useAdded } from './added.ts';
import type { Feature } from './feature.ts';
import { parseSearch, stringifySearch } from './search.ts';

/** What surrounds every page, and what stands in for one. */
export type Frame = { shell: RouteComponent; notFound: () => React.ReactNode; failed: ErrorRouteComponent };

/** All pages of all features under one frame. */
export function createPortalRouter(features: Feature[], frame: Frame): AnyRouter {
  const root = createRootRoute({ component: frame.shell, notFoundComponent: frame.notFound });
  const routeTree = root.addChildren(features.flatMap((feature) => feature.routes(root)));
  return createRouter({
    routeTree,
    context: { features },
    parseSearch,
    stringifySearch,
    // A page says which parameters it has; others, such as Backstage's spelling of them, leave the address.
    search: { strict: true },
    trailingSlash: 'never',
    defaultPreload: 'intent',
    defaultPreloadDelay: 60,
    scrollRestoration: true,
    defaultErrorComponent: frame.failed,
    defaultNotFoundComponent: frame.notFound,
    defaultPendingMs: 200,
  });
}

/** The features of this app and what plugins add, for pages that others add to. */
export function useFeatures(): Feature[] {
  const { features } = useRouter().options.context as { features: Feature[] };
  const added = useAdded();
  return useMemo(() => (added.length === 0 ? features : [...features, ...added]), [features, added]);
}
