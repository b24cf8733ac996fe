import type { AnyRouter } from '@tanstack/react-router';
import { parseSearch } from './search.ts';

const patience = 60;
const linkOf = (event: Event) => (event.target as Element | null)?.closest?.<HTMLAnchorElement>('a[data-app]');

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * Follows every link of the app without loading the page anew, and fetches the code of a page when the pointer or the focus comes near its
 * link. One listener for all of them: a list has hundreds.
 *
 * @returns what ends it
 */
export function followLinks(router: AnyRouter): () => void {
  let timer: number | undefined;
  const follow = (event: MouseEvent) => {
    const link = linkOf(event);
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.altKey || event.ctrlKey || event.shiftKey || (link.target && link.target !== '_self'))
      return;
    event.preventDefault();
    const { pathname, search, hash } = link;
    const ways = link.dataset['app']!.split(' ');
    void router.navigate({
      to: pathname,
      search: parseSearch(search),
      ...(hash !== '' && { hash: decoded(hash.slice(1)) }),
      resetScroll: !ways.includes('keeps-scroll'),
      replace: ways.includes('replaces'),
    });
  };
  const near = (event: Event) => {
    const link = linkOf(event);
    window.clearTimeout(timer);
    if (!link || link.pathname === window.location.pathname) return;
    const preload = () => void router.preloadRoute({ to: link.pathname }).catch(() => undefined);
    timer = window.setTimeout(preload, event.type === 'touchstart' ? 0 : patience);
  };
  const kinds = ['pointerover', 'focusin', 'touchstart'];
  document.addEventListener('click', follow);
  for (const kind of kinds) document.addEventListener(kind, near, { passive: true });
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener('click', follow);
    for (const kind of kinds) document.removeEventListener(kind, near);
  };
}
