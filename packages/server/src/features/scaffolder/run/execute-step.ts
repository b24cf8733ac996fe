import { mkdtemp, rm } from 'node:fs/promises';
import { isJsonObject, type JsonObject, type JsonValue, showValue } from '@callboard/model';
import { AppError } from '../../../core/errors/index.ts';
import type { Action, ActionContext, ActionServices } from '../actions/action.ts';
import type { ActionRegistry } from '../actions/registry.ts';
import { isDiskFull, scaffolderErrors } from '../errors.ts';
import type { TemplateSource } from '../files/source.ts';
import type { Workspace } from '../files/workspace.ts';
import { isTrue } from '../formats/backstage/form.ts';
import { adviceFor, knownAction, proposesChange } from '../formats/backstage/known-actions.ts';
import { type ValueFault, validateInput } from '../language/validate.ts';
import type { Comparison, Missing, TemplateDefinition, TemplateStep } from '../types.ts';
import { compareExisting, compareWithFolder } from './existing.ts';
import { createRedactor, derivedSecrets, type Redactor } from './redact.ts';
import { standIn, standInsFor } from './stand-in.ts';

/** What the expressions of a run see. */
export type RunValues = {
  taskId: string;
  parameters: JsonObject;
  secrets?: Record<string, string>;
  environment?: { parameters?: JsonObject; secrets?: Record<string, string> };
  user?: { ref?: string; entity?: JsonValue };
  /** outputs of the steps that ran */
  steps: Record<string, { output: JsonObject }>;
};

export type StepStatus = 'completed' | 'skipped' | 'failed';

export type StepEvent = { message: string; level: 'info' | 'warn' | 'error'; status?: StepStatus | 'processing' };

export type StepRequest = {
  template: TemplateDefinition;
  step: TemplateStep;
  values: RunValues;
  /** whether an earlier step failed */
  hasFailed: boolean;
  isDryRun: boolean;
  actions: ActionRegistry;
  services: ActionServices;
  workspace: Workspace;
  source: TemplateSource;
  signal: AbortSignal;
  /** gets what happens, with secrets hidden */
  log(event: StepEvent): void;
  /** keeps what `work` gave under a key of this step, and gives it again after a restart */
  checkpoint?<T extends JsonValue>(key: string, work: () => Promise<T>): Promise<T>;
  redactor?: Redactor;
  /** in a dry run: whether what is there now is read, to show what would change in it */
  compare?: boolean;
  /** in a dry run: a folder that stands for the repository that files go to */
  against?: string;
};

export type StepResult = {
  status: StepStatus;
  output: JsonObject;
  /** the inputs that the action ran with, one per iteration: for `undo` and for the record */
  inputs: JsonObject[];
  effects: string[];
  /** what would change in repositories that exist; in a dry run */
  comparisons: Comparison[];
  missing: Missing[];
  /** what is doubtful: expressions that kept their text, inputs that nothing reads */
  warnings: string[];
  error?: AppError;
};

export const emptyResult = (status: StepStatus): StepResult => ({
  status,
  output: {},
  inputs: [],
  effects: [],
  comparisons: [],
  missing: [],
  warnings: [],
});

export type Iteration = { each?: { key: string; value: JsonValue }; input: JsonObject; runs: boolean };

/** What the expressions of a step see. */
export const contextOf = (
  { values, isDryRun }: Pick<StepRequest, 'values' | 'isDryRun'>,
  withSecrets: boolean,
  each?: Iteration['each'],
): Record<string, JsonValue> => ({
  parameters: values.parameters,
  steps: values.steps,
  user: values.user ?? {},
  context: { task: { id: values.taskId } },
  environment: {
    parameters: values.environment?.parameters ?? {},
    secrets: withSecrets && !isDryRun ? (values.environment?.secrets ?? {}) : {},
  },
  ...(withSecrets ? { secrets: values.secrets ?? {} } : {}),
  ...(each ? { each } : {}),
});

/** An error that nobody wrote for people, with the folder of the workspace taken out. */
function explained(error: unknown, { step, workspace, signal }: StepRequest): AppError {
  if (signal.aborted && !(error instanceof AppError)) return scaffolderErrors.cancelled({ step: step.id });
  if (error instanceof AppError) return error;
  if (isDiskFull(error)) return scaffolderErrors.diskFull({}, { cause: error });
  const reason = (error as Error).message.replaceAll(workspace.directory, '.');
  return scaffolderErrors.actionFailed({ action: step.action, step: step.id, reason }, { cause: error });
}

