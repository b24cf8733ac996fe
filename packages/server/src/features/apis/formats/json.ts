import type { ApiFact } from '@callboard/model';

export type Json = { [key: string]: unknown };

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const longestText = 20_000;
/** Text of a field; numbers too, which YAML makes of versions. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.slice(0, longestText) : undefined;
};
export const isTrue = (value: unknown): true | undefined => (value === true ? true : undefined);

/** A value as text on one or several lines, cut to a length; circles and depth do no harm. */
export function showJson(value: unknown, longest = 4_000): string {
  if (typeof value === 'string') return value.slice(0, longest);
  const text = JSON.stringify(pruned(value, 12, { left: 2_000 }), null, 2) ?? 'undefined';
  return text.length <= longest ? text : `${text.slice(0, longest)}\n…`;
}

/** A value on one line, as it would be written. */
export const showValue = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(pruned(value, 4, { left: 50 }));
  return text === undefined ? '' : text.length <= 200 ? text : `${text.slice(0, 200)}…`;
};

function pruned(value: unknown, depth: number, budget: { left: number }): unknown {
  if (typeof value !== 'object' || value === null) return value;
  budget.left -= 1;
  if (depth === 0 || budget.left < 0) return '…';
  if (Array.isArray(value)) return value.slice(0, 100).map((each) => pruned(each, depth - 1, budget));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 200)
      .map(([key, each]) => [key, pruned(each, depth - 1, budget)]),
  );
}

/** Facts without those that have no value. */
export const factsOf = (facts: [name: string, value: unknown, href?: unknown][]): ApiFact[] =>
  facts.flatMap(([name, value, href]): ApiFact[] => {
    const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : textOf(value);
    if (text === undefined) return [];
    const address = textOf(href);
    const isWeb = address !== undefined && /^(https?:\/\/|mailto:)/i.test(address);
    return [{ name, value: text.slice(0, 2_000), ...(isWeb && { href: address }) }];
  });

/** An object without the keys whose value is undefined or an empty list. */
export const filled = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== undefined && !(Array.isArray(each) && each.length === 0)),
  ) as { [K in keyof T]: Exclude<T[K], undefined> };
