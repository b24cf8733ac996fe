import type { EntityPredicate } from '../../core/predicate/index.ts';

/** What access asks of the catalog, which stands on it. */
export type Directory = {
  /** Those of the refs whose entities exist and fulfil the conditions. */
  matching(refs: readonly string[], conditions: EntityPredicate): Promise<string[]>;
  /** The groups of people and the groups above these, each with the way to it. */
  membershipsOf(refs: readonly string[]): Promise<Map<string, { group: string; path: string[] }[]>>;
  /** People of the catalog, by ref. */
  peopleOf(limit: number): Promise<string[]>;
  /** How many entities fulfil a condition; all when there is none. */
  countOf(condition: EntityPredicate | undefined): Promise<number>;
};
