import type { Database } from '../../../core/db/index.ts';
import type { CatalogTables } from './tables.ts';

const mostUnknown = 10_000;

/** Finds the ids of term keys. */
export type KeyDictionary = {
  /**
   * @param keys - in stored form
   * @param version - of the catalog: what is unknown at one version need not be asked for again
   * @returns the ids of those that any entity ever had
   */
  find(keys: Iterable<string>, version: number): Promise<ReadonlyMap<string, number>>;
};

/** Opens the dictionary of term keys. Ids never change, so each is asked for once. */
export function createKeyDictionary(db: Database): KeyDictionary {
  const known = new Map<string, number>();
  let unknown = new Set<string>();
  let unknownAt = -1;
  return {
    async find(keys, version) {
      if (version !== unknownAt || unknown.size > mostUnknown) {
        unknown = new Set();
        unknownAt = version;
      }
      const asked = [...new Set(keys)].filter((key) => !known.has(key) && !unknown.has(key));
      if (asked.length === 0) return known;
      const notFound = unknown;
      const rows = await db.selectByKeys<CatalogTables['catalog_key']>(db.reader<CatalogTables>(), {
        table: 'catalog_key',
        column: 'key',
        type: 'text',
        values: asked,
        select: ['id', 'key'],
      });
      for (const row of rows) known.set(row.key, row.id);
      for (const key of asked) if (!known.has(key)) notFound.add(key);
      return known;
    },
  };
}
