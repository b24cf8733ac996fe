import type { EntityCursor } from '../query/cursor.ts';
import { encodeCursor } from '../query/cursor.ts';
import type { Projection } from '../query/fields.ts';
import { limits } from '../query/limits.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { entityTexts } from '../store/entities.ts';
import { countEntities, readPage } from '../store/query.ts';
import type { EntityQuery, EntityRecord } from '../store/query.ts';
import type { Reading } from '../store/reading.ts';

/** Entities read and sent at a time: more would keep too much in memory, fewer would ask too often. */
const chunk = 500;

/** What a client asks for: either the beginning of a list or, by cursor, its continuation. */
export type PageRequest = {
  list: Pick<EntityCursor, 'orderFields' | 'predicate' | 'fullTextFilter'>;
  cursor?: EntityCursor;
  limit?: number;
  offset?: number;
  count: boolean;
  scope?: EntityPredicate;
};

export type PageInfo = { totalItems: number; nextCursor?: string; prevCursor?: string };

/** A page that is read while it is sent. */
export type Page = {
  /** its first entities, which have been read already; all of them when `more` is undefined */
  first: EntityRecord[];
  /** reads on; ends with what stands behind the items of an answer */
  more?: AsyncGenerator<EntityRecord[]>;
  info(): PageInfo;
};

const same = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/** Opens a page of a list: counts it where asked to, and reads its beginning. */
export async function openPage(reading: Reading, request: PageRequest): Promise<Page> {
  const { cursor, scope } = request;
  const list = cursor ?? request.list;
  const limit = Math.min(request.limit ?? cursor?.limit ?? limits.defaultPage, limits.page);
  const version = await reading.version();
  const query: EntityQuery = {
    orderFields: list.orderFields,
    predicate: list.predicate,
    fullTextFilter: list.fullTextFilter,
    limit: Math.min(limit, chunk),
    ...(cursor && { from: { values: cursor.orderFieldValues, backwards: cursor.isPrevious } }),
    ...(!cursor && request.offset && { offset: request.offset }),
    ...(scope && { scope }),
  };
  const counted = cursor ? cursor.totalItems : request.count ? await countEntities(reading, query, version) : undefined;
  const backwards = cursor?.isPrevious ?? false;
  // Backwards the whole page is read at once: its first entity is the last one to be found.
  const records = await readPage(reading, backwards ? { ...query, limit } : query, version, counted);
  const state = {
    firstRecord: undefined as EntityRecord | undefined,
    last: undefined as EntityRecord | undefined,
    rest: false,
  };
  const take = (found: EntityRecord[], wanted: number): EntityRecord[] => {
    state.rest = found.length > wanted;
    const kept = state.rest ? (backwards ? found.slice(-wanted) : found.slice(0, wanted)) : found;
    state.firstRecord ??= kept[0];
    state.last = kept.at(-1) ?? state.last;
    return kept;
  };
  const first = take(records, backwards ? limit : query.limit);

  async function* readOn(): AsyncGenerator<EntityRecord[]> {
    for (let left = limit - first.length; left > 0 && state.rest;) {
      const { offset: _, ...next } = query;
      const found = await readPage(
        reading,
        { ...next, limit: Math.min(left, chunk), from: { values: state.last!.sort, backwards: false } },
        version,
        counted,
      );
      const kept = take(found, Math.min(left, chunk));
      left -= kept.length;
      if (kept.length > 0) yield kept;
    }
  }

  const info = (): PageInfo => {
    const { firstRecord, last, rest } = state;
    const total = { totalItems: counted ?? 0 };
    if (!firstRecord || !last) return total;
    const firstValues = cursor?.firstSortFieldValues ?? firstRecord.sort;
    const carried = {
      orderFields: list.orderFields,
      ...(list.predicate && { predicate: list.predicate }),
      ...(list.fullTextFilter && { fullTextFilter: list.fullTextFilter }),
      firstSortFieldValues: firstValues,
      ...(counted !== undefined && { totalItems: counted }),
    };
    const atStart = !cursor || same(firstRecord.sort, firstValues) || (backwards && !rest);
    return {
      ...total,
      ...((backwards || rest) && {
        nextCursor: encodeCursor({ ...carried, orderFieldValues: last.sort, isPrevious: false }),
      }),
      ...(!atStart && {
        prevCursor: encodeCursor({ ...carried, orderFieldValues: firstRecord.sort, isPrevious: true }),
      }),
    };
  };
  return { first, ...(!backwards && limit > first.length && state.rest && { more: readOn() }), info };
}

/** The texts of a page, in pieces that are read as the client takes them. */
export async function* textsOf(
  reading: Reading,
  page: Pick<Page, 'first' | 'more'>,
  scope: EntityPredicate | undefined,
  projection?: Projection,
): AsyncGenerator<string[]> {
  yield await entityTexts(reading, page.first, scope, projection);
  if (page.more) for await (const records of page.more) yield await entityTexts(reading, records, scope, projection);
}

/** Every entity of a list, in pieces. */
export async function* allRecords(
  reading: Reading,
  query: Omit<EntityQuery, 'limit' | 'from'>,
): AsyncGenerator<EntityRecord[]> {
  const version = await reading.version();
  for (let from: EntityQuery['from']; ;) {
    const found = await readPage(reading, { ...query, limit: chunk, ...(from && { from }) }, version);
    const kept = found.slice(0, chunk);
    if (kept.length > 0) yield kept;
    if (found.length <= chunk) return;
    from = { values: kept.at(-1)!.sort, backwards: false };
  }
}
