import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Jobs } from '../../../core/jobs/index.ts';
import { scaffolderErrors } from '../errors.ts';
import type { ValueFault } from '../language/validate.ts';
import { checkValues } from '../run/check-values.ts';
import type { RunRow, StepRow } from '../store/tables.ts';
import { type FoundTemplate, versionOf } from '../templates.ts';
import type { TemplateDefinition } from '../types.ts';
import type { Allowed } from './state.ts';
import type { RunTools } from './tools.ts';

export const runJob = 'scaffolder.run';
export const rollbackJob = 'scaffolder.rollback';

export type Beginning = {
  found: FoundTemplate & { template: TemplateDefinition };
  values: JsonObject;
  secrets?: Record<string, string>;
  person: { ref: string; entity?: JsonObject };
  allowed: Allowed;
};

/** What does not fit, in the words of Backstage's clients. */
export const faultsFor = (faults: ValueFault[], values: JsonObject) =>
  faults.map(({ path, message, keyword, property }) => {
    const keys = path.split('/').filter((key) => key !== '');
    const instance = keys.reduce<JsonValue | undefined>(
      (value, key) => (typeof value === 'object' && value !== null ? (value as JsonObject)[key] : undefined),
      values,
    );
    const place = ['instance', ...keys].join('.');
    return {
      path: keys,
      property: place,
      message,
      schema: {},
      instance: instance ?? null,
      name: keyword,
      argument: property ?? null,
      stack: message.startsWith('secrets.') ? message : `${place} ${message}`,
    };
  });

/** Refuses values that do not fit. */
async function assertValues(tools: RunTools, { found, values, secrets = {}, person }: Beginning): Promise<void> {
  const faults = await checkValues(found.template, values, tools.renderers, { secrets, user: person });
  if (faults.length === 0) return;
  const shown = faults.map(({ path, message }) =>
    message.startsWith('secrets.') ? message : `${path || 'the form'} ${message}`,
  );
  throw scaffolderErrors.valuesInvalid(
    { faults: shown.join(', ') },
    { details: { errors: faultsFor(faults, values) } },
  );
}

/** Versions that are being worked out: many runs that begin at once read the files of their template once. */
const reading = new WeakMap<RunTools, Map<string, Promise<string>>>();

function versionNow(tools: RunTools, found: FoundTemplate): Promise<string> {
  const own = reading.get(tools) ?? new Map<string, Promise<string>>();
  reading.set(tools, own);
  const key = JSON.stringify([found.location, found.entity]);
  const read = async () => {
    const source = await tools.source(found.location, null, AbortSignal.timeout(30_000));
    return versionOf(source, found).finally(() => source.close());
  };
  const asked = own.get(key) ?? read().finally(() => own.delete(key));
  own.set(key, asked);
  return asked;
}

/**
 * Stores a run; it begins as soon as there is room.
 *
 * @returns its id
 * @throws AppError SCAFFOLDER_VALUES_INVALID
 */
export async function begin(tools: RunTools, jobs: Jobs, beginning: Beginning): Promise<string> {
  const { found, values, secrets = {}, person, allowed } = beginning;
  tools.renderers.ready();
  await assertValues(tools, beginning);
  const version = await versionNow(tools, found);
  const { template } = found;
  const id = randomUUID();
  const run: RunRow = {
    id,
    template_ref: template.ref,
    template_title: template.title,
    version,
    location: found.location,
    definition: JSON.stringify(template),
    parameters: JSON.stringify(values),
    person: JSON.stringify(person),
    allowed: JSON.stringify(allowed),
    secrets: Object.keys(secrets).length > 0 ? tools.seal.close(JSON.stringify(secrets), id) : null,
    secret_names: JSON.stringify(Object.keys(secrets)),
    status: 'open',
    created_by: person.ref,
    created_at: Date.now(),
    started_at: null,
    heartbeat_at: null,
    ended_at: null,
    minutes_saved: template.minutesSaved === undefined ? null : Math.round(template.minutesSaved),
    output: null,
    error: null,
    entity_refs: '[]',
    holder: null,
    cancel_asked: 0,
    snapshot: null,
    has_workspace: 0,
    rollback_status: null,
    rollback_at: null,
    rollback_error: null,
    writes: 0,
  };
  const steps = template.steps.map((step, position): StepRow => ({
    run_id: id,
    position,
    step_id: step.id,
    name: step.name,
    action: step.action,
    status: 'open',
    attempts: 0,
    input_hash: null,
    output: null,
    is_sealed: 0,
    started_at: null,
    ended_at: null,
    undone_at: null,
  }));
  await tools.writer.create(run, steps, (tx) => jobs.enqueue({ name: runJob, key: id }, tx));
  return id;
}

