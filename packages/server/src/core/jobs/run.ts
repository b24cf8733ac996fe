import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonValue } from '@callboard/model';
import type { Logger } from '../log/index.ts';
import { errors } from './errors.ts';
import { nextRun } from './schedule.ts';
import type { JobRow, JobStore, Outcome } from './store.ts';
import type { JobDefinition } from './types.ts';

const progressEveryMs = 1_000;
const longestBackoffMs = 3_600_000;
const longestSettleWaitMs = 5_000;
/** How long a job may take to heed its signal before its run is written off. */
const graceMs = 5_000;

/** What follows a failed attempt: the next one after a growing wait, or the end, or the next scheduled run. */
export const outcomeOfFailure = (definition: JobDefinition, row: Pick<JobRow, 'attempts'>, error: unknown): Outcome => {
  const { attempts: most, backoffMs } = definition.retry ?? { attempts: 5, backoffMs: 1_000 };
  const message = error instanceof Error ? error.message : String(error);
  const now = Date.now();
  if (row.attempts < most) {
    const wait = Math.min(backoffMs * 2 ** (row.attempts - 1), longestBackoffMs);
    return { status: 'failed', error: message, attempts: row.attempts, nextRunAt: now + wait };
  }
  return { status: 'failed', error: message, attempts: 0, nextRunAt: nextRun(definition, now) };
};

/** One run in this process. */
export type Run = {
  row: JobRow;
  /** Ends the run early: the reason decides how it is recorded. */
  abort(reason: Error): void;
  /** Settles once the outcome is stored. */
  recorded: Promise<void>;
  /** Settles once the job's function has returned; later than `recorded` if it does not heed its signal. */
  returned: Promise<void>;
};

const throttled = (store: JobStore, log: Logger, id: number) => {
  let value: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    if (value !== undefined)
      store.progress(id, value).catch((error: unknown) => log.warn({ error }, 'the progress of a job was not stored'));
    value = undefined;
  };
  return {
    set(progress: JsonValue) {
      value = JSON.stringify(progress);
      timer ??= setTimeout(flush, progressEveryMs).unref();
    },
    /** The last value goes out before the end is stored, so that Admin shows how far the job came. */
    async end() {
      clearTimeout(timer);
      if (value !== undefined) await store.progress(id, value);
      value = undefined;
    },
  };
};

/** Starts the run of a claimed job. */
export function startRun(options: {
  row: JobRow;
  definition: JobDefinition;
  store: JobStore;
  log: Logger;
  holder: string;
}): Run {
  const { row, definition, store, holder } = options;
  const log = options.log.child({ job: row.name, key: row.key });
  const controller = new AbortController();
  const progress = throttled(store, log, row.id);
  const context = { signal: controller.signal, log, key: row.key, attempt: row.attempts, progress: progress.set };
  const limit = definition.timeoutMs;
  const timer =
    limit === undefined
      ? undefined
      : setTimeout(() => controller.abort(errors.timedOut({ seconds: limit / 1000 })), limit);

  const result = (async () => definition.run(row.payload === null ? undefined : JSON.parse(row.payload), context))();
  const returned = result.then(
    () => undefined,
    () => undefined,
  );
  const writtenOff = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () =>
      setTimeout(() => reject(controller.signal.reason as Error), graceMs).unref(),
    );
  });

  const outcome = async (): Promise<Outcome> => {
    try {
      await Promise.race([result, writtenOff]);
      return { status: 'succeeded', error: null, attempts: 0, nextRunAt: nextRun(definition, Date.now()) };
    } catch (error) {
      const reason = controller.signal.aborted ? (controller.signal.reason as Error & { code?: string }) : undefined;
      // A stop is not the job's fault: it does not count as an attempt, and the next start runs it at once.
      if (reason?.code === 'JOBS_STOPPING')
        return { status: 'interrupted', error: reason.message, attempts: row.attempts - 1, nextRunAt: Date.now() };
      const failed = outcomeOfFailure(definition, row, reason ?? error);
      log.warn({ error: reason ?? error, attempt: row.attempts, nextRunAt: failed.nextRunAt }, 'a job failed');
      return failed;
    }
  };

  const recorded = (async () => {
    const ended = await outcome();
    clearTimeout(timer);
    for (let failures = 0; ; failures += 1) {
      try {
        await progress.end();
        await store.settle(row.id, holder, ended);
        return;
      } catch (error) {
        const { status, code } = error as { status?: number; code?: string };
        if (failures === 0) log.error({ error }, 'the end of a job was not stored');
        // A row that says "running" keeps its job from running again: a database that is away is waited for.
        if (status !== 503 || code === 'DATABASE_CLOSED') return;
        await sleep(Math.min(250 * 2 ** failures, longestSettleWaitMs), undefined, { ref: false });
      }
    }
  })();
  return { row, abort: (reason) => controller.abort(reason), recorded, returned };
}
