import { mkdtemp, rm } from 'node:fs/promises';
import type { JsonObject, JsonValue } from '@callboard/model';
import { contextOf, iterationsOf, type StepRequest } from './execute-step.ts';

/**
 * Takes back what a step did outside, the last iteration first.
 *
 * @param request.outputs - of the step
 * @returns false when its action cannot
 * @throws what the action throws
 */
export async function undoStep(
  request: Omit<StepRequest, 'hasFailed' | 'isDryRun' | 'checkpoint'> & { outputs: JsonObject },
): Promise<boolean> {
  const { step, template, values, services, workspace, signal, outputs } = request;
  const action = request.actions.get(step.action);
  if (!action?.undo) return false;
  const render = async (what: JsonValue, each?: { key: string; value: JsonValue }) =>
    services.renderers.value(what, contextOf({ values, isDryRun: false }, true, each));
  const ran = (await iterationsOf(request, render)).filter(({ runs }) => runs);
  const own = (index: number): JsonObject =>
    step.each === undefined
      ? outputs
      : Object.fromEntries(
          Object.entries(outputs).map(([name, value]) => [name, Array.isArray(value) ? (value[index] ?? null) : value]),
        );
  for (const [index, { input, each }] of [...ran.entries()].reverse()) {
    const folders: string[] = [];
    try {
      await action.undo({
        input,
        outputs: own(index),
        workspace,
        source: request.source,
        services,
        template: { ref: template.ref, metadata: template.metadata },
        runId: values.taskId,
        user: values.user,
        step: { id: step.id, name: step.name },
        signal,
        isDryRun: false,
        log: (message, level = 'info') => request.log({ message: request.redactor?.hide(message) ?? message, level }),
        output: () => undefined,
        checkpoint: (_key, work) => work(),
        async temporaryFolder() {
          const folder = await mkdtemp(`${workspace.directory}-undo-`);
          folders.push(folder);
          return folder;
        },
        miss: () => undefined,
      });
    } finally {
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    }
    if (each) request.log({ message: `Took back ${each.key}`, level: 'info' });
  }
  return true;
}
