import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../core/db/index.ts';
import { channel, type LogRow } from '../store/tables.ts';
import type { RunReader } from '../store/read.ts';
import type { RunTools } from './tools.ts';

/** Lets people follow runs, on whatever replica these are. */
export type Followers = {
  /**
   * Waits for events of a run after a place; an empty list when nothing happened within `waitMs`, or the run has ended.
   */
  next(runId: string, after: number, options: { waitMs: number; signal: AbortSignal }): Promise<LogRow[]>;
  close(): void;
};

/** Notifications may be lost: so often one looks anyway. */
const lookEveryMs = 5_000;
/** What is written within this time is looked at together. */
const gatherMs = 10;

/** Runs `look` soon after it was asked for, never twice at a time. */
function gathering(look: () => Promise<void>): () => void {
  let isAsked = false;
  let isLooking = false;
  const run = async () => {
    isLooking = true;
    while (isAsked) {
      await sleep(gatherMs, undefined, { ref: false });
      isAsked = false;
      // A database that is away is asked again at the next occasion.
      await look().catch(() => undefined);
    }
    isLooking = false;
  };
  return () => {
    isAsked = true;
    if (!isLooking) void run();
  };
}

export function createFollowers(db: Database, reader: RunReader): Followers {
  const waiting = new Map<string, Set<() => void>>();
  const known = new Map<string, number>();
  /** Of all that is followed only the runs with news are read. */
  const look = gathering(async () => {
    if (waiting.size === 0) return;
    for (const { id, writes } of await reader.writes([...waiting.keys()])) {
      if (known.get(id) === writes) continue;
      known.set(id, writes);
      for (const wake of [...(waiting.get(id) ?? [])]) wake();
    }
    for (const id of known.keys()) if (!waiting.has(id)) known.delete(id);
  });
  const off = db.listen(channel, look);
  /** Listens for one change; `stop` ends that, and is cheaper than a signal for what happens with every event. */
  const change = (runId: string, ms: number, signal: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const own = waiting.get(runId) ?? new Set();
    const stop = () => {
      clearTimeout(timer);
      own.delete(stop);
      if (own.size === 0 && waiting.get(runId) === own) waiting.delete(runId);
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const timer = setTimeout(stop, ms);
    waiting.set(runId, own.add(stop));
    signal.addEventListener('abort', stop);
    return { happened: promise, stop };
  };
  return {
    async next(runId, after, { waitMs, signal }) {
      const end = Date.now() + waitMs;
      while (!signal.aborted) {
        // Listening begins before the look, so that nothing falls between the two.
        const { happened, stop } = change(runId, Math.min(Math.max(end - Date.now(), 1), lookEveryMs), signal);
        const events = await reader.events(runId, after);
        const isOver = events.length > 0 || Date.now() >= end || (await reader.endedAt(runId)) !== null;
        if (!isOver) await happened;
        stop();
        if (isOver) return events.length > 0 ? events : reader.events(runId, after);
      }
      return [];
    },
    close() {
      off();
      for (const wakes of [...waiting.values()]) for (const wake of [...wakes]) wake();
    },
  };
}

/** Tells the runs of this process when somebody wants them to be cancelled, wherever that was asked. */
export function watchCancellations(
  db: Database,
  { reader, running }: Pick<RunTools, 'reader' | 'running'>,
): () => void {
  const look = gathering(async () => {
    for (const id of await reader.cancelled([...running.keys()])) running.get(id)?.abort();
  });
  return db.listen(channel, () => {
    if (running.size > 0) look();
  });
}
