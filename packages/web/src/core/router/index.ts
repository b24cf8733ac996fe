export type { Crumb, EntityTab, Feature, NavigationItem } from './feature.ts';
export { createPortalRouter, useFeatures } from './router.tsx';
export { parseSearch, type Search } from './search.ts';
