/** Runs jq programs, one at a time. Plain JavaScript: the thread is thrown away whenever a program takes too long. */
import { parentPort } from 'node:worker_threads';
import jq from 'jq-wasm';

// The first program of all loads jq itself.
await jq.raw('null', '.');
parentPort.postMessage({ ready: true });
parentPort.on('message', async ({ program, input }) => {
  try {
    // A program that began with a dash would be taken for an option.
    parentPort.postMessage({ output: await jq.raw(input, ` ${program}`, ['-c']) });
  } catch (error) {
    parentPort.postMessage({ error: String(error?.message ?? error) });
  }
});
