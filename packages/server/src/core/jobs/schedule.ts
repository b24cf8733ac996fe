import { Cron } from 'croner';
import { errors } from './errors.ts';
import type { JobDefinition } from './types.ts';

/** When a recurring job runs next, or null for one that runs on request only. */
export const nextRun = (definition: JobDefinition, after: number): number | null => {
  if (definition.every !== undefined) return after + definition.every;
  if (definition.cron === undefined) return null;
  return new Cron(definition.cron, { utcOffset: 0 }).nextRun(new Date(after))?.getTime() ?? null;
};

/** Refuses a schedule that would only fail later. */
export const checkSchedule = (definition: JobDefinition): void => {
  const { name, every, cron } = definition;
  if (every !== undefined && !(every > 0))
    throw errors.scheduleInvalid({ name, reason: `${every} is not a number above zero` });
  if (cron === undefined) return;
  try {
    nextRun(definition, Date.now());
  } catch (error) {
    throw errors.scheduleInvalid({ name, reason: (error as Error).message }, { cause: error });
  }
};
