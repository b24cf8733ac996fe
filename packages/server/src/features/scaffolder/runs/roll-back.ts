import { AppError } from '../../../core/errors/index.ts';
import { scaffolderErrors } from '../errors.ts';
import { openWorkspace } from '../files/workspace.ts';
import { undoStep } from '../run/undo-step.ts';
import type { LogLine } from '../store/tables.ts';
import { isReversible } from './begin.ts';
import { errorOf } from './finish.ts';
import { openRun } from './state.ts';
import type { RunTools } from './tools.ts';

/** Takes back what the steps of a run did outside, the last one first. Goes on at the next start when it is interrupted. */
export async function rollBack(
  tools: RunTools,
  runId: string,
  payload: { secrets: string },
  job: { signal: AbortSignal },
): Promise<void> {
  const row = await tools.reader.run(runId);
  if (!row || row.rollback_status !== 'processing') return;
  const steps = await tools.reader.steps(runId);
  const state = openRun({ ...row, secrets: payload.secrets }, steps, tools.seal, tools.environment);
  const source = await tools.source(row.location, row.version, job.signal);
  const lines: LogLine[] = [{ type: 'log', body: { message: 'Taking back what the run did' } }];
  const say = (body: Record<string, unknown>) => lines.push({ type: 'log', body });
  try {
    const workspace = await openWorkspace(tools.workspaces.of(runId));
    for (const step of [...steps].reverse()) {
      if (!isReversible(tools, step)) continue;
      job.signal.throwIfAborted();
      await undoStep({
        template: state.template,
        step: state.template.steps[step.position]!,
        values: state.values,
        actions: tools.actions,
        services: tools.services(state.allowed),
        workspace,
        source,
        signal: AbortSignal.any([job.signal, AbortSignal.timeout(tools.limits.stepMs)]),
        redactor: state.redactor,
        outputs: state.values.steps[step.step_id]?.output ?? {},
        log: (event) => void say({ ...event, message: state.hide(event.message), stepId: step.step_id }),
      });
      const undone = { position: step.position, undone_at: Date.now() };
      await tools.writer.rollback(runId, { steps: [undone], log: lines.splice(0) }, undefined, Date.now());
    }
    say({ message: 'The run was rolled back' });
    await tools.writer.rollback(
      runId,
      { run: { rollback_status: 'completed' }, log: lines.splice(0) },
      undefined,
      Date.now(),
    );
  } catch (cause) {
    job.signal.throwIfAborted();
    const error =
      cause instanceof AppError
        ? cause
        : scaffolderErrors.actionFailed({ action: 'undo', step: runId, reason: (cause as Error).message }, { cause });
    const shown = errorOf(error, (text) => state.hide(text));
    say({ message: `The run was not rolled back: ${shown.message}`, level: 'error' });
    await tools.writer.rollback(
      runId,
      { run: { rollback_status: 'failed', rollback_error: JSON.stringify(shown) }, log: lines.splice(0) },
      undefined,
      Date.now(),
    );
  } finally {
    await source.close();
  }
}
