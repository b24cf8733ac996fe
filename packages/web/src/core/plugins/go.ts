import type { AnyRouter } from '@tanstack/react-router';
import { parseSearch } from '../router/index.ts';

/** Goes to an address within the portal; any other is refused, so that a plugin cannot lead people away unseen. */
export function goTo(router: AnyRouter, address: string, { replace = false }: { replace?: boolean } = {}): void {
  const here = new URL(location.href);
  const there = new URL(address, here);
  if (there.origin !== here.origin || there.pathname.startsWith('/api/'))
    throw new Error(`${address} is no page of the portal`);
  void router.navigate({
    to: there.pathname,
    search: parseSearch(there.search),
    ...(there.hash !== '' && { hash: decodeURIComponent(there.hash.slice(1)) }),
    replace,
  });
}
