export { May, useMayAll } from './may.ts';
export { MayOrWhy, useMay } from './MayOrWhy.tsx';
export {
  principalQuery,
  toggled,
  useFollowedTeams,
  useHomeLayout,
  usePrincipal,
  useRecent,
  useSavedViews,
  useStarred,
} from './personal.ts';
export { changePreference, retryUnsaved, startPreferences, usePreference, useUnsaved } from './preferences.ts';
export { Star, StarButton } from './StarButton.tsx';
export { useStored } from './stored.ts';
export { useTheme, useThemeOfElsewhere } from './theme.ts';
export { startVisits } from './visits.ts';
