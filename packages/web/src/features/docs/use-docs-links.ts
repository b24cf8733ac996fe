import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, type RefObject } from 'react';
import { keyOf, trimPath } from './address.ts';
import { pageQuery } from './api.ts';
import { reveal } from './prose/tabs.ts';

/** The element that a hash names; undefined when the page has none. */
function elementAt(hash: string): HTMLElement | undefined {
  const id = hash.replace(/^#/, '');
  if (id === '') return undefined;
  let plain = id;
  try {
    plain = decodeURIComponent(id);
  } catch {
    // Written by hand: taken as it stands.
  }
  return document.getElementById(plain) ?? document.getElementById(id) ?? undefined;
}

/** Brings the section that a hash names into view, opening what hides it. */
export function goToHash(hash: string): boolean {
  const target = elementAt(hash);
  if (!target) return false;
  reveal(target);
  target.scrollIntoView({ block: 'start' });
  return true;
}

/** The page of documents that a link of the reader leads to, also inside the page of an entity. */
function wantedPage(link: HTMLAnchorElement) {
  const found = /^\/(?:docs\/([^/]+)\/([^/]+)\/([^/]+)|catalog\/([^/]+)\/([^/]+)\/([^/]+)\/docs)(\/.*)?$/.exec(
    link.pathname,
  );
  if (!found) return undefined;
  try {
    const [namespace, kind, name] = (found[1] ? found.slice(1, 4) : found.slice(4, 7)).map((part) =>
      decodeURIComponent(part).toLowerCase(),
    );
    const version = new URLSearchParams(link.search).get('version') ?? undefined;
    return { key: keyOf(`${kind}:${namespace}/${name}`), path: trimPath(decodeURIComponent(found[7] ?? '')), version };
  } catch {
    return undefined;
  }
}

const linkOf = (event: Event): HTMLAnchorElement | undefined => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
  if (!link || link.origin !== window.location.origin || link.target || link.hasAttribute('download')) return undefined;
  return link.pathname.startsWith('/api/') ? undefined : link;
};

/** Links inside documents open without loading the portal anew, and are fetched when the pointer comes near. */
export function useDocsLinks(root: RefObject<HTMLElement | null>): void {
  const router = useRouter();
  const client = useQueryClient();
  useEffect(() => {
    const near = (event: Event) => {
      const link = linkOf(event);
      const wanted = link && root.current?.contains(link) ? wantedPage(link) : undefined;
      if (wanted) void client.prefetchQuery(pageQuery(wanted.key, wanted.path, wanted.version));
    };
    const press = (event: MouseEvent) => {
      if (event.defaultPrevented && !(event.target as Element).closest('.anchor')) return;
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = linkOf(event);
      // The frame follows links of the app itself.
      if (!link || link.dataset['app'] !== undefined || !root.current?.contains(link)) return;
      event.preventDefault();
      const here = window.location;
      const href = `${link.pathname}${link.search}${link.hash}`;
      if (href === `${here.pathname}${here.search}${here.hash}`) {
        if (link.hash === '') window.scrollTo({ top: 0 });
        else goToHash(link.hash);
        return;
      }
      router.history.push(href);
    };
    document.addEventListener('click', press);
    document.addEventListener('pointerover', near, { passive: true });
    document.addEventListener('focusin', near);
    return () => {
      document.removeEventListener('click', press);
      document.removeEventListener('pointerover', near);
      document.removeEventListener('focusin', near);
    };
  }, [root, router, client]);
}
