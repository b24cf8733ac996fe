import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonValue } from '@callboard/model';
import { AppError } from '../../../core/errors/index.ts';
import { isDiskFull, scaffolderErrors } from '../errors.ts';
import { openWorkspace, type Workspace } from '../files/workspace.ts';
import type { TemplateSource } from '../files/source.ts';
import { emptyResult, executeStep, type StepEvent, type StepResult } from '../run/execute-step.ts';
import type { StepRow } from '../store/tables.ts';
import type { Progress } from '../store/write.ts';
import { finish } from './finish.ts';
import { createJournal, type Journal } from './journal.ts';
import { stampDescriptors } from './stamp.ts';
import { openRun, type RunState } from './state.ts';
import type { RunTools } from './tools.ts';

/** A step that the portal did not survive so often is given up. */
const mostAttempts = 25;
/** So long a step may take to heed its signal. */
const graceMs = 10_000;
const publishing = /^(publish:|git:commit$)/;
const passing =
  /\b(429|50[0234])\b|timed? ?out|no answer within|connection (refused|reset|closed)|could not resolve|early eof|hung up|empty reply|too slow/i;

/** Whether the same call may go well a moment later: a remote that is busy, or away. */
const isPassing = (error: AppError) =>
  /^SCAFFOLDER_(GIT_FAILED|REPOSITORY_UNREADABLE)$/.test(error.code) && passing.test(error.message);

type Running = {
  tools: RunTools;
  state: RunState;
  steps: StepRow[];
  journal: Journal;
  workspace: Workspace;
  source: TemplateSource;
  signal: AbortSignal;
  /** it never ran: nothing is kept of an earlier attempt */
  isNew: boolean;
};

const writes = (tools: RunTools, action: string) => tools.actions.get(action)?.onlyReads !== true;

/** Runs a step, again after a wait when the far side is busy. Lines of an attempt that is repeated do not say that the step failed. */
async function attempt(running: Running, position: number, hasFailed: boolean): Promise<StepResult> {
  const { tools, state, journal, workspace, source } = running;
  const step = state.template.steps[position]!;
  const kept = new Map<string, JsonValue>();
  if (!running.isNew)
    for (const { key, value, is_sealed } of await tools.reader.checkpoints(state.id, position))
      kept.set(key, state.load(value, is_sealed));
  for (let retry = 0; ; retry += 1) {
    const limit = AbortSignal.timeout(tools.limits.stepMs);
    const signal = AbortSignal.any([running.signal, limit]);
    let failure: StepEvent | undefined;
    const execution = executeStep({
      template: state.template,
      step,
      values: state.values,
      hasFailed,
      isDryRun: false,
      actions: tools.actions,
      services: tools.services(state.allowed),
      workspace,
      source,
      signal,
      redactor: state.redactor,
      log(event) {
        if (event.status === 'failed') failure = event;
        else journal.line({ ...event, stepId: step.id });
      },
      async checkpoint<T extends JsonValue>(key: string, work: () => Promise<T>) {
        if (kept.has(key)) return kept.get(key) as T;
        const value = await work();
        const { text, is_sealed } = state.store(value);
        await journal.write({ checkpoint: { run_id: state.id, position, key, value: text, is_sealed } });
        kept.set(key, value);
        return value;
      },
    });
    const result = await Promise.race([execution, abandoned(signal, step.id)]);
    if (result.status !== 'failed' || !result.error) return result;
    if (limit.aborted && !running.signal.aborted)
      result.error = scaffolderErrors.stepTooLong({ step: step.id, seconds: tools.limits.stepMs / 1000 });
    if (running.signal.aborted || retry >= tools.timing.retries || !isPassing(result.error)) {
      const { message, fix } = result.error;
      journal.line({
        ...failure,
        message: state.hide(`${message}. ${fix}`),
        level: 'error',
        stepId: step.id,
        status: 'failed',
      });
      return result;
    }
    const wait = tools.timing.retryMs * 2 ** retry;
    journal.line({
      message: state.hide(`${result.error.message}. Trying again in ${wait} ms`),
      level: 'warn',
      stepId: step.id,
    });
    await sleep(wait, undefined, { signal: running.signal }).catch(() => undefined);
  }
}

/** What becomes of a step that does not heed its signal. */
async function abandoned(signal: AbortSignal, step: string): Promise<StepResult> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await sleep(graceMs, undefined, { ref: false });
  const error = scaffolderErrors.cancelled({ step });
  return { ...emptyResult('failed'), error };
}

