import { Worker } from 'node:worker_threads';
import { defineErrors } from '../../../../core/errors/index.ts';
import type { PreparedDocument, PrepareSettings } from './prepare.ts';
import { type FromWorker, receiveError, sendError, type ToWorker, type WorkerTask } from './worker-messages.ts';

const errors = defineErrors('CATALOG', {
  workersClosed: {
    name: 'ServiceUnavailableError',
    message: 'The portal is stopping, so {location} is not prepared any more',
    fix: 'Ask again when the portal runs.',
  },
});

/** A descriptor to be prepared in a worker thread. Give `file` for files, so that their bytes stay in the worker, else `text`. */
export type WorkerInput = Omit<WorkerTask, 'id'> & {
  /** reads placeholder targets that are not files beside `file` */
  read?(target: string): Promise<Uint8Array>;
};

/** Worker threads that prepare descriptors, so that no descriptor can hold up the portal. */
export type PrepareWorkers = {
  /** Rejects when the file cannot be read; what is wrong with its content is a problem of the document. */
  prepare(input: WorkerInput): Promise<PreparedDocument | 'unchanged'>;
  /** Other settings for what is prepared from now on; what has begun ends under the old ones. */
  use(settings: PrepareSettings): void;
  close(): Promise<void>;
};

export type PrepareWorkersOptions = {
  /** threads at most; they start when needed */
  size?: number;
  /** a document that keeps its thread busy for longer is given up */
  deadlineMs?: number;
  /** threads without work end after this time */
  idleMs?: number;
  /** memory of one thread in MiB; a document that needs more is given up */
  memory?: number;
};

type Job = {
  task: WorkerTask;
  input: WorkerInput;
  attempts: number;
  resolve(document: PreparedDocument | 'unchanged'): void;
  reject(error: Error): void;
};

type Thread = {
  worker: Worker;
  current: Int32Array;
  jobs: Map<number, Job>;
  outbox: WorkerTask[];
  seen: number;
  since: number;
  stopping: boolean;
  /** has settings of before, and ends after its work */
  outdated: boolean;
};

// Above this many waiting documents another thread is worth its start.
const crowded = 4;
const watchEveryMs = 200;
// A thread lives for one reading only: room for what comes and goes saves it most of its garbage collection.
const youngMemory = 48;

const givenUp = (job: Job, code: string, message: string, fix: string): PreparedDocument => ({
  location: job.task.location,
  hash: `unreadable:${code}`,
  entities: [],
  problems: [{ code, severity: 'error', message, fix, location: job.task.location, line: 1, column: 1 }],
  targets: [],
  dependencies: job.task.known?.dependencies ?? [],
});

const onlyDescriptors = 'Make the file smaller or simpler, or keep it out of the catalog if it is no descriptor.';

/**
 * Starts threads on demand and spreads documents over them.
 *
 * @param initial - the same for all documents, until `use` gives others
 */
