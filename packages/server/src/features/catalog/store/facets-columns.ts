import { sql } from 'kysely';
import type { Plan } from './query-plan.ts';
import type { Reading } from './reading.ts';

/** How many entities have a value. */
export type FacetValue = { value: string; count: number };

/** Keys that are counted from one index of the entity table, in the order of that index. */
const facetColumns = new Map([
  ['kind', 'kind'],
  ['spec.type', 'type'],
  ['spec.lifecycle', 'lifecycle'],
]);

export const isColumnFacet = (key: string): boolean => facetColumns.has(key);

/** Whether all values of a key are written in lower case: then the column, which is, says it all. */
async function isWrittenAsStored(reading: Reading, key: string, version: number): Promise<boolean> {
  const keyId = (await reading.keys.find([key], version)).get(key);
  if (keyId === undefined) return true;
  return reading.cache.get(`written as stored ${key}`, version, async () => {
    const { rows } = await sql<{
      written: number;
    }>`select count(original) as written from catalog_term where key_id = ${keyId}`.execute(reading.reader);
    return Number(rows[0]!.written) === 0;
  });
}

/**
 * Counts the values of columns in one pass.
 *
 * @returns the keys that could be counted so; a kind is shown as its definition writes it
 */
export async function columnFacets(
  reading: Reading,
  { prefix, from, where }: Plan,
  keys: readonly string[],
  version: number,
): Promise<Map<string, FacetValue[]>> {
  const usable = (
    await Promise.all(
      keys.map(async (key) => (key === 'kind' || (await isWrittenAsStored(reading, key, version)) ? key : [])),
    )
  ).flat();
  if (usable.length === 0) return new Map();
  const wanted = [...facetColumns].filter(([key]) => usable.includes(key));
  const columns = sql.join(wanted.map(([, column]) => sql.ref(`e.${column}`)));
  const { rows } = await sql<
    Record<string, string | null> & { count: number }
  >`${prefix} select ${columns}, count(*) as count
    from ${from} where ${where} group by ${columns}`.execute(reading.reader);
  const kinds = new Map(reading.kinds.all.map(({ kind }) => [kind.toLowerCase(), kind]));
  return new Map(
    wanted.map(([key, column]) => {
      const counts = new Map<string, number>();
      for (const row of rows) {
        const value = row[column];
        if (value !== null && value !== undefined) counts.set(value, (counts.get(value) ?? 0) + Number(row.count));
      }
      const shown = (value: string) => (key === 'kind' ? (kinds.get(value) ?? value) : value);
      return [key, [...counts].map(([value, count]) => ({ value: shown(value), count }))];
    }),
  );
}
