import type { QueryClient } from '@tanstack/react-query';
import { QueryObserver } from '@tanstack/react-query';
import { setAdded } from '../router/index.ts';
import { webPluginsQuery } from './api.ts';

/**
 * Takes up what plugins add, and follows them while the page is open. Where no plugin adds anything, nothing but the question is loaded; the
 * code of a plugin comes when something of it is shown.
 */
export function startPlugins(client: QueryClient): void {
  let last: unknown;
  let isLoaded = false;
  new QueryObserver(client, webPluginsQuery).subscribe(({ data }) => {
    if (!data || data === last) return;
    last = data;
    if (data.items.length === 0 && !isLoaded) setAdded([]);
    else
      import('./features.tsx').then(
        ({ checksOf, featureOf, keepStyles }) => {
          isLoaded = true;
          if (last !== data) return;
          keepStyles(data.items);
          setAdded([...data.items.map(featureOf), ...checksOf(data.items)]);
        },
        // The next answer tries again.
        () => {
          last = undefined;
        },
      );
  });
}
