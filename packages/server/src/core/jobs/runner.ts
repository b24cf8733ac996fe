import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/index.ts';
import type { Logger } from '../log/index.ts';
import { errors } from './errors.ts';
import { outcomeOfFailure, startRun } from './run.ts';
import type { Run } from './run.ts';
import { channel, leaseMs, lookAhead } from './store.ts';
import type { JobStore } from './store.ts';
import type { JobDefinition } from './types.ts';

const longestSleepMs = 60_000;
const retryMs = 5_000;

type Runner = { db: Database; store: JobStore; definitions: Map<string, JobDefinition>; log: Logger; holder: string };

/** Takes due jobs and runs them, as many of each kind at a time as it allows. */
export function createRunner({ db, store, definitions, log, holder }: Runner) {
  const runs = new Map<number, Run>();
  const busy = new Map<string, number>();
  let running = false;
  let ticking: Promise<void> | undefined;
  let tickAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let heart: NodeJS.Timeout | undefined;
  let silence = () => {};
  let lastOrphanCheck = 0;

  const room = (name: string) => (definitions.get(name)?.concurrency ?? 1) - (busy.get(name) ?? 0);

  const begin = (row: Run['row']) => {
    const definition = definitions.get(row.name)!;
    const run = startRun({ row, definition, store, log, holder });
    runs.set(row.id, run);
    busy.set(row.name, (busy.get(row.name) ?? 0) + 1);
    void run.recorded.then(() => runs.delete(row.id));
    void Promise.all([run.recorded, run.returned]).then(() => {
      busy.set(row.name, busy.get(row.name)! - 1);
      wake();
    });
  };

  const adoptOrphans = async () => {
    if (Date.now() - lastOrphanCheck < leaseMs / 3) return;
    lastOrphanCheck = Date.now();
    for (const row of await store.orphans()) {
      const definition = definitions.get(row.name);
      if (!definition) continue;
      log.warn({ job: row.name, key: row.key }, 'a job was left behind by a process that is gone');
      await store.settle(row.id, row.holder!, outcomeOfFailure(definition, row, errors.holderGone()));
    }
  };

  const tick = async (): Promise<number> => {
    await adoptOrphans();
    const names = [...definitions.keys()].filter((name) => room(name) > 0);
    if (names.length === 0) return longestSleepMs;
    const { ready, nextRunAt } = await store.due(names);
    const free = new Map(names.map((name) => [name, room(name)]));
    const chosen = ready.filter(({ id, name }) => {
      const left = free.get(name)!;
      free.set(name, left - 1);
      return left > 0 && !runs.has(id);
    });
    if (chosen.length > 0 && running) {
      for (const row of await store.claim(chosen.map(({ id }) => id))) begin(row);
      // Behind a long line of one kind others may be due: the next look leaves out the kinds that are busy now.
      if (ready.length === lookAhead) tickAgain = true;
    }
    return nextRunAt === null ? longestSleepMs : Math.min(Math.max(nextRunAt - Date.now(), 1), longestSleepMs);
  };

  const loop = async () => {
    do {
      tickAgain = false;
      clearTimeout(timer);
      let sleepMs = retryMs;
      try {
        sleepMs = await tick();
      } catch (error) {
        if (running) log.error({ error }, 'the jobs could not be looked up');
      }
      if (running) timer = setTimeout(wake, sleepMs).unref();
    } while (tickAgain && running);
    ticking = undefined;
  };

  function wake() {
    if (!running) return;
    if (ticking) tickAgain = true;
    else ticking = loop();
  }

  const beat = async () => {
    if (runs.size === 0) return;
    const asked = [...runs.values()];
    try {
      const kept = await store.heartbeat();
      for (const run of asked) if (runs.get(run.row.id) === run && !kept.has(run.row.id)) run.abort(errors.leaseLost());
    } catch (error) {
      log.warn({ error }, 'the leases of the running jobs were not renewed');
    }
  };

  return {
    wake,
    start() {
      running = true;
      silence = db.listen(channel, wake);
      heart = setInterval(() => void beat(), leaseMs / 3).unref();
      wake();
    },
    async stop(waitMs: number) {
      running = false;
      silence();
      clearTimeout(timer);
      await ticking;
      for (const run of runs.values()) run.abort(errors.stopping());
      const ended = new AbortController();
      const recorded = Promise.all([...runs.values()].map((run) => run.recorded)).finally(() => ended.abort());
      await Promise.race([recorded, sleep(waitMs, undefined, { signal: ended.signal }).catch(() => undefined)]);
      clearInterval(heart);
      // Who does not listen is given up here and run again by the next process.
      for (const { row } of runs.values())
        await store.settle(row.id, holder, {
          status: 'interrupted',
          error: errors.stopping().message,
          attempts: row.attempts - 1,
          nextRunAt: Date.now(),
        });
    },
  };
}
