import { setTimeout as sleep } from 'node:timers/promises';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import { rollbackJob, runJob } from './runs/begin.ts';
import { perform } from './runs/perform.ts';
import { rollBack } from './runs/roll-back.ts';
import type { RunTools } from './runs/tools.ts';

/** A run that is interrupted goes on at once, so often that only the limit of its steps ends it. */
const again = { attempts: 1000, backoffMs: 0 };
const silentMs = 5 * 60_000;

type Settings = { tools: RunTools; log: Logger; concurrency: number; keepRunsMs: number; keepWorkspacesMs: number };

/** Defines what happens apart from requests: runs, taking them back, and forgetting old ones. */
export function defineJobs(jobs: Jobs, { tools, log, concurrency, keepRunsMs, keepWorkspacesMs }: Settings): void {
  jobs.define<null>({
    name: runJob,
    concurrency,
    retry: again,
    async run(_payload, { key, signal }) {
      try {
        await perform(tools, key, { signal });
      } catch (error) {
        if (signal.aborted) throw error;
        // Not the template's fault: the database is away, the disk is full.
        log.warn({ run: key, error }, 'a run of a template was interrupted');
        await sleep(1000, undefined, { signal }).catch(() => undefined);
        throw error;
      }
    },
  });
  jobs.define<{ secrets: string }>({
    name: rollbackJob,
    concurrency: 2,
    retry: again,
    run: (payload, { key, signal }) => rollBack(tools, key, payload, { signal }),
  });
  jobs.define<null>({
    name: 'scaffolder.recover',
    every: 60_000,
    async run() {
      // Their jobs are there as a rule; this is for those whose job was lost.
      for (const id of await tools.reader.silent(Date.now() - silentMs)) await jobs.enqueue({ name: runJob, key: id });
    },
  });
  jobs.define<null>({
    name: 'scaffolder.prune',
    cron: '53 3 * * *',
    async run() {
      const now = Date.now();
      for (const id of await tools.writer.dropWorkspaces(now - keepWorkspacesMs)) await tools.workspaces.remove(id);
      while ((await tools.writer.prune(now - keepRunsMs)).length > 0) continue;
      // Other replicas may have forgotten runs whose folders are here.
      const present = await tools.workspaces.present();
      const known = await tools.reader.withWorkspace(present);
      for (const id of present) if (!known.has(id)) await tools.workspaces.remove(id);
    },
  });
}
