import type { Host } from '@callboard/plugin-api';
import { products, type Vendor } from './hosts.ts';
import { tellersOf } from './running.ts';

/** What is read in the background. */
export type Part = 'running' | Vendor;

/** Right after the first start the catalog and clusters are still being read: what was found is looked at again, later each time. */
const looks = 6;

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Knows which parts have never been read to their end, for people who look meanwhile. */
export function createReading(host: Host, parts: readonly Part[], firstMs: number) {
  const keyOf = (part: Part) => `read/${part}`;
  const done = new Set<string>();

  async function left(): Promise<Part[]> {
    if (parts.some((part) => !done.has(keyOf(part))))
      for (const { key } of await host.store.entries('read/')) done.add(key);
    return parts.filter((part) => !done.has(keyOf(part)));
  }

  return {
    /** What people are told while something is read for the first time. */
    async words(): Promise<string | undefined> {
      const open = await left();
      if (open.length === 0) return undefined;
      const titles = open.includes('running') ? (await tellersOf(host)).map(({ title }) => title) : [];
      const words = open.map((part) =>
        part === 'running' ? `what runs in ${titles.join(', ') || 'clusters'}` : `deployments of ${products[part]}`,
      );
      return `Reading ${words.join(' and ')} …`;
    },
    /**
     * Looks once, and the first time until a look finds nothing new.
     *
     * @param look - says whether there was something new, or something is missing still
     */
    async look(part: Part, signal: AbortSignal, look: () => Promise<boolean>): Promise<void> {
      const isFirst = (await left()).includes(part);
      let wait = firstMs;
      for (let count = 1; (await look()) && isFirst && count < looks && !signal.aborted; count += 1) {
        await pause(wait, signal);
        wait *= 2;
      }
      if (!isFirst || signal.aborted) return;
      await host.store.set(keyOf(part), true);
      for (const view of ['matrix', 'current', 'history']) await host.changed(`views/${view}`);
    },
  };
}
