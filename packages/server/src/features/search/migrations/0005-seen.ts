import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Dialect, Migration } from '../../../core/db/index.ts';

/**
 * PostgreSQL: the ids that match and that are seen, by one byte for each id from `first` on. Within the function, as its settings are
 * set anew for each row when it is asked row by row.
 */
export const searchSeen: Migration = {
  name: 'search/0005-seen',
  async up(tx: Kysely<any>, dialect: Dialect) {
    if (dialect !== 'postgres') return;
    for (const slot of ['a', 'b'])
      await sql
        .raw(
          `create function search_find_seen_${slot}(wanted tsquery, most bigint, first bigint, bytes bytea) returns setof bigint language sql stable
            set enable_seqscan = off set jit = off
            as 'select document_id from search_text_${slot} where words @@ wanted
              and substr(bytes, (document_id - first + 1)::integer, 1) = ''\\x01''::bytea limit most'`,
        )
        .execute(tx);
  },
};
