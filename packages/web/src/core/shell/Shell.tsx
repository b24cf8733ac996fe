import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import {
  IconKeyboard,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconMenu2,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useMemo, useRef, type MouseEvent, type ReactNode } from 'react';
import { KeyboardMapHost, openKeyboardMap, useShortcuts } from '../keys/index.ts';
import { PaletteHost } from '../palette/index.ts';
import { followLinks, type NavigationItem, useAdded } from '../router/index.ts';
import { useStored, useThemeOfElsewhere } from '../session/index.ts';
import { Breadcrumbs } from './Breadcrumbs.tsx';
import { ColorSchemeSelect } from './ColorSchemeSelect.tsx';
import { LiveIndicator } from './LiveIndicator.tsx';
import { Rail } from './Rail.tsx';
import { SearchField } from './SearchField.tsx';
import { iconButton } from '../ui/index.ts';
import classes from './Shell.module.css';
import { shellShortcuts } from './shortcuts.ts';
import { UnsavedNote } from './UnsavedNote.tsx';

/** The frame of every page: rail, header, content. */
export function Shell({ navigation: own, account }: { navigation: NavigationItem[]; account?: ReactNode }) {
  const added = useAdded();
  const navigation = useMemo(() => [...own, ...added.flatMap((feature) => feature.navigation)], [own, added]);
  const [rail, setRail] = useStored<'open' | 'icons'>('rail', 'open');
  const drawer = useRef<HTMLDialogElement>(null);
  const main = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const collapsed = rail === 'icons';
  const router = useRouter();
  const [letters] = useStored<'on' | 'off'>('keys', 'on');
  const shortcuts = useMemo(
    () => shellShortcuts(router, navigation, () => setRail(collapsed ? 'open' : 'icons')),
    [router, navigation, collapsed, setRail],
  );
  useShortcuts(shortcuts, letters === 'on');
  useThemeOfElsewhere();

  useEffect(() => followLinks(router), [router]);
  useEffect(() => drawer.current?.close(), [pathname]);
  const shownPath = useRef(pathname);
  useEffect(() => {
    if (shownPath.current === pathname) return undefined;
    shownPath.current = pathname;
    // What had the focus went with its page: the next key goes on in the new one, not at the end of the document.
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [pathname]);

  const skip = (event: MouseEvent) => {
    event.preventDefault();
    main.current?.focus();
  };

  return (
    <div className={classes.frame} data-rail={rail}>
      <a className={classes.skip} href="#content" onClick={skip}>
        Skip to content
      </a>
      <aside className={classes.aside}>
        <Rail navigation={navigation} collapsed={collapsed} />
        <div className={classes.foot}>
          <LiveIndicator short={collapsed} />
          <button
            type="button"
            className={iconButton}
            onClick={() => setRail(collapsed ? 'open' : 'icons')}
            aria-label={collapsed ? 'Widen the navigation' : 'Collapse the navigation to icons'}
            title={collapsed ? 'Widen the navigation' : 'Collapse the navigation to icons'}
          >
            {collapsed ? (
              <IconLayoutSidebarLeftExpand size="1.125rem" />
            ) : (
              <IconLayoutSidebarLeftCollapse size="1.125rem" />
            )}
          </button>
        </div>
      </aside>
      <dialog ref={drawer} className={classes.drawer} aria-label="Navigation" closedby="any">
        <Rail navigation={navigation} collapsed={false} />
        <div className={classes.foot}>
          <LiveIndicator short={false} />
          <button
            type="button"
            className={iconButton}
            onClick={() => drawer.current?.close()}
            aria-label="Close the navigation"
          >
            <IconX size="1.125rem" />
          </button>
        </div>
      </dialog>
      <header className={classes.header}>
        <button
          type="button"
          className={`${iconButton} ${classes.menu}`}
          onClick={() => drawer.current?.showModal()}
          aria-label="Open the navigation"
        >
          <IconMenu2 size="1.125rem" />
        </button>
        <Breadcrumbs />
        <SearchField />
        <button
          type="button"
          className={`${iconButton} ${classes.keys}`}
          onClick={openKeyboardMap}
          aria-haspopup="dialog"
          aria-label="All keys"
          title="All keys (?)"
        >
          <IconKeyboard size="1.125rem" />
        </button>
        <ColorSchemeSelect />
        {account}
      </header>
      <main id="content" ref={main} tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <PaletteHost />
      <KeyboardMapHost shortcuts={shortcuts} />
      <UnsavedNote />
    </div>
  );
}
