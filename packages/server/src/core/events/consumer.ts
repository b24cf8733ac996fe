import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/index.ts';
import type { Logger } from '../log/index.ts';
import type { EventStore } from './store.ts';
import { channel } from './store.ts';
import type { ConsumerOptions, StoredEvent } from './types.ts';

const leaseMs = 15_000;
const longestBackoffMs = 60_000;
const takeOverPollMs = 5_000;
const quietMs = 3_000;
const longestPatienceMs = 180_000;

type Consumer = {
  db: Database;
  log: Logger;
  store: EventStore;
  name: string;
  handler: (events: StoredEvent[]) => Promise<void>;
  options: ConsumerOptions;
};

/** A bell that can be rung before somebody waits for it. */
const createBell = () => {
  let rung = false;
  let wake = () => {};
  return {
    ring() {
      rung = true;
      wake();
    },
    async wait(signal: AbortSignal, milliseconds?: number) {
      if (!rung && !signal.aborted) {
        const timer = new AbortController();
        const heard = new Promise<void>((resolve) => (wake = resolve));
        const stopped = new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { signal: timer.signal }),
        );
        const waits: Promise<unknown>[] = [heard, stopped];
        if (milliseconds !== undefined)
          waits.push(sleep(milliseconds, undefined, { signal: timer.signal, ref: false }).catch(() => undefined));
        await Promise.race(waits);
        timer.abort();
      }
      rung = false;
    },
  };
};

/** Starts to consume; see `Events.consume`. */
export function startConsumer({ db, log, store, name, handler, options }: Consumer): () => Promise<void> {
  const { from = 'beginning', batch = 500, backoffMs = 1_000, patient = false } = options;
  const stop = new AbortController();
  const bell = createBell();
  const silence = db.listen(channel, bell.ring);

  const backOff = async (failures: number, signal: AbortSignal) => {
    const milliseconds = Math.min(backoffMs * 2 ** (failures - 1), longestBackoffMs);
    await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  };

  /** A whole page waits: while more keeps coming, who writes it goes first, for some time. */
  const letOthersGoFirst = async (signal: AbortSignal) => {
    const until = performance.now() + longestPatienceMs;
    let latest = await store.latest();
    while (!signal.aborted && performance.now() < until) {
      await sleep(quietMs, undefined, { signal, ref: false }).catch(() => undefined);
      const now = await store.latest();
      if (now === latest) return;
      latest = now;
    }
  };

  const work = async (signal: AbortSignal) => {
    let cursor = await store.cursor(name, async () => (from === 'now' ? store.latest() : 0));
    let failures = 0;
    // Whether the page before was a whole one, so that this one belongs to what was waited for already.
    let busy = false;
    while (!signal.aborted) {
      const page = await store.read({ after: cursor, limit: batch });
      if (page.events.length === 0) {
        busy = false;
        await bell.wait(signal);
        continue;
      }
      if (patient && !busy && page.events.length >= batch) {
        busy = true;
        await letOthersGoFirst(signal);
        continue;
      }
      try {
        await handler(page.events);
        failures = 0;
      } catch (error) {
        failures += 1;
        log.error(
          { consumer: name, failures, error },
          'an event consumer failed; the same events will be given to it again',
        );
        await store.fail(name, failures, (error as Error).message ?? String(error));
        await backOff(failures, signal);
        continue;
      }
      await store.advance(name, page.cursor);
      cursor = page.cursor;
    }
  };

  const run = async () => {
    let failures = 0;
    while (!stop.signal.aborted) {
      try {
        await db.withLease(`events/${name}`, { ttlMs: leaseMs }, ({ signal }) =>
          work(AbortSignal.any([signal, stop.signal])),
        );
        failures = 0;
        // Another replica is the consumer: look again now and then, in case it ends.
        await bell.wait(stop.signal, takeOverPollMs);
      } catch (error) {
        if (stop.signal.aborted) return;
        failures += 1;
        log.error({ consumer: name, error }, 'an event consumer could not reach the database');
        await backOff(failures, stop.signal);
      }
    }
  };

  const running = run();
  return async () => {
    stop.abort();
    silence();
    await running;
  };
}