/** Goes through the steps from a position on, which is begun; `done` is what is to be written with the end. */
async function goOn(
  running: Running,
  first: number,
  cancelled: AbortSignal,
  stopped: AbortSignal,
): Promise<{ error: AppError | undefined; done: Progress }> {
  const { tools, state, steps, journal, workspace } = running;
  const now = () => Date.now();
  let error: AppError | undefined;
  let failedAt: number | undefined;
  // A step that was done since the last copy may have written.
  let isDirty = steps
    .slice(state.row.snapshot ?? 0, first)
    .some((step) => step.status === 'completed' && writes(tools, step.action));
  let done: Progress = {};

  for (let position = first; position < steps.length; position += 1) {
    const step = steps[position]!;
    const attempts = position === first ? step.attempts : step.attempts + 1;
    if (position > first) {
      const begun = { position, status: 'processing', started_at: now(), attempts } as const;
      await journal.write({ ...done, steps: [...(done.steps ?? []), begun] });
      done = {};
    }
    stopped.throwIfAborted();
    if (cancelled.aborted) break;
    if (attempts > mostAttempts && !error) {
      error = scaffolderErrors.stepInterrupted({ step: step.step_id, times: attempts - 1 });
      done = { steps: [{ position, status: 'failed', ended_at: now() }] };
      failedAt = position;
      continue;
    }
    if (isDirty && writes(tools, step.action)) {
      await tools.workspaces.keep(state.id, failedAt ?? position);
      await journal.write({ run: { snapshot: failedAt ?? position } });
      isDirty = false;
    }
    if (publishing.test(step.action) && !error)
      await stampDescriptors(workspace, {
        templateRef: state.row.template_ref,
        version: state.row.version,
        runId: state.id,
      });

    const result = await attempt(running, position, error !== undefined);
    if (result.status === 'failed') stopped.throwIfAborted();
    state.values.steps[step.step_id] = { output: result.output };
    const { text, is_sealed } = state.store(result.output);
    const inputs = JSON.stringify(result.inputs);
    done.steps = [
      {
        position,
        status: result.status === 'failed' && cancelled.aborted ? 'cancelled' : result.status,
        ended_at: now(),
        output: text,
        is_sealed,
        input_hash: createHash('sha256').update(`${state.id} ${inputs}`).digest('hex'),
      },
    ];
    if (result.status === 'failed') {
      failedAt ??= position;
      if (error) journal.line({ message: state.hide(result.error!.message), level: 'error', stepId: step.step_id });
      else error = result.error;
    } else if (result.status === 'completed' && writes(tools, step.action) && failedAt === undefined) {
      isDirty = true;
      const body = await tools.workspaces.packed(state.id);
      if (body !== undefined) {
        done.packed = { position: position + 1, body };
        isDirty = false;
      }
    }
    if (cancelled.aborted) break;
  }
  // A step that only reads may happen again: that needs no write of its own.
  const last = done.steps?.[0];
  if (last && writes(tools, steps[last.position]!.action)) {
    await journal.write(done);
    done = {};
  }
  return { error, done };
}

/**
 * Runs what is left of a run: to its end, or until the portal stops; then another start or another replica goes on.
 *
 * @param job.signal - fires when the portal stops or the run was lost to another replica
 */
export async function perform(tools: RunTools, runId: string, job: { signal: AbortSignal }): Promise<void> {
  const holder = randomUUID();
  const claimed = await tools.writer.claim(runId, holder, Date.now());
  if (!claimed) return;
  const { run, steps, wasHeld, isNew } = claimed;
  const cancel = new AbortController();
  const lost = new AbortController();
  tools.running.set(runId, cancel);
  const stopped = AbortSignal.any([job.signal, lost.signal]);
  const started = run.started_at ?? Date.now();
  const late = AbortSignal.timeout(Math.min(Math.max(1, started + tools.limits.runMs - Date.now()), 2 ** 31 - 1));
  const signal = AbortSignal.any([stopped, cancel.signal, late]);
  const journal = createJournal({
    writer: tools.writer,
    runId,
    holder,
    flushMs: tools.timing.flushMs,
    onCancel: () => cancel.abort(),
    onLost: (error) => lost.abort(error),
  });
  if (run.cancel_asked === 1) cancel.abort();
  let source: TemplateSource | undefined;
  let state: RunState | undefined;
  try {
    let error: AppError | undefined;
    let done: Progress = {};
    let workspace: Workspace | undefined;
    try {
      state = openRun(run, steps, tools.seal, tools.environment);
      const found = steps.findIndex(({ status }) => status === 'open' || status === 'processing');
      const first = found === -1 ? steps.length : found;
      if (wasHeld && first < steps.length)
        journal.line(
          { message: `The run goes on at step ${steps[first]!.name}`, stepId: steps[first]!.step_id },
          'recovered',
        );
      const isCurrent = (position: number) =>
        steps.slice(position, first).every(({ status, action }) => status !== 'completed' || !writes(tools, action)) &&
        position <= first;
      await tools.workspaces.restore(run, isCurrent);
      workspace = await openWorkspace(tools.workspaces.of(runId));
      source = await tools.source(run.location, run.version, signal);
      const before = steps.find(({ status }, index) => index < first && status === 'failed');
      if (before)
        error = scaffolderErrors.actionFailed({
          action: before.action,
          step: before.step_id,
          reason: 'it failed before the portal ended',
        });
      const running = { tools, state, steps, journal, workspace, source, signal, isNew };
      const ended = await goOn(running, first, cancel.signal, stopped);
      error = ended.error ?? error;
      done = ended.done;
      if (late.aborted && error)
        error = scaffolderErrors.stepTooLong({ step: 'of the run', seconds: tools.limits.runMs / 1000 });
    } catch (cause) {
      stopped.throwIfAborted();
      const known = isDiskFull(cause) ? scaffolderErrors.diskFull({}, { cause }) : cause;
      const isFull = known instanceof AppError && known.code === 'SCAFFOLDER_DISK_FULL';
      if (!(known instanceof AppError) || (known.status === 503 && !isFull)) throw known;
      if (known.code === 'SCAFFOLDER_RUN_TAKEN_OVER') throw known;
      error = known;
    }
    await journal.close();
    stopped.throwIfAborted();
    await finish({
      tools,
      run,
      state,
      workspace,
      holder,
      log: journal.rest(),
      done: done.steps ?? [],
      error,
      isCancelled: cancel.signal.aborted,
    });
  } finally {
    tools.running.delete(runId);
    await journal.close();
    await source?.close();
  }
}
