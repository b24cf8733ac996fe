import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Dialect, Migration } from '../../../core/db/index.ts';

/**
 * A document says of which entity it tells: who may read that may find it; where it is empty, everybody who may search. What is there
 * already counts as told of its subject, which hides rather than shows, until the index has been built again.
 */
export const searchEntities: Migration = {
  name: 'search/0004-entities',
  async up(tx: Kysely<any>, dialect: Dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    for (const slot of ['a', 'b']) {
      await sql
        .raw(`alter table search_document_${slot} add column entity_ref ${text} not null default ''`)
        .execute(tx);
      await sql.raw(`update search_document_${slot} set entity_ref = subject`).execute(tx);
    }
  },
};