/** Runs one step of a template, or says why it does not. Never throws because of the template. */
export async function executeStep(request: StepRequest): Promise<StepResult> {
  const { step, values, services } = request;
  const redactor = request.redactor ?? createRedactor();
  redactor.add(...Object.values(values.secrets ?? {}), ...Object.values(values.environment?.secrets ?? {}));
  const result: StepResult = emptyResult('completed');
  const log = (message: string, level: StepEvent['level'] = 'info', status?: StepEvent['status']) =>
    request.log({ message: redactor.hide(message), level, ...(status ? { status } : {}) });
  const warn = (message: string) => {
    result.warnings.push(redactor.hide(message));
    log(message, 'warn');
  };
  const skip = (message: string): StepResult => {
    log(message, 'info', 'skipped');
    return { ...result, status: 'skipped' };
  };
  const render = async (what: JsonValue, each?: Iteration['each'], withSecrets = true) => {
    const rendered = await services.renderers.value(what, contextOf(request, withSecrets, each), {
      failed: request.hasFailed,
    });
    for (const { path, text, message, hint } of rendered.faults)
      warn(`${path || '/'} of step ${step.id} keeps its text ${showValue(text)}: ${message}. ${hint}`);
    return rendered;
  };

  try {
    if (request.hasFailed) {
      const asks =
        typeof step.if === 'string' &&
        (await services.renderers.value(step.if, contextOf(request, false), { failed: true })).asksStatus;
      if (!asks) return skip(`Skipping step ${step.id} because a previous step failed`);
    }
    log(`Beginning step ${step.name}`, 'info', 'processing');
    const condition =
      typeof step.if === 'string' && step.each === undefined
        ? (await render(step.if, undefined, false)).value
        : step.if;
    if (step.if === false || (typeof step.if === 'string' && step.each === undefined && !isTrue(condition)))
      return skip(`Skipping step ${step.id} because its if condition was false`);
    const action = request.actions.get(step.action);
    if (!action) return await withoutAction(request, result, log);
    const iterations = await iterationsOf(request, render);
    for (const iteration of iterations) if (iteration.runs) checkInput(request, action, iteration, result, warn);
    const plain = redactableInput(request)
      ? await services.renderers.value(step.input ?? {}, contextOf(request, false))
      : undefined;
    if (plain) for (const { input } of iterations) redactor.add(...derivedSecrets(input, plain.value));
    for (const { input, runs } of iterations)
      if (runs) result.effects.push(...(action.plan?.(input) ?? []).map((effect) => redactor.hide(effect)));
    if (request.isDryRun && !action.supportsDryRun) {
      result.output = isJsonObject(action.schema.output) ? (standIn(action.schema.output) as JsonObject) : {};
      if (action.existing && (request.compare || request.against))
        for (const iteration of iterations)
          if (iteration.runs)
            await inContext(request, iteration, result, log, async (context) => {
              result.comparisons.push(...(await compareExisting(action, context, request.against)));
            });
      return skip(`Skipping because ${action.id} does not support dry-run`);
    }
    for (const iteration of iterations) await runIteration(request, action, iteration, result, log);
    log(`Finished step ${step.name}`, 'info', 'completed');
    return result;
  } catch (error) {
    const cause = explained(error, request);
    log(`${cause.message}. ${cause.fix}`, 'error', 'failed');
    return { ...result, status: 'failed', error: cause };
  }
}

const redactableInput = ({ step, values }: StepRequest) =>
  step.input !== undefined && Object.keys({ ...values.secrets, ...values.environment?.secrets }).length > 0;

type Render = (what: JsonValue, each?: Iteration['each']) => Promise<{ value: JsonValue | undefined }>;

/** All iterations are rendered before the first runs, so that a wrong one is known before anything happened. */
export async function iterationsOf({ step }: Pick<StepRequest, 'step'>, render: Render): Promise<Iteration[]> {
  const inputFor = async (each?: Iteration['each']) =>
    ((await render(step.input ?? {}, each)).value ?? {}) as JsonObject;
  if (step.each === undefined) return [{ input: await inputFor(), runs: true }];
  const { value } = await render(step.each);
  if (typeof value !== 'object' || value === null)
    throw scaffolderErrors.eachInvalid({ step: step.id, found: value === undefined ? 'nothing' : showValue(value) });
  const iterations: Iteration[] = [];
  for (const [key, item] of Object.entries(value)) {
    const each = { key, value: item };
    const runs = step.if === undefined || step.if === true || isTrue((await render(step.if, each)).value);
    iterations.push({ each, input: await inputFor(each), runs });
  }
  return iterations;
}

/**
 * Refuses an input that the action could not work with; what nobody reads is only pointed out. Nothing stands for an absent input, and a dry
 * run goes on without what may be absent.
 */
