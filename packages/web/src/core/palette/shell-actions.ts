import {
  IconBookmarkPlus,
  IconContrast,
  IconKeyboard,
  IconLayoutSidebar,
  IconLink,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { openKeyboardMap } from '../keys/index.ts';
import { useSavedViews, useStored, useTheme } from '../session/index.ts';
import { copyText } from '../ui/index.ts';
import { icon } from './icon.ts';
import type { PaletteItem, PalettePlace } from './types.ts';

const group = 'Actions';

/** "kind=component&owner=group:default/payments" → "component, payments". */
const nameOfView = (href: string): string => {
  const { pathname, searchParams } = new URL(href, 'http://portal');
  const values = [...searchParams].filter(([name]) => name !== 'sort').map(([, value]) => value.split('/').at(-1)!);
  return values.join(', ') || pathname.split('/').filter(Boolean).join(' / ') || 'Home';
};

/** What can be done on every page. */
export function useShellActions({ href }: Pick<PalettePlace, 'href'>): PaletteItem[] {
  const { scheme, choose } = useTheme();
  const [rail, setRail] = useStored<'open' | 'icons'>('rail', 'open');
  const { save } = useSavedViews();
  return useMemo(
    () => [
      {
        id: 'copy-link',
        label: 'Copy the address of this page',
        group,
        keywords: 'link url share',
        icon: icon(IconLink),
        run: () => copyText(new URL(href, location.href).href),
      },
      {
        id: 'save-view',
        label: 'Save this view…',
        group,
        keywords: 'bookmark keep list filters',
        icon: icon(IconBookmarkPlus),
        ask: {
          label: 'Name of the view',
          initial: nameOfView(href),
          run: (name: string) => save(name, href),
        },
      },
      ...(
        [
          ['light', 'Use the light theme', icon(IconSun)],
          ['dark', 'Use the dark theme', icon(IconMoon)],
          ['auto', 'Use the theme of the system', icon(IconContrast)],
        ] as const
      )
        .filter(([theme]) => theme !== scheme)
        .map(([theme, label, glyph]): PaletteItem => ({
          id: `theme-${theme}`,
          label,
          group,
          keywords: 'switch colour color mode night appearance',
          icon: glyph,
          run: () => choose(theme),
        })),
      {
        id: 'keyboard-map',
        label: 'Show all keys',
        group,
        keywords: 'keyboard shortcuts help map',
        icon: icon(IconKeyboard),
        run: openKeyboardMap,
      },
      {
        id: 'rail',
        label: rail === 'icons' ? 'Widen the navigation' : 'Collapse the navigation to icons',
        group,
        keywords: 'sidebar rail menu',
        icon: icon(IconLayoutSidebar),
        run: () => setRail(rail === 'icons' ? 'open' : 'icons'),
      },
    ],
    [href, scheme, choose, rail, setRail, save],
  );
}
