import type { Host } from '@callboard/plugin-api';

type JsonValue = Parameters<Host['store']['set']>[1];

/** What a step has begun and made, so that the same step finds it when a run goes on after a restart. */
export type Step = {
  /** When it began for the first time */
  startedAt: number;
  /** Whether it was begun before this try */
  isAgain: boolean;
  /** What it says it made */
  made?: JsonValue;
  done(made: JsonValue): Promise<void>;
};

/** Begins a step, or goes on with it. */
export async function beginStep(host: Host, key: string): Promise<Step> {
  const name = `step/${key}`.slice(0, 200);
  const isNew = await host.store.add(name, { at: Date.now() });
  const { at, made } = ((await host.store.get(name)) ?? { at: Date.now() }) as { at: number; made?: JsonValue };
  return {
    startedAt: at,
    isAgain: !isNew,
    made,
    done: (value) => host.store.set(name, { at, made: value }),
  };
}
