export type { Crumb, EntityCard, EntityPartProps, EntityTab, Feature, NavigationItem } from './feature.ts';
export { createPortalRouter, useFeatures } from './router.tsx';
export { parseSearch, type Search } from './search.ts';
