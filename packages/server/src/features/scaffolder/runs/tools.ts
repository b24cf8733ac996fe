import type { Seal } from '../../../core/seal/index.ts';
import type { ActionServices } from '../actions/action.ts';
import type { ActionRegistry } from '../actions/registry.ts';
import type { TemplateSource } from '../files/source.ts';
import type { Renderers } from '../language/renderers.ts';
import type { RunValues } from '../run/execute-step.ts';
import type { RunReader } from '../store/read.ts';
import type { RunWriter } from '../store/write.ts';
import type { Allowed } from './state.ts';
import type { Workspaces } from './workspaces.ts';

/** Waiting times, shorter in tests. */
export type Timing = { retryMs: number; retries: number; flushMs: number };

/** What runs stand on. */
export type RunTools = {
  reader: RunReader;
  writer: RunWriter;
  seal: Seal;
  actions: ActionRegistry;
  renderers: Renderers;
  workspaces: Workspaces;
  environment: NonNullable<RunValues['environment']>;
  limits: { runMs: number; stepMs: number };
  timing: Timing;
  /** what actions are given, for somebody who may see and do so much */
  services(allowed: Allowed): ActionServices;
  /** the files around a template, as they were when the run began where Git says it */
  source(location: string, version: string | null, signal: AbortSignal): Promise<TemplateSource>;
  /** the runs of this process, to be told when somebody wants one to be cancelled */
  running: Map<string, AbortController>;
};