/** Asks for the end of a run. */
export async function cancel(tools: RunTools, run: RunRow): Promise<void> {
  const body = { message: 'Run was cancelled', status: 'cancelled' };
  const became = await tools.writer.cancel(
    run.id,
    [
      { type: 'cancelled', body },
      { type: 'completion', body },
    ],
    Date.now(),
  );
  if (became === 'asked') tools.running.get(run.id)?.abort();
}

/** The secrets that a run was given and that a second try needs again. */
function assertSecrets(run: RunRow, secrets: Record<string, string>): void {
  const missing = (JSON.parse(run.secret_names) as string[]).filter((name) => !(name in secrets));
  if (missing.length === 0) return;
  const faults = missing.map((name): ValueFault => ({
    path: '',
    message: `secrets.${name} is required`,
    keyword: 'required',
    property: name,
    schema: -1,
  }));
  throw scaffolderErrors.valuesInvalid(
    { faults: faults.map(({ message }) => message).join(', ') },
    { details: { errors: faultsFor(faults, {}) } },
  );
}

/**
 * Runs the rest of a run again, from the step that failed.
 *
 * @throws AppError SCAFFOLDER_RUN_NOT_ENDED, or SCAFFOLDER_VALUES_INVALID when secrets are missing
 */
export async function retry(tools: RunTools, jobs: Jobs, run: RunRow, secrets: Record<string, string>): Promise<void> {
  const refuse = (status: string) => scaffolderErrors.runNotEnded({ run: run.id, status });
  if (run.status !== 'failed' && run.status !== 'cancelled') throw refuse(run.status);
  assertSecrets(run, secrets);
  const steps = await tools.reader.steps(run.id);
  // A step whose output had secrets in it must say it again.
  const first = steps.findIndex(
    ({ status, is_sealed }) => status === 'failed' || status === 'cancelled' || is_sealed === 2,
  );
  let from = Math.max(first, 0);
  // The files from before it are not there any more: everything is made again.
  if (from < Number(run.snapshot ?? 0)) from = 0;
  const isOpen = await tools.writer.reopen(
    run.id,
    {
      from,
      secrets: Object.keys(secrets).length > 0 ? tools.seal.close(JSON.stringify(secrets), run.id) : null,
      log: [{ type: 'log', body: { message: `The run is tried again from step ${steps[from]?.name ?? 1}` } }],
    },
    (tx) => jobs.enqueue({ name: runJob, key: run.id }, tx),
    Date.now(),
  );
  if (!isOpen) throw refuse('running');
}

/** Asks for a run to be taken back. */
export async function askRollback(
  tools: RunTools,
  jobs: Jobs,
  run: RunRow,
  secrets: Record<string, string>,
): Promise<void> {
  const refuse = (reason: string) => scaffolderErrors.runNotReversible({ run: run.id, reason });
  if (run.ended_at === null) throw refuse(`it is ${run.status}`);
  if (run.rollback_status === 'processing') throw refuse('that is being done');
  const steps = await tools.reader.steps(run.id);
  if (!steps.some((step) => isReversible(tools, step))) throw refuse('nothing of it can be taken back');
  assertSecrets(run, secrets);
  const payload = { secrets: tools.seal.close(JSON.stringify(secrets), run.id) };
  await tools.writer.rollback(
    run.id,
    { run: { rollback_status: 'processing', rollback_error: null } },
    (tx) => jobs.enqueue({ name: rollbackJob, key: run.id, payload }, tx),
    Date.now(),
  );
}

/** Whether a step has an effect that can be taken back. */
export const isReversible = ({ actions }: Pick<RunTools, 'actions'>, step: StepRow): boolean =>
  step.status === 'completed' && step.undone_at === null && actions.get(step.action)?.undo !== undefined;
