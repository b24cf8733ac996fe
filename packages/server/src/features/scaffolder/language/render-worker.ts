import { parentPort } from 'node:worker_threads';
import type { RenderAnswer, RenderTask } from './messages.ts';
import { renderTexts, renderValue } from './render.ts';

const port = parentPort!;
const say = (answer: RenderAnswer) => port.postMessage(answer);

port.on('message', async (task: RenderTask) => {
  if (task.kind === 'compute') {
    // The library is large and few need it.
    const { compute } = await import('./compute.ts');
    say(
      await compute(task.computation).then(
        (computed) => ({ computed }),
        (error: Error) => ({ failure: error.message }),
      ),
    );
    return;
  }
  if (task.kind === 'value') {
    say({ value: renderValue(task) });
    return;
  }
  renderTexts(task, (index, result) => say({ index, result }));
  say({ done: true });
});
