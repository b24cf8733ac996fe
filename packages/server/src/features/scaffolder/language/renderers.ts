import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { JsonValue } from '@callboard/model';
import type { KnownHost } from '../formats/backstage/repo-url.ts';
import { scaffolderErrors } from '../errors.ts';
import type { Computation } from './compute.ts';
import type { RenderAnswer, RenderTask, TextOptions, TextResult, ValueResult } from './messages.ts';

export type RendererOptions = {
  /** processes at most */
  processes?: number;
  /** a value or a text that takes longer is given up */
  deadlineMs?: number;
  /** MiB that one process may need */
  memory?: number;
  /** a process ends after this time without work */
  idleMs?: number;
  /** code hosts that `parseRepoUrl` knows besides the public ones */
  hosts?: KnownHost[];
  /** what `now` says, so that the same template makes the same files; the time when absent */
  time?: string;
};

type Context = Record<string, JsonValue>;

/**
 * Processes that render what templates say, so that none can hold up or exhaust the portal. Not threads: one that runs out of memory at the
 * wrong moment takes its whole process with it.
 */
export type Renderers = {
  /** Renders every text in `input`; `failed` is what `failure()` answers. */
  value(input: JsonValue, context: Context, options?: { failed?: boolean }): Promise<ValueResult>;
  /** Renders texts; each has a result of its own. `onText` gets those that succeed as they come. */
  texts(
    texts: string[],
    context: Context,
    options?: TextOptions,
    onText?: (index: number, text: string) => void,
  ): Promise<TextResult[]>;
  /** Does work that may never end; throws SCAFFOLDER_RENDER_GIVEN_UP when it is given up or fails, `name` says what it was. */
  compute(computation: Computation, name: string): Promise<JsonValue>;
  /** Starts a process, or keeps the one that there is, for work that is about to come. */
  ready(): void;
  close(): Promise<void>;
};

