export type { Crumb, EntityTab, Feature, NavigationItem } from './feature.ts';
export { createPortalRouter, useFeatures } from './router.tsx';
export type { Search } from './search.ts';