export function createPrepareWorkers(initial: PrepareSettings, options: PrepareWorkersOptions = {}): PrepareWorkers {
  const { size = 2, deadlineMs = 20_000, idleMs = 15_000, memory = 1024 } = options;
  let settings = initial;
  const threads = new Set<Thread>();
  let lastId = 0;
  let closed = false;
  let watch: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;

  const send = (thread: Thread, message: ToWorker) => thread.worker.postMessage(message);

  function start(): Thread {
    const current = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(new URL('./prepare-worker.ts', import.meta.url), {
      workerData: { settings, current },
      resourceLimits: { maxYoungGenerationSizeMb: youngMemory, maxOldGenerationSizeMb: memory, stackSizeMb: 8 },
    });
    const thread: Thread = {
      worker,
      current,
      jobs: new Map(),
      outbox: [],
      seen: 0,
      since: 0,
      stopping: false,
      outdated: false,
    };
    worker.on('message', (message: FromWorker) => receive(thread, message));
    let cause = 'it ended';
    worker.on('error', (error: Error) => (cause = error.message));
    worker.on('exit', () => ended(thread, cause));
    threads.add(thread);
    return thread;
  }

  function receive(thread: Thread, message: FromWorker): void {
    if (message.type === 'read') {
      const read = thread.jobs.get(message.task)?.input.read;
      const content = read ? read(message.target) : Promise.reject(new Error('nothing can be read from here'));
      content.then(
        (bytes) => send(thread, { type: 'content', read: message.read, bytes }),
        (error: unknown) => send(thread, { type: 'content', read: message.read, error: sendError(error) }),
      );
      return;
    }
    for (const { id, document, error } of message.results) {
      const job = thread.jobs.get(id);
      thread.jobs.delete(id);
      if (document) job?.resolve(document);
      else job?.reject(receiveError(error ?? { name: 'Error', message: 'nothing came back' }));
    }
    if (thread.outdated && thread.jobs.size === 0) end(thread);
    rest();
  }

  function end(thread: Thread): void {
    thread.stopping = true;
    void thread.worker.terminate();
  }

  function ended(thread: Thread, cause: string): void {
    threads.delete(thread);
    const culprit = Atomics.load(thread.current, 0);
    for (const job of thread.jobs.values()) {
      if (closed) job.reject(errors.workersClosed({ location: job.task.location }));
      else if (job.task.id === culprit || job.attempts > 1)
        job.resolve(
          givenUp(
            job,
            'CATALOG_DOCUMENT_CRASHED',
            `Preparing the document ended its thread: ${cause}.`,
            onlyDescriptors,
          ),
        );
      else assign({ ...job, attempts: job.attempts + 1 });
    }
    rest();
  }

  /** Gives up documents that have kept their thread for too long. */
  function check(): void {
    const now = performance.now();
    for (const thread of threads) {
      const task = Atomics.load(thread.current, 0);
      if (task !== thread.seen) Object.assign(thread, { seen: task, since: now });
      else if (task !== 0 && now - thread.since > deadlineMs && !thread.stopping) {
        const job = thread.jobs.get(task);
        thread.jobs.delete(task);
        thread.stopping = true;
        job?.resolve(
          givenUp(
            job,
            'CATALOG_DOCUMENT_TIMEOUT',
            `Preparing the document took longer than ${deadlineMs} ms.`,
            onlyDescriptors,
          ),
        );
        void thread.worker.terminate();
      }
    }
  }

  function rest(): void {
    const working = [...threads].some((thread) => thread.jobs.size > 0);
    if (working || idle) return;
    clearInterval(watch);
    watch = undefined;
    idle = setTimeout(() => {
      idle = undefined;
      for (const thread of threads) {
        thread.stopping = true;
        void thread.worker.terminate();
      }
    }, idleMs);
    idle.unref();
  }

  function choose(): Thread {
    const free = [...threads]
      .filter((thread) => !thread.stopping && !thread.outdated)
      .sort((a, b) => a.jobs.size - b.jobs.size);
    const least = free[0];
    if (!least || (free.length < size && least.jobs.size >= crowded)) return start();
    return least;
  }

  function assign(job: Job): void {
    const thread = choose();
    thread.jobs.set(job.task.id, job);
    if (thread.outbox.length === 0)
      queueMicrotask(() => {
        const tasks = thread.outbox;
        thread.outbox = [];
        send(thread, { type: 'tasks', tasks });
      });
    thread.outbox.push(job.task);
    clearTimeout(idle);
    idle = undefined;
    watch ??= setInterval(check, Math.min(watchEveryMs, deadlineMs / 2));
  }

  return {
    prepare: (input) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(errors.workersClosed({ location: input.location }));
          return;
        }
        lastId = (lastId % 0x7fffffff) + 1;
        const { read: _, ...task } = input;
        assign({ task: { ...task, id: lastId }, input, attempts: 1, resolve, reject });
      }),
    use(next) {
      settings = next;
      for (const thread of threads) {
        thread.outdated = true;
        if (thread.jobs.size === 0) end(thread);
      }
    },
    async close() {
      closed = true;
      clearInterval(watch);
      clearTimeout(idle);
      await Promise.all([...threads].map((thread) => thread.worker.terminate()));
    },
  };
}
