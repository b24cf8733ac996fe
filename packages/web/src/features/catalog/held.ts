import type { Source } from './api.ts';

/** What a source that shrank suddenly would delete. */
export type Held = { lost: number; total: number; refs: string[] };

/** Reads what the source tells; nothing when it is not held. */
export function heldOf(source: Pick<Source, 'held'>): Held | undefined {
  if (!source.held) return undefined;
  const { lost, total, refs } = source.held;
  const names = Array.isArray(refs) ? refs.filter((ref) => typeof ref === 'string') : [];
  return {
    lost: typeof lost === 'number' ? lost : names.length,
    total: typeof total === 'number' ? total : names.length,
    refs: names,
  };
}
