import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Dialect, Migration } from '../../../core/db/index.ts';

/**
 * SQLite: what a word may stand in is part of the token, and only documents are filed under it, not places. Look-ups then neither read
 * places nor filter columns, which is what made frequent words slow. The order of words is looked at in the text itself.
 */
const statements = (slot: string) => [
  `drop table search_text_${slot}`,
  `create virtual table search_text_${slot} using fts5(tokens, content = '', contentless_delete = 1, detail = none,
    prefix = '3 4 5', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'")`,
  `create table search_order_${slot} (document_id integer primary key, words text not null)`,
];

export const searchTokens: Migration = {
  name: 'search/0002-tokens',
  async up(tx: Kysely<any>, dialect: Dialect) {
    if (dialect !== 'sqlite') return;
    for (const statement of ['a', 'b'].flatMap(statements)) await sql.raw(statement).execute(tx);
  },
};
