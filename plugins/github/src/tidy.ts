import type { Host, Task } from '@callboard/plugin-api';
import { deliveryKey } from './hooks.ts';
import { at, numberOf } from './json.ts';

/** How long things that happened once are remembered. */
const kept = { [deliveryKey]: 3 * 86_400_000, 'pushed/': 3_600_000, 'done/': 30 * 86_400_000 };
const mostDeliveries = 5_000;

/** Forgets old deliveries, pushes and steps, so that the store stays small. */
export const createTidy =
  (store: Host['store'], now: () => number = Date.now): Task =>
  async () => {
    for (const [prefix, milliseconds] of Object.entries(kept)) {
      const found: { key: string; at: number }[] = [];
      for (let after = ''; ;) {
        const page = await store.entries(prefix, after);
        for (const { key, value } of page) found.push({ key, at: numberOf(value) ?? numberOf(at(value, 'at')) ?? 0 });
        if (page.length === 0) break;
        after = page.at(-1)!.key;
      }
      const newestFirst = found.toSorted((one, other) => other.at - one.at);
      for (const [index, { key, at: when }] of newestFirst.entries())
        if (now() - when > milliseconds || (prefix === deliveryKey && index >= mostDeliveries)) await store.delete(key);
    }
  };
