import { Worker } from 'node:worker_threads';
import { searchErrors } from '../errors.ts';
import type { ApiOperation } from '../formats/operation.ts';
import type { SearchDocument } from '../types.ts';
import type { AnalysedDocument } from './analyse.ts';
import type { AnalysisReply, AnalysisResult, AnalysisTask } from './messages.ts';

/** Takes documents and API definitions apart in a thread of its own, so that no text can hold up the portal. */
export type Analyser = {
  documents(type: string, documents: SearchDocument[]): Promise<AnalysedDocument[]>;
  /** @throws AppError SEARCH_ANALYSIS_FAILED when the definition takes too long or too much memory */
  operations(type: string, definition: string): Promise<ApiOperation[]>;
  close(): Promise<void>;
};

export type AnalyserOptions = { deadlineMs?: number; idleMs?: number; memoryMb?: number };

type Job = { id: number; task: AnalysisTask; resolve(result: AnalysisResult): void; reject(error: Error): void };

/** Starts the thread when it is needed and ends it when it has had nothing to do for a while. */
export function createAnalyser(options: AnalyserOptions = {}): Analyser {
  const { deadlineMs = 20_000, idleMs = 5_000, memoryMb = 512 } = options;
  const queue: Job[] = [];
  let worker: Worker | undefined;
  let current: Job | undefined;
  let deadline: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  let closed = false;

  const finish = (settle: (job: Job) => void) => {
    clearTimeout(deadline);
    const job = current;
    current = undefined;
    if (job) settle(job);
    next();
  };

  const abandon = (from: Worker, reason: string) => {
    if (worker !== from) return;
    worker = undefined;
    void from.terminate();
    finish((job) => job.reject(searchErrors.analysisFailed({ what: job.task.kind, reason })));
  };

  const start = (): Worker => {
    const started = new Worker(new URL('./analyse-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 8 },
      execArgv: [],
      name: 'search analyser',
    });
    started.unref();
    started.on('message', ({ id, result, error }: AnalysisReply) => {
      if (id !== current?.id) return;
      finish((job) =>
        result ? job.resolve(result) : job.reject(searchErrors.analysisFailed({ what: job.task.kind, reason: error })),
      );
    });
    started.on('error', (error) => abandon(started, error.message));
    started.on('exit', (code) => abandon(started, `its thread ended with code ${code}`));
    return started;
  };

  function next(): void {
    if (current) return;
    current = queue.shift();
    if (!current) {
      idle ??= setTimeout(() => {
        idle = undefined;
        const resting = worker;
        worker = undefined;
        void resting?.terminate();
      }, idleMs).unref();
      return;
    }
    clearTimeout(idle);
    idle = undefined;
    const running = (worker ??= start());
    deadline = setTimeout(() => abandon(running, `it took longer than ${deadlineMs} ms`), deadlineMs);
    running.postMessage({ id: current.id, task: current.task });
  }

  const ask = <T extends AnalysisResult>(task: AnalysisTask): Promise<T> =>
    new Promise((resolve, reject) => {
      if (closed) {
        reject(searchErrors.analysisFailed({ what: task.kind, reason: 'the portal is stopping' }));
        return;
      }
      lastId += 1;
      queue.push({ id: lastId, task, resolve: resolve as Job['resolve'], reject });
      next();
    });

  return {
    documents: (type, documents) => ask<AnalysedDocument[]>({ kind: 'documents', type, documents }),
    operations: (type, definition) => ask<ApiOperation[]>({ kind: 'definition', type, definition }),
    async close() {
      closed = true;
      clearTimeout(idle);
      const stopping = 'the portal is stopping';
      for (const job of queue.splice(0))
        job.reject(searchErrors.analysisFailed({ what: job.task.kind, reason: stopping }));
      const running = worker;
      if (running) abandon(running, stopping);
      await running?.terminate();
    },
  };
}
