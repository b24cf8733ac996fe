import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { ActivePlugin } from './active.ts';
import type { Runtime } from './runtime.ts';

const taskJob = 'plugins.run-task';
const backoff = { firstMs: 1_000, longestMs: 300_000 };
/** What ran for so long was not stopped by its own fault. */
const steadyMs = 60_000;

/** Has the work of plugins in the background done: at intervals on one replica, and without an end on each. */
export function createTasks(parts: { runtime: Runtime; jobs: Jobs; log: Logger; backoffMs?: number }) {
  const { runtime, jobs, log, backoffMs = backoff.firstMs } = parts;
  const running = new Map<string, { plugin: ActivePlugin; controller: AbortController }>();
  let isStarted = false;

  const tasks = () =>
    runtime
      .all()
      .filter((plugin) => plugin.state === 'enabled')
      .flatMap((plugin) =>
        (plugin.manifest.contributes?.tasks ?? []).map((task) => ({ plugin, task, key: `${plugin.id}/${task.id}` })),
      );

  /** Runs one without an end, and begins it again, until its plugin is another. */
  async function keep(key: string, target: string, plugin: ActivePlugin, signal: AbortSignal): Promise<void> {
    for (let wait = backoffMs; !signal.aborted; wait = Math.min(wait * 2, backoff.longestMs)) {
      const began = Date.now();
      await runtime
        .call(plugin.id, target, {}, { signal, isLong: true })
        .catch(
          (error: unknown) => signal.aborted || log.warn({ task: key, error }, 'background work of a plugin failed'),
        );
      if (signal.aborted) return;
      if (Date.now() - began > steadyMs) wait = backoffMs;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        timer.unref();
        signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
    }
  }

  function bringInLine(): void {
    if (!isStarted) return;
    const wanted = tasks();
    for (const [key, { plugin, controller }] of running)
      if (!wanted.some((each) => each.key === key && each.plugin === plugin && each.task.everySeconds === undefined)) {
        controller.abort(new Error('it is another plugin now'));
        running.delete(key);
      }
    for (const { plugin, task, key } of wanted) {
      if (task.everySeconds !== undefined)
        jobs
          .enqueue({ name: taskJob, key })
          .catch((error: unknown) => log.warn({ task: key, error }, 'background work could not be asked for'));
      else if (!running.has(key)) {
        const controller = new AbortController();
        running.set(key, { plugin, controller });
        void keep(key, `tasks/${task.id}`, plugin, controller.signal);
      }
    }
  }

  jobs.define<null>({
    name: taskJob,
    concurrency: 4,
    timeoutMs: 660_000,
    async run(_payload, { key, signal }) {
      const found = tasks().find((each) => each.key === key);
      if (found?.task.everySeconds === undefined) return;
      // Put down first, so that a portal that is killed meanwhile goes on with it.
      await jobs.enqueue({ name: taskJob, key, runAt: Date.now() + found.task.everySeconds * 1000 });
      // Its failure is among the messages of the plugin; the next time is another try.
      await runtime
        .call(found.plugin.id, `tasks/${found.task.id}`, {}, { signal })
        .catch((error: unknown) => log.warn({ task: key, error }, 'background work of a plugin failed'));
    },
  });
  runtime.onChange(bringInLine);

  return {
    start(): void {
      isStarted = true;
      bringInLine();
    },
    stop(): void {
      isStarted = false;
      for (const { controller } of running.values()) controller.abort(new Error('the portal stops'));
      running.clear();
    },
  };
}
