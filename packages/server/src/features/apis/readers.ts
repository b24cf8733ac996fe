import { Worker } from 'node:worker_threads';
import { emptyDefinition } from './formats/definition.ts';
import { pack } from './understand.ts';
import type { ReadAnswer, ReadTask, Understood } from './understood.ts';

export type ReaderOptions = {
  /** a definition that takes longer is given up and shown as text */
  deadlineMs?: number;
  /** MiB that a definition may need */
  memory?: number;
  /** the thread ends after this time without work */
  idleMs?: number;
};

/** A thread that reads definitions, one at a time, so that none can hold up the portal. */
export type Readers = {
  /** What an API entity's definition says; undefined when it has none. Never rejects because of the definition. */
  read(entity: string): Promise<Understood | undefined>;
  close(): Promise<void>;
};

const givenUp = (message: string): Understood =>
  pack({
    ...emptyDefinition('text', 'text'),
    found: [
      {
        code: 'APIS_DEFINITION_GIVEN_UP',
        severity: 'error',
        message,
        fix: 'Make the definition smaller or simpler. Its text is shown as it is.',
      },
    ],
  });

/** Starts the thread when there is work. */
export function createReaders({ deadlineMs = 15_000, memory = 768, idleMs = 10_000 }: ReaderOptions = {}): Readers {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const rest = () => {
    idle = setTimeout(() => {
      void thread?.terminate();
      thread = undefined;
    }, idleMs);
    idle.unref();
  };

  function start(): Worker {
    const worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memory, stackSizeMb: 8 },
    });
    worker.unref();
    return worker;
  }

  const readOne = (task: ReadTask) =>
    new Promise<Understood | undefined>((resolve) => {
      clearTimeout(idle);
      if (isClosed) {
        resolve(givenUp('The portal is stopping.'));
        return;
      }
      thread ??= start();
      const worker = thread;
      const done = (result: Understood | undefined) => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(result);
        if (thread) rest();
      };
      const giveUp = (message: string) => {
        thread = undefined;
        done(givenUp(message));
        worker.on('error', () => undefined);
        void worker.terminate();
      };
      const timer = setTimeout(
        () => giveUp(`Reading the definition took longer than ${deadlineMs / 1000} s.`),
        deadlineMs,
      );
      const onMessage = (answer: ReadAnswer) => {
        if ('failure' in answer) done(givenUp(`The definition could not be read: ${answer.failure}.`));
        else done('none' in answer ? undefined : answer);
      };
      const onError = (error: Error) => giveUp(`Reading the definition ended its thread: ${error.message}.`);
      const onExit = () => giveUp('Reading the definition ended its thread.');
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(task);
    });

  return {
    read(entity) {
      const result = queue.then(() => readOne({ entity }));
      queue = result;
      return result;
    },
    async close() {
      isClosed = true;
      clearTimeout(idle);
      await thread?.terminate();
    },
  };
}
