import type { Kysely } from 'kysely';
import type { Dialect, Migration } from '../../../core/db/index.ts';

/** How the owner of a problem is known, and what a source has lost of late. Older replicas leave both empty. */
export const sourceProblems: Migration = {
  name: 'catalog/0002-source-problems',
  async up(tx: Kysely<unknown>, dialect: Dialect) {
    const { sql } = await import('kysely');
    const text = sql.raw(dialect === 'postgres' ? 'text collate "C"' : 'text');
    await sql`alter table catalog_problem add column owner_evidence ${text}`.execute(tx);
    await sql`alter table catalog_source add column losses ${text}`.execute(tx);
  },
};
