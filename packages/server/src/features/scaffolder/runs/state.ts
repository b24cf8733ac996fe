import type { JsonObject, JsonValue } from '@callboard/model';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import type { Seal } from '../../../core/seal/index.ts';
import type { RunValues } from '../run/execute-step.ts';
import { createRedactor, type Redactor } from '../run/redact.ts';
import type { RunRow, Sealed, StepRow } from '../store/tables.ts';
import type { TemplateDefinition } from '../types.ts';

/** What whoever began a run may see and do, as it was decided then. */
export type Allowed = { scope?: EntityPredicate; mayRegister: boolean };

/** A run as it is worked with. */
export type RunState = {
  id: string;
  row: RunRow;
  template: TemplateDefinition;
  values: RunValues;
  allowed: Allowed;
  redactor: Redactor;
  /** hides secrets in data */
  hide<T extends JsonValue>(value: T): T;
  /** as it may stand in the database while the run goes on */
  store(value: JsonValue): { text: string; is_sealed: Sealed };
  load(text: string, isSealed: Sealed): JsonValue;
};

type Environment = NonNullable<RunValues['environment']>;

/**
 * Reads a run out of its row.
 *
 * @throws AppError SCAFFOLDER_SECRETS_UNREADABLE
 */
export function openRun(row: RunRow, steps: StepRow[], seal: Seal, environment: Environment): RunState {
  const secrets = row.secrets === null ? {} : (JSON.parse(seal.open(row.secrets, row.id)) as Record<string, string>);
  const redactor = createRedactor([...Object.values(secrets), ...Object.values(environment.secrets ?? {})]);
  const hide = <T extends JsonValue>(value: T): T => {
    if (typeof value === 'string') return redactor.hide(value) as T;
    if (Array.isArray(value)) return value.map(hide) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [redactor.hide(key), hide(item)])) as T;
  };
  const state: RunState = {
    id: row.id,
    row,
    template: JSON.parse(row.definition) as TemplateDefinition,
    allowed: JSON.parse(row.allowed) as Allowed,
    redactor,
    hide,
    values: {
      taskId: row.id,
      parameters: JSON.parse(row.parameters) as JsonObject,
      secrets,
      environment,
      user: JSON.parse(row.person) as RunValues['user'],
      steps: {},
    },
    store(value) {
      const text = JSON.stringify(value);
      return JSON.stringify(hide(value)) === text
        ? { text, is_sealed: 0 }
        : { text: seal.close(text, row.id), is_sealed: 1 };
    },
    load: (text, isSealed) => JSON.parse(isSealed === 1 ? seal.open(text, row.id) : text) as JsonValue,
  };
  for (const step of steps)
    if (step.output !== null && (step.status === 'completed' || step.status === 'skipped'))
      state.values.steps[step.step_id] = { output: state.load(step.output, step.is_sealed) as JsonObject };
  return state;
}
