import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Dialect, Migration } from '../../../core/db/index.ts';

/** Bytes that are sorted in memory before they are filed: with little, a large transaction is filed many times over. */
const hashSize = 16_777_216;

/**
 * SQLite: every word begins with a mark, so that one index of beginnings answers for all of them. Each further one costs as much as the
 * index of the words itself.
 */
const statements = (slot: string) => [
  `drop table search_text_${slot}`,
  `create virtual table search_text_${slot} using fts5(tokens, content = '', contentless_delete = 1, detail = none,
    prefix = '4', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'")`,
  `insert into search_text_${slot} (search_text_${slot}, rank) values ('hashsize', ${hashSize})`,
];

export const searchMarks: Migration = {
  name: 'search/0003-marks',
  async up(tx: Kysely<any>, dialect: Dialect) {
    if (dialect === 'postgres') {
      // Compressing the words of a document costs more than storing them, each time they are written and each time a phrase is looked for;
      // and no plan depends on how they are distributed, which is slow to find out.
      for (const slot of ['a', 'b'])
        await sql
          .raw(
            `alter table search_text_${slot} alter column words set storage external, alter column words set statistics 0`,
          )
          .execute(tx);
      return;
    }
    for (const statement of ['a', 'b'].flatMap(statements)) await sql.raw(statement).execute(tx);
    // What was found is not there until the index has been built again; until then the answers say so.
    await sql.raw(`update search_state set fingerprint = '', built_at = null`).execute(tx);
  },
};
