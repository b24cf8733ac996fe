import type { RunStatus, StepStatus } from '@callboard/model/http';

export type RunRow = {
  id: string;
  template_ref: string;
  template_title: string;
  version: string | null;
  /** of the template's entity, with its commit when it is in Git */
  location: string;
  /** JSON: the template as it was at the start */
  definition: string;
  parameters: string;
  person: string;
  /** JSON: what whoever began it may see and do */
  allowed: string;
  /** encrypted JSON */
  secrets: string | null;
  secret_names: string;
  status: RunStatus;
  created_by: string;
  created_at: number;
  started_at: number | null;
  heartbeat_at: number | null;
  ended_at: number | null;
  minutes_saved: number | null;
  output: string | null;
  error: string | null;
  entity_refs: string;
  /** who runs it now: who else tries to write finds another name here */
  holder: string | null;
  cancel_asked: number;
  /** how many steps were done when its files were last kept */
  snapshot: number | null;
  has_workspace: number;
  rollback_status: RunStatus | null;
  rollback_at: number | null;
  rollback_error: string | null;
  /** goes up with every write */
  writes: number;
};

/** 0: as it is. 1: encrypted, a secret is in it. 2: what was secret in it is gone. */
export type Sealed = 0 | 1 | 2;

export type StepRow = {
  run_id: string;
  position: number;
  step_id: string;
  name: string;
  action: string;
  status: StepStatus;
  attempts: number;
  input_hash: string | null;
  output: string | null;
  is_sealed: Sealed;
  started_at: number | null;
  ended_at: number | null;
  undone_at: number | null;
};

export type LogRow = { id: number; run_id: string; type: LogType; body: string; at: number };
export type LogType = 'log' | 'completion' | 'cancelled' | 'recovered';
export type FileRow = { run_id: string; path: string; hash: string; size: number; executable: number };

export type ScaffolderTables = {
  scaffolder_run: RunRow;
  scaffolder_step: StepRow;
  scaffolder_checkpoint: { run_id: string; position: number; key: string; value: string; is_sealed: Sealed };
  scaffolder_log: LogRow;
  scaffolder_file: FileRow;
  scaffolder_snapshot: { run_id: string; position: number; body: string };
  scaffolder_made: { entity_ref: string; run_id: string };
};

/** Wakes whoever follows a run. */
export const channel = 'scaffolder/run';

/** One line of a run's log, before it has an id. */
export type LogLine = { type: LogType; body: Record<string, unknown>; at?: number };
