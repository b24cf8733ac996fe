import { recordsByRefs } from './entities.ts';
import type { Reading } from './reading.ts';

/** What descriptors say, for features that understand more of it than the catalog. They see everything, whoever asks. */
export type EntityTexts = {
  /** The etags of entities by canonical ref: whether something changed, without reading it. */
  etagsOf(refs: readonly string[]): Promise<Map<string, string>>;
  /** JSON texts of entities by canonical ref, without uid, relations and status. */
  textsOf(refs: readonly string[]): Promise<Map<string, string>>;
};

export const createEntityTexts = (reading: Reading): EntityTexts => ({
  async etagsOf(refs) {
    const rows = await reading.db.selectByKeys<{ ref: string; hash: string }>(reading.reader, {
      table: 'catalog_entity',
      column: 'ref',
      type: 'text',
      values: refs,
      select: ['ref', 'hash'],
    });
    return new Map(rows.map(({ ref, hash }) => [ref, hash]));
  },
  async textsOf(refs) {
    const records = refs.length === 0 ? [] : await recordsByRefs(reading, refs);
    return new Map(records.map(({ ref, body }) => [ref, body]));
  },
});
