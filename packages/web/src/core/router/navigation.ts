import type { AdminLink, NavigationItem } from './feature.ts';

/**
 * The lines of the navigation that there is something behind for whoever is here. The administration leads to the first of its pages that
 * they may see.
 */
export const shownNavigation = (
  navigation: readonly NavigationItem[],
  adminPages: readonly AdminLink[],
  may: (permission: string | undefined) => boolean,
): NavigationItem[] =>
  navigation.flatMap((item) => {
    if (!may(item.permission)) return [];
    if (!adminPages.some(({ to }) => to === item.to)) return [item];
    const first = adminPages.find(({ permission }) => may(permission));
    return first ? [{ ...item, to: first.to }] : [];
  });