/** Text without these says what it says. */
const marks = { usual: /\$\{\{|\{%|\{#|#\}/, cookiecutter: /\{\{|\{%|\{#|#\}/ };

type Seat = { child?: ChildProcess; isFresh?: boolean; idle?: NodeJS.Timeout };

const givenUp = (reason: string) => ({
  message: reason,
  line: 1,
  column: 1,
  hint: 'Make it simpler: no endless loops, no huge texts, no regular expressions with nested repetition.',
});

/** After so many texts that ended their process the rest of a batch is given up, too. */
const patience = 3;

/** What a process may need to begin. */
const startMs = 2000;

const script = fileURLToPath(new URL('./render-worker.ts', import.meta.url));

/** Starts processes when there is work. */
export function createRenderers({
  processes = 2,
  deadlineMs = 5000,
  memory = 256,
  idleMs = 30_000,
  hosts = [],
  time,
}: RendererOptions = {}): Renderers {
  const free: Seat[] = Array.from({ length: processes }, () => ({}));
  const all = [...free];
  const waiting: ((seat: Seat) => void)[] = [];
  let isClosed = false;
  const ended = `it needed more than ${memory} MiB`;

  const take = () => {
    const seat = free.pop();
    return seat ? Promise.resolve(seat) : new Promise<Seat>((resolve) => waiting.push(resolve));
  };
  const rest = (seat: Seat) => {
    seat.idle = setTimeout(() => {
      seat.child?.kill('SIGKILL');
      seat.child = undefined;
    }, idleMs);
    seat.idle.unref();
  };
  const give = (seat: Seat) => {
    const next = waiting.shift();
    if (next) {
      next(seat);
      return;
    }
    free.push(seat);
    rest(seat);
  };

  const childOf = (seat: Seat) => {
    clearTimeout(seat.idle);
    if (seat.child) return seat.child;
    const child = fork(script, [], {
      // It reads its own modules and nothing else: no files, no programs, no environment.
      execArgv: [
        `--max-old-space-size=${memory}`,
        '--stack-size=900',
        '--permission',
        '--allow-fs-read=*',
        '--no-warnings',
      ],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.unref();
    child.channel?.unref();
    // One that cannot be started is found to be missing by the work that needs it.
    child.on('error', () => undefined);
    seat.child = child;
    seat.isFresh = true;
    return child;
  };

  /** Runs one task; resolves with why it ended early, if it did. Every answer starts the time anew. */
  const attempt = (seat: Seat, task: RenderTask, onAnswer: (answer: RenderAnswer) => boolean) =>
    new Promise<string | undefined>((resolve) => {
      if (isClosed) {
        resolve('the portal is stopping');
        return;
      }
      const child = childOf(seat);
      const end = (reason?: string) => {
        clearTimeout(timer);
        child.off('message', onMessage).off('error', onExit).off('exit', onExit);
        child.channel?.unref();
        if (reason !== undefined) {
          seat.child = undefined;
          child.kill('SIGKILL');
        }
        resolve(reason);
      };
      const late = () => end(`it took longer than ${deadlineMs / 1000} s`);
      let timer = setTimeout(late, deadlineMs + (seat.isFresh ? startMs : 0));
      const onMessage = (answer: unknown) => {
        seat.isFresh = false;
        clearTimeout(timer);
        timer = setTimeout(late, deadlineMs);
        if (onAnswer(answer as RenderAnswer)) end();
      };
      const onExit = () => end(isClosed ? 'the portal is stopping' : ended);
      child.on('message', onMessage).on('error', onExit).on('exit', onExit);
      child.channel?.ref();
      child.send(task);
    });

  /** A process that dies of what it did before is replaced: its end says nothing about this task. */
  const run = async (seat: Seat, task: RenderTask, onAnswer: (answer: RenderAnswer) => boolean) => {
    const wasUsed = seat.child !== undefined;
    let hasAnswered = false;
    const watch = (answer: RenderAnswer) => {
      hasAnswered = true;
      return onAnswer(answer);
    };
    const reason = await attempt(seat, task, watch);
    return reason === ended && wasUsed && !hasAnswered ? attempt(seat, task, watch) : reason;
  };

  type Wanted = { context: Context; options: TextOptions; onText(index: number, text: string): void };

  /** Renders texts in one process; what ends it counts against the text that it was at. */
  const rendering = async (texts: string[], { context, options, onText }: Wanted): Promise<TextResult[]> => {
    if (texts.length === 0) return [];
    const results: TextResult[] = [];
    const seat = await take();
    try {
      for (let lost = 0; results.length < texts.length; lost += 1) {
        const from = results.length;
        const task = { kind: 'texts' as const, hosts, time, texts: texts.slice(from), from, context, options };
        const reason = await run(seat, task, (answer) => {
          if ('index' in answer) {
            results[answer.index] = answer.result;
            if ('text' in answer.result) onText(answer.index, answer.result.text);
          }
          if ('failure' in answer) results.push({ fault: givenUp(answer.failure) });
          return 'done' in answer || 'failure' in answer;
        });
        if (reason === undefined) continue;
        results.push({ fault: givenUp(reason) });
        if (lost + 1 < patience && !isClosed) continue;
        while (results.length < texts.length) results.push({ fault: givenUp('too much before it was given up') });
      }
    } finally {
      give(seat);
    }
    return results;
  };

  return {
    async value(input, context, { failed = false } = {}) {
      const said = JSON.stringify(input);
      if (!marks.usual.test(said)) return { value: JSON.parse(said) as JsonValue, faults: [], asksStatus: false };
      const seat = await take();
      let result: ValueResult | undefined;
      let failure: string | undefined;
      const reason = await run(seat, { kind: 'value', hosts, time, input, context, failed }, (answer) => {
        if ('value' in answer) result = answer.value;
        else if ('failure' in answer) failure = answer.failure;
        return true;
      }).finally(() => give(seat));
      if (result) return result;
      const text = typeof input === 'string' ? input : said;
      return {
        value: input,
        faults: [{ ...givenUp(failure ?? reason ?? 'nothing came back'), path: '', text }],
        asksStatus: false,
      };
    },
    async texts(texts, context, options = {}, onText) {
      const mark = options.cookiecutter ? marks.cookiecutter : marks.usual;
      const marked = [...texts.entries()].filter(([, text]) => mark.test(text));
      const results: TextResult[] = texts.map((text) => ({ text }));
      const places = new Set(marked.map(([index]) => index));
      for (const [index, text] of texts.entries()) if (!places.has(index)) onText?.(index, text);
      const rendered = await rendering(
        marked.map(([, text]) => text),
        { context, options, onText: (index, text) => onText?.(marked[index]![0], text) },
      );
      for (const [index, result] of rendered.entries()) results[marked[index]![0]] = result;
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
    ready() {
      const seat = free.at(-1);
      if (isClosed || !seat) return;
      childOf(seat);
      rest(seat);
    },
    async close() {
      isClosed = true;
      for (const seat of all) {
        clearTimeout(seat.idle);
        seat.child?.kill('SIGKILL');
      }
    },
  };
}
