import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Dialect, Migration } from '../../../core/db/index.ts';
import { partSize } from '../store/postgres-parts.ts';

const columns = {
  document: {
    plain: ['id', 'source', 'subject', 'kind', 'owner', 'deprecated', 'weight', 'entity_ref'],
    wide: ['key', 'title', 'profile'],
  },
  body: { plain: ['document_id'], wide: ['body'] },
  value: { plain: ['document_id', 'name', 'value'], wide: [] },
};

/**
 * PostgreSQL: words lie in parts by the id of their document, each with an index of its own. A look-up ends with the part that has given
 * enough, and the parts of an index that is being built are indexed while the next ones are filled. The functions are in a language that
 * keeps their plans. What is there already becomes the first part.
 */
const statements = (slot: string, part: number) => [
  `alter table search_text_${slot} rename to search_text_${slot}_${part}`,
  `alter index search_text_${slot}_pkey rename to search_text_${slot}_${part}_pkey`,
  `alter index if exists search_text_${slot}_words rename to search_text_${slot}_${part}_words`,
  `create table search_text_${slot} (document_id bigint primary key, words tsvector not null) partition by range (document_id)`,
  `alter table search_text_${slot} attach partition search_text_${slot}_${part} for values from (minvalue) to (${(part + 1) * partSize})`,
  `drop function search_find_${slot}(tsquery, bigint)`,
  `drop function search_find_seen_${slot}(tsquery, bigint, bigint, bytea)`,
  `create function search_find_${slot}(wanted tsquery, most bigint) returns setof bigint language plpgsql stable
    set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan as '
    begin return query select document_id from search_text_${slot} where words @@ wanted limit most; end'`,
  `create function search_find_seen_${slot}(wanted tsquery, most bigint, first bigint, bytes bytea) returns setof bigint language plpgsql stable
    set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan as '
    begin return query select document_id from search_text_${slot} where words @@ wanted
      and substr(bytes, (document_id - first + 1)::integer, 1) = ''\\x01''::bytea limit most; end'`,
  // One after the other, for who has to look at each whether it may be seen: the other language would collect all of them first.
  `create function search_find_all_${slot}(wanted tsquery) returns setof bigint language sql stable
    set enable_seqscan = off set jit = off
    as 'select document_id from search_text_${slot} where words @@ wanted'`,
  // No plan depends on what exactly is in these, and the more is asked of a wide table the longer the figures take.
  ...Object.entries(columns).flatMap(([table, { plain, wide }]) =>
    [...plain.map((name) => [name, 20]), ...wide.map((name) => [name, 0])].map(
      ([name, figures]) => `alter table search_${table}_${slot} alter column ${name} set statistics ${figures}`,
    ),
  ),
];

export const searchParts: Migration = {
  name: 'search/0006-parts',
  async up(tx: Kysely<any>, dialect: Dialect) {
    if (dialect !== 'postgres') return;
    for (const slot of ['a', 'b']) {
      const { rows } = await sql<{
        last: number;
      }>`select coalesce(max(id), 0) as last from ${sql.table(`search_document_${slot}`)}`.execute(tx);
      for (const statement of statements(slot, Math.floor(Number(rows[0]!.last) / partSize)))
        await sql.raw(statement).execute(tx);
    }
  },
};
