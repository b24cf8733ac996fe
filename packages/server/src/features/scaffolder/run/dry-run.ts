import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { AppError } from '../../../core/errors/index.ts';
import type { ActionServices } from '../actions/action.ts';
import type { ActionRegistry } from '../actions/registry.ts';
import { scaffolderErrors } from '../errors.ts';
import type { TemplateSource } from '../files/source.ts';
import { openWorkspace, type WorkspaceLimits } from '../files/workspace.ts';
import type { Comparison, MadeFile, Missing, TemplateDefinition } from '../types.ts';
import { checkValues } from './check-values.ts';
import { executeStep, type RunValues, type StepEvent, type StepStatus } from './execute-step.ts';
import { compareWithFolder } from './existing.ts';
import { renderOutput } from './output.ts';
import { createRedactor } from './redact.ts';

export type DryRunStep = {
  id: string;
  name: string;
  action: string;
  status: StepStatus;
  warnings: string[];
  error?: AppError;
};

/** What a run would do, as far as it can be known beforehand. */
export type DryRun = {
  log: (StepEvent & { stepId?: string })[];
  steps: DryRunStep[];
  output: JsonObject;
  files: MadeFile[];
  /** outside effects, in words, in their order */
  effects: string[];
  /** what would change in repositories that exist */
  comparisons: Comparison[];
  missing: Missing[];
  warnings: string[];
  /** the first error: what a run, or a stricter dry run, would end with */
  error?: AppError;
};

export type DryRunRequest = {
  template: TemplateDefinition;
  values: JsonObject;
  secrets?: Record<string, string>;
  user?: RunValues['user'];
  environment?: RunValues['environment'];
  source: TemplateSource;
  actions: ActionRegistry;
  services: ActionServices;
  limits?: WorkspaceLimits;
  /** whether what is there now is read, to show what would change in it */
  compare?: boolean;
  /** a folder that stands for the repository that files go to */
  against?: string;
  signal?: AbortSignal;
};

/**
 * Runs a template without any effect outside a temporary folder. Goes on past what it cannot know: every step that can be known is shown,
 * everything else is named.
 *
 * @throws AppError SCAFFOLDER_WORKSPACE_FULL when even listing what was made is too much
 */
export async function dryRun(request: DryRunRequest): Promise<DryRun> {
  const { template, services } = request;
  const folder = await mkdtemp(join(tmpdir(), 'callboard-dry-run-'));
  const made: DryRun = {
    log: [],
    steps: [],
    output: {},
    files: [],
    effects: [],
    comparisons: [],
    missing: [],
    warnings: [],
  };
  const values: RunValues = {
    taskId: 'dry-run',
    parameters: request.values,
    secrets: request.secrets,
    environment: request.environment,
    user: request.user,
    steps: {},
  };
  const redactor = createRedactor();
  try {
    const faults = await checkValues(template, request.values, services.renderers, {
      secrets: request.secrets ?? {},
      user: request.user as JsonValue | undefined,
    });
    // A dry run needs no secrets: they stand for themselves.
    const wrong = faults.filter(({ schema }) => schema >= 0 || request.secrets !== undefined);
    if (wrong.length > 0) {
      const shown = wrong.map(({ path, message }) => `${path || 'the form'} ${message}`).join(', ');
      made.error = scaffolderErrors.valuesInvalid({ faults: shown }, { details: { errors: wrong } });
      made.warnings.push(made.error.message);
    }
    const workspace = await openWorkspace(join(folder, 'workspace'), request.limits);
    for (const step of template.steps) {
      const { status, output, effects, comparisons, missing, warnings, error } = await executeStep({
        template,
        step,
        values,
        hasFailed: false,
        isDryRun: true,
        actions: request.actions,
        services,
        workspace,
        source: request.source,
        signal: request.signal ?? new AbortController().signal,
        redactor,
        compare: request.compare,
        against: request.against,
        log: (event) => void made.log.push({ ...event, stepId: step.id }),
      });
      values.steps[step.id] = { output };
      made.steps.push({
        id: step.id,
        name: step.name,
        action: step.action,
        status,
        warnings,
        ...(error ? { error } : {}),
      });
      made.effects.push(...effects);
      made.comparisons.push(...comparisons);
      made.missing.push(...missing);
      made.warnings.push(...warnings);
      made.error ??= error;
      if (error && missing.length === 0)
        made.missing.push({ step: step.id, value: step.action, reason: error.message, fix: error.fix });
    }
    // A template that names no repository is compared as a whole.
    if (request.against !== undefined && made.comparisons.length === 0)
      made.comparisons.push(await compareWithFolder(workspace, 'all', {}, request.against));
    const { output, warnings } = await renderOutput(template, values, services.renderers);
    made.output = output;
    made.warnings.push(...warnings);
    made.files = await workspace.files();
    return made;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
