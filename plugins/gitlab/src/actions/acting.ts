import type { Action, Host } from '@callboard/plugin-api';
import { beginStep, type Step } from '@callboard/plugin-api/steps';
import { repoUrlOf } from '../address.ts';
import type { Settings } from '../settings.ts';
import { type Input, textOf } from './input.ts';

/** What came of a step, or would come of it. */
export type Made = { output: Record<string, any>; effects: string[] };
/** Does what a step asks for. */
export type Work = (
  at: ReturnType<typeof repoUrlOf>,
  input: Input,
  call: { token?: string; signal: AbortSignal },
  step: Step,
) => Promise<Made>;

/** An action upon one instance: says what it would do, or does it. */
export function acting(host: Host, { hosts }: Settings, plan: (at: string, input: Input) => Made, work: Work): Action {
  return async ({ input: given, key, dryRun }, { signal }) => {
    const input: Input = given;
    const place = repoUrlOf(hosts, input['repoUrl'], false);
    if (dryRun) return plan(place.at.host, input);
    return work(place, input, { token: textOf(input, 'token'), signal }, await beginStep(host, key));
  };
}

/** The number of what an earlier try of the step made. */
export const madeId = (step: Step): number | undefined => (step.made as { id?: number } | undefined)?.id;
