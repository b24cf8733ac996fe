import { termKey, termValue } from '@callboard/model';
import { queryErrors } from './errors.ts';
import { limits } from './limits.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { simplify } from '../../../core/predicate/index.ts';

const shorten = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

/** Reads one `filter` parameter: conditions that must all hold; several values of one key are alternatives. */
function parseConditions(text: string): { predicate: EntityPredicate; size: number } | undefined {
  const conditions = new Map<string, string[] | undefined>();
  let size = 0;
  for (const part of text.split(',')) {
    const statement = part.trim();
    if (!statement) continue;
    size += 1;
    const equals = statement.indexOf('=');
    const key = (equals === -1 ? statement : statement.slice(0, equals)).trim();
    if (!key) throw queryErrors.filterInvalid({ statement: shorten(statement) });
    const values = conditions.get(key);
    if (equals === -1) conditions.set(key, values);
    else conditions.set(key, [...(values ?? []), termValue(statement.slice(equals + 1).trim())]);
  }
  if (conditions.size === 0) return undefined;
  const all = [...conditions].map(([key, values]): EntityPredicate => {
    const stored = termKey(key);
    return values ? { key: stored, in: values } : { key: stored, exists: true };
  });
  return { predicate: { all }, size };
}

/**
 * Reads the `filter` parameters of a request: alternatives of comma-separated conditions `key` or `key=value`.
 *
 * @param filters - one text per parameter
 * @returns undefined when nothing is asked for
 */
export function parseFilters(filters: readonly string[] | undefined): EntityPredicate | undefined {
  const parsed = (filters ?? []).map(parseConditions).filter((each) => each !== undefined);
  if (parsed.length === 0) return undefined;
  const size = parsed.reduce((sum, each) => sum + each.size, 0);
  if (size > limits.conditions)
    throw queryErrors.predicateTooLarge({ reason: `${size} conditions, at most ${limits.conditions} are taken` });
  return simplify({ any: parsed.map((each) => each.predicate) });
}
