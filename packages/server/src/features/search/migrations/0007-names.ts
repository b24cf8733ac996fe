import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Dialect, Migration } from '../../../core/db/index.ts';
import { trigramSchema } from './0001-search.ts';

/**
 * What documents are called, with the words of each name as one, and an index of its trigrams: names are typed so, and with mistakes. What
 * is there already has none until the index has been built again.
 */
const statements = (slot: string, dialect: Dialect, trigrams: string) =>
  dialect === 'sqlite'
    ? [
        `alter table search_document_${slot} add column joined_names text`,
        `create virtual table search_name_${slot} using fts5(names, content = '', contentless_delete = 1, tokenize = 'trigram')`,
      ]
    : [
        `alter table search_document_${slot} add column joined_names text collate "C"`,
        `alter table search_document_${slot} alter column joined_names set statistics 0`,
        `create index search_document_${slot}_names on search_document_${slot} using gin (joined_names "${trigrams}".gin_trgm_ops)`,
        // How alike is enough depends on how many of the letters of a word may be mistaken; a setting of who asks must not change it.
        `create function search_names_like_${slot}(asked text, most bigint) returns setof text language plpgsql stable
          set enable_seqscan = off set jit = off set pg_trgm.word_similarity_threshold = 0.4 as '
          begin return query select joined_names from search_document_${slot} where asked operator("${trigrams}".<%) joined_names
            order by "${trigrams}".word_similarity(asked, joined_names) desc, length(joined_names), joined_names limit most; end'`,
      ];

export const searchNames: Migration = {
  name: 'search/0007-names',
  async up(tx: Kysely<any>, dialect: Dialect) {
    const trigrams = dialect === 'postgres' ? await trigramSchema(tx) : '';
    for (const slot of ['a', 'b'])
      for (const statement of statements(slot, dialect, trigrams)) await sql.raw(statement).execute(tx);
  },
};
