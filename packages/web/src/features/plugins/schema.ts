import { ApiError } from '../../core/api/index.ts';

/** The part of JSON Schema that the form knows. */
export type Schema = {
  type?: string;
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  default?: unknown;
  format?: string;
  writeOnly?: boolean;
};
export type Values = Record<string, unknown>;

/** Lines as a list; nothing at all when there are none. */
export function listed(text: string): string[] | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  // The line that one is about to write stays.
  const kept = lines.filter((line, index) => line !== '' || index === lines.length - 1);
  return kept.every((line) => line === '') ? undefined : kept;
}

/** Without the empty last line of a list that is being written. */
export function finished<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.filter((each) => each !== '').map(finished) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, finished(each)])) as Value;
}

/** What the portal found wrong with values, by their path. */
export function faultsOf(error: unknown): Map<string, string> {
  const faults = error instanceof ApiError ? error.details?.['faults'] : undefined;
  if (!Array.isArray(faults)) return new Map();
  return new Map(
    (faults as { path?: string; message?: string }[]).map(({ path = '', message = '' }) => [path, message] as const),
  );
}

/** Whether a value only stands for a secret that is set and not shown. */
export const isKept = (value: unknown): boolean => typeof value === 'string' && /^\(kept \S+ \/.*\)$/s.test(value);
