import { sql } from 'kysely';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { allOf } from '../../../core/predicate/index.ts';
import { listOf } from './heads.ts';
import { findInMemory, isBaseKey } from './memory/select.ts';
import type { Found } from './memory/select.ts';
import { columns } from './query-predicate.ts';
import { readRows } from './query-rows.ts';
import type { EntityRecord, ReadRow, Stretch } from './query-rows.ts';
import type { Reading } from './reading.ts';

/** More rows than these are not read for one page. */
const mostRows = 5_000;
/** Where fewer are found than one in so many, looking these up is better than walking past the others. */
const mostPerKept = 60;
/** Up to so many rows for each that is kept, texts are read along with the rows. */
const fewRows = 3;

const onBase = (part: EntityPredicate) => 'key' in part && isBaseKey(part.key);

/** The texts of the rows that were kept. */
async function withTexts(reading: Reading, rows: readonly ReadRow[]): Promise<ReadRow[]> {
  if (rows.length === 0) return [];
  const found = await sql<Omit<ReadRow, 'sort'>>`select e.id, e.ref, e.uid, e.hash, b.body, ${reading.newest} as at
    from catalog_entity e join catalog_body b on b.entity_id = e.id where e.id in (${listOf(rows.map(({ id }) => id))})`.execute(
    reading.reader,
  );
  const byId = new Map(found.rows.map((row) => [row.id, row]));
  return rows.flatMap((row) => {
    const text = byId.get(row.id);
    return text ? [{ ...row, ...text, at: Number(text.at) }] : [];
  });
}

/** Walks through a list that is easily put in order and keeps the rows that were found in memory. */
async function sift(
  reading: Reading,
  stretch: Stretch,
  version: number,
  { found, atOnce, texts }: { found: Found; atOnce: number; texts: boolean },
): Promise<ReadRow[] | undefined> {
  const wanted = (stretch.offset ?? 0) + stretch.limit;
  const kept: ReadRow[] = [];
  let { from } = stretch;
  for (let read = 0; read < mostRows;) {
    const { offset: _, ...next } = stretch;
    const rows = await readRows(reading, { ...next, limit: atOnce, ...(from && { from }) }, version, { texts });
    // What was changed since may no longer be what was found.
    if (rows.some(({ at }) => at > found.version)) return undefined;
    for (const row of rows) if (found.mask[row.id] === 1) kept.push(row);
    if (kept.length >= wanted || rows.length < atOnce) return kept.slice(stretch.offset ?? 0, wanted);
    read += rows.length;
    from = { values: rows.at(-1)!.sort, backwards: stretch.from?.backwards ?? false };
  }
  return undefined;
}

/**
 * Reads a part of a list by its order alone and tests the rows in memory: conditions that are many or long, such as what somebody may
 * see, cost a database more time to plan than to look at.
 *
 * @returns undefined when the database must do it all
 */
export async function readSifted(
  reading: Reading,
  stretch: Stretch,
  version: number,
): Promise<EntityRecord[] | undefined> {
  const { condition, orderFields } = stretch;
  const parts = 'all' in condition ? condition.all : [condition];
  const base = allOf(...parts.filter(onBase));
  if (parts.every(onBase) || orderFields.some(({ field }) => !(field in columns))) return undefined;
  const found = await findInMemory(reading, condition, version, false);
  const all = found && (await findInMemory(reading, base, version, false));
  if (!found || !all) return undefined;
  const { size } = found;
  if (size === 0) return [];
  const wanted = (stretch.offset ?? 0) + stretch.limit;
  const perKept = all.size / size;
  const atOnce = perKept === 1 ? wanted : Math.ceil(wanted * (1 + (perKept - 1) * 1.3)) + 4;
  if (atOnce > mostRows || perKept > mostPerKept) return undefined;
  const texts = atOnce <= stretch.limit * fewRows;
  const kept = await sift(reading, { ...stretch, condition: base }, version, { found, atOnce, texts });
  if (!kept || texts) return kept;
  const whole = await withTexts(reading, kept);
  return whole.length < kept.length || whole.some(({ at }) => at > found.version) ? undefined : whole;
}
