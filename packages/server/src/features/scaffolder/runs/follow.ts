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

export function createFollowers(db: Database, reader: RunReader): Followers {
  const waiting = new Set<() => void>();
  const off = db.listen(channel, () => {
    for (const wake of [...waiting]) wake();
  });
  const change = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      waiting.add(done);
      signal.addEventListener('abort', done);
    });
  return {
    async next(runId, after, { waitMs, signal }) {
      const end = Date.now() + waitMs;
      while (!signal.aborted) {
        // Listening begins before the look, so that nothing falls between the two.
        const stopListening = new AbortController();
        const changed = change(
          Math.min(Math.max(end - Date.now(), 1), lookEveryMs),
          AbortSignal.any([signal, stopListening.signal]),
        );
        const events = await reader.events(runId, after);
        const isOver = events.length > 0 || Date.now() >= end || (await reader.run(runId))?.ended_at !== null;
        if (!isOver) await changed;
        stopListening.abort();
        if (isOver) return events.length > 0 ? events : reader.events(runId, after);
      }
      return [];
    },
    close() {
      off();
      for (const wake of [...waiting]) wake();
    },
  };
}

/** Tells the runs of this process when somebody wants them to be cancelled, wherever that was asked. */
export function watchCancellations(
  db: Database,
  { reader, running }: Pick<RunTools, 'reader' | 'running'>,
): () => void {
  let isLooking = false;
  let isAgain = false;
  const look = async () => {
    if (running.size === 0) return;
    if (isLooking) {
      isAgain = true;
      return;
    }
    isLooking = true;
    do {
      isAgain = false;
      const ids = await reader.cancelled([...running.keys()]).catch(() => []);
      for (const id of ids) running.get(id)?.abort();
    } while (isAgain && running.size > 0);
    isLooking = false;
  };
  return db.listen(channel, () => void look());
}
