import type { ContributionCondition } from './contributions.ts';

/** Whether an entity is one that a condition means; everything is when there is none. */
export function conditionHolds(
  condition: ContributionCondition | undefined,
  entity: { kind: string; metadata: { annotations?: Record<string, string> }; spec?: { type?: unknown } },
): boolean {
  if (!condition) return true;
  const isOne = (words: string[] | undefined, found: unknown) =>
    words === undefined ||
    (typeof found === 'string' && words.some((entry) => entry.toLowerCase() === found.toLowerCase()));
  const annotations = entity.metadata.annotations ?? {};
  return (
    isOne(condition.kind, entity.kind) &&
    isOne(condition.type, entity.spec?.type) &&
    (condition.annotations ?? []).every((key) => Object.hasOwn(annotations, key))
  );
}
