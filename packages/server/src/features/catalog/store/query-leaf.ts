import { nullTerm } from '@callboard/model';

/** What a leaf asks of one value. */
export type Test = { in: readonly string[] } | { prefix: string } | { substring: string } | { exists: true };

/** Whether a stored value passes. */
export const passes = (value: string, leaf: Test): boolean => {
  if ('in' in leaf) return leaf.in.includes(value);
  if ('prefix' in leaf) return leaf.prefix === '' ? value !== nullTerm : value.startsWith(leaf.prefix);
  return 'substring' in leaf ? value.includes(leaf.substring) : true;
};
