import { Worker } from 'node:worker_threads';
import type { JsonValue } from '@callboard/model';
import type { KnownHost } from '../formats/backstage/repo-url.ts';
import { scaffolderErrors } from '../errors.ts';
import type { Computation } from './compute.ts';
import type { RenderAnswer, RenderTask, TextOptions, TextResult, ValueResult } from './messages.ts';

export type RendererOptions = {
  /** threads at most */
  threads?: number;
  /** a value or a text that takes longer is given up */
  deadlineMs?: number;
  /** MiB that one thread may need */
  memory?: number;
  /** a thread ends after this time without work */
  idleMs?: number;
  /** code hosts that `parseRepoUrl` knows besides the public ones */
  hosts?: KnownHost[];
  /** what `now` says, so that the same template makes the same files; the time when absent */
  time?: string;
};

type Context = Record<string, JsonValue>;

/** Threads that render what templates say, so that none can hold up or exhaust the portal. */
export type Renderers = {
  /** Renders every text in `input`; `failed` is what `failure()` answers. */
  value(input: JsonValue, context: Context, options?: { failed?: boolean }): Promise<ValueResult>;
  /** Renders texts; each has a result of its own. */
  texts(texts: string[], context: Context, options?: TextOptions): Promise<TextResult[]>;
  /** Does work that may never end; throws SCAFFOLDER_RENDER_GIVEN_UP when it is given up or fails, `name` says what it was. */
  compute(computation: Computation, name: string): Promise<JsonValue>;
  close(): Promise<void>;
};

type Seat = { thread?: Worker; idle?: NodeJS.Timeout };

const givenUp = (reason: string) => ({
  message: reason,
  line: 1,
  column: 1,
  hint: 'Make it simpler: no endless loops, no huge texts, no regular expressions with nested repetition.',
});

/** After so many texts that ended their thread the rest of a batch is given up, too. */
const patience = 3;

/** Starts threads when there is work. */
export function createRenderers({
  threads = 2,
  deadlineMs = 5000,
  memory = 256,
  idleMs = 30_000,
  hosts = [],
  time,
}: RendererOptions = {}): Renderers {
  const free: Seat[] = Array.from({ length: threads }, () => ({}));
  const all = [...free];
  const waiting: ((seat: Seat) => void)[] = [];
  let isClosed = false;

  const take = () => {
    const seat = free.pop();
    return seat ? Promise.resolve(seat) : new Promise<Seat>((resolve) => waiting.push(resolve));
  };
  const give = (seat: Seat) => {
    const next = waiting.shift();
    if (next) {
      next(seat);
      return;
    }
    free.push(seat);
    seat.idle = setTimeout(() => {
      void seat.thread?.terminate();
      seat.thread = undefined;
    }, idleMs);
    seat.idle.unref();
  };

  const threadOf = (seat: Seat) => {
    clearTimeout(seat.idle);
    if (seat.thread) return seat.thread;
    seat.thread = new Worker(new URL('./render-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memory, stackSizeMb: 4 },
      env: {},
    });
    seat.thread.unref();
    return seat.thread;
  };

  /** Runs one task; resolves with why it ended early, if it did. Every answer starts the time anew. */
  const run = (seat: Seat, task: RenderTask, onAnswer: (answer: RenderAnswer) => boolean) =>
    new Promise<string | undefined>((resolve) => {
      if (isClosed) {
        resolve('the portal is stopping');
        return;
      }
      const thread = threadOf(seat);
      const end = (reason?: string) => {
        clearTimeout(timer);
        thread.off('message', onMessage).off('error', onError).off('exit', onExit);
        if (reason !== undefined) {
          seat.thread = undefined;
          thread.on('error', () => undefined);
          void thread.terminate();
        }
        resolve(reason);
      };
      const late = () => end(`it took longer than ${deadlineMs / 1000} s`);
      let timer = setTimeout(late, deadlineMs + 2000);
      const onMessage = (answer: RenderAnswer) => {
        clearTimeout(timer);
        timer = setTimeout(late, deadlineMs);
        if (onAnswer(answer)) end();
      };
      const onError = (error: Error & { code?: string }) =>
        end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `it needed more than ${memory} MiB` : error.message);
      const onExit = () => end('its thread ended');
      thread.on('message', onMessage).on('error', onError).on('exit', onExit);
      thread.postMessage(task);
    });

  return {
    async value(input, context, { failed = false } = {}) {
      const seat = await take();
      let result: ValueResult | undefined;
      const reason = await run(seat, { kind: 'value', hosts, time, input, context, failed }, (answer) => {
        if ('value' in answer) result = answer.value;
        return true;
      }).finally(() => give(seat));
      if (result) return result;
      const text = typeof input === 'string' ? input : JSON.stringify(input);
      return {
        value: input,
        faults: [{ ...givenUp(reason ?? 'nothing came back'), path: '', text }],
        asksStatus: false,
      };
    },
    async texts(texts, context, options = {}) {
      const results: TextResult[] = [];
      const seat = await take();
      try {
        for (let lost = 0; results.length < texts.length; lost += 1) {
          const from = results.length;
          const task = { kind: 'texts' as const, hosts, time, texts: texts.slice(from), from, context, options };
          const reason = await run(seat, task, (answer) => {
            if ('index' in answer) results[answer.index] = answer.result;
            return 'done' in answer;
          });
          if (reason === undefined) break;
          results.push({ fault: givenUp(reason) });
          if (lost + 1 < patience && !isClosed) continue;
          while (results.length < texts.length) results.push({ fault: givenUp('too much before it was given up') });
        }
      } finally {
        give(seat);
      }
      return results;
    },
    async compute(computation, name) {
      const seat = await take();
      let result: RenderAnswer | undefined;
      const reason = await run(seat, { kind: 'compute', hosts, computation }, (answer) => {
        result = answer;
        return true;
      }).finally(() => give(seat));
      if (result && 'computed' in result) return result.computed;
      const failure = result && 'failure' in result ? result.failure : reason;
      throw scaffolderErrors.renderGivenUp({ file: name, reason: failure });
    },
    async close() {
      isClosed = true;
      await Promise.all(
        all.map(async (seat) => {
          clearTimeout(seat.idle);
          await seat.thread?.terminate();
        }),
      );
    },
  };
}
