import type { RenderAnswer, RenderTask } from './messages.ts';
import { renderTexts, renderValue } from './render.ts';

const say = (answer: RenderAnswer) => process.send?.(answer);

async function work(task: RenderTask): Promise<void> {
  if (task.kind === 'value') say({ value: renderValue(task) });
  else if (task.kind === 'texts') {
    renderTexts(task, (index, result) => say({ index, result }));
    say({ done: true });
  } else {
    // The libraries are large and few need them.
    const { compute } = await import('./compute.ts');
    say({ computed: await compute(task.computation) });
  }
}

process.on('message', (task: RenderTask) => {
  work(task).catch((error: Error) => say({ failure: error.message }));
});

// Without the portal there is nobody to work for.
process.on('disconnect', () => process.exit());
