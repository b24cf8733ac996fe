import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { searchErrors } from '../errors.ts';
import type { Filing, FilingForm } from '../filing/filing.ts';
import type { ApiOperation } from '../formats/operation.ts';
import type { SearchDocument } from '../types.ts';
import type { AnalysisReply, AnalysisResult, AnalysisTask } from './messages.ts';

/** Takes documents and API definitions apart in threads of its own, so that no text can hold up the portal. */
export type Analyser = {
  documents(form: FilingForm, type: string, documents: SearchDocument[]): Promise<Filing>;
  /** @throws AppError SEARCH_ANALYSIS_FAILED when the definition takes too long or too much memory */
  operations(type: string, definition: string): Promise<ApiOperation[]>;
  close(): Promise<void>;
};

export type AnalyserOptions = { deadlineMs?: number; idleMs?: number; memoryMb?: number };

type Job = { task: AnalysisTask; resolve(result: AnalysisResult): void; reject(error: Error): void };

/** A thread, with what it does at the moment. */
type Lane = {
  worker?: Worker | undefined;
  current?: (Job & { id: number }) | undefined;
  deadline?: NodeJS.Timeout | undefined;
  idle?: NodeJS.Timeout | undefined;
};

/** One thread makes the words while another does; the database and the main thread need cores, too. */
const mostThreads = availableParallelism() >= 4 ? 2 : 1;

/** Starts threads when they are needed and ends each when it has had nothing to do for a while. */
export function createAnalyser(options: AnalyserOptions = {}): Analyser {
  const { deadlineMs = 20_000, idleMs = 5_000, memoryMb = 512 } = options;
  const queue: Job[] = [];
  const lanes = Array.from({ length: mostThreads }, (): Lane => ({}));
  let lastId = 0;
  let closed = false;

  const finish = (lane: Lane, settle: (job: Job) => void) => {
    clearTimeout(lane.deadline);
    const job = lane.current;
    lane.current = undefined;
    if (job) settle(job);
    next();
    if (!lane.current) rest(lane);
  };

  const rest = (lane: Lane) => {
    lane.idle ??= setTimeout(() => {
      lane.idle = undefined;
      const resting = lane.worker;
      lane.worker = undefined;
      void resting?.terminate();
    }, idleMs).unref();
  };

  const abandon = (lane: Lane, from: Worker, reason: string) => {
    if (lane.worker !== from) return;
    lane.worker = undefined;
    void from.terminate();
    finish(lane, (job) => job.reject(searchErrors.analysisFailed({ what: job.task.kind, reason })));
  };

  const start = (lane: Lane): Worker => {
    const started = new Worker(new URL('./analyse-worker.ts', import.meta.url), {
      // What passes through is short-lived: a nursery that is smaller is emptied again and again, a larger one is only larger.
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 24, stackSizeMb: 8 },
      execArgv: [],
      name: 'search analyser',
    });
    started.unref();
    started.on('message', ({ id, result, error }: AnalysisReply) => {
      if (id !== lane.current?.id) return;
      finish(lane, (job) =>
        result ? job.resolve(result) : job.reject(searchErrors.analysisFailed({ what: job.task.kind, reason: error })),
      );
    });
    started.on('error', (error) => abandon(lane, started, error.message));
    started.on('exit', (code) => abandon(lane, started, `its thread ended with code ${code}`));
    return started;
  };

  const run = (lane: Lane, job: Job) => {
    clearTimeout(lane.idle);
    lane.idle = undefined;
    lastId += 1;
    lane.current = { ...job, id: lastId };
    const running = (lane.worker ??= start(lane));
    const late = `it took longer than ${deadlineMs} ms`;
    lane.deadline = setTimeout(() => abandon(lane, running, late), deadlineMs);
    running.postMessage({ id: lastId, task: job.task });
  };

  function next(): void {
    for (const lane of lanes) {
      if (lane.current) continue;
      const job = queue.shift();
      if (!job) return;
      run(lane, job);
    }
  }

  const ask = <T extends AnalysisResult>(task: AnalysisTask): Promise<T> =>
    new Promise((resolve, reject) => {
      if (closed) {
        reject(searchErrors.analysisFailed({ what: task.kind, reason: 'the portal is stopping' }));
        return;
      }
      const job = { task, resolve: resolve as Job['resolve'], reject };
      // Who reads definitions waits for each, and nothing is made ready for the threads meanwhile.
      if (task.kind === 'definition') queue.unshift(job);
      else queue.push(job);
      next();
    });

  return {
    documents: (form, type, documents) => ask<Filing>({ kind: 'documents', form, type, documents }),
    operations: (type, definition) => ask<ApiOperation[]>({ kind: 'definition', type, definition }),
    async close() {
      closed = true;
      const stopping = 'the portal is stopping';
      for (const job of queue.splice(0))
        job.reject(searchErrors.analysisFailed({ what: job.task.kind, reason: stopping }));
      await Promise.all(
        lanes.map(async (lane) => {
          const running = lane.worker;
          if (running) abandon(lane, running, stopping);
          clearTimeout(lane.idle);
          await running?.terminate();
        }),
      );
    },
  };
}