function checkInput(
  request: StepRequest,
  action: Action,
  iteration: Iteration,
  result: StepResult,
  warn: (message: string) => void,
): void {
  const { each } = iteration;
  const schema = action.schema.input;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const isOptional = (key: string) =>
    isJsonObject(schema.properties) && Object.hasOwn(schema.properties, key) && !required.includes(key);
  iteration.input = Object.fromEntries(
    Object.entries(iteration.input).filter(([key, value]) => value !== null || !isOptional(key)),
  );
  const faults = validateInput(schema, iteration.input);
  const shown = ({ path, message }: ValueFault) => `instance${path.replaceAll('/', '.')} ${message}`;
  const [unread, wrong] = [
    faults.filter(({ keyword }) => keyword === 'additionalProperties'),
    faults.filter(({ keyword }) => keyword !== 'additionalProperties'),
  ];
  for (const { property, path } of unread)
    warn(`${action.id} does not read the input ${path.slice(1)}${path ? '.' : ''}${property}.`);
  if (wrong.length === 0) return;
  const id = `${action.id}${each ? `[${each.key}]` : ''}`;
  const step = request.step.id;
  const error = scaffolderErrors.inputInvalid({ action: id, step, faults: wrong.map(shown).join(', ') });
  if (!request.isDryRun) throw error;
  const keys = wrong.map(({ path }) => path.slice(1));
  if (action.supportsDryRun && !keys.every(isOptional)) throw error;
  warn(error.message);
  if (!action.supportsDryRun) return;
  result.missing.push(...keys.map((value) => ({ step, value, reason: error.message, fix: error.fix })));
  iteration.input = Object.fromEntries(Object.entries(iteration.input).filter(([key]) => !keys.includes(key)));
}

/** A step whose action nothing here brings: an error, or in a dry run a gap that is named. */
async function withoutAction(
  request: StepRequest,
  result: StepResult,
  log: (message: string, level?: StepEvent['level'], status?: StepEvent['status']) => void,
): Promise<StepResult> {
  const { step, template, isDryRun, services } = request;
  const advice = adviceFor(step.action);
  const error = scaffolderErrors.actionUnknown({ action: step.action, hint: advice });
  if (!isDryRun) throw error;
  const { value } = await services.renderers.value(step.input ?? {}, contextOf(request, false));
  const input = isJsonObject(value) ? value : {};
  const effect = knownAction(step.action)?.effect?.(input);
  if (request.against !== undefined && proposesChange(step.action))
    result.comparisons.push(await compareWithFolder(request.workspace, step.id, input, request.against));
  log(`${error.message}. ${advice}`, 'warn', 'skipped');
  return {
    ...result,
    status: 'skipped',
    output: standInsFor(template, step),
    effects: [effect ?? `Something that only ${step.action} knows`],
    missing: [{ step: step.id, action: step.action, reason: error.message, fix: advice }],
    error,
  };
}

async function runIteration(
  request: StepRequest,
  action: Action,
  iteration: Iteration,
  result: StepResult,
  log: (message: string, level?: StepEvent['level']) => void,
): Promise<void> {
  const { each, input, runs } = iteration;
  if (each) log(`${runs ? 'Running' : 'Skipping'} step each: ${each.key}`);
  if (!runs) return;
  request.signal.throwIfAborted();
  result.inputs.push(input);
  await inContext(request, iteration, result, log, (context) => action.run(context));
}

/** Gives an action what it works with; folders of its own are gone afterwards. */
async function inContext(
  request: StepRequest,
  { each, input }: Iteration,
  result: StepResult,
  log: (message: string, level?: StepEvent['level']) => void,
  work: (context: ActionContext) => Promise<void>,
): Promise<void> {
  const { step, template, workspace, signal } = request;
  const folders: string[] = [];
  const prefix = each ? `${each.key}.` : '';
  const context: ActionContext = {
    input,
    workspace,
    source: request.source,
    services: request.services,
    template: { ref: template.ref, metadata: template.metadata },
    runId: request.values.taskId,
    user: request.values.user,
    step: { id: step.id, name: step.name },
    signal,
    isDryRun: request.isDryRun,
    log: (message, level = 'info') => {
      if (level === 'warn') result.warnings.push(message);
      log(message, level);
    },
    output(name, value) {
      if (!each) result.output[name] = value;
      else result.output[name] = [...((result.output[name] as JsonValue[] | undefined) ?? []), value];
    },
    checkpoint: (key, once) => (request.checkpoint ? request.checkpoint(`${prefix}${key}`, once) : once()),
    async temporaryFolder() {
      const folder = await mkdtemp(`${workspace.directory}-step-`);
      folders.push(folder);
      return folder;
    },
    miss: (missing) => void result.missing.push({ step: step.id, ...missing }),
  };
  try {
    await work(context);
  } finally {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
