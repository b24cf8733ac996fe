import type { JsonObject } from '@callboard/model';
import type { DryRunResponse, SerializedTask, SerializedTaskEvent } from '@callboard/model/http';
import type { AppError } from '../../../../core/errors/index.ts';
import type { DryRun } from '../../run/dry-run.ts';
import type { LogRow, RunRow, StepRow } from '../../store/tables.ts';
import type { TemplateDefinition } from '../../types.ts';
import { templateVersion } from './template.ts';

const iso = (at: number) => new Date(Number(at)).toISOString();
const parsed = (text: string) => JSON.parse(text) as JsonObject;

/** What runs, as Backstage's clients know it. */
function specOf(run: RunRow): JsonObject {
  const template = JSON.parse(run.definition) as TemplateDefinition;
  return {
    apiVersion: templateVersion,
    parameters: parsed(run.parameters),
    steps: template.steps,
    output: template.output,
    user: parsed(run.person),
    ...(template.presentation ? { presentation: template.presentation } : {}),
    templateInfo: { entityRef: run.template_ref, baseUrl: run.location, entity: { metadata: template.metadata } },
  };
}

/**
 * A run as the API shows it.
 *
 * @param steps - of one run; lists leave them out
 * @param isReversible - whether a step has an effect that can be taken back
 */
export function toTask(
  run: RunRow,
  steps: StepRow[] | undefined,
  isReversible: (step: StepRow) => boolean,
): SerializedTask {
  const hasEnded = run.ended_at !== null;
  const mayRetry = run.status === 'failed' || run.status === 'cancelled';
  const secrets = JSON.parse(run.secret_names) as string[];
  return {
    id: run.id,
    spec: specOf(run),
    status: run.status,
    createdAt: iso(run.created_at),
    ...(run.heartbeat_at !== null && { lastHeartbeatAt: iso(run.heartbeat_at) }),
    createdBy: run.created_by,
    ...(run.ended_at !== null && { endedAt: iso(run.ended_at) }),
    template: {
      ref: run.template_ref,
      title: run.template_title,
      ...(run.version !== null && { version: run.version }),
    },
    ...(run.minutes_saved !== null && { minutesSaved: Number(run.minutes_saved) }),
    ...(steps && {
      steps: steps.map((step) => ({
        id: step.step_id,
        name: step.name,
        action: step.action,
        status: step.status,
        ...(step.started_at !== null && { startedAt: iso(step.started_at) }),
        ...(step.ended_at !== null && { endedAt: iso(step.ended_at) }),
        attempts: Number(step.attempts),
        ...(step.undone_at !== null && { undone: true }),
      })),
    }),
    ...(run.output !== null && { output: parsed(run.output) }),
    ...(run.error !== null && { error: JSON.parse(run.error) as NonNullable<SerializedTask['error']> }),
    entityRefs: JSON.parse(run.entity_refs) as string[],
    hasWorkspace: run.has_workspace === 1,
    mayCancel: !hasEnded,
    mayRetry,
    mayRollBack: hasEnded && run.rollback_status !== 'processing' && (steps ?? []).some(isReversible),
    ...(hasEnded && secrets.length > 0 && { needsSecrets: secrets }),
    ...(run.rollback_status !== null && {
      rollback: {
        status: run.rollback_status,
        at: iso(run.rollback_at ?? run.created_at),
        ...(run.rollback_error !== null && {
          error: JSON.parse(run.rollback_error) as NonNullable<SerializedTask['error']>,
        }),
      },
    }),
  };
}

/** An event of a run, as its stream and its pages have it. */
export const toTaskEvent = ({ id, run_id, type, body, at }: LogRow): SerializedTaskEvent => ({
  id: Number(id),
  taskId: run_id,
  type,
  createdAt: iso(at),
  body: JSON.parse(body) as SerializedTaskEvent['body'],
});

const failureOf = ({ name, message, code, fix }: AppError) => ({ name, message, code, fix });

/** A dry run, with what its readers are told beyond Backstage's. */
export const toDryRun = (made: DryRun): DryRunResponse => ({
  log: made.log.map((event) => ({ body: event })),
  directoryContents: made.files.map(({ path, content, executable }) => ({
    path,
    base64Content: content.toString('base64'),
    executable,
  })),
  output: made.output,
  steps: made.steps.map(({ id, name, action, status, error }) => ({
    id,
    name,
    action,
    status,
    ...(error && { error: failureOf(error) }),
  })),
  effects: made.effects,
  changes: made.comparisons.map(({ step, place, branch, changes, same }) => ({
    step,
    place,
    ...(branch !== undefined && { branch }),
    same,
    files: changes.map(({ path, kind, before, content, executable }) => ({
      path,
      kind,
      executable,
      base64Content: content.toString('base64'),
      ...(before && { base64Before: before.toString('base64') }),
    })),
  })),
  missing: made.missing,
  warnings: made.warnings,
  ...(made.error && { error: failureOf(made.error) }),
});
