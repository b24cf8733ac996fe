import type { JsonValue } from '@callboard/model';
import type { Host } from '../host.ts';

/** What a step of a template has begun and made, so that the same step finds it when a run goes on after a restart. */
export type Step = {
  /** When it began for the first time */
  startedAt: number;
  /** Whether it was begun before this try */
  isAgain: boolean;
  /** What it says it made */
  made?: JsonValue;
  done(made: JsonValue): Promise<void>;
};

/**
 * Begins a step, or goes on with it. It lies in the store under `step/`, where `forgetOld` of `@callboard/plugin-api/hooks` removes it again.
 *
 * @param key - of the action's input
 */
export declare function beginStep(host: Host, key: string): Promise<Step>;
