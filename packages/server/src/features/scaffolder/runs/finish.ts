import { createHash } from 'node:crypto';
import type { JsonObject } from '@callboard/model';
import type { AppError } from '../../../core/errors/index.ts';
import type { Workspace } from '../files/workspace.ts';
import { renderOutput } from '../run/output.ts';
import type { LogLine, RunRow, StepRow } from '../store/tables.ts';
import type { StepChange } from '../store/write.ts';
import type { RunState } from './state.ts';
import type { RunTools } from './tools.ts';

type Ending = {
  tools: RunTools;
  run: RunRow;
  /** absent when not even its secrets could be read */
  state: RunState | undefined;
  workspace: Workspace | undefined;
  holder: string;
  /** lines that are not stored yet */
  log: LogLine[];
  /** steps whose end is not stored yet */
  done: StepChange[];
  error: AppError | undefined;
  isCancelled: boolean;
};

type ShownError = { name: string; message: string; code: string; fix: string; stepId?: string };

/** What an error says to people who look at the run. */
export const errorOf = (error: AppError, hide: (text: string) => string, stepId?: string): ShownError => ({
  name: error.name,
  message: hide(error.message),
  code: error.code,
  fix: hide(error.fix),
  ...(stepId === undefined ? {} : { stepId }),
});

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Outputs with secrets in them were encrypted while the run needed them; what stays does not have them. */
const withoutSecrets = (steps: StepRow[], state: RunState): StepChange[] =>
  steps
    .filter(({ is_sealed }) => is_sealed === 1)
    .map(({ position, step_id, output }) => {
      const value = state.values.steps[step_id]?.output ?? state.load(output!, 1);
      return { position, output: JSON.stringify(state.hide(value)), is_sealed: 2 };
    });

/** The entities that the catalog was given: they are asked which run made them. */
const madeIn = (state: RunState): string[] => {
  const refs = state.template.steps
    .filter(({ action }) => action === 'catalog:register')
    .flatMap(({ id }) => [state.values.steps[id]?.output.entityRef ?? []].flat());
  return [...new Set(refs.filter((ref) => typeof ref === 'string'))];
};

/** Ends a run: its output is rendered, what it made is written down, its secrets are forgotten. */
export async function finish(ending: Ending): Promise<void> {
  const { tools, run, state, workspace, holder, log, done, error, isCancelled } = ending;
  const now = Date.now();
  const stored = await tools.reader.steps(run.id);
  const steps = stored.map((step) => ({ ...step, ...done.find(({ position }) => position === step.position) }));
  const hide = (text: string) => state?.redactor.hide(text) ?? text;
  const status = isCancelled ? 'cancelled' : error ? 'failed' : 'completed';
  const failed = steps.find((step) => step.status === 'failed');
  const lines: LogLine[] = [...log];
  let output: JsonObject = {};
  if (status === 'completed' && state) {
    const rendered = await renderOutput(state.template, state.values, tools.renderers);
    output = state.hide(rendered.output);
    for (const warning of rendered.warnings)
      lines.push({ type: 'log', body: { message: hide(warning), level: 'warn' } });
  }
  const made = state ? madeIn(state) : [];
  const files = workspace
    ? (await workspace.files().catch(() => [])).map(({ path, content, executable }) => ({
        path,
        hash: hash(content),
        size: content.length,
        executable: executable ? 1 : 0,
      }))
    : [];
  const shown = error && !isCancelled ? errorOf(error, hide, failed?.step_id) : undefined;
  const stepId = steps.find((step) => step.status === 'cancelled')?.step_id;
  if (isCancelled)
    lines.push({
      type: 'cancelled',
      body: {
        message: stepId === undefined ? 'The run was cancelled' : `Step ${stepId} has been cancelled`,
        status,
        ...(stepId && { stepId }),
      },
    });
  const words = {
    completed: 'Run completed successfully',
    failed: 'Run completed with an error',
    cancelled: 'Run was cancelled',
  };
  const body = { message: shown ? `${words.failed}: ${shown.message}` : words[status], status };
  lines.push({
    type: 'completion',
    body: { ...body, ...(status === 'completed' ? { output } : {}), ...(shown ? { error: shown } : {}) },
  });
  const isOver = (step: StepRow) => step.status !== 'open' && step.status !== 'processing';
  const left = steps
    .filter((step) => !isOver(step))
    .map(({ position }, index): StepChange => ({
      position,
      status: isCancelled ? 'cancelled' : shown && !failed && index === 0 ? 'failed' : 'skipped',
      ended_at: now,
    }));
  await tools.writer.end(
    run.id,
    holder,
    {
      steps: [...done, ...(state ? withoutSecrets(steps, state) : []), ...left],
      log: lines,
      files,
      made,
      run: {
        status,
        output: status === 'completed' ? JSON.stringify(output) : null,
        error: shown ? JSON.stringify(shown) : null,
        entity_refs: JSON.stringify(made),
        has_workspace: files.length > 0 ? 1 : 0,
      },
      event: {
        type: `scaffolder.run.${status}`,
        data: {
          title: run.template_title,
          entityRefs: made,
          ...(run.minutes_saved === null ? {} : { minutesSaved: run.minutes_saved }),
          ...(shown ? { code: shown.code } : {}),
        },
      },
    },
    now,
  );
  if (status === 'completed') await tools.workspaces.forgetCopies(run.id);
}
