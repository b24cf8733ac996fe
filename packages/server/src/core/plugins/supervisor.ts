import type { AppError } from '../errors/index.ts';
import { pluginErrors } from './errors.ts';
import type { CallOptions, Instance } from './instance.ts';

/** What happened to a plugin, for Admin. */
export type PluginMessage = { at: number; level: 'info' | 'warning' | 'error'; text: string };

export type SupervisorTiming = {
  idleMs: number;
  /** First wait after a crash; it doubles */
  backoffMs: number;
  /** This many crashes within the window put a plugin into quarantine */
  crashes: number;
  windowMs: number;
  callsAtOnce: number;
  callsWaiting: number;
};

export const defaultTiming: SupervisorTiming = {
  idleMs: 300_000,
  backoffMs: 250,
  crashes: 3,
  windowMs: 600_000,
  callsAtOnce: 16,
  callsWaiting: 200,
};

export type SupervisorOptions = {
  plugin: string;
  version: string;
  /** Starts the plugin; tells `ended` when it is over. */
  start(parts: { ended(reason: string, crashed: boolean): void; log: Log }): Promise<Instance>;
  /** The plugin crashed too often, and is not started again by itself. */
  quarantine(reason: string): void;
  timing?: Partial<SupervisorTiming>;
};
type Log = (level: PluginMessage['level'], text: string) => void;

/** Keeps a plugin at work: starts it when it is called, stops it when it rests, starts it again when it crashed, and knows when to give up. */
export type Supervisor = {
  call(target: string, options: CallOptions): Promise<unknown>;
  stop(reason: string): void;
  readonly running: boolean;
  metrics(): Promise<{
    calls: number;
    errors: number;
    crashes: number;
    starts: number;
    p50Ms?: number;
    p99Ms?: number;
    cpuMs?: number;
    memory?: number;
  }>;
  messages(): PluginMessage[];
  log: Log;
};

const kept = { messages: 200, times: 500 };

/** Makes the supervisor of one plugin; nothing runs until the first call. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { plugin, version } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const counters = { calls: 0, errors: 0, crashes: 0, starts: 0 };
  const messages: PluginMessage[] = [];
  const times: number[] = [];
  let crashTimes: number[] = [];
  let starting: Promise<Instance> | undefined;
  let instance: Instance | undefined;
  let notBefore = 0;
  let stopped: string | undefined;
  let idle: NodeJS.Timeout | undefined;
  let atOnce = 0;
  let longCalls = 0;
  const queue: (() => void)[] = [];

  const log: Log = (level, text) => {
    messages.unshift({ at: Date.now(), level, text });
    messages.length = Math.min(messages.length, kept.messages);
  };

  function ended(reason: string, crashed: boolean): void {
    instance = undefined;
    starting = undefined;
    clearTimeout(idle);
    if (!crashed) return;
    counters.crashes += 1;
    const now = Date.now();
    crashTimes = [...crashTimes.filter((at) => at > now - timing.windowMs), now];
    log('error', `It ended: ${reason}`);
    notBefore = now + timing.backoffMs * 2 ** (crashTimes.length - 1);
    if (crashTimes.length < timing.crashes || stopped !== undefined) return;
    stopped = `it crashed ${crashTimes.length} times within ${Math.round(timing.windowMs / 60_000)} minutes; the last time: ${reason}`;
    log('error', `In quarantine: ${stopped}`);
    options.quarantine(stopped);
  }

  async function begin(): Promise<Instance> {
    const wait = notBefore - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (stopped !== undefined) throw pluginErrors.quarantined({ plugin, version, reason: stopped });
    counters.starts += 1;
    try {
      const started = await options.start({ ended, log });
      if (stopped !== undefined) {
        started.stop(stopped);
        throw pluginErrors.quarantined({ plugin, version, reason: stopped });
      }
      instance = started;
      return started;
    } catch (error) {
      starting = undefined;
      throw error;
    }
  }

  /** A place among the calls that run; waits for one. */
  async function enter(): Promise<void> {
    if (atOnce < timing.callsAtOnce) {
      atOnce += 1;
      return;
    }
    if (queue.length >= timing.callsWaiting) throw pluginErrors.busy({ plugin, version, count: queue.length });
    await new Promise<void>((resolve) => queue.push(resolve));
  }
  function leave(): void {
    const next = queue.shift();
    if (next) next();
    else atOnce -= 1;
    rest();
  }
  function rest(): void {
    if (atOnce > 0 || longCalls > 0) return;
    clearTimeout(idle);
    idle = setTimeout(() => instance?.stop('it had nothing to do'), timing.idleMs);
    idle.unref();
  }

  return {
    async call(target, call) {
      if (stopped !== undefined) throw pluginErrors.quarantined({ plugin, version, reason: stopped });
      if (call.isLong) longCalls += 1;
      else await enter();
      clearTimeout(idle);
      const started = performance.now();
      counters.calls += 1;
      try {
        const running = instance ?? (await (starting ??= begin()));
        return await running.call(target, call);
      } catch (error) {
        counters.errors += 1;
        if (!call.signal?.aborted) log('warning', (error as AppError).message);
        throw error;
      } finally {
        if (call.isLong) {
          longCalls -= 1;
          rest();
        } else {
          times.push(performance.now() - started);
          if (times.length > kept.times) times.shift();
          leave();
        }
      }
    },
    stop(reason) {
      stopped ??= reason;
      clearTimeout(idle);
      instance?.stop(reason);
    },
    get running() {
      return instance !== undefined;
    },
    async metrics() {
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
      return {
        ...counters,
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        cpuMs: instance?.cpuMs(),
        memory: await instance?.memory(),
      };
    },
    messages: () => messages,
    log,
  };
}
