import { parentPort } from 'node:worker_threads';
import { understand } from './understand.ts';
import type { ReadAnswer, ReadTask } from './understood.ts';

const port = parentPort!;

port.on('message', async (task: ReadTask) => {
  const answer = await understand(task.entity).catch((error: Error): ReadAnswer => ({ failure: error.message }));
  port.postMessage(answer);
});
