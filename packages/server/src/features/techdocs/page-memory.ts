import type { PageStore } from './page-reader.ts';
import type { RenderedPage } from './render/types.ts';
import type { Store } from './store.ts';

/** Characters of pages that are kept in memory. */
const most = 32 * 1024 * 1024;

const sizeOf = (page: RenderedPage) => page.html.length + 2_000;

/** Pages in the database, the ones asked for last in memory too. */
export function createPageMemory(store: Store, now: () => number): PageStore {
  const kept = new Map<string, RenderedPage>();
  let characters = 0;
  const keep = (key: string, page: RenderedPage) => {
    const before = kept.get(key);
    if (before) characters -= sizeOf(before);
    kept.delete(key);
    kept.set(key, page);
    characters += sizeOf(page);
    for (const [old, value] of kept) {
      if (characters <= most || old === key) break;
      kept.delete(old);
      characters -= sizeOf(value);
    }
  };
  return {
    async get(key) {
      const known = kept.get(key) ?? (await store.pages([key], now())).get(key);
      if (known) keep(key, known);
      return known;
    },
    async put(key, page) {
      keep(key, page);
      await store.putPages([{ key, page }], now());
    },
  };
}
