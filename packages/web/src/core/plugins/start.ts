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
  new QueryObserver(client, webPluginsQuery).subscribe(({ data }) => {
    if (!data || data === last) return;
    last = data;
    if (data.items.length === 0) setAdded([]);
    else
      import('./features.tsx').then(
        ({ featureOf }) => {
          if (last === data) setAdded(data.items.map(featureOf));
        },
        // The next answer tries again.
        () => {
          last = undefined;
        },
      );
  });
}
