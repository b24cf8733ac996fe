import { Worker } from 'node:worker_threads';
import { parseJsonBody } from '../http/body.ts';

export type JqOptions = { deadlineMs?: number; idleMs?: number; memoryMb?: number };

/** Runs jq programs in a thread, one after the other. */
export type Jq = {
  /**
   * @param input - JSON text
   * @returns the only value that the program gives, or all of them as a list
   * @throws Error with jq's own words, or when it takes too long
   */
  run(program: string, input: string): Promise<unknown>;
  close(): Promise<void>;
};

const outputLimit = 4 * 1024 * 1024;
/** What a thread may need to begin, on a machine that is busy; it counts on no program. */
const startMs = 20_000;

/** jq writes one value a line. */
function valuesOf(output: string): unknown {
  const values = output
    .split('\n')
    .filter(Boolean)
    .map((line) => parseJsonBody(Buffer.from(line)));
  return values.length === 1 ? values[0] : values;
}

/** Starts the thread when there is work. A program that hangs or breaks the thread costs the thread only. */
export function createJq({ deadlineMs = 2000, idleMs = 30_000, memoryMb = 128 }: JqOptions = {}): Jq {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const drop = () => {
    clearTimeout(idle);
    const old = thread;
    thread = undefined;
    old?.on('error', () => undefined);
    return old?.terminate();
  };

  function runOne(program: string, input: string): Promise<string> {
    clearTimeout(idle);
    const isNew = thread === undefined;
    const worker = (thread ??= new Worker(new URL('./jq-worker.mjs', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 4 },
    }));
    worker.unref();
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      };
      const fail = (reason: string, broken: boolean) => {
        settle();
        if (broken) void drop();
        else rest();
        reject(new Error(reason));
      };
      const late = () => fail(`the jq program took longer than ${deadlineMs} ms`, true);
      let timer = isNew
        ? setTimeout(() => fail(`jq did not start within ${startMs} ms`, true), startMs)
        : setTimeout(late, deadlineMs);
      const onError = (error: Error) => fail(`the jq program ended its thread: ${error.message}`, true);
      const onExit = () => fail('the jq program ended its thread', true);
      const onMessage = ({ ready, output, error }: { ready?: true; output?: string; error?: string }) => {
        if (ready) {
          clearTimeout(timer);
          timer = setTimeout(late, deadlineMs);
        } else if (error !== undefined) fail(error.slice(0, 500), /abort|memory|unreachable/i.test(error));
        else if (output!.length > outputLimit) fail(`the jq program gave more than ${outputLimit} characters`, false);
        else {
          settle();
          rest();
          resolve(output!);
        }
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage({ program, input });
    });
  }
  const rest = () => {
    clearTimeout(idle);
    idle = setTimeout(() => void drop(), idleMs);
    idle.unref();
  };

  return {
    run(program, input) {
      const result = queue.then(() => runOne(program, input)).then(valuesOf);
      queue = result.catch(() => undefined);
      return result;
    },
    close: async () => void (await drop()),
  };
}
