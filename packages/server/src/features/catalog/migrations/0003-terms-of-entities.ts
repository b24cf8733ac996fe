import type { Kysely } from 'kysely';
import type { Dialect, Migration } from '../../../core/db/index.ts';

/**
 * The terms of one key of many entities, which facets of a filtered list count, without a look at the entities' other terms. An index of SQLite
 * has the key already: it ends with the primary key.
 */
export const termsOfEntities: Migration = {
  name: 'catalog/0003-terms-of-entities',
  async up(tx: Kysely<unknown>, dialect: Dialect) {
    if (dialect !== 'postgres') return;
    const { sql } = await import('kysely');
    await sql`create index catalog_term_entity_key on catalog_term (entity_id, key_id)`.execute(tx);
    await sql`drop index catalog_term_entity`.execute(tx);
  },
};
