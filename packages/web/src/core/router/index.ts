export type { Crumb, Feature, NavigationItem } from './feature.ts';
export { createPortalRouter } from './router.tsx';
export type { Search } from './search.ts';
