export { adminRoute } from './admin-route.ts';
export { addressOf, type Target } from './address.ts';
export { setAdded, useAdded } from './added.ts';
export type {
  Crumb,
  EntityCard,
  EntityColumn,
  EntityPartProps,
  EntityTab,
  Evidence,
  Feature,
  HomeWidget,
  NavigationItem,
  SearchResultPart,
  FormField,
} from './feature.ts';
export { followLinks } from './links.ts';
export { shownNavigation } from './navigation.ts';
export { createPortalRouter, useFeatures } from './router.tsx';
export { parseSearch, type Search } from './search.ts';
