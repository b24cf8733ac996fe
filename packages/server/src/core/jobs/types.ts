import type { JsonValue } from '@callboard/model';
import type { Executor } from '../db/index.ts';
import type { Logger } from '../log/index.ts';

/** What a running job gets. `signal` fires when it must end: the portal stops, its time is up, or its lease was lost. */
export type JobContext = {
  signal: AbortSignal;
  log: Logger;
  key: string;
  /** 1 on the first try. */
  attempt: number;
  /** Tells Admin how far the job is; any JSON value. Stored at most once a second. */
  progress(value: JsonValue): void;
};

/** A kind of job. With `every` or `cron` it also runs by itself, under the empty key. */
export type JobDefinition<Payload = any> = {
  name: string;
  run(payload: Payload, context: JobContext): Promise<unknown>;
  /** Milliseconds between the end of a run and the next one. The first run is at once. */
  every?: number;
  /** Cron pattern with five or six fields, in UTC. */
  cron?: string;
  /** After this time `signal` fires and the run counts as failed. No limit when absent. */
  timeoutMs?: number;
  /** Attempts in all (default 5), and the waiting time after the first failure (default 1 s), which doubles each time. */
  retry?: { attempts: number; backoffMs: number };
  /** Most runs at the same time in this process, with different keys. Default 1. */
  concurrency?: number;
};

/** What to run. The same name and key wait only once; while they run, they wait once more. Without a key each call is a run of its own. */
export type JobRequest = {
  name: string;
  key?: string;
  payload?: JsonValue;
  /** Epoch milliseconds; now when absent. */ runAt?: number;
};

/** A job as Admin shows it. */
export type JobState = {
  name: string;
  key: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  payload: JsonValue;
  runAt: number | null;
  attempts: number;
  progress: JsonValue;
  createdAt: number;
  /** How the last finished run ended. */
  lastStatus: 'succeeded' | 'failed' | 'interrupted' | null;
  lastStartedAt: number | null;
  lastFinishedAt: number | null;
  lastError: string | null;
  every: number | null;
  cron: string | null;
};

/** The jobs. See `index.ts`. */
export type Jobs = {
  /** Makes a kind of job known; call it before `start`, or later for a kind that comes with a plugin. */
  define<Payload = any>(definition: JobDefinition<Payload>): void;

  /** Asks for a run; with `tx` it starts only if and when the transaction is committed. */
  enqueue(request: JobRequest, tx?: Executor): Promise<void>;

  /** All jobs that are kept: scheduled, waiting, running and lately finished. */
  list(filter?: { name?: string; key?: string }): Promise<JobState[]>;

  /** Runs a job that is listed at once, with the payload it has. */
  trigger(name: string, key?: string): Promise<void>;

  start(): Promise<void>;

  /** Takes no more jobs, tells the running ones to end, waits for them, and leaves those that do not end to be run again. */
  stop(options?: { waitMs?: number }): Promise<void>;
};
