import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { errors } from './errors.ts';
import type { ThreadFault, ThreadReply, ThreadRequest, ThreadSettings } from './sqlite-protocol.ts';

type Waiting = {
  limitMs: number;
  part?: (reply: ThreadReply) => void;
  resolve: (reply: ThreadReply) => void;
  reject: (error: Error) => void;
  timer?: NodeJS.Timeout;
};
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

const workerFile = new URL('./sqlite-worker.ts', import.meta.url);
const graceMs = 500;
const closeLimitMs = 10_000;
// Rows that pass through a thread are short-lived; the limits keep each thread's heap near 10 MB when idle.
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 384 };

/** Turns the fault of a thread into an error; given by who knows the files. `limitMs` is what the request was given. */
export type FaultTranslator = (fault: ThreadFault, limitMs: number) => Error;

/** One database thread, from here. */
export class SqliteThread {
  readonly opened: Promise<void>;
  /** Set once the thread can take no more statements. */
  stopped: Error | undefined;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #translate: FaultTranslator;
  #lastId = 0;

  constructor(settings: ThreadSettings, translate: FaultTranslator) {
    this.#translate = translate;
    this.#worker = new Worker(workerFile, {
      workerData: settings,
      resourceLimits,
      execArgv: [],
      name: settings.readOnly ? 'database reader' : 'database writer',
    });
    this.opened = new Promise<void>((resolve, reject) => {
      this.#waiting.set(0, { limitMs: Infinity, resolve: () => resolve(), reject });
    });
    this.opened.catch(() => undefined);
    this.#worker.on('message', (reply: ThreadReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#stop(errors.threadStopped({ reason: error.message }, { cause: error })));
    this.#worker.on('exit', (code) => this.#stop(errors.threadStopped({ reason: `exit code ${code}` })));
  }

  /**
   * Sends one request. The thread itself keeps the limit between two rows; within one step of SQLite, which nothing can interrupt,
   * this side gives the thread up: the caller is told, and a new thread takes over while the old one ends by itself.
   * `part` gets the rows of a big answer that come before the last ones.
   */
  request(
    request: WithoutId<ThreadRequest>,
    limitMs: number,
    part?: (reply: ThreadReply) => void,
  ): Promise<ThreadReply> {
    if (this.stopped) return Promise.reject(this.stopped);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const giveUp = () => void this.terminate(errors.statementTimedOut({ seconds: limitMs / 1000 }));
      const timer = setTimeout(giveUp, limitMs + graceMs);
      timer.unref();
      this.#waiting.set(id, { limitMs, part, resolve, reject, timer });
      this.#worker.postMessage({ ...request, id });
    });
  }

  /** Ends the thread as soon as its present step allows; its open statements fail with `reason` at once. It lets go of its locks when it has ended. */
  async terminate(reason: Error): Promise<void> {
    this.#stop(reason);
    this.#worker.unref();
    await this.#worker.terminate();
  }

  /** Lets the thread finish what it was given, then ends it. */
  async close(): Promise<void> {
    if (!this.stopped) await this.request({ type: 'close' }, closeLimitMs).catch(() => undefined);
    await Promise.race([this.terminate(errors.closed()), sleep(graceMs, undefined, { ref: false })]);
  }

  #settle(reply: ThreadReply) {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if (reply.more) return waiting.part?.(reply);
    this.#waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if (!reply.fault) return waiting.resolve(reply);
    const error = this.#translate(reply.fault, waiting.limitMs);
    waiting.reject(error);
    if (reply.id === 0) this.#stop(error);
  }

  #stop(reason: Error) {
    this.stopped ??= reason;
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(this.stopped);
    }
    this.#waiting.clear();
  }
}
