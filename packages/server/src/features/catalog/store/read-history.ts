import type { HistoryEntry } from '@callboard/model/http';
import type { Reading } from './reading.ts';

/**
 * What happened to a ref, newest first; entities that are gone have a history too.
 *
 * @param before - only entries with a smaller id
 */
export async function historyOf(
  reading: Reading,
  ref: string,
  options: { limit: number; before?: number },
): Promise<HistoryEntry[]> {
  let query = reading.reader
    .selectFrom('catalog_history')
    .selectAll()
    .where('ref', '=', ref)
    .orderBy('id', 'desc')
    .limit(options.limit);
  if (options.before !== undefined) query = query.where('id', '<', options.before);
  const rows = await query.execute();
  return rows.map(({ id, at, actor, action, changes, location, hash }) => ({
    id,
    at: new Date(at).toISOString(),
    actor,
    action,
    changes: changes === null ? [] : (JSON.parse(changes) as HistoryEntry['changes']),
    ...(location !== null && { location }),
    ...(hash !== null && { hash }),
  }));
}
