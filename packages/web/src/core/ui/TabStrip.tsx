import { Children, useLayoutEffect, useRef, type ComponentProps, type ReactNode } from 'react';
import { AppLink } from './AppLink.tsx';
import classes from './TabStrip.module.css';

type TabStripProps = {
  label: string;
  /** Names the tab that is shown: it is brought into sight. */
  current: string | undefined;
  /** Whether all tabs are in sight where there is room for more than one line of them. */
  wraps?: boolean;
  children: ReactNode;
};

/** Tabs on one line: where there is no room for all of them it scrolls, shows that there are more, and has the current one in sight. */
export function TabStrip({ label, current, wraps = false, children }: TabStripProps) {
  const strip = useRef<HTMLElement>(null);
  // Tabs of plugins come later.
  const tabs = Children.toArray(children).length;
  useLayoutEffect(() => {
    const element = strip.current;
    const tab = element?.querySelector<HTMLElement>('[aria-current=page]');
    if (!element || !tab || element.scrollWidth <= element.clientWidth) return;
    element.scrollLeft = tab.offsetLeft - (element.clientWidth - tab.offsetWidth) / 2;
  }, [current, tabs]);
  return (
    <nav ref={strip} aria-label={label} className={classes.strip} data-wraps={wraps}>
      {children}
    </nav>
  );
}

/** One tab: a link, so that it can be opened beside, sent and gone back to. */
export const TabLink = (link: ComponentProps<typeof AppLink>) => <AppLink {...link} className={classes.tab} />;
