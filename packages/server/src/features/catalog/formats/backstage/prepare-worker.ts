import { parentPort, workerData } from 'node:worker_threads';
import { createFileReader } from './file-reader.ts';
import { prepare } from './prepare.ts';
import { defaultLimits, documentHash, type PrepareSettings } from './settings.ts';
import {
  type FromWorker,
  receiveError,
  sendError,
  type TaskResult,
  type ToWorker,
  type WorkerTask,
} from './worker-messages.ts';

const port = parentPort!;
const { settings, current } = workerData as { settings: PrepareSettings; current: Int32Array };
const fileSize = settings.limits?.fileSize ?? defaultLimits.fileSize;
const flushAfterMs = 15;
// Small answers, so that the main thread takes none in for long.
const flushAfterEntities = 100;

const post = (message: FromWorker) => port.postMessage(message);

// One task at a time, so that the main thread can tell which one a hanging worker hangs on. A task that waits for the main thread lets
// the next one go on.
const waiting: (() => void)[] = [];
let busy = false;

async function enter(task: number): Promise<void> {
  if (busy) await new Promise<void>((resolve) => waiting.push(resolve));
  busy = true;
  Atomics.store(current, 0, task);
}

function leave(): void {
  Atomics.store(current, 0, 0);
  busy = false;
  const next = waiting.shift();
  if (next) {
    busy = true;
    next();
  } else flush();
}

let results: TaskResult[] = [];
let flushedAt = 0;
let entities = 0;

function flush(): void {
  if (results.length > 0) post({ type: 'results', results });
  results = [];
  entities = 0;
  flushedAt = performance.now();
}

const reads = new Map<number, { resolve(bytes: Uint8Array): void; reject(error: Error): void }>();
let lastRead = 0;

const askMain = (task: number, target: string) =>
  new Promise<Uint8Array>((resolve, reject) => {
    lastRead += 1;
    reads.set(lastRead, { resolve, reject });
    post({ type: 'read', read: lastRead, task, target });
  });

const isAddress = (target: string) => /^[a-z+]+:\/\//i.test(target);

/** Reads placeholder targets: beside a file in this thread, everything else through the main thread. */
function reader(task: WorkerTask): (target: string) => Promise<Uint8Array> {
  const files = task.file && createFileReader(task.file.root, fileSize);
  let outstanding = 0;
  return async (target) => {
    if (files && task.file && !isAddress(target)) return files.read(target, task.file.path);
    outstanding += 1;
    if (outstanding === 1) leave();
    try {
      return await askMain(task.id, target);
    } finally {
      outstanding -= 1;
      if (outstanding === 0) await enter(task.id);
    }
  };
}

async function isUnchanged(
  task: WorkerTask,
  text: string | Uint8Array,
  read: (target: string) => Promise<Uint8Array>,
): Promise<boolean> {
  if (!task.known) return false;
  const { dependencies, hash } = task.known;
  const contents = new Map<string, Uint8Array>();
  await Promise.all(
    dependencies.map(async (target) => {
      const bytes = await read(target).catch(() => undefined);
      if (bytes) contents.set(target, bytes);
    }),
  );
  return documentHash({ ...task, text, settings }, dependencies, (target) => contents.get(target)) === hash;
}

async function run(task: WorkerTask): Promise<void> {
  await enter(task.id);
  let result: TaskResult;
  try {
    const text = task.file
      ? createFileReader(task.file.root, fileSize).read(task.file.path, task.location)
      : (task.text ?? '');
    const read = reader(task);
    const document = (await isUnchanged(task, text, read))
      ? ('unchanged' as const)
      : await prepare({
          location: task.location,
          originLocation: task.originLocation,
          rules: task.rules,
          outline: task.outline,
          text,
          settings,
          read,
        });
    result = { id: task.id, document };
  } catch (error) {
    result = { id: task.id, error: sendError(error) };
  }
  results.push(result);
  if (typeof result.document === 'object') entities += result.document.entities.length;
  if (entities >= flushAfterEntities || performance.now() - flushedAt > flushAfterMs) flush();
  leave();
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'tasks') for (const task of message.tasks) void run(task);
  else {
    const read = reads.get(message.read);
    reads.delete(message.read);
    if (message.error) read?.reject(receiveError(message.error));
    else read?.resolve(message.bytes ?? new Uint8Array());
  }
});
