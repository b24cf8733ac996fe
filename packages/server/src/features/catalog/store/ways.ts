/**
 * There are two ways to a page: take the rows of one condition, look up their entities and sort them, or walk through the entities in
 * order and test each until the page is full. These figures, from measurements with 100,000 entities, say where the ways cost the same.
 */
export type Ways = {
  /** rows of a condition up to which they are the way when it is not known how many entities fit */
  page: number;
  /** product of those rows and the number of entities that fit */
  pageProduct: number;
  /** entities that fit up to which searching all texts of a key is better than searching one text after another; below 0 it never is */
  text: number;
  /** rows up to which they are the way to count */
  count: number;
  /** whether what is counted often is kept in memory */
  memory: boolean;
};

export const usualWays: Ways = { page: 2_000, pageProduct: 4_000_000, text: 500, count: 30_000, memory: true };
